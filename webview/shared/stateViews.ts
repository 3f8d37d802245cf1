import { html, nothing, type TemplateResult } from 'lit';
import type { Frame, Problem } from '../../src/ui/panels/protocol.ts';
import { icon } from './icon.ts';
import { t } from './l10n.ts';
import { timeOfDay } from './text.ts';

/** Shown until the host has spoken. */
export function skeleton(lines: number): TemplateResult {
  return html`<div class="skeleton" role="status" aria-label=${t('Loading')}>
    ${Array.from({ length: lines }, () => html`<div class="bone"></div>`)}
  </div>`;
}

/** In place of the content, where there is none. */
export function problemView(problem: Problem, retry: () => void): TemplateResult {
  if (problem.kind === 'loading') {
    return html`<div class="problem" role="status">
      ${icon('loading', 'codicon-modifier-spin')}
      <div>
        <h2>${problem.title}</h2>
        <p>${problem.advice}</p>
      </div>
    </div>`;
  }
  const failed = problem.kind === 'failed';
  return html`<div class="problem ${problem.kind}" role=${failed ? 'alert' : 'status'}>
    ${icon(failed ? 'error' : 'info')}
    <div>
      <h2>${problem.title}</h2>
      <p>${problem.advice}</p>
      ${failed ? html`<button class="button" @click=${retry}>${t('Retry')}</button>` : nothing}
    </div>
  </div>`;
}

/** Above the content, where it stands but something is amiss. */
export function notices(frame: Frame, retry: () => void): TemplateResult | typeof nothing {
  if (frame.problem !== undefined) return nothing;
  const { polling, partial } = frame;
  return html`${
    polling.kind === 'failing'
      ? html`<div class="notice failed" role="alert">
          ${icon('warning')}<span
            >${t('The last poll failed: {0} The figures before it stand.', polling.message)}
            ${polling.nextAt === undefined ? nothing : t('Next try at {0}.', timeOfDay(polling.nextAt))}</span
          ><button class="link" @click=${retry}>${t('Retry now')}</button>
        </div>`
      : nothing
  }
  ${
    partial.length === 0
      ? nothing
      : html`<div class="notice" role="status">
          ${icon('info')}<span title=${partial.join('\n')}
            >${t('Not all could be learned: {0}', partial[0]!)}${
              partial.length > 1 ? ` ${t('(and {0} more)', partial.length - 1)}` : nothing
            }</span
          >
        </div>`
  }`;
}
