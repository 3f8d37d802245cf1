import { html, nothing, type TemplateResult } from 'lit';
import type { PlanItem, PlanMove, PlanOutcome } from '../../src/ui/panels/plan/protocol.ts';
import { icon } from './icon.ts';
import { t } from './l10n.ts';
import type { Column, SortKey } from './tableModel.ts';
import { exact, nameCell } from './text.ts';

export function moveWord(move: PlanMove): string {
  switch (move) {
    case 'back':
      return t('back');
    case 'forward':
      return t('forward');
    case 'same':
      return t('stays');
    case 'new':
      return t('first commit');
    case 'delete':
      return t('delete');
    case 'none':
      return t('not possible');
  }
}

export function outcomeWord(outcome: PlanOutcome): string {
  switch (outcome) {
    case 'done':
      return t('done');
    case 'overtaken':
      return t('overtaken');
    case 'refused':
      return t('refused');
    case 'moved':
      return t('moved before');
    case 'not-sent':
      return t('not sent');
    case 'unknown':
      return t('not known');
  }
}

const moveIcons: Record<PlanMove, string> = {
  back: 'arrow-left',
  forward: 'arrow-right',
  same: 'dash',
  new: 'add',
  delete: 'trash',
  none: 'error',
};
const outcomeIcons: Record<PlanOutcome, string> = {
  done: 'check',
  overtaken: 'warning',
  refused: 'error',
  moved: 'circle-slash',
  'not-sent': 'circle-slash',
  unknown: 'question',
};

/** What there is to say of a row, worst first. */
export function planNote({ error, warning, clampedFrom, end, start, result, beforeWhy }: PlanItem): string {
  const clamped =
    clampedFrom === undefined
      ? undefined
      : t('{0} asked for; the log goes from {1} to {2}.', exact(clampedFrom), exact(start), exact(end));
  return [result?.text, error ?? beforeWhy, warning ?? clamped].filter((one) => one !== undefined).join(' ');
}

/** Of a plan's rows, with what became of them where `withResults`. */
export function planColumns(withResults: boolean): Column<PlanItem>[] {
  const big = (digits: string | undefined): SortKey => (digits === undefined ? undefined : BigInt(digits));
  const result: Column<PlanItem> = {
    id: 'result',
    title: t('Result'),
    hint: t('As read back from the broker'),
    width: 120,
    text: (row) => (row.result === undefined ? '' : outcomeWord(row.result.outcome)),
    cell: resultCell,
    hover: ({ result: of }) =>
      of === undefined
        ? t('Was not part of the change.')
        : (of.text ??
          (of.isRead ? t('Read back: {0}', of.found === undefined ? t('no commit') : exact(of.found)) : undefined)),
    key: (row) => row.result?.outcome,
  };
  const note: Column<PlanItem> = {
    id: 'note',
    title: t('Note'),
    width: 220,
    grow: true,
    text: planNote,
    cell: noteCell,
    hover: (row) => planNote(row) || undefined,
    key: (row) => planNote(row) || undefined,
  };
  const distances: Column<PlanItem>[] = [
    {
      id: 'again',
      title: t('Again'),
      hint: t('Offsets that will be processed again; compaction and markers leave gaps'),
      width: 80,
      end: true,
      text: (row) => row.again ?? '',
      cell: (row) => exact(row.again),
      hover: unknownWhy,
      key: (row) => big(row.again),
    },
    {
      id: 'skipped',
      title: t('Skipped'),
      hint: t('Offsets that the group will not be given any more'),
      width: 76,
      end: true,
      text: (row) => row.skipped ?? '',
      cell: (row) => exact(row.skipped),
      hover: unknownWhy,
      key: (row) => big(row.skipped),
    },
  ];
  return [
    {
      id: 'topic',
      title: t('Topic'),
      width: 108,
      text: (row) => row.topic,
      cell: (row) => nameCell(row.topic),
      key: (row) => row.topic,
    },
    {
      id: 'partition',
      title: t('Partition'),
      width: 74,
      end: true,
      text: (row) => String(row.partition),
      key: (row) => row.partition,
    },
    ...(withResults ? [result] : []),
    {
      id: 'before',
      title: t('Before'),
      hint: t('What the group has committed: the next offset to read'),
      width: 80,
      end: true,
      text: (row) => row.before ?? '',
      cell: (row) => exact(row.before),
      hover: (row) => (row.before === undefined ? (row.beforeWhy ?? t('No commit.')) : undefined),
      key: (row) => big(row.before),
    },
    {
      id: 'move',
      title: t('Change'),
      width: 112,
      text: (row) => moveWord(row.move),
      cell: (row) =>
        html`<span class="plan-move ${row.move}">${icon(moveIcons[row.move])} ${moveWord(row.move)}</span>`,
      hover: (row) => planNote(row) || undefined,
      key: (row) => row.move,
    },
    {
      id: 'after',
      title: t('After'),
      width: 80,
      end: true,
      text: (row) => row.after ?? '',
      cell: (row) => exact(row.after),
      hover: (row) => (row.after === undefined ? (row.error ?? t('No commit.')) : undefined),
      key: (row) => big(row.after),
    },
    // Once there are results, what went wrong is what one wants to read.
    ...(withResults ? [note, ...distances] : [...distances, note]),
    {
      id: 'start',
      title: t('Log start'),
      width: 88,
      end: true,
      text: (row) => row.start ?? '',
      cell: (row) => exact(row.start),
      key: (row) => big(row.start),
    },
    {
      id: 'end',
      title: t('Log end'),
      width: 96,
      end: true,
      text: (row) => row.end ?? '',
      cell: (row) => exact(row.end),
      key: (row) => big(row.end),
    },
  ];
}

/** What the filter looks at. */
export function planFilterText(row: PlanItem): string {
  const said = row.result === undefined ? '' : outcomeWord(row.result.outcome);
  const clamped = row.clampedFrom === undefined ? '' : t('clamped');
  return `${row.topic}-${row.partition} ${moveWord(row.move)} ${said} ${clamped} ${planNote(row)}`;
}

export function planRowClass(row: PlanItem): string {
  return `${row.move} ${row.result?.outcome ?? ''}`;
}

function resultCell({ result }: PlanItem): TemplateResult | typeof nothing {
  if (result === undefined) return nothing;
  const { outcome } = result;
  return html`<span class="plan-result ${outcome}">${icon(outcomeIcons[outcome])} ${outcomeWord(outcome)}</span>`;
}

function noteCell(row: PlanItem): TemplateResult | typeof nothing {
  const text = planNote(row);
  if (text === '') return nothing;
  const isError = row.error !== undefined || (row.result !== undefined && row.result.outcome !== 'done');
  const name = isError ? 'error' : row.clampedFrom === undefined ? 'warning' : 'fold-horizontal';
  return html`<span class="plan-note ${isError ? 'bad' : ''}">${icon(name)} ${text}</span>`;
}

function unknownWhy(row: PlanItem): string | undefined {
  if (row.move === 'none' || row.again !== undefined) return undefined;
  return t(
    'From no commit, or from outside the log, a consumer goes where its auto.offset.reset says: nobody can know.',
  );
}
