import { lagOf } from '../../groups/lag.ts';
import type { Group, Snapshot } from '../../groups/snapshot.ts';
import type { NextRecord, Waiting } from '../../watch/timeLag.ts';
import { t } from '../../shared/l10n.ts';
import type { LagRow } from './protocol.ts';

/** More than these partitions of a group are not read for their records' age: those that are furthest behind are. */
const mostRead = 500;

/** The partitions of a group in which records wait, the furthest behind first. */
export function waitingOf(group: Group, snapshot: Snapshot): Waiting[] {
  return group.partitions
    .flatMap(({ topic, partition, commit }) => {
      const offsets = snapshot.offsets.get(topic)?.get(partition);
      const { state, lag } = lagOf(commit, offsets, snapshot.topics.get(topic), partition);
      if (state !== 'ok' || lag === undefined || lag <= 0n || !('value' in commit) || commit.value === undefined)
        return [];
      if (offsets === undefined || !('value' in offsets.end)) return [];
      const { offset: committed } = commit.value;
      return [{ group: group.id, topic, partition, committed, end: offsets.end.value, lag }];
    })
    .sort((a, b) => (a.lag === b.lag ? 0 : a.lag > b.lag ? -1 : 1))
    .slice(0, mostRead);
}

/** The row with the age of its next record, where records wait. */
export function withAge(row: LagRow, next: NextRecord | undefined): LagRow {
  if (next === undefined || row.state !== 'ok' || row.lag === undefined || BigInt(row.lag) <= 0n) return row;
  switch (next.kind) {
    case 'written': {
      const { at, clock } = next;
      const none = { kind: 'unknown', why: t('The record has no timestamp.') } as const;
      return { ...row, next: clock === 'none' || at < 0 ? none : { kind: 'written', at, clock } };
    }
    case 'nothing':
      return { ...row, next: { kind: 'nothing' } };
    case 'unknown':
      return { ...row, next: { kind: 'unknown', why: next.failure.message } };
  }
}
