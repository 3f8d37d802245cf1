import { html, nothing, type TemplateResult } from 'lit';
import type { TailModel } from '../../src/ui/panels/tail/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { exact } from '../shared/text.ts';
import { button } from '../shared/toolbar.ts';
import { noticeBanner } from './noticeBanner.ts';

export interface BannerActions {
  /** Notices up to then are seen, ms since 1970 by the host's clock. */
  readonly dismiss: (until: number) => void;
  readonly cancelExport: () => void;
  readonly forgetProblem: () => void;
}

/** What asks for attention above the records: notices, an export that runs, an export that failed. */
export function banners(
  model: TailModel,
  seenUntil: number,
  problem: string | undefined,
  { dismiss, cancelExport, forgetProblem }: BannerActions,
): TemplateResult {
  const { exporting, frame, notices } = model;
  // Where there is nothing but a failure, it is told in its own place.
  return html`${noticeBanner(frame.problem?.kind === 'failed' ? [] : notices, seenUntil, dismiss)}
  ${
    exporting === undefined
      ? nothing
      : html`<div class="notice" role="status">
          ${icon('export')}<span
            >${t('Exported {0} of {1}', exact(String(exporting.done)), exact(String(exporting.of)))}</span
          ><button class="link" @click=${cancelExport}>${t('Cancel')}</button>
        </div>`
  }
  ${
    problem === undefined
      ? nothing
      : html`<div class="notice failed" role="alert">
          ${icon('warning')}<span>${problem}</span>${button('close', t('Dismiss'), forgetProblem)}
        </div>`
  }`;
}
