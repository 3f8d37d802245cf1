import { html, type TemplateResult } from 'lit';

/** A click on a button leaves the focus where it was, as in VS Code's own toolbars: Space goes on to pause, arrows to move. */
export function keepFocus(event: Event): void {
  // From outside the page the click must bring the focus into it.
  if (document.hasFocus()) event.preventDefault();
}

/** A button of the toolbar: an icon, named for screen readers and on hover. */
export function button(name: string, label: string, press: () => void): TemplateResult {
  return html`<vscode-toolbar-button
    icon=${name}
    label=${label}
    title=${label}
    @mousedown=${keepFocus}
    @click=${press}
  ></vscode-toolbar-button>`;
}

/** A button of the toolbar for what is on or off. */
export function toggle(name: string, label: string, on: boolean, press: () => void): TemplateResult {
  return html`<vscode-toolbar-button
    class="toggle ${on ? 'on' : ''}"
    icon=${name}
    label=${label}
    title=${label}
    aria-pressed=${on}
    @mousedown=${keepFocus}
    @click=${press}
  ></vscode-toolbar-button>`;
}

/** A choice of one among few. */
export function picker(
  label: string,
  value: string,
  options: readonly (readonly [string, string])[],
  pick: (value: string) => void,
): TemplateResult {
  return html`<select
    class="picker"
    title=${label}
    aria-label=${label}
    .value=${value}
    @change=${(event: Event) => pick((event.target as HTMLSelectElement).value)}
  >
    ${options.map(([id, text]) => html`<option value=${id} ?selected=${id === value}>${text}</option>`)}
  </select>`;
}
