import type { Greeting } from './negotiate.ts';

/** First level of the feature metadata.version in each release: org.apache.kafka.server.common.MetadataVersion. */
const levels: readonly (readonly [level: number, release: string])[] = [
  [31, '4.4'],
  [30, '4.3'],
  [28, '4.2'],
  [26, '4.1'],
  [22, '4.0'],
  [21, '3.9'],
  [20, '3.8'],
  [15, '3.7'],
  [12, '3.6'],
  [9, '3.5'],
  [8, '3.4'],
  [4, '3.3'],
  [3, '3.2'],
  [2, '3.1'],
  [1, '3.0'],
];

/** API key and version that came with each release, for clusters on ZooKeeper: org.apache.kafka.common.protocol.ApiKeys. */
const marks: readonly (readonly [release: string, key: number, version: number])[] = [
  ['3.9', 10, 6],
  ['3.8', 10, 5],
  ['3.7', 9, 9],
  ['3.6', 24, 4],
  ['3.5', 1, 15],
  ['3.4', 6, 8],
  ['3.3', 35, 4],
  ['3.2', 11, 9],
  ['3.1', 1, 13],
  ['3.0', 10, 4],
  ['2.8', 60, 0],
];

/**
 * Which Kafka a broker is: the release of the cluster's finalized `metadata.version`, else the newest whose APIs it offers.
 * Undefined for brokers before 2.8.
 */
export function releaseOf({ ranges, features }: Greeting): string | undefined {
  const level = features.get('metadata.version');
  // A level newer than this list is told as the newest release in it.
  if (level !== undefined) return levels.find(([first]) => level >= first)?.[1];
  return marks.find(([, key, version]) => (ranges.get(key)?.max ?? -1) >= version)?.[0];
}
