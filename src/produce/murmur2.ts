const seed = 0x9747b28c;
const m = 0x5bd1e995;

/** MurmurHash2, 32 bit, signed, as org.apache.kafka.common.utils.Utils.murmur2 computes it. */
export function murmur2(bytes: Buffer): number {
  const length = bytes.length;
  let hash = seed ^ length;
  const words = length & ~3;
  for (let at = 0; at < words; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), m);
    word = Math.imul(word ^ (word >>> 24), m);
    hash = Math.imul(hash, m) ^ word;
  }
  const left = length - words;
  if (left > 2) hash ^= bytes[words + 2]! << 16;
  if (left > 1) hash ^= bytes[words + 1]! << 8;
  if (left > 0) hash = Math.imul(hash ^ bytes[words]!, m);
  hash = Math.imul(hash ^ (hash >>> 13), m);
  return hash ^ (hash >>> 15);
}

/**
 * The partition of a key, as the default partitioners of Kafka's Java client and of librdkafka's `murmur2_random` choose it.
 *
 * @param partitions how many the topic has, at least 1.
 */
export function partitionOfKey(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
