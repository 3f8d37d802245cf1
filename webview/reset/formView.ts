import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ChosenTopic, ResetForm, ResetModel, ResetPlace, StrategyId } from '../../src/ui/panels/reset/protocol.ts';
import { t } from '../shared/l10n.ts';
import { wholeTime } from '../shared/text.ts';
import { button } from '../shared/toolbar.ts';

function strategies(): readonly (readonly [StrategyId, string, string])[] {
  return [
    ['earliest', t('Earliest'), t('To the first record of the log: all that is kept is processed again.')],
    ['latest', t('Latest'), t('To the end of the log: what waits is skipped.')],
    ['datetime', t('A time'), t('To the first record at or after a time.')],
    ['duration', t('A while ago'), t('To the first record since so long ago.')],
    ['offset', t('An offset'), t('To one offset; brought into the log where it lies outside.')],
    ['shift-by', t('Shift by'), t('So many offsets forward, or with a minus back.')],
    ['skip', t('Skip'), t('So many offsets forward: over a record that cannot be processed.')],
    ['record', t('A record'), t('To a record: it is the next one that is processed.')],
    ['group', t('Where another group is'), t('To the positions of another group.')],
    ['as-of', t('The commits of a time'), t('To what the group had committed then, as the commit log tells.')],
    ['file', t('From a file'), t("To what a CSV file says, as Kafka's tool writes and reads it.")],
    ['current', t('Where it is'), t('Commits again what is committed: it keeps commits from expiring.')],
    ['delete', t('Delete the commits'), t('No commit any more: a consumer begins where its auto.offset.reset says.')],
  ];
}

export interface FormActions {
  readonly change: (change: Partial<ResetForm>) => void;
  readonly pickFile: () => void;
}

/** Strategy and scope, with each strategy's own fields and what is wrong beside them. */
export function formView(model: ResetModel, form: ResetForm, actions: FormActions): TemplateResult {
  const disabled = model.doing !== undefined;
  const chosen = strategies().find(([id]) => id === form.strategy)!;
  return html`<form class="form" aria-label=${t('What to do')} @submit=${(event: Event) => event.preventDefault()}>
    <label class="label" for="strategy">${t('Set offsets to')}</label>
    <select
      id="strategy"
      class="picker wide"
      ?disabled=${disabled}
      .value=${live(form.strategy)}
      @change=${(event: Event) => actions.change({ strategy: (event.target as HTMLSelectElement).value as StrategyId })}
    >
      ${strategies().map(([id, word]) => html`<option value=${id} ?selected=${id === form.strategy}>${word}</option>`)}
    </select>
    <p class="hint">${chosen[2]}</p>
    ${strategyFields(model, form, actions, disabled)}
    ${form.strategy === 'file' || form.strategy === 'record' ? nothing : scopeFields(model, form, actions, disabled)}
  </form>`;
}

interface Field {
  readonly place: Exclude<ResetPlace, `topic ${number}` | 'topics' | 'file'>;
  readonly label: string;
  readonly placeholder?: string;
  readonly list?: readonly string[];
  readonly className?: string;
}

function input(
  model: ResetModel,
  form: ResetForm,
  { change }: FormActions,
  disabled: boolean,
  { place, label, placeholder = '', list, className = 'wide' }: Field,
): TemplateResult {
  // An empty field is not yet wrong: what belongs there is said in its place.
  const problem = model.problems[place];
  const isEmpty = form[place].trim() === '';
  return html`<label class="label" for=${place}>${label}</label>
    <input
      id=${place}
      class="input ${className}"
      list=${list === undefined ? nothing : `${place}-list`}
      placeholder=${placeholder}
      spellcheck="false"
      autocomplete="off"
      aria-invalid=${problem === undefined || isEmpty ? nothing : 'true'}
      aria-describedby=${problem === undefined ? nothing : `${place}-problem`}
      ?disabled=${disabled}
      .value=${live(form[place])}
      @input=${(event: Event) => change({ [place]: (event.target as HTMLInputElement).value })}
    />
    ${list === undefined ? nothing : html`<datalist id="${place}-list">${list.map((one) => html`<option value=${one}></option>`)}</datalist>`}
    ${problem === undefined ? nothing : html`<p class=${isEmpty ? 'hint' : 'problem-text'} id="${place}-problem">${problem}</p>`}`;
}

