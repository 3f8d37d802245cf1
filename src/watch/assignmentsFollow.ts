import type { GroupHistory } from '../groups/assignmentHistory.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { delay } from '../kafka/race.ts';
import { EventLog } from '../offsetsTopic/replay/eventLog.ts';
import type { GroupEvent } from '../offsetsTopic/replay/groupEvent.ts';
import { OffsetsReplay } from '../offsetsTopic/replay/replay.ts';
import { readTopic } from '../records/reader.ts';
import { isCancelled, messageOf } from '../shared/errors.ts';
import type { Disposable } from '../shared/event.ts';
import { loadGroupHistory, type GroupStore } from './assignments.ts';
import { pollEventOf } from './assignmentsPolls.ts';
import { offsetsTopic, type GroupPlace } from './assignmentsTopic.ts';
import type { ClusterWatch } from './clusterWatch.ts';

/** All that a follower is to know, each time anew. */
export interface FollowNews {
  /** undefined until there is something. */
  readonly history: GroupHistory | undefined;
  /** Offsets read and to be read; undefined when reading is done. */
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  /** Why it goes no further for now; what was known before stands. It is tried again. */
  readonly failure: string | undefined;
}

export interface FollowOptions {
  /** Asked for again after each failure. */
  readonly kafka: () => Promise<Cluster>;
  readonly group: string;
  /** The poller of the cluster: it goes on while this follows. */
  readonly watch?: Pick<ClusterWatch, 'snapshot' | 'onDidChange' | 'look'> | undefined;
  readonly store?: GroupStore | undefined;
  /** Told once of a store that cannot be used; following goes on without it. */
  readonly onStoreFailure?: ((error: unknown) => void) | undefined;
  readonly tell: (news: FollowNews) => void;
  /** Milliseconds since 1970; default this machine's clock. */
  readonly now?: () => number;
}

/** Records come in bursts: what they mean is worked out once for all of a burst. */
const burstMs = 50;
/** Of a long history that takes a while: no more than a fifth of the time goes into it. */
const restAfterBuild = 4;
const retryMs = { first: 1_000, most: 15_000 };

/** Reads a group's history, and follows its topic and the polls until disposed. */
export function followGroupHistory(options: FollowOptions): Disposable {
  const follower = new Follower(options);
  void follower.run();
  return follower;
}

class Follower implements Disposable {
  readonly #options: FollowOptions;
  readonly #ending = new AbortController();
  readonly #polls: Disposable[] = [];
  #log = new EventLog();
  #history: GroupHistory | undefined;
  #build: (() => Promise<GroupHistory>) | undefined;
  #isBuilding = false;
  /** There is more than what is being worked out. */
  #isBehind = false;
  #progress: FollowNews['progress'];
  #failure: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #polledAt: number | undefined;
  /** How long the last one took to be worked out, ms. */
  #buildMs = 0;

  constructor(options: FollowOptions) {
    const { store, onStoreFailure } = options;
    this.#options = { ...options, store: store === undefined ? undefined : guarded(store, onStoreFailure) };
  }

