import { crc32 } from 'node:zlib';

/** The partition that Java's default partitioner gives a key (org.apache.kafka.common.utils.Utils.murmur2, BuiltInPartitioner). */
export function javaPartition(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

/** The partition that librdkafka's default `consistent_random` gives a key: its CRC-32. Keys that are empty or null go to any. */
export function librdkafkaPartition(key: Buffer, partitions: number): number {
  return crc32(key) % partitions;
}

export function murmur2(data: Buffer): number {
  const m = 0x5bd1e995;
  const length = data.length;
  let h = 0x9747b28c ^ length;
  const words = length >> 2;
  for (let word = 0; word < words; word++) {
    let k = Math.imul(data.readInt32LE(4 * word), m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  const rest = 4 * words;
  for (let at = length - 1; at >= rest; at--) h ^= data[at]! << (8 * (at - rest));
  if (rest < length) h = Math.imul(h, m);
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}
