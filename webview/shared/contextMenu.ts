import { html, nothing, type TemplateResult } from 'lit';
import { cssProperties, PageElement } from './element.ts';
import { menuButtons, menuItems, onMenuKey, type MenuItem } from './menuList.ts';

/** Where a menu opens, px from the window's upper left corner. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

/** What a table says when a menu is asked for, by the right button, the menu key or Shift+F10. */
export interface RowMenu extends MenuPlace {
  /** Of the line under it. */
  readonly index: number;
}

/** The menu of what is under the pointer or the cursor. Fires `pick` with the item's id; a page has one. */
export class ContextMenu extends PageElement {
  static override properties = { items: { state: true }, place: { state: true } };
  declare items: readonly MenuItem[];
  /** undefined: it is closed. */
  declare place: MenuPlace | undefined;
  /** What has the focus again when it closes. */
  #before: HTMLElement | undefined;

  constructor() {
    super();
    this.items = [];
  }

  show(place: MenuPlace, items: readonly MenuItem[]): void {
    if (items.length === 0) return;
    if (this.place === undefined) this.#before = document.activeElement as HTMLElement;
    this.items = items;
    this.place = place;
    void this.updateComplete.then(() => {
      this.#keepInside();
      menuButtons(this)[0]?.focus();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.#onElsewhere);
    window.addEventListener('blur', this.#onElsewhere);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.#onElsewhere);
    window.removeEventListener('blur', this.#onElsewhere);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.place === undefined) return nothing;
    const { x, y } = this.place;
    return html`<div
      class="menu context-menu"
      role="menu"
      ${cssProperties({ left: `${x}px`, top: `${y}px` })}
      @keydown=${(event: KeyboardEvent) => onMenuKey(event, this, () => this.#close())}
      @contextmenu=${(event: Event) => event.preventDefault()}
    >
      ${menuItems(this.items, ({ id }) => {
        this.#close();
        this.dispatchEvent(new CustomEvent('pick', { detail: id }));
      })}
    </div>`;
  }

  #keepInside(): void {
    const menu = this.querySelector<HTMLElement>('.menu');
    if (menu === null || this.place === undefined) return;
    const { width, height } = menu.getBoundingClientRect();
    const { x, y } = this.place;
    menu.style.left = `${Math.max(0, Math.min(x, window.innerWidth - width - 4))}px`;
    menu.style.top = `${Math.max(0, Math.min(y, window.innerHeight - height - 4))}px`;
  }

  #close(): void {
    this.place = undefined;
    this.#before?.focus();
  }

  readonly #onElsewhere = (event: Event): void => {
    if (this.place !== undefined && !event.composedPath().includes(this)) this.place = undefined;
  };
}

customElements.define('kafka-context-menu', ContextMenu);
