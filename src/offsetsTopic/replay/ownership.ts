import type { TopicPartition } from '../../kafka/facts.ts';
import type { Stage } from './stages.ts';

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
