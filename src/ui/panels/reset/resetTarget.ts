import type { TopicPartition } from '../../../kafka/facts.ts';
import type { ChosenTopic, ResetForm } from './protocol.ts';
import { partitionsText } from './formRequest.ts';

/** What a reset is about, as rows of the tree and pages name it. */
export interface NamedTarget {
  readonly cluster: string;
  /** undefined: to be asked for. */
  readonly group: string | undefined;
  /** Empty: all that the group has committed. */
  readonly topics: readonly ChosenTopic[];
  readonly record: (TopicPartition & { readonly offset: bigint }) | undefined;
  /** Milliseconds since 1970: the commits as they were then. */
  readonly at?: number | undefined;
}

/** undefined where nothing is named. All that is named must be of one cluster and one group: the first ones'. */
export function namedTarget(named: readonly unknown[]): NamedTarget | undefined {
  const all = named.filter(isRecord);
  const cluster = all.map((one) => one['cluster']).find((one) => typeof one === 'string');
  if (cluster === undefined) return undefined;
  const group = all.map((one) => one['group']).find((one) => typeof one === 'string');
  const whole = new Set<string>();
  const some = new Map<string, number[]>();
  const add = (one: Record<string, unknown>): void => {
    const { topic, partition } = one;
    if (typeof topic !== 'string') return;
    if (!Number.isSafeInteger(partition)) whole.add(topic);
    else some.set(topic, [...(some.get(topic) ?? []), partition as number]);
  };
  const same = all.filter((one) => one['cluster'] === cluster && (one['group'] ?? group) === group);
  // Where the group itself is among them, all of it is meant.
  const isAll = same.some((one) => one['topic'] === undefined && one['partitions'] === undefined);
  if (!isAll) {
    for (const one of same) {
      if (Array.isArray(one['partitions'])) one['partitions'].filter(isRecord).forEach(add);
      else add(one);
    }
  }
  const topics = [...new Set([...whole, ...some.keys()])].map((topic) => ({
    topic,
    partitions: whole.has(topic) ? '' : partitionsText(some.get(topic)!),
  }));
  const { at } = same[0]!;
  return {
    cluster,
    group,
    topics,
    record: recordOf(same[0]!),
    ...(Number.isSafeInteger(at) ? { at: at as number } : {}),
  };
}

/** What of the form is known; undefined where the form stays as it is. */
export function formOf({ topics, record, at }: NamedTarget): Partial<ResetForm> | undefined {
  if (record !== undefined) {
    return {
      strategy: 'record',
      recordTopic: record.topic,
      recordPartition: String(record.partition),
      recordOffset: String(record.offset),
    };
  }
  if (at !== undefined) {
    const scope = topics.length === 0 ? ({ scope: 'committed' } as const) : ({ scope: 'topics', topics } as const);
    return { strategy: 'as-of', time: new Date(at).toISOString(), ...scope };
  }
  return topics.length === 0 ? undefined : { scope: 'topics', topics };
}

function recordOf(one: Record<string, unknown>): NamedTarget['record'] {
  const { topic, partition, offset } = one;
  if (typeof topic !== 'string' || !Number.isSafeInteger(partition) || !/^\d{1,19}$/.test(String(offset))) {
    return undefined;
  }
  return { topic, partition: partition as number, offset: BigInt(String(offset)) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
