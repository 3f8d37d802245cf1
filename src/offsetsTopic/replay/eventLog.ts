import type { CommitMark, GroupEvent, PollEvent } from './groupEvent.ts';

/** What a part of the topic told of one group. */
export interface EventBlock {
  readonly events: readonly GroupEvent[];
  /** Commits behind the last event. */
  readonly rest: readonly CommitMark[];
}

/** The events of one group, gathered from parts of the topic that are read one after the other, earlier or later ones, and from polls. */
export class EventLog {
  #told: GroupEvent[] = [];
  readonly #polls = new Map<string, PollEvent>();
  #rest: readonly CommitMark[] = [];

  /** Those of the topic in order, and the polls. */
  get all(): readonly GroupEvent[] {
    return [...this.#told, ...this.#polls.values()];
  }

  /** Commits behind the last event of the topic. */
  get rest(): readonly CommitMark[] {
    return this.#rest;
  }

  get polls(): readonly PollEvent[] {
    return [...this.#polls.values()];
  }

  get lastPoll(): PollEvent | undefined {
    return Array.from(this.#polls.values()).at(-1);
  }

  /** What lies directly before all that is known. */
  prepend({ events, rest }: EventBlock): void {
    const first = this.#told[0];
    if (first === undefined) this.#rest = mergeCommits(rest, this.#rest);
    else this.#told[0] = { ...first, commits: mergeCommits(rest, first.commits) };
    this.#told = [...events, ...this.#told];
  }

  /** What lies directly behind all that is known. */
  append({ events, rest }: EventBlock): void {
    for (const event of events) this.add(event);
    this.#rest = mergeCommits(this.#rest, rest);
  }

  /** What was read at another time, of which the topic may have lost some since: adds what is not there. */
  fillIn(events: readonly GroupEvent[]): void {
    const known = new Set(this.#told.map(({ key }) => key));
    const missing = events.filter(({ key }) => !known.has(key));
    if (missing.length === 0) return;
    this.#told = [...missing, ...this.#told].sort((a, b) => ((a.position ?? 0n) < (b.position ?? 0n) ? -1 : 1));
  }

  /** The next event of the topic. */
  add(event: GroupEvent): void {
    this.#told.push(this.#rest.length === 0 ? event : { ...event, commits: mergeCommits(this.#rest, event.commits) });
    this.#rest = [];
  }

  addPoll(poll: PollEvent): void {
    this.#polls.set(poll.key, poll);
  }
}

/** The commits of two times, one directly behind the other. */
export function mergeCommits(earlier: readonly CommitMark[], later: readonly CommitMark[]): readonly CommitMark[] {
  if (earlier.length === 0) return later;
  if (later.length === 0) return earlier;
  const merged = new Map<string, CommitMark>();
  for (const mark of earlier) merged.set(`${mark[1]} ${mark[0]}`, mark);
  for (const [topic, partition, at, count, transactional] of later) {
    const key = `${partition} ${topic}`;
    const all = count + (merged.get(key)?.[3] ?? 0);
    merged.set(key, transactional ? [topic, partition, at, all, true] : [topic, partition, at, all]);
  }
  return [...merged.values()];
}
