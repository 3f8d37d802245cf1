import type { Cluster } from '../kafka/cluster.ts';
import type { Failure } from '../kafka/facts.ts';
import type { GroupEvent } from '../offsetsTopic/replay/groupEvent.ts';
import type { EventBlock } from '../offsetsTopic/replay/eventLog.ts';
import { OffsetsReplay } from '../offsetsTopic/replay/replay.ts';
import { partitionOfGroup } from '../offsetsTopic/decode/partitionOf.ts';
import { bounds } from '../records/logBounds.ts';
import { readTopic } from '../records/reader.ts';

export const offsetsTopic = '__consumer_offsets';

/** Where all of a group's records are, and what there is of them now. */
export interface GroupPlace {
  readonly partition: number;
  /** Another one means that the topic was made anew. Empty where the broker has no topic ids. */
  readonly topicId: string;
  readonly start: bigint;
  readonly end: bigint;
}

/** @throws {HumanError} no broker can be asked. @throws {CancelledError} */
export async function findGroup(
  cluster: Cluster,
  group: string,
  signal: AbortSignal | undefined,
): Promise<GroupPlace | Failure> {
  const cached = await cluster.metadata({ topics: [offsetsTopic], maxAgeMs: 60_000, signal });
  const isKnown = cached.topics.get(offsetsTopic)?.failure === undefined;
  // It is made with the first commit of all, which may have come since.
  const { topics } = isKnown ? cached : await cluster.metadata({ topics: [offsetsTopic], signal });
  const topic = topics.get(offsetsTopic);
  if (topic?.failure !== undefined) return topic.failure;
  if (topic === undefined || topic.partitions.length === 0) {
    return { kind: 'missing', message: `Topic ${offsetsTopic} does not exist.` };
  }
  const partition = partitionOfGroup(group, topic.partitions.length);
  const place = {
    cluster,
    topic: offsetsTopic,
    partitions: [partition],
    isolation: 'read_uncommitted',
    signal,
  } as const;
  const [starts, ends] = await Promise.all([bounds(place, 'beginning'), bounds(place, 'end')]);
  const [start, end] = [starts.get(partition)!, ends.get(partition)!];
  if ('failure' in start) return start.failure;
  if ('failure' in end) return end.failure;
  return { partition, topicId: topic.id ?? '', start: start.value, end: end.value };
}

export interface BlockOptions {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly signal: AbortSignal | undefined;
  /** Told how far reading has come. */
  readonly onRead?: ((next: bigint) => void) | undefined;
}

export interface ReadBlock extends EventBlock {
  /** Records of the group that could not be read. */
  readonly unread: number;
  readonly denied: Failure | undefined;
}

/** Reads what a part of the topic says of a group. @throws {HumanError} @throws {CancelledError} */
export async function readBlock(cluster: Cluster, group: string, options: BlockOptions): Promise<ReadBlock> {
  const { partition, from, to, signal, onRead } = options;
  const events: GroupEvent[] = [];
  const replay = new OffsetsReplay({ group, onEvent: (_, event) => events.push(event) });
  let denied: Failure | undefined;
  if (from < to) {
    const reading = readTopic(cluster, {
      topic: offsetsTopic,
      partitions: [partition],
      start: { at: 'offset', offset: from },
      stop: { at: 'offset', offset: to },
      isolation: 'both',
      signal,
    });
    for await (const event of reading) {
      if (event.kind === 'records') {
        for (const slice of event.slices) replay.take(slice);
        onRead?.(event.next);
      } else if (event.kind === 'finished' && event.cause === 'denied') denied = event.failure;
    }
  }
  const rest = [...replay.rest()].flatMap(([, commits]) => commits);
  return { events, rest, unread: replay.unread, denied };
}
