import { html } from 'lit';
import type {
  HistoryMember,
  LineMessage,
  MeanwhileMessage,
  RebalanceMessage,
} from '../../src/ui/panels/assignments/protocol.ts';
import { formatCount, formatDuration } from '../../src/shared/format.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { cssProperties } from '../shared/element.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { nameCell, timeOfDay, wholeTime } from '../shared/text.ts';
import { isMoment } from '../../src/shared/times.ts';
import { nobody, type Lane } from './lanes.ts';
import { fileName, memberName, momentText } from './readout.ts';
import {
  causesText,
  certaintyWord,
  durationHover,
  durationOf,
  durationText,
  iconOf,
  isTrouble,
  meanwhileHover,
  meanwhileText,
  stepText,
  timeOf,
  withoutOwnerHover,
  withoutOwnerText,
} from './words.ts';

/** Exact, for copies. */
export function isoText(at: number): string {
  return isMoment(at) ? new Date(at).toISOString() : String(at);
}

/** The list of rebalances. */
export function rebalanceColumns(
  now: () => number,
  /** Asks for it where it is not there yet: of the rows that are drawn. */
  meanwhileOf: (row: RebalanceMessage, isDrawn: boolean) => MeanwhileMessage | undefined,
): Column<RebalanceMessage>[] {
  return [
    {
      id: 'time',
      title: t('Time'),
      width: 98,
      text: (row) => isoText(timeOf(row)),
      cell: (row) => {
        const text = momentText(timeOf(row), now());
        return text.length > 8 ? text.slice(5) : text;
      },
      hover: (row) => [wholeTime(timeOf(row)), stepText(row)].filter(Boolean).join('\n'),
      key: timeOf,
    },
    {
      id: 'cause',
      title: t('Cause'),
      width: 236,
      grow: true,
      text: (row) => causesText(row),
      cell: (row) => {
        const first = row.causes[0];
        // That it left or timed out says by itself that it is not known.
        const certainty = first?.cause === 'member-gone' ? undefined : first?.certainty;
        return html`${icon(iconOf(row).icon, isTrouble(row) ? 'trouble' : '')}
        ${causesText(row)}${
          certainty === 'inference' ? html` <span class="quiet">(${certaintyWord(certainty)})</span>` : ''
        }`;
      },
      hover: (row) => row.causes.map(({ text, certainty }) => `${text} (${certaintyWord(certainty)})`).join('\n'),
      key: causesText,
    },
    {
      id: 'duration',
      title: t('Duration'),
      hint: t('From its begin until all members had their partitions'),
      width: 76,
      end: true,
      text: (row) => durationText(row, now()),
      hover: durationHover,
      key: (row) => durationOf(row, now()),
    },
    {
      id: 'members',
      title: t('Members'),
      hint: t('Before and after'),
      width: 68,
      end: true,
      text: (row) => t('{0} to {1}', row.membersBefore, row.membersAfter),
      key: (row) => row.membersAfter - row.membersBefore,
    },
    {
      id: 'moved',
      title: t('Moved'),
      hint: t('Partitions that have another owner'),
      width: 60,
      end: true,
      text: (row) => formatCount(row.moved),
      key: (row) => row.moved,
    },
    {
      id: 'needless',
      title: t('Needless'),
      hint: t('Of these, how many a plan with fewest moves would have left where they were'),
      width: 68,
      end: true,
      text: (row) => formatCount(row.needless),
      key: (row) => row.needless,
    },
    {
      id: 'unowned',
      title: t('No owner'),
      hint: t('Time without an owner, summed over the partitions'),
      width: 78,
      end: true,
      text: withoutOwnerText,
      hover: withoutOwnerHover,
      key: (row) => row.withoutOwnerMs ?? row.withoutOwnerAtLeastMs,
    },
    {
      id: 'records',
      title: t('Records meanwhile'),
      hint: t('That came to the partitions that moved'),
      width: 110,
      end: true,
      text: (row) => meanwhileText(meanwhileOf(row, false)),
      cell: (row) => meanwhileText(meanwhileOf(row, true)),
      hover: (row) => meanwhileHover(meanwhileOf(row, false)),
      key: (row) => {
        const records = meanwhileOf(row, false)?.records;
        return records === undefined ? undefined : BigInt(records);
      },
    },
  ];
}

export function lineKey({ file, line }: LineMessage): string {
  return `${line} ${file}`;
}

