import { html, nothing, type TemplateResult } from 'lit';
import type { DockedModel, FromDockedPage, Point, ToDockedPage, WorstItem } from '../../src/ui/panels/protocol.ts';
import { isHeld, stateIcon, stateNote, stateWord } from '../lag/rows.ts';
import { cssProperties, PageElement } from '../shared/element.ts';
import { isStale, verdictView } from '../shared/header.ts';
import type { Host } from '../shared/host.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { appendPoints } from '../shared/series.ts';
import { sparkline } from '../shared/sparkline.ts';
import { notices, problemView, skeleton } from '../shared/stateViews.ts';
import { exact, nameCell, outlook, rate } from '../shared/text.ts';

const mostPoints = 720;

/** The view under the tree: the selection's lag at a glance. */
export class LagViewPage extends PageElement {
  static override properties = { host: { attribute: false } };
  declare host: Host<ToDockedPage, FromDockedPage, unknown>;
  #model: DockedModel | undefined;
  #points: readonly Point[] = [];
  #receivedAt = 0;

  start(): void {
    this.host.listen((message) => {
      switch (message.type) {
        case 'full':
          this.#points = message.points;
          break;
        case 'update':
          this.#points = appendPoints(this.#points, message.points, mostPoints);
          break;
      }
      this.#model = message.model;
      this.#receivedAt = Date.now();
      this.requestUpdate();
    });
    document.addEventListener('keydown', (event) => this.#onKey(event));
    this.host.post({ type: 'ready' });
  }

  protected override render(): TemplateResult {
    const model = this.#model;
    if (model === undefined) return html`<div class="docked">${skeleton(4)}</div>`;
    const retry = (): void => this.host.post({ type: 'retry' });
    const { frame } = model;
    return html`<div class="docked ${isStale(frame, this.#receivedAt) ? 'stale' : ''}">
      <kafka-page-header .frame=${frame} .receivedAt=${this.#receivedAt} .narrow=${true}></kafka-page-header>
      ${notices(frame, retry)} ${frame.problem !== undefined ? problemView(frame.problem, retry) : this.#content(model)}
    </div>`;
  }

  #content(model: DockedModel): TemplateResult {
    const { group } = model;
    return html`<section class="total">
        <div class="big" title=${model.lag === undefined ? (model.why ?? t('No lag is known.')) : nothing}>
          <span class="figure">${exact(model.lag)}</span> <span class="quiet">${t('lag')}</span>
        </div>
        <div class="quiet">
          ${t('consumed {0}/s, produced {1}/s', rate(model.consume), rate(model.produce))}${this.#outlook(model)}
        </div>
        ${sparkline(this.#points)}
      </section>
      ${verdictView(model.frame)}
      ${model.row === undefined || (model.row.state === 'ok' && model.row.stuck !== true && !isHeld(model.row)) ? nothing : stateNote(model.row)}
      ${
        model.facts.length === 0
          ? nothing
          : html`<dl class="facts">
              ${model.facts.map(
                ({ label, value }) =>
                  html`<dt>${label}</dt>
                    <dd>${nameCell(value)}</dd>`,
              )}
            </dl>`
      }
      ${
        model.worst.length === 0
          ? nothing
          : html`<h2>${model.worstTitle}</h2>
              <ul class="worst">
                ${model.worst.map((item) => this.#item(item))}
              </ul>
              ${model.more > 0 ? html`<p class="quiet">${t('and {0} more', model.more)}</p>` : nothing}`
      }
      ${
        group === undefined
          ? nothing
          : html`<button class="button" @click=${() => this.host.post({ type: 'open', group })}>
              ${t('Open lag')}
            </button>`
      }`;
  }

  #outlook(model: DockedModel): TemplateResult | typeof nothing {
    if (model.catchUp === undefined || model.catchUp === 0) return nothing;
    const words = outlook(model.catchUp);
    return model.catchUp === 'never'
      ? html`, <span class="never">${icon('warning')} ${words}</span>`
      : html`, ${words}`;
  }

  #item(item: WorstItem): TemplateResult {
    const word = stateWord(item);
    return html`<li>
      <button @click=${() => this.host.post({ type: 'open', group: item.group, key: item.key })}>
        ${
          item.color === undefined
            ? html`<span class="swatch none"></span>`
            : html`<span class="swatch" ${cssProperties({ '--swatch': `var(--vscode-charts-${item.color})` })}></span>`
        }
        ${nameCell(item.label, `${item.label}, ${item.detail}`)}
        <span class="detail quiet">${nameCell(item.detail)}</span>
        ${
          word === ''
            ? nothing
            : html`<span class="row-state ${item.state}" title=${word}>${icon(stateIcon(item.state))} ${word}</span>`
        }
        ${
          item.lag === undefined || item.state === 'beyond-end'
            ? nothing
            : html`<span class="figure">${exact(item.lag)}</span>`
        }
      </button>
    </li>`;
  }

  #onKey(event: KeyboardEvent): void {
    const model = this.#model;
    if (model === undefined || !(event.ctrlKey || event.metaKey) || event.key !== 'c') return;
    if (getSelection()?.isCollapsed === false) return;
    const lines = [
      model.frame.crumbs.join(' > '),
      ...model.frame.verdict,
      `${t('lag')}\t${model.lag ?? '-'}`,
      ...model.facts.map(({ label, value }) => `${label}\t${value}`),
      ...model.worst.map((item) => `${item.label}\t${item.lag ?? stateWord(item)}`),
    ];
    this.host.post({ type: 'copy', text: lines.join('\n') });
    event.preventDefault();
  }
}

customElements.define('kafka-lag-view', LagViewPage);
