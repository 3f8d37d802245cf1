import { html, nothing, type TemplateResult } from 'lit';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { ConfigsModel, ConfigsPlan, PlanItem, StagedChange } from '../../src/ui/panels/configs/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { nameCell } from '../shared/text.ts';
import { button } from '../shared/toolbar.ts';

export interface PlanView {
  readonly model: ConfigsModel;
  readonly staged: readonly StagedChange[];
  /** undefined: it is being made. */
  readonly plan: ConfigsPlan | undefined;
  readonly failure: string | undefined;
  readonly show: (name: string) => void;
  readonly unstage: (name: string) => void;
  readonly unstageAll: () => void;
  readonly apply: () => void;
}

/** What is staged, as the broker has checked it: before, after and what it means. */
export function planView(view: PlanView): TemplateResult {
  const { model, staged, plan, failure } = view;
  const count = staged.length;
  return html`<section class="plan" aria-label=${t('Plan')}>
    <div class="plan-head">
      <h2>${count === 1 ? t('1 change, not made yet') : t('{0} changes, not made yet', count)}</h2>
      <span class="spring"></span>
      <button class="link" @click=${view.unstageAll}>${t('Discard')}</button>
      <button class="button primary apply" ?disabled=${plan?.canApply !== true || model.isBusy} @click=${view.apply}>
        ${t('Apply...')}
      </button>
    </div>
    ${
      failure !== undefined
        ? html`<p class="problem-text" role="alert">${icon('error')} ${failure}</p>`
        : plan === undefined
          ? html`<p role="status">
              ${icon('loading', 'codicon-modifier-spin')} ${t('The broker checks it; nothing is changed.')}
            </p>`
          : html`${plan.refusal === undefined ? nothing : html`<p class="problem-text" role="alert">${icon('error')} ${plan.refusal}</p>`}
              <ul class="plan-items">
                ${plan.items.map((item) => itemView(item, view))}
              </ul>`
    }
  </section>`;
}

function itemView(item: PlanItem, { show, unstage }: PlanView): TemplateResult {
  const {
    name,
    before,
    after,
    beforeReadable,
    afterReadable,
    inherits,
    list,
    isSensitive,
    isThere,
    meaning,
    warning,
    problem,
  } = item;
  const value = (text: string | undefined): string =>
    isSensitive ? t('secret') : text === undefined ? t('none') : text === '' ? t('empty') : visibleText(text);
  return html`<li class="plan-item">
    <div class="plan-step">
      <button class="link plan-name" @click=${() => show(name)}>${nameCell(name)}</button>
      <code class="before">${value(before)}</code>
      ${beforeReadable === undefined ? nothing : html`<span class="quiet">${beforeReadable}</span>`}
      ${icon('arrow-right')}
      <code class="after">${value(after)}</code>
      ${afterReadable === undefined ? nothing : html`<span>${afterReadable}</span>`}
      ${list === undefined ? nothing : html`<span class="quiet">${listWords(list)}</span>`}
      ${inherits ? html`<span class="quiet">${t('inherited')}</span>` : nothing}
      ${isThere ? html`<span class="quiet">${t('is so already')}</span>` : nothing}
      <span class="spring"></span>
      ${button('discard', t('Leave {0} as it is', name), () => unstage(name))}
    </div>
    ${problem === undefined ? nothing : html`<p class="problem-text" role="alert">${icon('error')} ${visibleText(problem)}</p>`}
    ${warning === undefined ? nothing : html`<p class="warning-text">${icon('warning')} ${warning}</p>`}
    ${meaning === undefined || problem !== undefined ? nothing : html`<p class="quiet">${meaning}</p>`}
  </li>`;
}

function listWords({ operation, items }: NonNullable<PlanItem['list']>): string {
  const named = items.map(visibleText).join(', ');
  return operation === 'append' ? t('adds {0}', named) : t('takes {0} away', named);
}
