import type { CoordinatorRecord } from './decodeRecord.ts';
import type { DeletionFacts } from './deletion.ts';

/** Records whose tombstone says that the group itself was deleted. */
const ofGroup: ReadonlySet<string> = new Set(['groupMetadata', 'consumerGroupMetadata', 'streamsGroupMetadata']);

/** What one batch of `__consumer_offsets` deletes: looked through once, asked for each of its deleted commits. */
export class DeletionBatch {
  readonly #deletedGroups = new Set<string>();
  /** Topic to groups that lost commits of it. */
  readonly #groupsOfTopic = new Map<string, Set<string>>();

  constructor(records: Iterable<CoordinatorRecord>) {
    const created = new Set<string>();
    for (const record of records) {
      if (record.kind !== 'tombstone') {
        if (ofGroup.has(record.kind) && record.group !== undefined) created.add(record.group);
        continue;
      }
      if (ofGroup.has(record.of)) this.#deletedGroups.add(record.group);
      if (record.of !== 'offsetCommit' && record.of !== 'legacyOffsetCommit') continue;
      const groups = this.#groupsOfTopic.get(record.key.topic);
      if (groups === undefined) this.#groupsOfTopic.set(record.key.topic, new Set([record.group]));
      else groups.add(record.group);
    }
    // A group that changes its protocol, classic or consumer, is deleted as the one and written as the other.
    for (const group of created) this.#deletedGroups.delete(group);
  }

  /** Of a deleted commit in this batch. */
  factsOf(group: string, topic: string): Pick<DeletionFacts, 'groupDeleted' | 'otherGroupsOfTopic'> {
    let others = 0;
    for (const other of this.#groupsOfTopic.get(topic) ?? []) {
      if (other !== group && !this.#deletedGroups.has(other)) others++;
    }
    return { groupDeleted: this.#deletedGroups.has(group), otherGroupsOfTopic: others };
  }
}
