import { html, nothing, type TemplateResult } from 'lit';
import { formatDuration } from '../../src/shared/format.ts';
import type { ClientLanguage, FromResetPage, HowTo, ResetModel } from '../../src/ui/panels/reset/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { nameCell } from '../shared/text.ts';
import { picker } from '../shared/toolbar.ts';

export type Post = (message: FromResetPage) => void;

/** Members are there, and only they may move the group's offsets. */
export function isInTheWay({ memberCount, plan, outcome }: ResetModel): boolean {
  return (
    memberCount > 0 && plan !== undefined && !plan.onlyDeletes && plan.refusal === undefined && outcome === undefined
  );
}

/** What the plan comes to, and what can be done with it. `now`: ms since 1970 by the host's clock. */
export function actionView(model: ResetModel, now: number, post: Post): TemplateResult {
  const { plan, doing, outcome, failure, isPlanning } = model;
  if (doing !== undefined) return doingView(model, now, post);
  if (outcome !== undefined) return outcomeView(model, post);
  if (failure !== undefined) {
    return html`<section class="action failed" role="alert">
      <p class="said bad">${icon('error')} ${failure}</p>
      <button class="button" @click=${() => post({ type: 'retry' })}>${t('Retry')}</button>
    </section>`;
  }
  if (plan === undefined) {
    return html`<section class="action">
      <p class="said quiet">
        ${isPlanning ? html`${icon('loading', 'codicon-modifier-spin')} ${t('Planning...')}` : t('What is missing in the form is said there. Nothing is written before Execute.')}
      </p>
    </section>`;
  }
  if (plan.refusal !== undefined) {
    return html`<section class="action">
      <p class="said bad" role="alert">${icon('circle-slash')} ${plan.refusal}</p>
    </section>`;
  }
  return html`<section class="action">
    <div class="said">
      ${plan.sentences.map((sentence) => html`<span>${sentence}</span> `)}
      ${isPlanning ? html`<span class="quiet">${icon('loading', 'codicon-modifier-spin')} ${t('planning')}</span>` : nothing}
    </div>
    ${buttons(model, post)} ${isInTheWay(model) ? membersView(model, post) : nothing}
  </section>`;
}

function buttons(model: ResetModel, post: Post): TemplateResult {
  const { plan, production, readOnly, isPlanning } = model;
  const command = plan?.command;
  const disabled = isPlanning || plan === undefined || plan.writes === 0;
  const verb = production ? t('Execute...') : t('Execute');
  return html`<div class="buttons">
    ${
      readOnly || isInTheWay(model)
        ? nothing
        : html`<button
            class="button primary execute"
            title=${t('Asks once, then writes and reads back')}
            ?disabled=${disabled}
            @click=${() => post({ type: 'execute' })}
          >
            ${verb}
          </button>`
    }
    ${
      readOnly || !isInTheWay(model)
        ? nothing
        : html`<button class="button primary wait" ?disabled=${disabled} @click=${() => post({ type: 'wait' })}>
            ${t('Wait until it is empty, then execute')}
          </button>`
    }
    ${command === undefined ? nothing : html`<button class="link" title=${command} @click=${() => post({ type: 'copy', text: command })}>${t("Copy as command of Kafka's tools")}</button>`}
  </div>`;
}

function membersView(model: ResetModel, post: Post): TemplateResult {
  const { members, memberCount, howTo, group } = model;
  const left = memberCount - members.length;
  return html`<div class="members" role="status">
    <p>
      ${icon('person')}
      ${
        memberCount === 1
          ? t('1 member is connected: only members may move the offsets of a group that has some.')
          : t('{0} members are connected: only members may move the offsets of a group that has some.', memberCount)
      }
    </p>
    <ul aria-label=${t('Who is connected')}>
      ${members.map(
        ({ name, clientId, host, assigned }) =>
          html`<li>
            ${nameCell(name)}
            <span class="quiet"
              >${name === clientId || clientId === '' ? nothing : html`<bdi>${clientId}</bdi>, `}${t('at {0}', host)},
              ${t('owns {0}', assigned)}</span
            >
          </li>`,
      )}
      ${left > 0 ? html`<li class="quiet">${t('and {0} more', left)}</li>` : nothing}
    </ul>
    <p class="quiet">
      ${t('Stop them and start them again afterwards, or let this wait: nothing here joins {0}. If they come back in between, each partition says what became of it.', group)}
    </p>
    ${howTo === undefined ? nothing : howToView(howTo, post)}
  </div>`;
}

