import type { Commit } from '../groups/snapshot.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { Fact } from '../kafka/facts.ts';
import { failureOf, failureOfCode } from '../kafka/failures.ts';
import { partitionOf } from '../kafka/metadata.ts';
import { offsetsAt, specialTimestamps } from '../kafka/offsetsAt.ts';
import { offsetFetch } from '../kafka/protocol/generated/offsetFetch.ts';
import type { Decoder } from '../formats/decoder.ts';
import { isCancelled } from '../shared/errors.ts';
import { readAround } from './around.ts';
import type { LogBounds, OwnerFacts, StuckFacts, StuckTarget } from './facts.ts';
import { mismatchesOf } from './mismatch.ts';
import { openTransactions } from './transactions.ts';

export interface ExplainOptions {
  readonly decoder: Decoder;
  /** Neighbours to each side. Default 10. */
  readonly neighbours?: number | undefined;
  /** Where it is known already; share groups' start offsets are in no commit. Asked for where left out. */
  readonly commit?: Fact<Commit | undefined> | undefined;
  /** Who reads the partition, where that is known. */
  readonly owner?: OwnerFacts | undefined;
  /** Reads around this offset in place of the committed one. */
  readonly offset?: bigint | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Version 10 names topics by id. */
const newestWithNames = 9;
const firstForMany = 8;

/**
 * What a group stands at in a partition: its commit, the log's bounds, the record there with its neighbours, and who holds it back. Joins no group,
 * commits nothing. Each fact has its value or its failure.
 *
 * @throws {CancelledError} and nothing else.
 */
export async function explain(cluster: Cluster, target: StuckTarget, options: ExplainOptions): Promise<StuckFacts> {
  const { signal, decoder, neighbours = 10 } = options;
  const { group, topic, partition } = target;
  const takenAt = Date.now();
  const [commit, log] = await Promise.all([
    options.commit ?? fetchCommit(cluster, target, signal),
    fetchLog(cluster, target, signal),
  ]);
  const [first] = cluster.brokers();
  const base = {
    group,
    topic,
    partition,
    takenAt,
    commit,
    log,
    owner: options.owner,
    bootstrap: first === undefined ? '' : `${first.host}:${first.port}`,
  };
  const nothing = { around: undefined, transactions: undefined, mismatch: { key: undefined, value: undefined } };
  if ('failure' in commit || 'failure' in log) return { ...base, ...nothing };
  const offset = options.offset ?? commit.value?.offset;
  const { start, end, lastStable } = log.value;
  if (offset === undefined || offset > end) return { ...base, ...nothing };
  // What is below the start is gone: what a consumer may go on with is the start.
  const from = offset < start ? start : offset;
  const isHeld = 'value' in lastStable && lastStable.value <= from && from < end;
  const [around, transactions] = await Promise.all([
    readAround(cluster, { topic, partition, offset: from, start, neighbours, decoder, signal }),
    isHeld ? openTransactions(cluster, target, signal) : undefined,
  ]);
  return { ...base, around, transactions, mismatch: await mismatchesOf(around, topic, decoder) };
}

async function fetchCommit(
  cluster: Cluster,
  { group, topic, partition }: StuckTarget,
  signal: AbortSignal | undefined,
): Promise<Fact<Commit | undefined>> {
  const topics = [{ name: topic, partitionIndexes: [partition] }];
  const found = await cluster.toCoordinators([group], {
    api: offsetFetch,
    signal,
    minVersion: 2,
    maxVersion: newestWithNames,
    retryForMs: 2_000,
    request: (_, version) =>
      version < firstForMany ? { groupId: group, topics } : { groups: [{ groupId: group, topics }] },
    read: (response, _, version) => {
      const answer = version < firstForMany ? response : response.groups[0]!;
      const own = answer.topics.find(({ name }) => name === topic)?.partitions[0];
      const value: Commit | undefined =
        own === undefined || own.committedOffset < 0n
          ? undefined
          : {
              offset: own.committedOffset,
              leaderEpoch: own.committedLeaderEpoch ?? -1,
              metadata: own.metadata ?? '',
            };
      return [[group, { errorCode: answer.errorCode || (own?.errorCode ?? 0), value }]];
    },
  });
  return found.get(group) ?? { failure: failureOfCode(-1, `Group ${group}`) };
}

async function fetchLog(
  cluster: Cluster,
  { topic, partition }: StuckTarget,
  signal: AbortSignal | undefined,
): Promise<Fact<LogBounds>> {
  try {
    // A topic that is gone is not waited for to come back, as it is where its offsets are asked for.
    const known = (await cluster.metadata({ topics: [topic], signal })).topics.get(topic);
    if (known?.failure !== undefined) return { failure: known.failure };
    const own = known && partitionOf(known, partition);
    if (own === undefined) {
      return { failure: { kind: 'missing', message: `Topic ${topic} has no partition ${partition}.` } };
    }
    if (own.leader < 0) {
      const message = `Topic ${topic}, partition ${partition}: no leader is elected.`;
      return { failure: { kind: 'no-leader', message } };
    }
  } catch (error) {
    if (isCancelled(error)) throw error;
    return { failure: failureOf(error) };
  }
  const at = async (timestamp: bigint, isolation: 'read_committed' | 'read_uncommitted'): Promise<Fact<bigint>> => {
    const found = await offsetsAt(cluster, [{ topic, partition, timestamp }], isolation, { signal });
    const fact = found.get(topic)!.get(partition)!;
    return 'failure' in fact ? fact : { value: fact.value ?? 0n };
  };
  const [start, end, lastStable] = await Promise.all([
    at(specialTimestamps.earliest, 'read_uncommitted'),
    at(specialTimestamps.latest, 'read_uncommitted'),
    at(specialTimestamps.latest, 'read_committed'),
  ]);
  if ('failure' in start) return start;
  if ('failure' in end) return end;
  return { value: { start: start.value, end: end.value, lastStable } };
}
