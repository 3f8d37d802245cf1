import type { PlanFacts } from '../../src/groups/plan/plan.ts';
import type { Commit, Fact, Topic } from '../../src/groups/snapshot.ts';

/** Facts of a plan, partition by partition in the order of their numbers; undefined where there is no commit, or no record. */
export function factsOf(options: {
  readonly topics?: readonly Topic[];
  readonly commits?: Readonly<Record<string, readonly (bigint | undefined)[]>>;
  readonly logs?: Readonly<Record<string, readonly (readonly [start: bigint, end: bigint])[]>>;
  readonly atTime?: Readonly<Record<string, readonly (bigint | undefined)[]>>;
  readonly other?: Readonly<Record<string, readonly (bigint | undefined)[]>>;
  readonly overrides?: Partial<PlanFacts>;
}): PlanFacts {
  const { topics = [], commits = {}, logs = {}, atTime = {}, other } = options;
  return {
    type: 'classic',
    commits: { value: commitsOf(commits) },
    topics: new Map(topics.map((topic) => [topic.name, topic])),
    starts: byPartition(logs, ([start]) => ({ value: start })),
    ends: byPartition(logs, ([, end]) => ({ value: end })),
    atTime: byPartition(atTime, (value) => ({ value })),
    otherGroup: other === undefined ? undefined : { value: commitsOf(other) },
    ...options.overrides,
  };
}

export function aCommit(offset: bigint, overrides: Partial<Commit> = {}): Commit {
  return { offset, leaderEpoch: -1, metadata: '', ...overrides };
}

function commitsOf(
  commits: Readonly<Record<string, readonly (bigint | undefined)[]>>,
): Map<string, Map<number, Fact<Commit>>> {
  return new Map(
    Object.entries(commits).map(([topic, offsets]) => [
      topic,
      new Map(
        offsets.flatMap((offset, partition) =>
          offset === undefined ? [] : [[partition, { value: aCommit(offset) }] as const],
        ),
      ),
    ]),
  );
}

function byPartition<From, To>(
  topics: Readonly<Record<string, readonly From[]>>,
  convert: (from: From) => To,
): Map<string, Map<number, To>> {
  return new Map(
    Object.entries(topics).map(([topic, list]) => [
      topic,
      new Map(list.map((each, partition) => [partition, convert(each)])),
    ]),
  );
}
