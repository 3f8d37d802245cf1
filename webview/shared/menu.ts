import { html, nothing, type TemplateResult } from 'lit';
import { PageElement } from './element.ts';
import { menuButtons, menuItems, onMenuKey, type MenuItem } from './menuList.ts';
import { keepFocus } from './toolbar.ts';

export type { MenuItem } from './menuList.ts';

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
  /** What has the focus again when it closes: the button, or where a click left it. */
  #before: HTMLElement | undefined;

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
        @mousedown=${keepFocus}
        @click=${() => this.#toggle(!this.open)}
      ></vscode-toolbar-button>
      ${
        this.open
          ? html`<div class="menu" role="menu" aria-label=${this.label} @keydown=${this.#onKey}>
              ${menuItems(this.items, (item) => this.#pick(item))}
            </div>`
          : nothing
      }
    </div>`;
  }

  #toggle(open: boolean): void {
    if (open) this.#before = document.activeElement as HTMLElement;
    this.open = open;
    if (open) void this.updateComplete.then(() => menuButtons(this)[0]?.focus());
  }

  #pick(item: MenuItem): void {
    if (item.checked === undefined) this.#close();
    this.dispatchEvent(new CustomEvent('pick', { detail: item.id }));
  }

  #close(): void {
    this.open = false;
    this.#before?.focus();
  }

  readonly #onOutside = (event: Event): void => {
    if (this.open && !event.composedPath().includes(this)) this.open = false;
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    onMenuKey(event, this, (by) => {
      if (by === 'escape') this.#close();
      else this.open = false;
    });
  };
}

customElements.define('kafka-toolbar-menu', ToolbarMenu);