function strategyFields(
  model: ResetModel,
  form: ResetForm,
  actions: FormActions,
  disabled: boolean,
): TemplateResult | typeof nothing {
  const field = (of: Field): TemplateResult => input(model, form, actions, disabled, of);
  switch (form.strategy) {
    case 'earliest':
    case 'latest':
    case 'current':
      return nothing;
    case 'delete':
      return model.isShare
        ? html`<p class="hint">${t('Of a share group, Kafka deletes the offsets of a topic only as a whole.')}</p>`
        : nothing;
    case 'offset':
      return field({ place: 'offset', label: t('Offset'), placeholder: '18204' });
    case 'shift-by':
      return field({ place: 'by', label: t('Offsets'), placeholder: '-100' });
    case 'skip':
      return field({ place: 'count', label: t('Offsets to skip') });
    case 'as-of':
    case 'datetime':
      return html`${field({ place: 'time', label: t('Time'), placeholder: t('2 hours ago') })}
        <div class="row">
          <label for="zone" class="quiet">${t('where no zone is named')}</label>
          <select
            id="zone"
            class="picker"
            ?disabled=${disabled}
            .value=${live(form.zone)}
            @change=${(event: Event) => actions.change({ zone: (event.target as HTMLSelectElement).value as ResetForm['zone'] })}
          >
            <option value="local" ?selected=${form.zone === 'local'}>${t('local time')}</option>
            <option value="utc" ?selected=${form.zone === 'utc'}>UTC</option>
          </select>
        </div>
        ${understood(model)} ${model.notes.map((note) => html`<p class="hint">${note}</p>`)}`;
    case 'duration':
      return html`${field({ place: 'duration', label: t('So long ago'), placeholder: '2h' })} ${understood(model)}`;
    case 'group':
      return field({ place: 'otherGroup', label: t('Group'), list: model.groups });
    case 'file': {
      const { file, problems } = model;
      return html`<div class="row">
        <button class="button" type="button" ?disabled=${disabled} @click=${actions.pickFile}>
          ${file === undefined ? t('Choose file...') : t('Another file...')}
        </button>
        ${
          file === undefined
            ? html`<p class="hint">${problems.file ?? nothing}</p>`
            : html`<bdi>${file.name}</bdi>
                <span class="quiet"
                  >${file.rows === 1 ? t('1 line') : t('{0} lines', file.rows.toLocaleString('en-US'))}</span
                >`
        }
      </div>`;
    }
    case 'record':
      return html`${field({ place: 'recordTopic', label: t('Topic'), list: model.topics })}
      ${field({ place: 'recordPartition', label: t('Partition'), placeholder: '0' })}
      ${field({ place: 'recordOffset', label: t('Offset'), placeholder: '18204' })}`;
  }
}

/** The time that was made of the words. */
function understood({ time }: ResetModel): TemplateResult | typeof nothing {
  if (time === undefined) return nothing;
  return html`<p class="hint understood">
    ${wholeTime(time)
      .split('\n')
      .map((line) => html`<span>${line}</span>`)}
  </p>`;
}

function scopeFields(model: ResetModel, form: ResetForm, actions: FormActions, disabled: boolean): TemplateResult {
  const all =
    form.strategy === 'group'
      ? t('All partitions that the other group has committed')
      : form.strategy === 'as-of'
        ? t('All partitions that the commit log has')
        : t('All partitions with a commit');
  const choice = (id: ResetForm['scope'], word: string): TemplateResult =>
    html`<label class="choice"
      ><input
        type="radio"
        name="scope"
        value=${id}
        ?disabled=${disabled}
        .checked=${live(form.scope === id)}
        @change=${() => actions.change({ scope: id })}
      />${word}</label
    >`;
  return html`<fieldset class="scope">
    <legend class="label">${t('Of')}</legend>
    ${choice('committed', all)} ${choice('topics', t('Topics and partitions'))}
    ${form.scope === 'committed' ? nothing : topicFields(model, form, actions, disabled)}
  </fieldset>`;
}

function topicFields(model: ResetModel, form: ResetForm, { change }: FormActions, disabled: boolean): TemplateResult {
  const isWhole = model.isShare && form.strategy === 'delete';
  const replace = (index: number, chosen: ChosenTopic): void => change({ topics: form.topics.with(index, chosen) });
  const left = model.topics.filter((topic) => !form.topics.some((one) => one.topic === topic));
  const add = (event: Event): void => {
    const box = event.target as HTMLInputElement;
    const topic = box.value.trim();
    if (topic === '') return;
    box.value = '';
    if (!form.topics.some((one) => one.topic === topic))
      change({ topics: [...form.topics, { topic, partitions: '' }] });
  };
  return html`<div class="topics">
    ${form.topics.map((one, index) => {
      const problem = model.problems[`topic ${index}`];
      return html`<div class="topic">
        <span class="topic-name" title=${one.topic}><bdi>${one.topic}</bdi></span>
        <input
          class="input short"
          aria-label=${t('Partitions of {0}', one.topic)}
          placeholder=${t('all')}
          title=${isWhole ? t('Of a share group only the whole topic') : t('Partitions, such as 0,2-4; empty: all')}
          spellcheck="false"
          autocomplete="off"
          aria-invalid=${problem === undefined ? nothing : 'true'}
          ?disabled=${disabled || isWhole}
          .value=${live(isWhole ? '' : one.partitions)}
          @input=${(event: Event) => replace(index, { ...one, partitions: (event.target as HTMLInputElement).value })}
        />
        ${disabled ? nothing : button('close', t('Leave out {0}', one.topic), () => change({ topics: form.topics.toSpliced(index, 1) }))}
        ${problem === undefined ? nothing : html`<p class="problem-text">${problem}</p>`}
      </div>`;
    })}
    <input
      id="add-topic"
      class="input wide"
      list="topics-list"
      aria-label=${t('Add topic')}
      placeholder=${t('Add topic (Enter)')}
      spellcheck="false"
      autocomplete="off"
      ?disabled=${disabled}
      @change=${add}
    />
    <datalist id="topics-list">${left.map((topic) => html`<option value=${topic}></option>`)}</datalist>
    ${form.topics.length > 0 ? nothing : html`<p class="hint">${model.problems.topics ?? nothing}</p>`}
  </div>`;
}
