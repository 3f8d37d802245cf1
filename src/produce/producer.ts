import type { Cluster } from '../kafka/cluster.ts';
import type { Failure, TopicPartition } from '../kafka/facts.ts';
import { failureOfCode, kafkaError } from '../kafka/failures.ts';
import { initProducerId } from '../kafka/protocol/generated/initProducerId.ts';
import type { Purpose } from '../kafka/pool.ts';
import { errorCode } from '../kafka/protocol/errorCodes.ts';
import { delay } from '../kafka/race.ts';
import { HumanError, isCancelled } from '../shared/errors.ts';
import { buildBatch, sizeOf, type NewRecord, type WrittenCompression } from './batchBuilder.ts';
import { sendBatch, type BatchAnswer } from './sendBatch.ts';

/** A record and where it goes. */
export interface PlacedRecord extends NewRecord {
  readonly partition: number;
}

/**
 * What became of a record.
 *
 * - `written`: on all in-sync replicas. The offset is undefined only where Kafka says that it has the record and no more at which one.
 * - `failed`: it is certain that it was not written.
 * - `unknown`: no answer came, also to the same request sent again: it may be written, once at most.
 * - `not-sent`: something before it failed.
 */
export type WriteResult =
  | { readonly kind: 'written'; readonly offset: bigint | undefined; readonly timestamp: bigint }
  | { readonly kind: 'failed' | 'unknown' | 'not-sent'; readonly failure: Failure };

export interface ProduceOptions {
  readonly topic: string;
  readonly records: readonly PlacedRecord[];
  readonly compression: WrittenCompression;
  /** How long one batch is tried again, and how long a producer id is asked for, milliseconds. Default 30,000. */
  readonly retryForMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called once for each record, in no certain order between partitions. */
  readonly onResult?: ((index: number, result: WriteResult) => void) | undefined;
}

/** Below the broker's usual `message.max.bytes` of 1 MiB, with room for what encodes records. */
const batchBytes = 900_000;
/** Below the broker's usual `socket.request.max.bytes` of 100 MiB: it closes the connection on a larger request. */
const mostBytes = 99_000_000;

const defaultRetryForMs = 30_000;

/** Records of one partition that are sent together, with their places in `ProduceOptions.records`. */
interface Share {
  readonly indexes: readonly number[];
}

/**
 * Writes records as an idempotent producer of its own with acks=all: each is written once, or not, whatever is sent again. Partitions are
 * written side by side, each in order. Creates no topic. A result for each record, in their order.
 *
 * @throws {HumanError} nothing was sent: no producer id could be had.
 * @throws {CancelledError} before anything was sent; afterwards the results say what is not known.
 */
export async function produceRecords(cluster: Cluster, options: ProduceOptions): Promise<WriteResult[]> {
  const { topic, records, onResult } = options;
  const producer = await newProducer(cluster, options);
  const results: WriteResult[] = new Array<WriteResult>(records.length);
  const settle = (index: number, result: WriteResult): void => {
    results[index] = result;
    onResult?.(index, result);
  };
  const byPartition = new Map<number, number[]>();
  for (const [index, { partition }] of records.entries()) {
    const same = byPartition.get(partition);
    if (same === undefined) byPartition.set(partition, [index]);
    else same.push(index);
  }
  const lane = cluster.takeLane();
  try {
    const context = { cluster, producer, options, purpose: lane.purpose, settle };
    await Promise.all(
      Array.from(byPartition, ([partition, indexes]) =>
        new PartitionWriter({ topic, partition }, context).write(indexes),
      ),
    );
  } finally {
    lane.release();
  }
  return results;
}

interface ProducerIdentity {
  readonly id: bigint;
  readonly epoch: number;
}

async function newProducer(
  cluster: Cluster,
  { retryForMs = defaultRetryForMs, signal }: Pick<ProduceOptions, 'retryForMs' | 'signal'>,
): Promise<ProducerIdentity> {
  const deadline = performance.now() + retryForMs;
  for (;;) {
    const answer = await cluster.send(
      'any',
      initProducerId,
      { transactionalId: null, transactionTimeoutMs: 2_147_483_647 },
      { signal },
    );
    const { errorCode: code, producerId, producerEpoch } = answer;
    if (code === 0) return { id: producerId, epoch: producerEpoch };
    if (code === errorCode.CLUSTER_AUTHORIZATION_FAILED) {
      throw new HumanError(
        'This client is not allowed to write idempotently (CLUSTER_AUTHORIZATION_FAILED).',
        'It needs Write on a topic, or before Kafka 3.0 IdempotentWrite on the cluster.',
      );
    }
    const isStarting = code === errorCode.COORDINATOR_LOAD_IN_PROGRESS || code === errorCode.COORDINATOR_NOT_AVAILABLE;
    if (!isStarting || performance.now() > deadline) throw kafkaError(code, 'A producer id');
    await delay(250, signal);
  }
}

