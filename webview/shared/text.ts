import { html, type TemplateResult } from 'lit';
import { formatCount, formatDuration } from '../../src/shared/format.ts';
import type { CatchUp } from '../../src/ui/panels/protocol.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { isMoment, localTime } from '../../src/shared/times.ts';
import { t } from './l10n.ts';

/** `12,408` of a 64-bit integer's digits; `-` where it is not known. */
export function exact(digits: string | undefined): string {
  return digits === undefined ? '-' : formatCount(BigInt(digits));
}

/** Records a second: whole from 100 on, one decimal below, `-` where not known. */
export function rate(perSecond: number | undefined): string {
  if (perSecond === undefined) return '-';
  return perSecond >= 100 || perSecond === 0 ? formatCount(Math.round(perSecond)) : perSecond.toFixed(1);
}

/** Local time of day, 24 h; `-` for a time that no calendar has. */
export function timeOfDay(at: number): string {
  if (!isMoment(at)) return '-';
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Local date and time with zone, and UTC below it, for a hover. */
export function wholeTime(at: number): string {
  if (!isMoment(at)) return t('{0} ms since 1970 is a time that no calendar has.', at);
  return `${localTime(at)}\n${new Date(at).toISOString()}`;
}

/** A time of day with the whole time on hover. */
export function timeCell(at: number): TemplateResult {
  return html`<span title=${wholeTime(at)}>${timeOfDay(at)}</span>`;
}

/** `-` where it is not known, and where it does not matter. */
export function catchUp(value: CatchUp | undefined): string {
  if (value === undefined || value === 'steady') return '-';
  return value === 'never' ? t('never') : value === 0 ? t('caught up') : formatDuration(value * 1000);
}

/** The same as a clause. */
export function outlook(value: CatchUp): string {
  if (value === 'never') return t('does not catch up');
  return value === 'steady' ? t('steady') : t('caught up in {0}', catchUp(value));
}

const tail = 6;

/**
 * A name from outside: cut in the middle where there is no room (by style, not by count), whole on hover. A screen reader would make two
 * words of its two parts; it is given the whole instead, by style, so that the text of the element is the name once.
 */
export function nameCell(name: string, hover?: string): TemplateResult {
  const text = visibleText(name);
  const title = hover === undefined ? text : visibleText(hover);
  if (text.length <= 2 * tail) return html`<bdi class="name" title=${title}>${text}</bdi>`;
  // Not between the halves of a surrogate pair.
  const at = text.length - tail - (/[\udc00-\udfff]/.test(text[text.length - tail] ?? '') ? 1 : 0);
  return html`<bdi class="name cut" title=${title}
    ><span class="hidden-text spoken" data-name=${text}></span
    ><span class="head" aria-hidden="true">${text.slice(0, at)}</span
    ><span class="tail" aria-hidden="true">${text.slice(at)}</span></bdi
  >`;
}
