import type { TopicPartition } from '../../kafka/facts.ts';
import type { Stage } from './stages.ts';

/** All that own a partition in a stage: several in a share group. */
export function sharersOf(stage: Stage): Map<TopicPartition, string[]> {
  const sharers = new Map<TopicPartition, string[]>();
  for (const member of stage.members.values()) {
    for (const partition of [...member.assigned, ...member.revoking]) {
      const own = sharers.get(partition);
      if (own === undefined) sharers.set(partition, [member.id]);
      else if (!own.includes(member.id)) own.push(member.id);
    }
  }
  return sharers;
}

/** Who owns what in a stage; of several (share groups) the first. */
export function ownersOf(stage: Stage | undefined): Map<TopicPartition, string> {
  const owners = new Map<TopicPartition, string>();
  for (const member of stage?.members.values() ?? []) {
    for (const partition of [...member.assigned, ...member.revoking]) {
      if (!owners.has(partition)) owners.set(partition, member.id);
    }
  }
  return owners;
}
