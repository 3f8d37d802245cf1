import { html, nothing, type TemplateResult } from 'lit';
import { PageElement } from './element.ts';
import { icon } from './icon.ts';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  /** Of items that can be on or off. */
  readonly checked?: boolean;
}

/** A toolbar button with a menu under it. Fires `pick` with the item's id; a menu of things to check stays open. */
export class ToolbarMenu extends PageElement {
  static override properties = {
    icon: { attribute: false },
    label: { attribute: false },
    items: { attribute: false },
    open: { state: true },
  };
  declare icon: string;
  declare label: string;
  declare items: readonly MenuItem[];
  declare open: boolean;

  constructor() {
    super();
    this.icon = '';
    this.label = '';
    this.items = [];
    this.open = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.#onOutside);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.#onOutside);
  }

  protected override render(): TemplateResult {
    return html`<div class="menu-anchor">
      <vscode-toolbar-button
        icon=${this.icon}
        label=${this.label}
        title=${this.label}
        aria-haspopup="menu"
        aria-expanded=${this.open}
        @click=${() => this.#toggle(!this.open)}
      ></vscode-toolbar-button>
      ${
        this.open
          ? html`<div class="menu" role="menu" aria-label=${this.label} @keydown=${this.#onKey}>
              ${this.items.map(
                (item) =>
                  html`<button
                    class="menu-item"
                    role=${item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
                    aria-checked=${item.checked ?? nothing}
                    tabindex="-1"
                    @click=${() => this.#pick(item)}
                  >
                    <span class="mark">${item.checked === true ? icon('check') : nothing}</span>${item.label}
                  </button>`,
              )}
            </div>`
          : nothing
      }
    </div>`;
  }

  #toggle(open: boolean): void {
    this.open = open;
    if (open) void this.updateComplete.then(() => this.#items()[0]?.focus());
  }

  #items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('.menu-item')];
  }

  #pick(item: MenuItem): void {
    if (item.checked === undefined) this.#close();
    this.dispatchEvent(new CustomEvent('pick', { detail: item.id }));
  }

  #close(): void {
    this.open = false;
    this.querySelector<HTMLElement>('vscode-toolbar-button')?.focus();
  }

  readonly #onOutside = (event: Event): void => {
    if (this.open && !event.composedPath().includes(this)) this.open = false;
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const items = this.#items();
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (to !== undefined) items[to]?.focus();
    else if (event.key === 'Escape') this.#close();
    else if (event.key === 'Tab') this.open = false;
    else return;
    if (event.key !== 'Tab') event.preventDefault();
  };
}

customElements.define('kafka-toolbar-menu', ToolbarMenu);
