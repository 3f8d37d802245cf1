import type { Target } from '../../groups/plan/plan.ts';
import type { Commit } from '../../groups/snapshot.ts';
import { HumanError } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';
import { outcomes, type RowResult } from '../results.ts';
import { changeKinds, changeStates, type JournalEntry, type PriorPosition } from './entry.ts';

/** Offsets are text in JSON: a number there has 53 bits. */
const formatName = 'kafka-consumer-debugger/offsets';
const formatVersion = 1;

/** A commit as [offset, leader epoch, metadata]. */
type WireCommit = readonly [offset: string, leaderEpoch: number, metadata: string];
type WirePosition = readonly [topic: string, partition: number, before: WireCommit | null, after: WireAfter];
/** null: nothing was planned. */
type WireAfter = WireCommit | 'delete' | null;

export function positionsToJson(positions: readonly PriorPosition[]): readonly WirePosition[] {
  return positions.map(({ topic, partition, before, after }) => [
    topic,
    partition,
    before === undefined ? null : wireCommit(before),
    after === undefined ? null : after.kind === 'delete' ? 'delete' : wireCommit(after),
  ]);
}

export function positionsFromJson(wire: readonly WirePosition[]): PriorPosition[] {
  return wire.map(([topic, partition, before, after]) => ({
    topic,
    partition,
    before: before === null ? undefined : commitOf(before),
    after: afterOf(after),
  }));
}

export function resultsToJson(results: readonly RowResult[]): object[] {
  return results.map(({ found, ...rest }) => ({ ...rest, ...(found === undefined ? {} : { found: String(found) }) }));
}

export function resultsFromJson(wire: readonly (Omit<RowResult, 'found'> & { found?: string })[]): RowResult[] {
  return wire.map(({ topic, partition, outcome, message, code, isRead, found }) => ({
    topic,
    partition,
    outcome,
    message,
    code,
    isRead,
    found: found === undefined ? undefined : BigInt(found),
  }));
}

/** Entries as a file that other windows and people can read back. */
export function exportEntries(entries: readonly JournalEntry[]): string {
  const wire = entries.map(({ positions, results, ...rest }) => ({
    ...rest,
    positions: positionsToJson(positions),
    results: resultsToJson(results),
  }));
  return `${JSON.stringify({ format: formatName, version: formatVersion, entries: wire }, null, 1)}\n`;
}

/**
 * Reads what `exportEntries` wrote; nothing of the file is believed unseen.
 *
 * @throws {HumanError}
 */
export function importEntries(text: string): JournalEntry[] {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw new HumanError(t('The file is no JSON.'), t('Choose a file that was exported from the journal.'), {
      cause: error,
    });
  }
  const { format, version, entries } = (file ?? {}) as { format?: unknown; version?: unknown; entries?: unknown };
  if (format !== formatName || !Array.isArray(entries)) {
    throw new HumanError(t('The file holds no offsets.'), t('Choose a file that was exported from the journal.'));
  }
  if (version !== formatVersion) {
    throw new HumanError(t('The file was written by a newer version.'), t('Update the extension to read it.'));
  }
  return entries.map((entry: unknown, index) => {
    try {
      return entryOf(entry as WireEntry);
    } catch (error) {
      throw new HumanError(t('Entry {0} of the file is damaged.', index + 1), t('Nothing was taken over.'), {
        cause: error,
      });
    }
  });
}

type WireEntry = Omit<JournalEntry, 'positions' | 'results'> & {
  readonly positions: readonly WirePosition[];
  readonly results: Parameters<typeof resultsFromJson>[0];
};

function entryOf(wire: WireEntry): JournalEntry {
  const texts: unknown[] = [wire.id, wire.cluster, wire.subject];
  const optional: unknown[] = [wire.clusterId, wire.groupType, wire.name, wire.undoes];
  const times: unknown[] = [wire.when, ...(wire.finishedAt === undefined ? [] : [wire.finishedAt])];
  const areSound =
    texts.every((each) => typeof each === 'string') &&
    optional.every((each) => each === undefined || typeof each === 'string') &&
    times.every((each) => Number.isSafeInteger(each)) &&
    changeKinds.includes(wire.kind) &&
    changeStates.includes(wire.state);
  if (!areSound) throw new TypeError('fields');
  for (const [topic, partition, before, after] of wire.positions) {
    const commits = [before, after].filter((each) => each !== null && each !== 'delete');
    const isSound =
      typeof topic === 'string' &&
      isPartition(partition) &&
      commits.every(
        ([offset, epoch, metadata]) =>
          /^\d{1,19}$/.test(offset) &&
          BigInt(offset) <= int64Max &&
          Number.isInteger(epoch) &&
          typeof metadata === 'string',
      );
    if (!isSound) throw new TypeError('position');
  }
  for (const { topic, partition, outcome } of wire.results) {
    const isSound = typeof topic === 'string' && isPartition(partition) && outcomes.includes(outcome);
    if (!isSound) throw new TypeError('result');
  }
  return {
    id: wire.id,
    when: wire.when,
    finishedAt: wire.finishedAt,
    cluster: wire.cluster,
    clusterId: wire.clusterId,
    kind: wire.kind,
    subject: wire.subject,
    groupType: wire.groupType,
    // What is still being done elsewhere is not being done here.
    state: wire.state === 'executing' ? 'interrupted' : wire.state,
    name: wire.name,
    undoes: wire.undoes,
    positions: positionsFromJson(wire.positions),
    results: resultsFromJson(wire.results),
    details: wire.details,
  };
}

const int64Max = 2n ** 63n - 1n;

function isPartition(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31;
}

function wireCommit({ offset, leaderEpoch, metadata }: Commit): WireCommit {
  return [String(offset), leaderEpoch, metadata];
}

function commitOf([offset, leaderEpoch, metadata]: WireCommit): Commit {
  return { offset: BigInt(offset), leaderEpoch, metadata };
}

function afterOf(wire: WireAfter): Target | undefined {
  if (wire === null) return undefined;
  return wire === 'delete' ? { kind: 'delete' } : { kind: 'commit', ...commitOf(wire) };
}
