import { html, type TemplateResult } from 'lit';

/** A codicon; decoration only, so whatever it says is said by a word beside it too. */
export function icon(name: string, className = ''): TemplateResult {
  return html`<span class="codicon codicon-${name} ${className}" aria-hidden="true"></span>`;
}
