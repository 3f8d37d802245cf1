import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Journal, JournalEntry, NewEntry } from '../../src/changes/journal/entry.ts';
import { openJournal } from '../../src/changes/journal/sqliteJournal.ts';
import type { Outcome } from '../../src/changes/results.ts';

/** A journal of its own in a temporary folder; `remove` ends both. */
export async function temporaryJournal(): Promise<{
  readonly journal: Journal;
  readonly file: string;
  remove(): Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'));
  const file = join(folder, 'changes.sqlite');
  const journal = await openJournal({ file });
  return {
    journal,
    file,
    remove: async () => {
      journal.close();
      await rm(folder, { recursive: true });
    },
  };
}

const at = (offset: number): { offset: bigint; leaderEpoch: number; metadata: string } => ({
  offset: BigInt(offset),
  leaderEpoch: -1,
  metadata: '',
});

/** A reset of partitions from 100 to 50, 101 to 51, ... */
export function resetEntry(subject: string, partitions: number, more: Partial<NewEntry> = {}): NewEntry {
  return {
    cluster: 'local',
    clusterId: 'id',
    kind: 'reset',
    subject,
    groupType: 'classic',
    positions: Array.from({ length: partitions }, (_, partition) => ({
      topic: 'orders',
      partition,
      before: partition === 1 ? undefined : at(100 + partition),
      after: { kind: 'commit', ...at(50 + partition) },
    })),
    ...more,
  };
}

/** An entry that was made elsewhere, as an import brings it in. */
export function pastEntry(id: string, when: number, entry: NewEntry, outcomes: readonly Outcome[]): JournalEntry {
  return {
    name: undefined,
    undoes: undefined,
    details: undefined,
    ...entry,
    id,
    when,
    finishedAt: when + 1_200,
    state: outcomes.length === 0 ? 'interrupted' : outcomes.every((one) => one === 'done') ? 'done' : 'failed',
    results: outcomes.map((outcome, index) => {
      const { topic, partition, after } = entry.positions[index]!;
      const found = after?.kind === 'commit' ? after.offset : undefined;
      const message =
        outcome === 'refused' ? 'Group billing has members (again): only they may move its offsets.' : undefined;
      return { topic, partition, outcome, message, code: undefined, isRead: outcome === 'done', found };
    }),
  };
}
