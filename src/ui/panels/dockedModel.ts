import type { Group, Snapshot } from '../../groups/snapshot.ts';
import { formatCount, formatDuration } from '../../shared/format.ts';
import type { Selection } from '../selection.ts';
import { clock } from '../tree/words.ts';
import {
  partitionKey,
  type DockedModel,
  type LagRow,
  type MemberInfo,
  type Point,
  type WorstItem,
} from './protocol.ts';
import { t } from '../../shared/l10n.ts';
import type { Watch } from './services.ts';
import {
  clusterFrame,
  groupFrame,
  lagRow,
  memberInfos,
  partitionPoints,
  sumOfCatchUps,
  sumOfKnown,
  sumOfLags,
  totalPoints,
} from './viewModel.ts';

const longestList = 8;

/** A line of more groups than this would cost more to add up at every poll than it tells. */
const mostAddedUp = 200;

/** A row with the group it belongs to. */
interface Owned {
  readonly group: Group;
  readonly row: LagRow;
}

/** What the docked view says of the selection. `withAge`: a row of a group with the age of its next record, where that is known. */
export function dockedModel(
  selection: Selection | undefined,
  watch: Watch | undefined,
  now: number,
  withAge: (group: string, row: LagRow) => LagRow = (_group, row) => row,
): DockedModel {
  if (selection === undefined) return nothingSelected(now);
  const group = 'group' in selection ? selection.group : undefined;
  const base = {
    cluster: selection.cluster,
    group,
    facts: [],
    worst: [],
    worstTitle: '',
    more: 0,
  };
  const frame =
    group === undefined
      ? clusterFrame(selection.cluster, watch, now)
      : groupFrame({ cluster: selection.cluster, group }, watch, now);
  const whole = selection.kind === 'group' || selection.kind === 'cluster';
  // The group's verdict names what is worst in the group, which may be elsewhere.
  const own = whole ? frame : { ...frame, state: undefined, verdict: [] };
  const crumbs = [...frame.crumbs, ...tailOf(selection, watch)];
  if (watch?.snapshot === undefined || frame.problem !== undefined) return { ...base, frame: { ...frame, crumbs } };

  const rows = rowsOf(selection, watch, watch.snapshot);
  const groups = new Set(rows.map((one) => one.group));
  const members = new Map([...groups].flatMap((of) => memberInfos(of).map((member) => [member.id, member] as const)));
  return {
    ...base,
    frame: { ...own, crumbs },
    ...figures(rows, selection),
    ...(rows.length === 1 && selection.kind === 'partition'
      ? { row: rows[0]!.row, facts: partitionFacts(withAge(rows[0]!.group.id, rows[0]!.row), members, now) }
      : {
          facts: factsOf(selection, rows, members),
          ...worstOf(selection, rows, members, watch),
        }),
  };
}

/** The line of the selection, of what came after `after` (ms since 1970). Topics and clusters have one of all their groups. */
export function dockedPoints(selection: Selection | undefined, watch: Watch | undefined, after = -Infinity): Point[] {
  const snapshot = watch?.snapshot;
  if (selection === undefined || watch === undefined || snapshot === undefined) return [];
  const { history } = watch;
  switch (selection.kind) {
    case 'group':
      return totalPoints(history.totals(selection.group), after);
    case 'cluster':
      if (snapshot.groups.size > mostAddedUp) return [];
      return sumPoints([...snapshot.groups.keys()].map((group) => totalPoints(history.totals(group), after)));
    case 'member':
    case 'unassigned':
    case 'partition':
    case 'topic':
    case 'topicPartition':
      return sumPoints(
        rowsOf(selection, watch, snapshot).map(({ group, row }) =>
          partitionPoints(history.partition(group.id, row), after),
        ),
      );
  }
}

function sumPoints(lines: readonly (readonly Point[])[]): Point[] {
  if (lines.length === 1) return [...lines[0]!];
  const sums = new Map<number, bigint | null>();
  for (const line of lines) {
    for (const { at, lag } of line) {
      const before = sums.get(at) ?? null;
      const known = lag === null ? null : BigInt(lag) > 0n ? BigInt(lag) : 0n;
      sums.set(at, known === null ? before : (before ?? 0n) + known);
    }
  }
  return [...sums].sort(([a], [b]) => a - b).map(([at, sum]) => ({ at, lag: sum === null ? null : String(sum) }));
}

/** The partitions that the selection is about. */
function rowsOf(selection: Selection, watch: Watch, snapshot: Snapshot): Owned[] {
  const groups =
    'group' in selection
      ? [snapshot.groups.get(selection.group)].filter((group) => group !== undefined)
      : [...snapshot.groups.values()];
  return groups.flatMap((group) =>
    group.partitions
      .filter((one) => {
        switch (selection.kind) {
          case 'cluster':
          case 'group':
            return true;
          case 'member':
            return one.owner === selection.member;
          case 'unassigned':
            return one.owner === undefined;
          case 'topic':
            return one.topic === selection.topic;
          case 'partition':
          case 'topicPartition':
            return one.topic === selection.topic && one.partition === selection.partition;
        }
      })
      .map((one) => ({ group, row: lagRow(group.id, one, snapshot, watch.history) })),
  );
}

function figures(
  rows: readonly Owned[],
  { kind }: Selection,
): Pick<DockedModel, 'lag' | 'why' | 'consume' | 'produce' | 'catchUp'> {
  const lag = rows.length === 1 ? rows[0]!.row.lag : sumOfLags(rows.map(({ row }) => row));
  return {
    lag,
    why: rows.find(({ row }) => row.why !== undefined)?.row.why,
    consume: sumOfKnown(rows.map(({ row }) => row.consume)),
    produce: sumOfKnown(rows.map(({ row }) => row.produce)),
    // Groups do not catch up together: one that keeps up would hide one that never does.
    catchUp: kind === 'cluster' ? undefined : sumOfCatchUps(rows.map(({ row }) => row)),
  };
}