/** What the writers of all partitions share. */
interface WriterContext {
  readonly cluster: Cluster;
  readonly producer: ProducerIdentity;
  readonly options: ProduceOptions;
  readonly purpose: Purpose;
  readonly settle: (index: number, result: WriteResult) => void;
}

/** Writes the records of one partition, batch after batch. */
class PartitionWriter {
  readonly #where: TopicPartition;
  readonly #context: WriterContext;
  #sequence = 0;

  constructor(where: TopicPartition, context: WriterContext) {
    this.#where = where;
    this.#context = context;
  }

  async write(indexes: readonly number[]): Promise<void> {
    const waiting = this.#shares(indexes);
    for (let share = waiting.shift(); share !== undefined; share = waiting.shift()) {
      const answer = await this.#send(share);
      const rest = this.#take(share, answer);
      if (rest === 'stop') {
        this.#giveUp(waiting.flatMap((each) => each.indexes));
        return;
      }
      waiting.unshift(...rest);
    }
  }

  /** Batches of what fits into one, at least a record each. */
  #shares(indexes: readonly number[]): Share[] {
    const shares: number[][] = [];
    let room = 0;
    for (const index of indexes) {
      const size = sizeOf(this.#context.options.records[index]!);
      if (shares.length === 0 || size > room) {
        shares.push([]);
        room = batchBytes;
      }
      shares.at(-1)!.push(index);
      room -= size;
    }
    return shares.map((own) => ({ indexes: own }));
  }

  async #send({ indexes }: Share): Promise<BatchAnswer> {
    const { compression, retryForMs = defaultRetryForMs, signal } = this.#context.options;
    const records = indexes.map((index) => this.#context.options.records[index]!);
    const bytes = buildBatch({ records, compression, producer: this.#context.producer, baseSequence: this.#sequence });
    if (bytes.length > mostBytes) {
      const message = `The record has ${bytes.length} bytes; a Kafka request holds ${mostBytes} at most.`;
      return { kind: 'too-large', failure: { kind: 'error', message } };
    }
    try {
      return await sendBatch(this.#context.cluster, this.#where, bytes, {
        retryForMs,
        signal,
        purpose: this.#context.purpose,
      });
    } catch (error) {
      if (!isCancelled(error)) throw error;
      return { kind: 'unknown', failure: { kind: 'error', message: 'Cancelled before Kafka had answered.' } };
    }
  }

  /** Settles what the answer settles; the rest is to be sent, or nothing more. */
  #take(share: Share, answer: BatchAnswer): Share[] | 'stop' {
    const { indexes } = share;
    switch (answer.kind) {
      case 'written': {
        for (const [at, index] of indexes.entries()) {
          this.#context.settle(index, {
            kind: 'written',
            offset: answer.baseOffset === undefined ? undefined : answer.baseOffset + BigInt(at),
            timestamp: answer.logAppendTime ?? this.#context.options.records[index]!.timestamp,
          });
        }
        // Sequence numbers go round after 2^31-1.
        this.#sequence = (this.#sequence + indexes.length) % 2 ** 31;
        return [];
      }
      case 'too-large': {
        if (indexes.length > 1) return halves(indexes);
        this.#context.settle(indexes[0]!, { kind: 'failed', failure: answer.failure });
        return [];
      }
      case 'rejected': {
        // The broker takes all of a batch or nothing: what it does not name is sent again without the others.
        const named = indexes.flatMap((index, at) => (answer.records.has(at) ? [{ index, at }] : []));
        if (named.length === 0 && indexes.length > 1) return halves(indexes);
        const refused = named.length === 0 ? [{ index: indexes[0]!, at: 0 }] : named;
        for (const { index, at } of refused) {
          this.#context.settle(index, { kind: 'failed', failure: this.#refusal(answer, at) });
        }
        const rest = indexes.filter((_, at) => !refused.some((each) => each.at === at));
        return rest.length === 0 ? [] : [{ indexes: rest }];
      }
      case 'failed':
      case 'unknown':
        for (const index of indexes) this.#context.settle(index, answer);
        return 'stop';
    }
  }

  #refusal({ code, records, message }: BatchAnswer & { kind: 'rejected' }, at: number): Failure {
    const { topic, partition } = this.#where;
    return failureOfCode(code, `Topic ${topic}, partition ${partition}`, records.get(at) ?? message);
  }

  #giveUp(indexes: readonly number[]): void {
    const failure: Failure = { kind: 'error', message: 'Not sent: a record before it in this partition failed.' };
    for (const index of indexes) this.#context.settle(index, { kind: 'not-sent', failure });
  }
}

function halves(indexes: readonly number[]): Share[] {
  const middle = indexes.length >> 1;
  return [{ indexes: indexes.slice(0, middle) }, { indexes: indexes.slice(middle) }];
}
