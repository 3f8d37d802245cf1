/** What Java's `String.hashCode` gives: a signed 32-bit number. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** Kafka's `Utils.abs`: the smallest number has no positive counterpart, and becomes 0. */
function abs(hash: number): number {
  return hash === -0x80000000 ? 0 : Math.abs(hash);
}

/** The partition of `__consumer_offsets` that holds all of a group; its leader is the group's coordinator. */
export function partitionOfGroup(group: string, partitionCount: number): number {
  return abs(javaHash(group)) % partitionCount;
}

/** The partition of `__transaction_state` that holds a transactional id. */
export function partitionOfTransactionalId(transactionalId: string, partitionCount: number): number {
  return abs(javaHash(transactionalId)) % partitionCount;
}

/** The partition of `__share_group_state` that holds a share partition; `topicId` as Kafka prints it (SharePartitionKey). */
export function partitionOfSharePartition(
  group: string,
  topicId: string,
  partition: number,
  partitionCount: number,
): number {
  return abs(javaHash(`${group}:${topicId}:${partition}`)) % partitionCount;
}
