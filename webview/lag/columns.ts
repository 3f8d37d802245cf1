import { html, nothing } from 'lit';
import type { LagRow, MemberInfo } from '../../src/ui/panels/protocol.ts';
import { cssProperties } from '../shared/element.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { catchUp, exact, nameCell, rate, timeCell, wholeTime } from '../shared/text.ts';
import { isHeld, noLagReason, stateIcon, stateMeaning, stateWord } from './rows.ts';
import { timeLagKey, timeLagOf } from './ages.ts';
import { timeLagHover, timeLagText } from './timeLag.ts';

/** What the cells of all rows need to know, as it is now: the columns themselves stay the same. */
export interface ColumnContext {
  readonly ownerOf: (row: LagRow) => MemberInfo | undefined;
  readonly total: () => bigint;
  /** The host's clock, ms since 1970. */
  readonly now: () => number;
}

/** All columns of the lag table, in order. */
export function lagColumns({ ownerOf, total, now }: ColumnContext): Column<LagRow>[] {
  const share = (row: LagRow): number | undefined =>
    row.lag === undefined || row.lag.startsWith('-') || total() <= 0n
      ? undefined
      : Number((BigInt(row.lag) * 10_000n) / total()) / 100;
  return [
    {
      id: 'topic',
      title: t('Topic'),
      width: 88,
      grow: true,
      text: (row) => row.topic,
      cell: (row) => nameCell(row.topic),
      key: (row) => row.topic,
    },
    {
      id: 'partition',
      title: t('Partition'),
      width: 70,
      end: true,
      text: (row) => String(row.partition),
      key: (row) => row.partition,
    },
    {
      id: 'owner',
      title: t('Owner'),
      hint: t('Instance id or client id of the member that owns the partition'),
      width: 110,
      grow: true,
      text: (row) => ownerOf(row)?.name ?? '',
      cell: (row) => {
        const owner = ownerOf(row);
        if (owner === undefined) return html`<span class="quiet">${t('unassigned')}</span>`;
        return html`<span class="swatch" ${cssProperties({ '--swatch': `var(--vscode-charts-${owner.color})` })}></span
          >${nameCell(owner.name, owner.id)}`;
      },
      key: (row) => ownerOf(row)?.name,
    },
    {
      id: 'host',
      title: t('Host'),
      width: 100,
      hidden: true,
      text: (row) => ownerOf(row)?.host ?? '',
      cell: (row) => nameCell(ownerOf(row)?.host ?? ''),
      key: (row) => ownerOf(row)?.host,
    },
    offset('start', t('Start'), t('Log start offset: the oldest record that is still there'), (row) => row.start, true),
    offset('committed', t('Committed'), t('Committed offset: the next record to read'), (row) => row.committed),
    offset('end', t('End'), t('Log end offset (high watermark)'), (row) => row.end),
    offset(
      'lastStable',
      t('LSO'),
      t('Last stable offset: how far a read_committed consumer can read'),
      (row) => row.lastStable,
      true,
    ),
    {
      id: 'lag',
      title: t('Lag'),
      hint: t('End minus committed, in offsets'),
      width: 76,
      end: true,
      text: (row) => row.lag ?? '',
      cell: (row) => exact(row.lag),
      hover: (row) => noLagReason(row),
      key: (row) => (row.lag === undefined ? undefined : BigInt(row.lag)),
    },
    {
      id: 'timeLag',
      title: t('Time lag'),
      hint: t('How old the next record is: the first at or behind the commit that is no marker'),
      width: 92,
      end: true,
      text: (row) => String(timeLagOf(row, now()) ?? ''),
      cell: (row) => timeLagText(row, now()),
      hover: (row) => timeLagHover(row),
      key: timeLagKey,
    },
    {
      id: 'state',
      title: t('State'),
      hint: t('What keeps the lag from being a plain figure'),
      width: 148,
      grow: true,
      text: (row) => (isHeld(row) ? held() : stateWord(row)),
      cell: (row) => {
        const word = isHeld(row) ? held() : stateWord(row);
        if (word === '') return nothing;
        const name = isHeld(row) ? 'lock' : row.stuck === true ? 'warning' : stateIcon(row.state);
        return html`<span class="row-state ${row.state}">${icon(name)} ${word}</span>`;
      },
      hover: (row) => (row.state === 'ok' && row.stuck !== true && !isHeld(row) ? undefined : stateMeaning(row)),
      key: (row) => (isHeld(row) ? held() : stateWord(row) || undefined),
    },
    {
      id: 'share',
      title: t('Share'),
      hint: t("Share of the group's total lag"),
      width: 68,
      end: true,
      text: (row) => (share(row) === undefined ? '' : `${share(row)!.toFixed(1)} %`),
      cell: (row) => {
        const percent = share(row);
        if (percent === undefined) return '-';
        return html`<span class="bar" ${cssProperties({ '--part': `${percent}%` })}></span>${percent.toFixed(1)} %`;
      },
      hover: (row) => noLagReason(row) ?? (total() <= 0n ? t('The group has no lag.') : undefined),
      key: (row) => share(row),
    },
    perSecond('consume', t('Consumed/s'), t('Committed records a second, over the last minute'), (row) => row.consume),
    perSecond('produce', t('Produced/s'), t('Arriving records a second, over the last minute'), (row) => row.produce),
    {
      id: 'catchUp',
      title: t('Catches up in'),
      hint: t('Lag divided by how much faster it consumes than is produced'),
      width: 102,
      end: true,
      text: (row) => catchUp(row.catchUp),
      cell: (row) =>
        row.catchUp === 'never'
          ? html`<span class="never">${icon('warning')} ${catchUp('never')}</span>`
          : catchUp(row.catchUp),
      hover: (row) =>
        row.catchUp === 'never'
          ? t('Consumes {0}/s while {1}/s are produced: it does not shrink.', rate(row.consume), rate(row.produce))
          : row.catchUp === 'steady'
            ? t('Steady: no more waits than what lies between two commits.')
            : row.catchUp === undefined
              ? (noLagReason(row) ?? t('Not known until some polls have been compared.'))
              : undefined,
      key: (row) => (row.catchUp === 'never' ? Infinity : row.catchUp === 'steady' ? 0 : row.catchUp),
    },
    {
      id: 'committedAt',
      title: t('Last commit'),
      hint: t('When a poll first saw the present commit'),
      width: 100,
      end: true,
      text: (row) => (row.committedAt === undefined ? '' : new Date(row.committedAt).toISOString()),
      cell: (row) => (row.committedAt === undefined ? '-' : timeCell(row.committedAt)),
      hover: (row) =>
        row.committedAt === undefined
          ? t('Not changed since watching began. Kafka does not tell commit times.')
          : wholeTime(row.committedAt),
      key: (row) => row.committedAt,
    },
  ];
}

/** A read_committed consumer can read no further, though records wait. */
function held(): string {
  return t('open transaction');
}

function offset(
  id: string,
  title: string,
  hint: string,
  of: (row: LagRow) => string | undefined,
  hidden = false,
): Column<LagRow> {
  return {
    id,
    title,
    hint,
    width: 88,
    end: true,
    hidden,
    text: (row) => of(row) ?? '',
    cell: (row) => exact(of(row)),
    hover: (row) => (of(row) === undefined ? stateMeaning(row) : exact(of(row))),
    key: (row) => {
      const digits = of(row);
      return digits === undefined ? undefined : BigInt(digits);
    },
  };
}

function perSecond(id: string, title: string, hint: string, of: (row: LagRow) => number | undefined): Column<LagRow> {
  return {
    id,
    title,
    hint,
    width: 96,
    end: true,
    text: (row) => (of(row) === undefined ? '' : String(of(row))),
    cell: (row) => rate(of(row)),
    hover: (row) => (of(row) === undefined ? t('Not known until some polls have been compared.') : undefined),
    key: of,
  };
}
