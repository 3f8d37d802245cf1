import type { TopicPartition } from '../../kafka/facts.ts';
import type { GroupType, Topic } from '../snapshot.ts';
import type { CommitFacts, PlanRequest } from './plan.ts';

/** What has to be asked of the broker for a plan, besides the group's type and commits. */
export interface Needs {
  /** Topics whose partitions the scope takes all of, so that they must be known. */
  readonly topics: readonly string[];
  /** Log start and end of each partition. */
  readonly logOffsets: boolean;
  /** The first offset at or after it, milliseconds since 1970. */
  readonly timestamp: bigint | undefined;
  readonly otherGroup: string | undefined;
}

/** Where another group's commits, or a file, say which partitions there are. */
export function needs({ scope, strategy }: PlanRequest): Needs {
  return {
    topics: scope.kind === 'topics' ? scope.topics.map(({ topic }) => topic) : [],
    // What is only deleted may be of a topic that is gone.
    logOffsets: strategy.kind !== 'delete',
    timestamp:
      strategy.kind === 'datetime'
        ? strategy.at
        : strategy.kind === 'duration'
          ? strategy.now - strategy.milliseconds
          : undefined,
    otherGroup: strategy.kind === 'group' ? strategy.group : undefined,
  };
}

/** The partitions of a plan, each once, by topic, then partition. */
export function partitionsOf(
  { group, scope, strategy }: PlanRequest,
  facts: {
    readonly type: GroupType | undefined;
    readonly commits: CommitFacts;
    readonly otherGroup: CommitFacts | undefined;
    readonly topics: ReadonlyMap<string, Topic>;
  },
): TopicPartition[] {
  const found = new Map<string, Set<number>>();
  const add = (topic: string, partitions: Iterable<number>): void => {
    const same = found.get(topic) ?? new Set<number>();
    for (const partition of partitions) same.add(partition);
    found.set(topic, same);
  };
  if (scope.kind === 'committed') {
    for (const [topic, partitions] of facts.commits) add(topic, partitions.keys());
  } else if (scope.kind === 'topics') {
    for (const { topic, partitions } of scope.topics) {
      const all = facts.topics.get(topic)?.partitions.map(({ partition }) => partition);
      // A topic that is gone or denied: what is committed of it, else a row that says so.
      const known = all !== undefined && all.length > 0 ? all : [...(facts.commits.get(topic)?.keys() ?? [0])];
      add(topic, partitions ?? known);
    }
  } else if (strategy.kind === 'file') {
    for (const row of strategy.rows) if ((row.group ?? group) === group) add(row.topic, [row.partition]);
  } else if (strategy.kind === 'group') {
    for (const [topic, partitions] of facts.otherGroup ?? []) add(topic, partitions.keys());
  } else if (strategy.kind === 'record') {
    add(strategy.topic, [strategy.partition]);
  } else if (strategy.kind === 'positions') {
    for (const [topic, partitions] of strategy.positions) add(topic, partitions.keys());
    for (const [topic, partitions] of strategy.why ?? []) add(topic, partitions.keys());
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([topic, partitions]) => [...partitions].sort((a, b) => a - b).map((partition) => ({ topic, partition })));
}
