import { html, type TemplateResult } from 'lit';
import type { GroupPosition, Notice, Preview, RecordRow, TailRow } from '../../src/ui/panels/tail/protocol.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { exact } from '../shared/text.ts';

/** What is special about a row: an icon, a word and what it means. */
export interface Mark {
  readonly icon: string;
  readonly word: string;
  readonly meaning: string;
  /** A class of page.css. */
  readonly kind: 'quiet' | 'warning' | 'error' | 'good';
}

const noticeIcons = { info: 'info', warning: 'warning', error: 'error' } as const;

export function noticeIcon({ severity }: Pick<Notice, 'severity'>): string {
  return noticeIcons[severity];
}

/** undefined where there is nothing special. */
export function markOf(row: TailRow): Mark | undefined {
  if (row.kind === 'notice') {
    const { severity, message } = row.notice;
    return {
      icon: noticeIcon(row.notice),
      word: { info: t('note'), warning: t('warning'), error: t('error') }[severity],
      meaning: message,
      kind: severity === 'info' ? 'quiet' : severity,
    };
  }
  if (row.kind === 'damaged') {
    return { icon: 'bracket-error', word: t('damaged'), meaning: row.message, kind: 'error' };
  }
  return recordMark(row);
}

function recordMark(row: RecordRow): Mark | undefined {
  if (row.control !== undefined) {
    return {
      icon: 'settings',
      word: t('control: {0}', visibleText(row.control)),
      meaning: t("A marker of Kafka's own. Consumers skip it, so its offset is a gap for them."),
      kind: 'quiet',
    };
  }
  switch (row.transaction) {
    case undefined:
      break;
    case 'committed':
      return { icon: 'check', word: t('committed'), meaning: t('Its transaction was committed.'), kind: 'good' };
    case 'aborted':
      return {
        icon: 'circle-slash',
        word: t('aborted'),
        meaning: t('Its transaction was aborted: read_committed consumers never see it.'),
        kind: 'warning',
      };
    case 'open':
      return {
        icon: 'lock',
        word: t('open'),
        meaning: t('Its transaction is still open: read_committed consumers wait before it.'),
        kind: 'warning',
      };
    case 'unknown':
      return {
        icon: 'question',
        word: t('unknown'),
        meaning: t('Whether its transaction was committed is not known: its end was not read.'),
        kind: 'quiet',
      };
  }
  if (row.value.kind === 'null') {
    return {
      icon: 'trash',
      word: t('tombstone'),
      meaning: t('No value: compaction will remove what had this key.'),
      kind: 'quiet',
    };
  }
  return undefined;
}

export function markCell(mark: Mark): TemplateResult {
  return html`<span class="row-mark ${mark.kind}">${icon(mark.icon)} ${mark.word}</span>`;
}

/** A key or a value; never an empty cell where there is something. */
export function previewCell(preview: Preview): TemplateResult {
  switch (preview.kind) {
    case 'null':
      return html`<span class="quiet word">null</span>`;
    case 'empty':
      return html`<span class="quiet word">${t('empty')}</span>`;
    case 'failed':
      return html`<span class="row-mark warning">${icon('warning')}</span>
        <bdi class="bytes">${visibleText(preview.text)}</bdi>`;
    case 'text':
      return html`<bdi
        >${visibleText(preview.text)}${preview.cut === true ? html`<span class="quiet">…</span>` : ''}</bdi
      >`;
  }
}

export function previewHover(preview: Preview): string | undefined {
  if (preview.kind === 'failed') {
    return `${t('Does not decode: {0}', preview.why ?? t('the reason is not known'))}\n${visibleText(preview.text)}`;
  }
  return preview.kind === 'text' ? visibleText(preview.text) : undefined;
}

/** For copies: what is seen, without dressing. */
export function previewText(preview: Preview): string {
  return preview.kind === 'null' ? 'null' : preview.text;
}

/** Which groups stand at which record, by partition and offset. */
export function standsAt(positions: readonly GroupPosition[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, partition, offset } of positions) {
    const place = `${partition}/${offset}`;
    const there = groups.get(place);
    if (there === undefined) groups.set(place, [group]);
    else there.push(group);
  }
  return groups;
}

export function exactBytes(bytes: number): string {
  return t('{0} bytes', exact(String(bytes)));
}
