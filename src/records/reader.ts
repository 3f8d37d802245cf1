import type { Cluster } from '../kafka/cluster.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { Turn } from '../shared/turn.ts';
import type { ReadEvent } from './events.ts';
import type { ReadIsolation } from './partitionReader.ts';
import type { Start, Stop } from './positions.ts';
import { TopicReader } from './topicReader.ts';

export interface ReadOptions {
  readonly topic: string;
  /** Default all that the topic has when reading begins and, where it never stops, those that are added to it meanwhile. */
  readonly partitions?: readonly number[] | undefined;
  readonly start: Start;
  readonly stop: Stop;
  /**
   * `both`: all records, each with its transaction: committed, aborted, or open, which is not known to have ended (what lies beyond
   * the last stable offset is decided when its marker is read).
   */
  readonly isolation: ReadIsolation;
  readonly signal?: AbortSignal | undefined;
  /** Most bytes that a batch may have when it is unpacked. Default 256 MiB. */
  readonly maxBatchBytes?: number | undefined;
  /**
   * Batches and their bytes are good only until the next event is asked for, because their memory is used again: for those who copy what
   * they keep, a fifth faster. Default: they are good for ever.
   */
  readonly isBorrowed?: boolean | undefined;
}

/**
 * Reads a topic without a group: joins nothing, commits nothing, creates nothing. Each partition's events come in order of offsets; leaders
 * are read side by side, the next fetch of each under way while the last one is decoded, and no further one until its events were taken.
 * It ends when all partitions are finished.
 *
 * @throws {HumanError} the topic, or a partition that was named, is not there.
 * @throws {CancelledError}
 */
export async function* readTopic(cluster: Cluster, options: ReadOptions): AsyncGenerator<ReadEvent, void, undefined> {
  const ending = new AbortController();
  const signal = options.signal === undefined ? ending.signal : AbortSignal.any([options.signal, ending.signal]);
  // Others may wait at the end of the same brokers' logs.
  const lane = cluster.takeLane();
  try {
    const reader = await TopicReader.open(cluster, options, lane.purpose, signal);
    const turn = new Turn();
    while (!reader.isFinished) {
      for (const event of await reader.next()) {
        if (turn.isOver) await turn.giveWay();
        if (event instanceof Promise) {
          await event;
          turn.begin();
        }
        throwIfCancelled(options.signal);
        if (event !== undefined && !(event instanceof Promise)) yield event;
      }
    }
  } finally {
    // Whatever is under way is of no use any more.
    ending.abort();
    lane.release();
  }
}
