import type { Cluster } from '../kafka/cluster.ts';
import type { Failure, TopicPartition } from '../kafka/facts.ts';
import { failureOfCode, isAskedAgain } from '../kafka/failures.ts';
import { errorCode, isRetriable } from '../kafka/protocol/errorCodes.ts';
import { produce, type PartitionProduceResponse } from '../kafka/protocol/generated/produce.ts';
import type { Purpose } from '../kafka/pool.ts';
import { delay } from '../kafka/race.ts';

/** What became of a batch. */
export type BatchAnswer =
  | {
      readonly kind: 'written';
      /** undefined: the broker has it from an earlier try, too long ago to tell where. */
      readonly baseOffset: bigint | undefined;
      /** Where the topic has LogAppendTime, milliseconds since 1970. */
      readonly logAppendTime: bigint | undefined;
    }
  /** Nothing of it was written; smaller batches may be. */
  | { readonly kind: 'too-large'; readonly failure: Failure }
  /** Nothing of it was written because of some records: place in the batch -> why; empty where Kafka names none. */
  | {
      readonly kind: 'rejected';
      readonly code: number;
      readonly message: string | null;
      readonly records: ReadonlyMap<number, string | null>;
    }
  /** Nothing of it was written. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'unknown'; readonly failure: Failure };

export interface SendOptions {
  /** How long it is tried again, milliseconds. */
  readonly retryForMs: number;
  readonly signal: AbortSignal | undefined;
  /** Connections that others do not wait behind: replicas may take their time. */
  readonly purpose: Purpose;
}

/** Version 13 names topics by id. */
const newestWithNames = 12;
/** How long the leader may wait for its followers, milliseconds. */
const acksTimeoutMs = 10_000;
const backoffMs = { first: 100, most: 2_000 };

/** The leader may have written it although it says that it failed. */
const maybeWritten: ReadonlySet<number> = new Set([
  errorCode.REQUEST_TIMED_OUT,
  errorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  errorCode.KAFKA_STORAGE_ERROR,
]);

const tooLarge: ReadonlySet<number> = new Set([errorCode.MESSAGE_TOO_LARGE, errorCode.RECORD_LIST_TOO_LARGE]);

const refused: ReadonlySet<number> = new Set([errorCode.INVALID_RECORD, errorCode.INVALID_TIMESTAMP]);

/**
 * Sends one batch of an idempotent producer until its outcome is known: the very same bytes again, which the broker knows by their producer
 * and sequence number (KIP-98).
 *
 * @throws {CancelledError} its outcome is not known then.
 */
export async function sendBatch(
  cluster: Cluster,
  where: TopicPartition,
  batch: Buffer,
  { retryForMs, signal, purpose }: SendOptions,
): Promise<BatchAnswer> {
  const deadline = performance.now() + retryForMs;
  let isUncertain = false;
  for (let tries = 0; ; tries++) {
    const answer = await ask(cluster, where, batch, Math.max(0, deadline - performance.now()), { signal, purpose });
    if ('failure' in answer) {
      const { failure } = answer;
      isUncertain ||= failure.kind === 'unreachable';
      const isOver = performance.now() > deadline;
      if (isOver || failure.kind === 'denied' || failure.kind === 'missing' || failure.kind === 'unsupported') {
        return { kind: isUncertain ? 'unknown' : 'failed', failure };
      }
    } else {
      const settled = answerOf(answer.value, where, isUncertain);
      if (settled.kind !== 'failed' && settled.kind !== 'unknown') return settled;
      const { errorCode: code } = answer.value;
      isUncertain ||= maybeWritten.has(code);
      if (!isRetriable(code) || performance.now() > deadline) {
        return { kind: isUncertain ? 'unknown' : 'failed', failure: settled.failure };
      }
    }
    await delay(Math.min(backoffMs.first * 2 ** tries, backoffMs.most), signal);
  }
}

async function ask(
  cluster: Cluster,
  { topic, partition }: TopicPartition,
  records: Buffer,
  retryForMs: number,
  { signal, purpose }: Pick<SendOptions, 'signal' | 'purpose'>,
) {
  const answers = await cluster.toLeaders([{ topic, partition }], {
    api: produce,
    maxVersion: newestWithNames,
    signal,
    purpose,
    retryForMs: Math.min(retryForMs, 5_000),
    timeoutMs: acksTimeoutMs + 5_000,
    request: () => ({
      acks: -1,
      timeoutMs: acksTimeoutMs,
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    }),
    read: function* ({ responses }) {
      for (const { name, partitionResponses } of responses) {
        for (const value of partitionResponses) {
          // Those of a leader that moved are asked again by the cluster; all others are judged here, with what Kafka says to them.
          const { errorCode: code } = value;
          yield [name, value.index, { errorCode: isAskedAgain(code) && !maybeWritten.has(code) ? code : 0, value }];
        }
      }
    },
  });
  return answers.get(topic)!.get(partition)!;
}

function answerOf(
  answer: PartitionProduceResponse,
  { topic, partition }: TopicPartition,
  isUncertain: boolean,
): BatchAnswer {
  const { errorCode: code, baseOffset, logAppendTimeMs, recordErrors, errorMessage } = answer;
  if (code === 0) {
    const logAppendTime = logAppendTimeMs < 0n ? undefined : logAppendTimeMs;
    return { kind: 'written', baseOffset: baseOffset < 0n ? undefined : baseOffset, logAppendTime };
  }
  if (code === errorCode.DUPLICATE_SEQUENCE_NUMBER && isUncertain) {
    return { kind: 'written', baseOffset: undefined, logAppendTime: undefined };
  }
  const name = `Topic ${topic}, partition ${partition}`;
  const failure = failureOfCode(code, name, meaningOf(code, errorMessage), 'write to it');
  if (tooLarge.has(code)) return { kind: 'too-large', failure };
  if (refused.has(code)) {
    const records = new Map(recordErrors.map((each) => [each.batchIndex, each.batchIndexErrorMessage]));
    return { kind: 'rejected', code, message: errorMessage, records };
  }
  return { kind: 'failed', failure };
}

function meaningOf(code: number, brokerMessage: string | null): string | null {
  switch (code) {
    case errorCode.MESSAGE_TOO_LARGE:
      return 'the record is larger than the topic takes (max.message.bytes)';
    case errorCode.RECORD_LIST_TOO_LARGE:
      return 'the batch is larger than a segment of the topic (segment.bytes)';
    case errorCode.NOT_ENOUGH_REPLICAS:
      return 'fewer replicas are in sync than the topic wants (min.insync.replicas)';
    case errorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND:
      return 'the leader has it, but fewer replicas are in sync than the topic wants (min.insync.replicas)';
    case errorCode.REQUEST_TIMED_OUT:
      return 'the replicas did not confirm it in time';
    case errorCode.POLICY_VIOLATION:
      return brokerMessage ?? 'a policy of the cluster forbids it';
    default:
      return brokerMessage;
  }
}
