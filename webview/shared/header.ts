import { html, nothing, type TemplateResult } from 'lit';
import { formatDuration } from '../../src/shared/format.ts';
import type { Frame } from '../../src/ui/panels/protocol.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { PageElement } from './element.ts';
import { icon } from './icon.ts';
import { t } from './l10n.ts';
import { nameCell, timeOfDay, wholeTime } from './text.ts';

const healthIcons: Record<Frame['health'], string> = {
  healthy: 'check',
  behind: 'warning',
  rebalancing: 'sync',
  empty: 'circle-slash',
  dead: 'error',
  unknown: 'question',
};

function healthWord(health: Frame['health']): string {
  switch (health) {
    case 'healthy':
      return t('Healthy');
    case 'behind':
      return t('Behind');
    case 'rebalancing':
      return t('Rebalancing');
    case 'empty':
      return t('Empty');
    case 'dead':
      return t('Dead');
    case 'unknown':
      return t('Unknown');
  }
}

/** Age of the figures in ms, by the host's clock. `receivedAt`: when the frame came, by the page's. */
export function ageOf(frame: Frame, receivedAt: number): number | undefined {
  return frame.takenAt === undefined ? undefined : Math.max(0, frame.sentAt - frame.takenAt + Date.now() - receivedAt);
}

export function isStale(frame: Frame, receivedAt: number): boolean {
  const age = ageOf(frame, receivedAt);
  return age !== undefined && (age > frame.staleAfter || frame.polling.kind === 'failing');
}

/** The worst of what was seen; all of it on hover. */
export function verdictView(frame: Frame): TemplateResult {
  const [worst] = frame.verdict;
  if (worst === undefined) return html`<span class="verdict"></span>`;
  const more = frame.verdict.length - 1;
  return html`<span class="verdict" title=${frame.verdict.join('\n')}
    >${worst}${more > 0 ? html` <span class="quiet">${t('({0} more)', more)}</span>` : nothing}</span
  >`;
}

/**
 * The first line of every page: of what, its state, the verdict in words, how old the figures are, and pause. Fires
 * `pause` when that is pressed. `narrow` is for the docked view, which
 * has the verdict below its figures: there they come first.
 */
export class PageHeader extends PageElement {
  static override properties = {
    frame: { attribute: false },
    receivedAt: { attribute: false },
    paused: { attribute: false },
    narrow: { attribute: false },
    status: { attribute: false },
  };
  declare frame: Frame | undefined;
  declare receivedAt: number;
  /** undefined: the page cannot be paused. */
  declare paused: boolean | undefined;
  declare narrow: boolean;
  /** In place of the health, on pages whose object has none. */
  declare status: TemplateResult | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.receivedAt = 0;
    this.narrow = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override render(): unknown {
    const { frame } = this;
    if (frame === undefined || frame.crumbs.length === 0) return nothing;
    return html`<header class="page-header ${this.narrow ? 'narrow' : ''}">
      <h1 class="crumbs" aria-label=${frame.crumbs.map(visibleText).join(' > ')}>
        ${frame.crumbs.map((crumb, index) => html`${index > 0 ? icon('chevron-right') : nothing}${nameCell(crumb)}`)}
      </h1>
      ${
        this.status !== undefined
          ? this.status
          : frame.state === undefined
            ? nothing
            : html`<span class="health ${frame.health}"
                >${icon(healthIcons[frame.health])} ${healthWord(frame.health)}
                <span class="kafka-state"
                  >${frame.state === healthWord(frame.health) ? nothing : frame.state}</span
                ></span
              >`
      }
      ${this.narrow ? nothing : verdictView(frame)} ${this.#age(frame)}
      ${
        this.paused === undefined
          ? nothing
          : html`<vscode-toolbar-button
              icon=${this.paused ? 'debug-start' : 'debug-pause'}
              label=${this.paused ? t('Resume (Space)') : t('Pause (Space)')}
              title=${this.paused ? t('Resume (Space)') : t('Pause (Space)')}
              @click=${() => this.dispatchEvent(new CustomEvent('pause'))}
            ></vscode-toolbar-button>`
      }
    </header>`;
  }

  #age(frame: Frame): TemplateResult | typeof nothing {
    const age = ageOf(frame, this.receivedAt);
    if (age === undefined || frame.takenAt === undefined) return nothing;
    const stale = isStale(frame, this.receivedAt);
    const ago = age < 1000 ? t('now') : t('{0} ago', formatDuration(Math.floor(age / 1000) * 1000));
    return html`<span class="age ${stale ? 'stale' : ''}" title=${wholeTime(frame.takenAt)}
      >${this.paused === true ? html`<b>${t('paused')}</b> ` : nothing}${
        stale ? html`${icon('history')} ` : nothing
      }${t('as of {0}, {1}', timeOfDay(frame.takenAt), ago)}${stale ? `, ${t('stale')}` : nothing}</span
    >`;
  }
}

customElements.define('kafka-page-header', PageHeader);