/** The list of lines of logs. */
export function lineColumns(now: () => number): Column<LineMessage>[] {
  return [
    {
      id: 'time',
      title: t('Time'),
      width: 98,
      text: ({ at }) => isoText(at),
      cell: ({ at }) => {
        const text = momentText(at, now());
        return text.length > 8 ? text.slice(5) : text;
      },
      hover: ({ at }) => wholeTime(at),
      key: ({ at }) => at,
    },
    {
      id: 'place',
      title: t('Line'),
      width: 130,
      text: ({ file, line }) => `${file}:${line}`,
      cell: ({ file, line }) => nameCell(`${fileName(file)}:${line}`, file),
      hover: ({ file, line }) => `${file}:${line}`,
      key: lineKey,
    },
    {
      id: 'text',
      title: t('Text'),
      width: 300,
      grow: true,
      text: ({ text }) => text,
      cell: ({ text }) => visibleText(text),
      hover: ({ text }) => text,
      key: ({ text }) => text,
    },
  ];
}

/** A span, as a row of the table that says what the chart shows. */
export interface SpanRow {
  readonly lane: Lane;
  readonly index: number;
}

export function spanKey({ lane, index }: SpanRow): string {
  return `${lane.key} ${index}`;
}

export function spanColumns(of: {
  readonly members: () => readonly HistoryMember[];
  readonly now: () => number;
}): Column<SpanRow>[] {
  const owner = ({ lane, index }: SpanRow): number => lane.owner[index]!;
  const from = ({ lane, index }: SpanRow): number => lane.from[index]!;
  const to = ({ lane, index }: SpanRow): number => lane.to[index]!;
  const duration = (row: SpanRow): number => Math.max(0, Math.min(to(row), of.now()) - from(row));
  const owned = ({ lane, index }: SpanRow): number | undefined => lane.owned?.[index];
  return [
    {
      id: 'lane',
      title: t('Lane'),
      width: 160,
      text: ({ lane }) => lane.label,
      cell: ({ lane }) => nameCell(lane.label),
      // Numbers of partitions sort as numbers.
      key: ({ lane }) => `${lane.topic} ${String(lane.partition).padStart(10, '0')} ${lane.label}`,
    },
    {
      id: 'owner',
      title: t('Owner'),
      width: 180,
      grow: true,
      text: (row) => (owner(row) === nobody ? t('no owner') : (of.members()[owner(row)]?.id ?? '')),
      cell: (row) => {
        const member = of.members()[owner(row)];
        if (owner(row) === nobody || member === undefined) {
          return html`<span class="trouble">${memberName(of.members(), owner(row))}</span>`;
        }
        const swatch = html`<span
          class="swatch"
          ${cssProperties({ '--swatch': `var(--vscode-charts-${member.color})` })}
        ></span>`;
        return html`${swatch}${nameCell(member.name, member.id)}`;
      },
      key: (row) => (owner(row) === nobody ? undefined : of.members()[owner(row)]?.name),
    },
    {
      id: 'owned',
      title: t('Partitions'),
      hint: t('Of a lane of a member: how many it owned'),
      width: 76,
      end: true,
      text: (row) => (owned(row) === undefined ? '1' : formatCount(owned(row)!)),
      key: (row) => owned(row) ?? 1,
    },
    {
      id: 'from',
      title: t('From'),
      width: 130,
      text: (row) => isoText(from(row)),
      cell: (row) => momentText(from(row), of.now()),
      hover: (row) => wholeTime(from(row)),
      key: from,
    },
    {
      id: 'to',
      title: t('To'),
      width: 130,
      text: (row) => (to(row) === Infinity ? t('now') : isoText(to(row))),
      cell: (row) => (to(row) === Infinity ? t('now') : momentText(to(row), of.now())),
      hover: (row) => (to(row) === Infinity ? undefined : wholeTime(to(row))),
      key: to,
    },
    {
      id: 'duration',
      title: t('Duration'),
      width: 90,
      end: true,
      text: (row) => formatDuration(duration(row)),
      key: duration,
    },
    {
      id: 'givenUp',
      title: t('To be given up'),
      hint: t('From when on the owner was to give it up'),
      width: 110,
      text: ({ lane, index }) => (Number.isNaN(lane.givenUpFrom[index]!) ? '' : isoText(lane.givenUpFrom[index]!)),
      cell: ({ lane, index }) => (Number.isNaN(lane.givenUpFrom[index]!) ? '' : timeOfDay(lane.givenUpFrom[index]!)),
      key: ({ lane, index }) => (Number.isNaN(lane.givenUpFrom[index]!) ? undefined : lane.givenUpFrom[index]!),
    },
  ];
}
