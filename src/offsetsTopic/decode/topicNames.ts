import type { TopicPartition } from '../../kafka/facts.ts';
import type { CoordinatorRecord } from './decodeRecord.ts';

/** A topic that a record names by its id. */
export interface IdentifiedPartition extends TopicPartition {
  /** The name, or the id itself where nobody knows the name. */
  readonly topic: string;
  readonly topicId: string;
  /** Whether `topic` is a name. */
  readonly named: boolean;
}

/**
 * Topic ids (as Kafka prints them) to names. Names come from the cluster's metadata, and from records that hold both: so
 * topics that were deleted since keep their names.
 */
export class TopicNames {
  readonly #names = new Map<string, string>();

  constructor(known: ReadonlyMap<string, string> = new Map()) {
    this.add(known);
  }

  /** From metadata: id to name. */
  add(known: ReadonlyMap<string, string>): void {
    for (const [id, name] of known) this.#names.set(id, name);
  }

  /** Takes the names that a record tells: a commit with a topic id, and types 4 and 15. */
  learn(record: CoordinatorRecord): void {
    if (record.kind === 'offsetCommit') {
      if (record.topicId !== undefined) this.#names.set(record.topicId, record.topic);
    } else if (record.kind === 'consumerGroupPartitionMetadata') {
      for (const { topicId, topicName } of record.value.topics) this.#names.set(topicId, topicName);
    } else if (record.kind === 'shareGroupStatePartitionMetadata') {
      const { initializingTopics, initializedTopics, deletingTopics } = record.value;
      for (const topics of [initializingTopics, initializedTopics, deletingTopics]) {
        for (const { topicId, topicName } of topics) this.#names.set(topicId, topicName);
      }
    }
  }

  nameOf(topicId: string): string | undefined {
    return this.#names.get(topicId);
  }

  /** The partitions of an assignment by ids, as types 7, 8, 13 and 14 hold them. */
  partitions(
    assigned: readonly { readonly topicId: string; readonly partitions: readonly number[] }[],
  ): IdentifiedPartition[] {
    return assigned.flatMap(({ topicId, partitions }) => {
      const name = this.nameOf(topicId);
      return partitions.map((partition) => ({ topic: name ?? topicId, topicId, named: name !== undefined, partition }));
    });
  }
}
