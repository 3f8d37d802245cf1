import type { TopicPartition } from '../kafka/facts.ts';
import { t } from '../shared/l10n.ts';

/** Ranges that are named; more are counted. */
const mostRanges = 12;

/** `orders-0..2, 5, payments-3`; "nothing" for none. */
export function partitionWords(partitions: readonly TopicPartition[]): string {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) {
    const same = topics.get(topic);
    if (same === undefined) topics.set(topic, [partition]);
    else same.push(partition);
  }
  if (topics.size === 0) return t('nothing');
  const ranges = [...topics].flatMap(([topic, numbers]) =>
    rangesOf(numbers).map((range, index) => (index === 0 ? `${topic}-${range}` : range)),
  );
  if (ranges.length <= mostRanges) return ranges.join(', ');
  return t('{0} and more, {1} partitions in all', ranges.slice(0, mostRanges).join(', '), partitions.length);
}

function rangesOf(numbers: readonly number[]): string[] {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const number of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}..${to}`));
}
