import type { Cluster } from '../kafka/cluster.ts';
import type { Failure, TopicPartition } from '../kafka/facts.ts';
import { failureOf } from '../kafka/failures.ts';
import type { RecordBatch } from '../records/batch.ts';
import { readTopic } from '../records/reader.ts';
import type { Stop } from '../records/positions.ts';
import type { Transaction } from '../records/transactions.ts';
import { isCancelled } from '../shared/errors.ts';
import type { Around, DamageView } from './facts.ts';
import type { Decoder } from '../formats/decoder.ts';
import { viewOf } from './recordView.ts';

export interface AroundOptions extends TopicPartition {
  readonly offset: bigint;
  /** Log start: nothing is before it. */
  readonly start: bigint;
  /** How many neighbours to each side. */
  readonly neighbours: number;
  readonly decoder: Decoder;
  readonly signal?: AbortSignal | undefined;
}

/** A record in its batch. */
export interface Found {
  readonly batch: RecordBatch;
  readonly index: number;
  readonly transaction: Transaction | undefined;
}

/** Reading on for a record that is no marker and not aborted ends after so much. */
const limits = { records: 200_000, bytes: 64 << 20, ms: 10_000 };

/**
 * How far back to look for neighbours, as a multiple of their number: markers and compaction leave gaps. Then further, where none is found.
 */
const lookBacks = [4, 200];

/**
 * The record at an offset with its neighbours, read without a group. Some hundred records and what is needed to find the next one that
 * a consumer is handed are read; copies of few are kept.
 *
 * @throws {CancelledError} and nothing else.
 */
export async function readAround(cluster: Cluster, options: AroundOptions): Promise<Around> {
  const [back, on] = await Promise.all([readBack(cluster, options), readOn(cluster, options)]);
  const { decoder } = options;
  const views = new Map<Found, ReturnType<typeof viewOf>>();
  const view = (one: Found): ReturnType<typeof viewOf> => {
    const known = views.get(one);
    if (known !== undefined) return known;
    const fresh = viewOf(one, decoder);
    views.set(one, fresh);
    return fresh;
  };
  const [at, ...after] = on.found;
  const [before, first, behind, nextData, next] = await Promise.all([
    Promise.all(back.found.map(view)),
    at && view(at),
    Promise.all(after.map(view)),
    on.nextData && view(on.nextData),
    on.next && view(on.next),
  ]);
  return {
    before,
    at: first,
    after: behind,
    nextData,
    next,
    passed: on.passed,
    damaged: on.damaged,
    readTo: on.readTo,
    isWhole: on.isWhole,
    failure: on.failure ?? (on.found.length === 0 ? back.failure : undefined),
  };
}

/** The neighbours before. */
async function readBack(
  cluster: Cluster,
  { topic, partition, offset, start, neighbours, signal }: AroundOptions,
): Promise<{ readonly found: readonly Found[]; readonly failure: Failure | undefined }> {
  for (const times of lookBacks) {
    const from = larger(start, offset - BigInt(neighbours * times));
    if (from >= offset) break;
    const found: Found[] = [];
    try {
      const stop: Stop = { at: 'offset', offset };
      const reading = { topic, partitions: [partition], isolation: 'both', signal, stop } as const;
      for await (const event of readTopic(cluster, { ...reading, start: { at: 'offset', offset: from } })) {
        if (event.kind === 'unavailable') return { found, failure: event.failure };
        if (event.kind !== 'records') continue;
        for (const { batch, from: first, to, transaction } of event.slices) {
          for (let index = Math.max(first, to - neighbours); index < to; index++)
            found.push({ batch, index, transaction });
        }
        found.splice(0, found.length - neighbours);
      }
    } catch (error) {
      if (isCancelled(error)) throw error;
      return { found, failure: failureOf(error) };
    }
    if (found.length > 0 || from === start) return { found, failure: undefined };
  }
  return { found: [], failure: undefined };
}

interface ReadOn {
  /** The first ones, markers among them. */
  readonly found: Found[];
  nextData: Found | undefined;
  next: Found | undefined;
  readonly passed: { markers: number; aborted: number };
  damaged: DamageView | undefined;
  readTo: bigint;
  isWhole: boolean;
  failure: Failure | undefined;
}

/** The record at the offset and those after it, until one is found that a `read_committed` consumer is handed. */
async function readOn(
  cluster: Cluster,
  { topic, partition, offset, neighbours, signal }: AroundOptions,
): Promise<ReadOn> {
  const result: ReadOn = {
    found: [],
    nextData: undefined,
    next: undefined,
    passed: { markers: 0, aborted: 0 },
    damaged: undefined,
    readTo: offset,
    isWhole: false,
    failure: undefined,
  };
  const began = performance.now();
  let records = 0;
  let bytes = 0;
  try {
    const reading = { topic, partitions: [partition], isolation: 'both', signal, stop: { at: 'end' } } as const;
    for await (const event of readTopic(cluster, { ...reading, start: { at: 'offset', offset } })) {
      switch (event.kind) {
        case 'records':
          for (const slice of event.slices) {
            take(result, slice, neighbours + 1);
            records += slice.to - slice.from;
            bytes += slice.batch.data.length;
          }
          result.readTo = event.next;
          break;
        case 'damaged':
          if (result.next === undefined) {
            const { error, next } = event;
            result.damaged ??= { offset: error.offset, next, problem: error.problem, size: event.bytes.length };
          }
          result.readTo = event.next;
          break;
        case 'unavailable':
          result.failure = event.failure;
          return result;
        case 'finished':
          result.isWhole = event.cause === 'stop';
          result.failure = event.failure;
          return result;
        case 'out-of-range':
        case 'leader-moved':
        case 'available':
        case 'topic-recreated':
        case 'partition-added':
          break;
      }
      if (result.next !== undefined && result.found.length > neighbours) return result;
      if (records > limits.records || bytes > limits.bytes || performance.now() - began > limits.ms) return result;
    }
  } catch (error) {
    if (isCancelled(error)) throw error;
    result.failure = failureOf(error);
  }
  return result;
}

function take(
  result: ReadOn,
  {
    batch,
    from,
    to,
    transaction,
  }: { batch: RecordBatch; from: number; to: number; transaction: Transaction | undefined },
  keep: number,
): void {
  const isAborted = transaction?.outcome === 'aborted';
  for (let index = from; index < to; index++) {
    const one = { batch, index, transaction };
    if (result.found.length < keep) result.found.push(one);
    if (result.next === undefined) {
      if (batch.facts.isControl) result.passed.markers++;
      else if (isAborted) result.passed.aborted++;
      else result.next = one;
    }
    if (!batch.facts.isControl) result.nextData ??= one;
    // All that is sought is found: the rest of a large batch is not gone through.
    if (result.next !== undefined && result.found.length >= keep) return;
  }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