function tailOf(selection: Selection, watch: Watch | undefined): string[] {
  switch (selection.kind) {
    case 'cluster':
    case 'group':
      return [];
    case 'member': {
      const group = watch?.snapshot?.groups.get(selection.group);
      const member = group === undefined ? undefined : memberInfos(group).find(({ id }) => id === selection.member);
      return [member?.name ?? selection.member];
    }
    case 'unassigned':
      return [t('Unassigned')];
    case 'topic':
      return [selection.topic];
    case 'partition':
    case 'topicPartition':
      return [`${selection.topic}-${selection.partition}`];
  }
}

function factsOf(
  selection: Selection,
  rows: readonly Owned[],
  members: ReadonlyMap<string, MemberInfo>,
): DockedModel['facts'] {
  const partitions = { label: t('Partitions'), value: formatCount(rows.length) };
  switch (selection.kind) {
    case 'cluster':
    case 'topic':
    case 'topicPartition':
      return [{ label: t('Groups'), value: formatCount(new Set(rows.map(({ group }) => group.id)).size) }, partitions];
    case 'member': {
      const member = members.get(selection.member);
      const host = member === undefined ? [] : [{ label: t('Host'), value: member.host }];
      return [...host, partitions];
    }
    case 'group':
      return [{ label: t('Members'), value: formatCount(members.size) }, partitions];
    case 'unassigned':
    case 'partition':
      return [partitions];
  }
}

function partitionFacts(row: LagRow, members: ReadonlyMap<string, MemberInfo>, now: number): DockedModel['facts'] {
  const owner = row.owner === undefined ? undefined : members.get(row.owner);
  const offset = (value: string | undefined): string => (value === undefined ? '-' : formatCount(BigInt(value)));
  return [
    { label: t('Owner'), value: owner === undefined ? t('nobody') : `${owner.name} (${owner.host})` },
    { label: t('Log start'), value: offset(row.start) },
    { label: t('Committed'), value: offset(row.committed) },
    { label: t('LSO'), value: offset(row.lastStable) },
    { label: t('Log end'), value: offset(row.end) },
    { label: t('Time lag'), value: timeLagWords(row, now) },
    {
      label: t('Last commit'),
      value: row.committedAt === undefined ? t('not changed since watching began') : clock(row.committedAt),
    },
  ];
}

/** How old the next record is. */
function timeLagWords({ state, lag, next }: LagRow, now: number): string {
  if (state !== 'ok' || lag === undefined) return '-';
  if (BigInt(lag) <= 0n || next?.kind === 'nothing') return t('caught up');
  return next?.kind === 'written' ? formatDuration(Math.max(0, now - next.at)) : '-';
}

/** Groups where the selection spans them all, else partitions; by lag, those without figures first: they need a look. */
function worstOf(
  selection: Selection,
  rows: readonly Owned[],
  members: ReadonlyMap<string, MemberInfo>,
  watch: Watch,
): Pick<DockedModel, 'worst' | 'worstTitle' | 'more'> {
  if (selection.kind === 'cluster') {
    const items = [...Map.groupBy(rows, ({ group }) => group)].map(([group, of]) => {
      const lag = sumOfLags(of.map(({ row }) => row));
      // Kafka's word says next to nothing where we know better: a stuck group is Stable.
      const detail = watch.status(group.id)?.reason ?? group.state;
      return { label: group.id, detail, state: 'ok', lag, group: group.id } as const;
    });
    return { worstTitle: t('Worst groups'), ...worst(items) };
  }
  const items = rows.map(({ group, row }) => {
    const owner = row.owner === undefined ? undefined : members.get(row.owner);
    return {
      label:
        selection.kind === 'topic' || selection.kind === 'topicPartition' ? group.id : `${row.topic}-${row.partition}`,
      detail: selection.kind === 'topic' ? `${row.topic}-${row.partition}` : (owner?.name ?? t('nobody')),
      state: row.state,
      lag: row.lag,
      lost: row.lost,
      color: owner?.color,
      group: group.id,
      key: partitionKey(row),
    };
  });
  return { worstTitle: t('Worst partitions'), ...worst(items) };
}

function worst(items: readonly WorstItem[]): Pick<DockedModel, 'worst' | 'more'> {
  const weight = ({ lag, state }: WorstItem): bigint => {
    if (lag === undefined) return state === 'ok' ? -1n : 0n;
    return BigInt(lag) > 0n ? BigInt(lag) : 0n;
  };
  const odd = ({ state }: WorstItem): number => (state === 'ok' || state === 'no-commit' ? 1 : 0);
  const lagging = items.filter((item) => weight(item) > 0n || odd(item) === 0);
  const sorted = [...lagging].sort((a, b) => {
    const difference = weight(b) - weight(a);
    return difference > 0n ? 1 : difference < 0n ? -1 : odd(a) - odd(b) || (a.label < b.label ? -1 : 1);
  });
  return { worst: sorted.slice(0, longestList), more: Math.max(0, sorted.length - longestList) };
}

function nothingSelected(now: number): DockedModel {
  return {
    frame: {
      crumbs: [],
      health: 'unknown',
      verdict: [],
      sentAt: now,
      staleAfter: Number.MAX_SAFE_INTEGER,
      polling: { kind: 'idle' },
      problem: {
        kind: 'empty',
        title: t('Nothing is selected'),
        advice: t('Select a cluster, group, member, topic or partition in the tree above to see how far behind it is.'),
      },
      partial: [],
    },
    facts: [],
    worst: [],
    worstTitle: '',
    more: 0,
  };
}
