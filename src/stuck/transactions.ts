import type { Cluster } from '../kafka/cluster.ts';
import { byTopic, type Fact, type Failure, type TopicPartition } from '../kafka/facts.ts';
import { failureOf, failureOfCode } from '../kafka/failures.ts';
import { describeProducers } from '../kafka/protocol/generated/describeProducers.ts';
import { describeTransactions } from '../kafka/protocol/generated/describeTransactions.ts';
import { listTransactions } from '../kafka/protocol/generated/listTransactions.ts';
import { isCancelled } from '../shared/errors.ts';
import type { CoordinatedTransaction, OpenTransaction, OpenTransactions } from './facts.ts';

/**
 * The transactions that are open in a partition: from its leader (DescribeProducers, Kafka 2.8, KIP-664), and of each what its coordinator knows.
 * Brokers list only those transactions that this client may describe, without a word of the others.
 *
 * @throws {CancelledError} and nothing else.
 */
export async function openTransactions(
  cluster: Cluster,
  where: TopicPartition,
  signal: AbortSignal | undefined,
): Promise<Fact<OpenTransactions>> {
  const found = await cluster.toLeaders([where], {
    api: describeProducers,
    signal,
    retryForMs: 2_000,
    request: (some) => ({
      topics: Array.from(byTopic(some), ([name, list]) => ({
        name,
        partitionIndexes: list.map(({ partition }) => partition),
      })),
    }),
    read: ({ topics }) =>
      topics.flatMap(({ name, partitions }) =>
        partitions.map(
          ({ partitionIndex, errorCode, errorMessage, activeProducers }) =>
            [name, partitionIndex, { errorCode, errorMessage, value: activeProducers }] as const,
        ),
      ),
  });
  const producers = found.get(where.topic)!.get(where.partition)!;
  if ('failure' in producers) return producers;
  const open = producers.value
    .filter(({ currentTxnStartOffset }) => currentTxnStartOffset >= 0n)
    .sort((a, b) => (a.currentTxnStartOffset < b.currentTxnStartOffset ? -1 : 1));
  if (open.length === 0) return { value: { open: [], failures: [] } };
  const ids = open.map(({ producerId }) => producerId);
  const { known, failures } = await coordinated(cluster, ids, signal);
  return {
    value: {
      failures,
      open: open.map((one): OpenTransaction => ({
        producerId: one.producerId,
        producerEpoch: one.producerEpoch,
        coordinatorEpoch: one.coordinatorEpoch,
        startOffset: one.currentTxnStartOffset,
        lastTimestamp: one.lastTimestamp,
        known: known.get(one.producerId),
      })),
    },
  };
}

async function coordinated(
  cluster: Cluster,
  producerIds: readonly bigint[],
  signal: AbortSignal | undefined,
): Promise<{
  readonly known: ReadonlyMap<bigint, CoordinatedTransaction>;
  readonly failures: readonly Failure[];
}> {
  const request = { stateFilters: [], producerIdFilters: producerIds };
  const answers = await cluster.toAllBrokers(listTransactions, request, { signal });
  const failures: Failure[] = [];
  const known = new Map<bigint, CoordinatedTransaction>();
  await Promise.all(
    Array.from(answers, async ([broker, answer]) => {
      if ('failure' in answer) {
        failures.push(answer.failure);
        return;
      }
      const { errorCode, transactionStates } = answer.value;
      if (errorCode !== 0) failures.push(failureOfCode(errorCode, `Transactions of broker ${broker}`));
      // An id that has another producer by now may be listed by the broker that was its coordinator.
      for (const { transactionalId, producerId, transactionState } of transactionStates) {
        const listed = { transactionalId, state: transactionState };
        known.set(producerId, await describeOne(cluster, broker, listed, failures, signal));
      }
    }),
  );
  return { known, failures };
}

/** What the list said stands where no more can be learned. */
async function describeOne(
  cluster: Cluster,
  coordinator: number,
  listed: { readonly transactionalId: string; readonly state: string },
  failures: Failure[],
  signal: AbortSignal | undefined,
): Promise<CoordinatedTransaction> {
  const { transactionalId } = listed;
  const outline = {
    transactionalId,
    coordinator,
    state: listed.state,
    timeoutMs: undefined,
    startedAt: undefined,
    producerEpoch: undefined,
    partitions: undefined,
  };
  try {
    const request = { transactionalIds: [transactionalId] };
    const { transactionStates } = await cluster.send(coordinator, describeTransactions, request, { signal });
    const one = transactionStates.find((each) => each.transactionalId === transactionalId);
    if (one === undefined) return outline;
    if (one.errorCode !== 0) {
      failures.push(failureOfCode(one.errorCode, `Transactional id ${transactionalId}`));
      return outline;
    }
    return {
      ...outline,
      state: one.transactionState,
      timeoutMs: one.transactionTimeoutMs,
      startedAt: one.transactionStartTimeMs < 0n ? undefined : Number(one.transactionStartTimeMs),
      producerEpoch: one.producerEpoch,
      partitions: one.topics.reduce((sum, { partitions }) => sum + partitions.length, 0),
    };
  } catch (error) {
    if (isCancelled(error)) throw error;
    failures.push(failureOf(error));
    return outline;
  }
}
