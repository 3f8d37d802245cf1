import type { TopicPartition } from '../../kafka/facts.ts';
import type { CommitMark } from './groupEvent.ts';
import type { Partitions, StageMember } from './stages.ts';

interface Times {
  at: number;
  /** Since its owner got it. */
  count: number;
  transactional: boolean;
}

/** What the commits of a member's partitions tell of it. */
export interface Heard {
  /** The newest. */
  readonly at: number;
  /** Milliseconds between commits of a partition, on average; undefined where there were too few to tell. */
  readonly usual: number | undefined;
  /** The newest was in a transaction. */
  readonly transactional: boolean;
}

/** When each partition of a group was committed last. A commit does not say whose it is; the owner's is what a coordinator accepts. */
export class CommitTimes {
  readonly #partitions: Partitions;
  readonly #times = new Map<TopicPartition, Times>();

  constructor(partitions: Partitions) {
    this.#partitions = partitions;
  }

  add(commits: readonly CommitMark[]): void {
    for (const [topic, partition, at, count, transactional = false] of commits) {
      const key = this.#partitions.of(topic, partition);
      const times = this.#times.get(key);
      if (times === undefined) this.#times.set(key, { at, count, transactional });
      else {
        times.at = Math.max(times.at, at);
        times.transactional = transactional;
        times.count += count;
      }
    }
  }

  /** A new owner begins to commit. */
  restart(): void {
    for (const times of this.#times.values()) times.count = 0;
  }

  /** The newest commit of the member's partitions since it was given them. */
  heard(member: StageMember, since: number): Heard | undefined {
    let newest: Times | undefined;
    let most = 0;
    for (const partition of [...member.assigned, ...member.revoking]) {
      const times = this.#times.get(partition);
      if (times === undefined || times.count === 0 || times.at < since) continue;
      if (newest === undefined || times.at > newest.at) newest = times;
      most = Math.max(most, times.count);
    }
    if (newest === undefined) return undefined;
    const { at, transactional } = newest;
    return { at, usual: most < 2 ? undefined : (at - since) / most, transactional };
  }
}
