import { html, type TemplateResult } from 'lit';
import { PageElement } from '../shared/element.ts';

const least = 220;
/** Of what is on its other side, px. */
const leastOther = 160;
const step = 24;

/**
 * The edge between a table and the pane behind it, dragged or moved by the arrow keys; fires `resize` with the pane's new size, px. Where it is
 * narrow the pane is below the table, and the size is its height.
 */
export class Sash extends PageElement {
  static override properties = { size: { attribute: false }, label: { attribute: false } };
  declare size: number;
  declare label: string;

  constructor() {
    super();
    this.size = 0;
    this.label = '';
  }

  protected override render(): TemplateResult {
    return html`<div
      class="sash"
      role="separator"
      tabindex="0"
      aria-label=${this.label}
      aria-orientation=${stacked() ? 'horizontal' : 'vertical'}
      aria-valuenow=${this.size}
      aria-valuemin=${least}
      @pointerdown=${this.#onDown}
      @keydown=${this.#onKey}
    ></div>`;
  }

  #resize(size: number): void {
    const most = (stacked() ? window.innerHeight : window.innerWidth) - leastOther;
    const detail = Math.round(Math.max(Math.min(least, most), Math.min(most, size)));
    this.dispatchEvent(new CustomEvent('resize', { detail }));
  }

  readonly #onDown = (event: PointerEvent): void => {
    const sash = event.currentTarget as HTMLElement;
    const pane = this.nextElementSibling?.getBoundingClientRect();
    if (pane === undefined) return;
    const at = (one: PointerEvent): number => (stacked() ? one.clientY : one.clientX);
    const from = at(event);
    const size = stacked() ? pane.height : pane.width;
    sash.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent): void => this.#resize(size + from - at(moved));
    sash.addEventListener('pointermove', move);
    sash.addEventListener('lostpointercapture', () => sash.removeEventListener('pointermove', move), { once: true });
    event.preventDefault();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: step, ArrowUp: step, ArrowRight: -step, ArrowDown: -step }[event.key];
    if (by === undefined) return;
    this.#resize(this.size + by);
    event.preventDefault();
    event.stopPropagation();
  };
}

/** As in page.css. */
function stacked(): boolean {
  return window.innerWidth <= 640;
}

customElements.define('kafka-sash', Sash);
