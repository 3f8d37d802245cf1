import { html, nothing } from 'lit';
import { recordCount } from '../shared/counted.ts';
import { formatDuration } from '../../src/shared/format.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { CommitPartition, CommitRow } from '../../src/ui/panels/commits/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { exact, nameCell, timeCell, wholeTime } from '../shared/text.ts';
import { certaintyWord, kindIcon, kindMeaning, kindWord, ownerHover, ownerWord } from './words.ts';

/** `+512`, `-300`. */
export function signed(step: string | undefined): string {
  if (step === undefined) return '-';
  return BigInt(step) > 0n ? `+${exact(step)}` : exact(step);
}

function iso(at: number | undefined): string {
  const date = new Date(at ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

export const commitColumns: readonly Column<CommitRow>[] = [
  {
    id: 'time',
    title: t('Time'),
    hint: t("When the coordinator took it, by the coordinator's clock"),
    width: 76,
    text: ({ at }) => iso(at),
    cell: ({ at }) => timeCell(at),
    hover: ({ at }) => wholeTime(at),
    key: ({ id }) => id,
  },
  {
    id: 'partition',
    title: t('Partition'),
    width: 110,
    text: ({ topic, partition }) => `${topic}-${partition}`,
    cell: ({ topic, partition }) => nameCell(`${topic}-${partition}`),
    key: ({ topic, partition }) => `${topic} ${String(partition).padStart(6, '0')}`,
  },
  {
    id: 'kind',
    title: t('Kind'),
    width: 92,
    text: ({ kind }) => kindWord(kind),
    cell: ({ kind }) => html`<span class="commit-kind ${kind}">${icon(kindIcon(kind))} ${kindWord(kind)}</span>`,
    hover: ({ kind }) => kindMeaning(kind),
    key: ({ kind }) => kindWord(kind),
  },
  {
    id: 'offset',
    title: t('Offset'),
    hint: t('The next record to read'),
    width: 104,
    end: true,
    text: ({ offset }) => offset ?? '',
    cell: ({ offset }) => exact(offset),
    key: ({ offset }) => (offset === undefined ? undefined : BigInt(offset)),
  },
  {
    id: 'step',
    title: t('Step'),
    hint: t('Against the commit before'),
    width: 72,
    end: true,
    text: ({ step }) => step ?? '',
    cell: ({ step }) => signed(step),
    key: ({ step }) => (step === undefined ? undefined : BigInt(step)),
  },
  {
    id: 'interval',
    title: t('After'),
    hint: t('Since the commit before, of the same partition'),
    width: 84,
    end: true,
    text: ({ interval }) => (interval === undefined ? '' : String(interval)),
    cell: ({ interval }) => (interval === undefined ? '-' : formatDuration(interval)),
    key: ({ interval }) => interval,
  },
  {
    id: 'owner',
    title: t('Owner then'),
    hint: t('Who owned the partition then, by the assignment. Who committed is not in the topic.'),
    width: 110,
    text: (row) => ownerWord(row),
    cell: (row) =>
      row.owner === undefined ? html`<span class="quiet">${ownerWord(row)}</span>` : nameCell(row.owner.name),
    hover: (row) => visibleText(ownerHover(row)),
    key: (row) => row.owner?.name,
  },
  {
    id: 'generation',
    title: t('Generation'),
    hint: t('Of a classic group; the epoch of others'),
    width: 92,
    end: true,
    text: ({ generation }) => String(generation ?? ''),
    cell: ({ generation }) => generation ?? '-',
    key: ({ generation }) => generation,
  },
  {
    id: 'why',
    title: t('Why'),
    hint: t('Of rewinds, jumps and deletions'),
    width: 200,
    grow: true,
    text: ({ why }) => why?.because ?? '',
    cell: ({ why }) => (why === undefined ? nothing : html`<bdi>${visibleText(why.because)}</bdi>`),
    hover: ({ why }) =>
      why === undefined ? undefined : `${visibleText(why.because)} (${certaintyWord(why.certainty)})`,
  },
  {
    id: 'metadata',
    title: t('Metadata'),
    hint: t("The client's own text"),
    width: 90,
    text: ({ metadata }) => metadata ?? '',
    cell: ({ metadata }) => (metadata === undefined ? nothing : html`<bdi>${visibleText(metadata)}</bdi>`),
    hover: ({ metadata }) => (metadata === undefined ? undefined : visibleText(metadata)),
    key: ({ metadata }) => metadata,
  },
  {
    id: 'leaderEpoch',
    title: t('Leader epoch'),
    hint: t('Of the last record that was read; not every client says it'),
    width: 86,
    end: true,
    hidden: true,
    text: ({ leaderEpoch }) => String(leaderEpoch ?? ''),
    cell: ({ leaderEpoch }) => leaderEpoch ?? '-',
    key: ({ leaderEpoch }) => leaderEpoch,
  },
  {
    id: 'transaction',
    title: t('Transaction'),
    hint: t('Committed by a producer, in a transaction'),
    width: 84,
    hidden: true,
    text: ({ inTransaction }) => (inTransaction === true ? t('yes') : ''),
    key: ({ inTransaction }) => (inTransaction === true ? 1 : 0),
  },
  {
    id: 'position',
    title: t('Position'),
    hint: t("Offset of the record in the group's partition of __consumer_offsets"),
    width: 84,
    end: true,
    hidden: true,
    text: ({ position }) => position,
    cell: ({ position }) => exact(position),
    key: ({ position }) => BigInt(position),
  },
];

function count(
  id: string,
  title: string,
  hint: string,
  of: (row: CommitPartition) => number | string,
  records?: (row: CommitPartition) => string,
): Column<CommitPartition> {
  return {
    id,
    title,
    hint,
    width: 74,
    end: true,
    text: (row) => (isRead(row) ? String(of(row)) : ''),
    cell: (row) => (isRead(row) ? exact(String(of(row))) : '-'),
    ...(records === undefined ? {} : { hover: (row) => recordCount(BigInt(records(row))) }),
    key: (row) => (isRead(row) ? BigInt(of(row)) : undefined),
  };
}

/** Whether the topic told of it. */
function isRead({ lastAt }: CommitPartition): boolean {
  return lastAt !== undefined;
}

export const partitionColumns: readonly Column<CommitPartition>[] = [
  {
    id: 'partition',
    title: t('Partition'),
    width: 120,
    grow: true,
    text: ({ topic, partition }) => `${topic}-${partition}`,
    cell: ({ topic, partition }) => nameCell(`${topic}-${partition}`),
    key: ({ topic, partition }) => `${topic} ${String(partition).padStart(6, '0')}`,
  },
  {
    id: 'offset',
    title: t('Committed'),
    width: 124,
    end: true,
    text: ({ offset }) => offset ?? '',
    cell: ({ offset, isDeleted }) => (isDeleted ? html`<span class="quiet">${t('deleted')}</span>` : exact(offset)),
    key: ({ offset }) => (offset === undefined ? undefined : BigInt(offset)),
  },
  {
    id: 'lag',
    title: t('Lag'),
    hint: t('By the last poll'),
    width: 84,
    end: true,
    text: ({ lag }) => lag ?? '',
    cell: ({ lag }) => exact(lag),
    key: ({ lag }) => (lag === undefined ? undefined : BigInt(lag)),
  },
  {
    id: 'owner',
    title: t('Owner'),
    hint: t('Now'),
    width: 120,
    text: ({ owner }) => owner ?? '',
    cell: ({ owner }) => (owner === undefined ? html`<span class="quiet">${t('nobody')}</span>` : nameCell(owner)),
    key: ({ owner }) => owner,
  },
  {
    id: 'last',
    title: t('Last commit'),
    width: 100,
    text: ({ lastAt }) => iso(lastAt),
    cell: ({ lastAt }) => (lastAt === undefined ? '-' : timeCell(lastAt)),
    hover: ({ lastAt }) => (lastAt === undefined ? t('None was read.') : wholeTime(lastAt)),
    key: ({ lastAt }) => lastAt,
  },
  {
    id: 'usual',
    title: t('Usual interval'),
    hint: t('Median of the last 200'),
    width: 110,
    end: true,
    text: ({ usualInterval }) => String(usualInterval ?? ''),
    cell: ({ usualInterval }) => (usualInterval === undefined ? '-' : formatDuration(usualInterval)),
    key: ({ usualInterval }) => usualInterval,
  },
  {
    id: 'gap',
    title: t('Longest gap'),
    width: 96,
    end: true,
    text: ({ longestGap }) => (longestGap === undefined ? '' : String(longestGap.to - longestGap.from)),
    cell: ({ longestGap }) => (longestGap === undefined ? '-' : formatDuration(longestGap.to - longestGap.from)),
    hover: ({ longestGap }) =>
      longestGap === undefined ? undefined : `${wholeTime(longestGap.from)}\n${wholeTime(longestGap.to)}`,
    key: ({ longestGap }) => (longestGap === undefined ? undefined : longestGap.to - longestGap.from),
  },
  count('count', t('Commits'), t('That were read'), ({ count: commits }) => commits),
  count('same', t('No progress'), t('Commits of what was committed already'), ({ same }) => same),
  count(
    'rewinds',
    t('Rewinds'),
    t('Steps back'),
    ({ rewinds }) => rewinds,
    ({ again }) => again,
  ),
  count('again', t('Twice'), t('Records that rewinds had processed twice'), ({ again }) => again),
  count(
    'jumps',
    t('Jumps'),
    t('Steps past records that were not read'),
    ({ jumps }) => jumps,
    ({ skipped }) => skipped,
  ),
  count('skipped', t('Skipped'), t('Records that jumps passed over'), ({ skipped }) => skipped),
  {
    id: 'expires',
    title: t('Expires'),
    hint: t('When the commit may be deleted, as things are'),
    width: 92,
    text: ({ expires }) => iso(expires),
    cell: ({ expires }) => (expires === undefined ? '-' : dayCell(expires)),
    hover: ({ expires, expiryWhy }) =>
      [...(expires === undefined ? [] : [wholeTime(expires)]), ...(expiryWhy === undefined ? [] : [expiryWhy])].join(
        '\n',
      ),
    key: ({ expires }) => expires,
  },
];

/** A day is what matters of an expiry. */
function dayCell(at: number): string {
  return iso(at).slice(0, 10);
}