const languages: readonly (readonly [ClientLanguage, string])[] = [
  ['java', 'Java'],
  ['kafkajs', 'Node.js (kafkajs)'],
  ['confluent-js', 'Node.js (confluent)'],
  ['python', 'Python (confluent-kafka)'],
  ['kafka-python', 'Python (kafka-python)'],
  ['aiokafka', 'Python (aiokafka)'],
  ['go', 'Go (confluent)'],
  ['franz-go', 'Go (franz-go)'],
  ['sarama', 'Go (Sarama)'],
  ['kafka-go', 'Go (kafka-go)'],
  ['dotnet', '.NET (Confluent.Kafka)'],
  ['rust', 'Rust (rdkafka)'],
  ['librdkafka', 'C (librdkafka)'],
];

function howToView({ language, isDetected, code, note }: HowTo, post: Post): TemplateResult {
  return html`<details class="how-to">
    <summary>${t('While they run: seek within the consumer')}</summary>
    <div class="row">
      ${picker(t('Language of the consumer'), language, languages, (id) => post({ type: 'language', language: id as ClientLanguage }))}
      <span class="quiet">${isDetected ? t('as their ids tell') : t('their ids do not tell: choose')}</span>
      <button class="link" @click=${() => post({ type: 'copy', text: code })}>${t('Copy')}</button>
    </div>
    <pre tabindex="0" aria-label=${t('Code to seek')}>${code}</pre>
    <p class="quiet">${note}</p>
  </details>`;
}

function doingView({ doing, members, memberCount, group }: ResetModel, now: number, post: Post): TemplateResult {
  const names = members.slice(0, 5).map(({ name, host }) => t('{0} at {1}', name, host));
  const more = memberCount > names.length ? ` ${t('and {0} more', memberCount - names.length)}` : '';
  const since = now - doing!.since;
  const connected = [names.join(', ') || '-', more] as const;
  return html`<section class="action doing" role="status">
    <p class="said">
      ${icon('loading', 'codicon-modifier-spin')}
      ${
        doing!.kind === 'waiting'
          ? // What is less than a second is no figure that anybody reads.
            since < 1_000
            ? t('Waiting until {0} is empty. Connected: {1}{2}', group, ...connected)
            : t('Waiting for {0} until {1} is empty. Connected: {2}{3}', formatDuration(since), group, ...connected)
          : t('Writing, then reading back...')
      }
    </p>
    <div class="buttons"><button class="button" @click=${() => post({ type: 'cancel' })}>${t('Cancel')}</button></div>
  </section>`;
}

function outcomeView({ outcome, task }: ResetModel, post: Post): TemplateResult {
  const { good, text, reasons = [], canUndo, id } = outcome!;
  return html`<section class="action outcome ${good ? 'good' : 'bad'}" role=${good ? 'status' : 'alert'}>
    <p class="said">${icon(good ? 'check' : 'warning')} ${text}</p>
    ${
      reasons.length === 0
        ? nothing
        : html`<ul class="reasons">
            ${reasons.map((reason) => html`<li>${reason}</li>`)}
          </ul>`
    }
    <div class="buttons">
      ${canUndo ? html`<button class="button undo" @click=${() => post({ type: 'undo' })}>${t('Undo...')}</button>` : nothing}
      <button class="button again" @click=${() => post({ type: task?.canLeave === true ? 'form again' : 'retry' })}>
        ${task?.canLeave === true ? t('Back to the form') : t('Plan again')}
      </button>
      ${id === undefined ? nothing : html`<button class="link" @click=${() => post({ type: 'openJournal' })}>${t('Open journal')}</button>`}
      <button class="link" @click=${() => post({ type: 'openLag' })}>${t('Open lag')}</button>
    </div>
  </section>`;
}
