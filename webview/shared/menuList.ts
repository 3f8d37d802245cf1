import { html, nothing, type TemplateResult } from 'lit';
import { icon } from './icon.ts';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  /** Of items that can be on or off. */
  readonly checked?: boolean;
  /** A line stands above it: it belongs to another group than the item before. */
  readonly apart?: boolean;
}

/** The items of a menu, for whatever opens them. */
export function menuItems(items: readonly MenuItem[], pick: (item: MenuItem) => void): TemplateResult[] {
  return items.map(
    (item) =>
      html`<button
        class="menu-item ${item.apart === true ? 'apart' : ''}"
        role=${item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
        aria-checked=${item.checked ?? nothing}
        tabindex="-1"
        @click=${() => pick(item)}
      >
        <span class="mark">${item.checked === true ? icon('check') : nothing}</span>${item.label}
      </button>`,
  );
}

export function menuButtons(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('.menu-item')];
}

/** Arrows, Home and End move within a menu; Escape and Tab leave it. Nothing else on the page hears of keys pressed in it. */
export function onMenuKey(event: KeyboardEvent, menu: HTMLElement, leave: (by: 'escape' | 'tab') => void): void {
  event.stopPropagation();
  const items = menuButtons(menu);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (to !== undefined) items[to]?.focus();
  else if (event.key === 'Escape') leave('escape');
  else if (event.key === 'Tab') leave('tab');
  else return;
  if (event.key !== 'Tab') event.preventDefault();
}