  async run(): Promise<void> {
    const { watch } = this.#options;
    if (watch !== undefined) {
      this.#polls.push(
        watch.onDidChange(() => this.#poll()),
        watch.look(),
      );
      this.#poll();
    }
    for (let failures = 0; !this.#ending.signal.aborted; failures++) {
      try {
        await this.#follow(() => (failures = 0));
      } catch (error) {
        if (this.#ending.signal.aborted) return;
        // A connection that was closed for good cancels what goes over it.
        if (!isCancelled(error)) this.#fail(messageOf(error));
      }
      await delay(Math.min(retryMs.first * 2 ** failures, retryMs.most), this.#ending.signal).catch(() => {});
    }
  }

  dispose(): void {
    this.#ending.abort();
    clearTimeout(this.#timer);
    for (const each of this.#polls.splice(0)) each.dispose();
  }

  /** Reads what there is, then what comes; returns where it is to be read from the start again. */
  async #follow(onLoaded: () => void): Promise<void> {
    const { kafka, group, store, now } = this.#options;
    const { signal } = this.#ending;
    const cluster = await kafka();
    const polls = this.#log.polls;
    const log = new EventLog();
    for (const poll of polls) log.addPoll(poll);
    this.#log = log;
    this.#build = undefined;
    const loading = loadGroupHistory(cluster, group, {}, { signal, log, store, now });
    for (;;) {
      const { done, value } = await loading.next();
      this.#failure = undefined;
      if (done !== true) {
        this.#history = value.history;
        this.#progress = value.progress;
        this.#tell();
        continue;
      }
      this.#build = value.build;
      onLoaded();
      if (value.place !== undefined) return this.#live(cluster, value.place);
      // By polls only. They come by themselves.
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
  }

  async #live(cluster: Cluster, place: GroupPlace): Promise<void> {
    const { group, store } = this.#options;
    const { signal } = this.#ending;
    const { partition, topicId, start, end } = place;
    let fresh: GroupEvent[] = [];
    const replay = new OffsetsReplay({ group, onEvent: (_, event) => fresh.push(event) });
    const reading = readTopic(cluster, {
      topic: offsetsTopic,
      partitions: [partition],
      start: { at: 'offset', offset: end },
      stop: { at: 'never' },
      isolation: 'both',
      signal,
    });
    for await (const event of reading) {
      switch (event.kind) {
        case 'records':
          for (const slice of event.slices) replay.take(slice);
          if (fresh.length === 0) break;
          for (const each of fresh) this.#log.add(each);
          store?.write(group, fresh, { topicId, partition, from: start, to: event.next, rest: this.#log.rest });
          fresh = [];
          this.#soon();
          break;
        case 'unavailable':
          this.#fail(event.failure.message);
          break;
        case 'available':
          this.#failure = undefined;
          this.#soon();
          break;
        case 'topic-recreated':
        case 'finished':
          return;
        case 'damaged':
        case 'out-of-range':
        case 'leader-moved':
        case 'partition-added':
      }
    }
  }

  #poll(): void {
    const snapshot = this.#options.watch?.snapshot;
    const group = snapshot?.groups.get(this.#options.group);
    if (snapshot === undefined || group === undefined || snapshot.takenAt === this.#polledAt) return;
    const poll = pollEventOf(group, snapshot.takenAt, this.#log.lastPoll, this.#polledAt);
    this.#polledAt = snapshot.takenAt;
    if (poll === undefined) return;
    this.#log.addPoll(poll);
    this.#options.store?.write(this.#options.group, [poll]);
    if (this.#build !== undefined) this.#soon();
  }

  #fail(message: string): void {
    this.#failure = message;
    this.#progress = undefined;
    this.#tell();
  }

  #soon(): void {
    if (this.#isBuilding) {
      this.#isBehind = true;
      return;
    }
    const wait = Math.max(burstMs, restAfterBuild * this.#buildMs);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#rebuild();
    }, wait);
  }

  async #rebuild(): Promise<void> {
    const build = this.#build;
    const start = performance.now();
    this.#isBuilding = true;
    this.#isBehind = false;
    try {
      const history = await build?.();
      // Meanwhile all may have begun anew.
      if (history !== undefined && build === this.#build) this.#history = history;
      this.#tell();
    } catch (error) {
      if (!isCancelled(error)) this.#fail(messageOf(error));
    } finally {
      this.#buildMs = performance.now() - start;
      this.#isBuilding = false;
    }
    if (this.#isBehind) this.#soon();
  }

  #tell(): void {
    if (this.#ending.signal.aborted) return;
    this.#options.tell({ history: this.#history, progress: this.#progress, failure: this.#failure });
  }
}

/** A full disk, or a file that another window holds too long, must not end what people look at. */
function guarded(store: GroupStore, onFailure: ((error: unknown) => void) | undefined): GroupStore {
  let failed = false;
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!failed) onFailure?.(error);
      failed = true;
      return undefined;
    }
  };
  return {
    read: (group) => attempt(() => store.read(group)),
    write: (group, events, coverage) => attempt(() => store.write(group, events, coverage)),
  };
}
