/** Why an answer is not there. `denied` and `missing` are answers, not faults: asking again will not help. */
export interface Failure {
  readonly kind: 'denied' | 'missing' | 'no-leader' | 'unsupported' | 'unreachable' | 'error';
  /** What happened and where, a sentence that can be shown. */
  readonly message: string;
  /** Kafka's name of the error code, such as GROUP_AUTHORIZATION_FAILED, where it was Kafka that said so. */
  readonly code?: string;
}

/** A value, or why there is none. */
export type Fact<T> = { readonly value: T } | { readonly failure: Failure };

/** A fact, with the broker that was asked last; undefined where none could be found. */
export type RoutedFact<T> = Fact<T> & { readonly node: number | undefined };

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** topic -> partition -> T */
export type ByPartition<T> = ReadonlyMap<string, ReadonlyMap<number, T>>;

/** The partitions of each topic, in the order in which they came. */
export function byTopic<P extends TopicPartition>(partitions: readonly P[]): Map<string, P[]> {
  const topics = new Map<string, P[]>();
  for (const partition of partitions) {
    const same = topics.get(partition.topic);
    if (same === undefined) topics.set(partition.topic, [partition]);
    else same.push(partition);
  }
  return topics;
}
