import type { Cluster } from '../kafka/cluster.ts';
import type { Failure } from '../kafka/facts.ts';
import { frameMemory } from '../kafka/frameMemory.ts';
import { failureOf, failureOfCode, isAskedAgain } from '../kafka/failures.ts';
import type { ClusterMetadata, TopicMetadata } from '../kafka/metadata.ts';
import type { Purpose } from '../kafka/pool.ts';
import { errorCode } from '../kafka/protocol/errorCodes.ts';
import type { FetchResponse, PartitionData } from '../kafka/protocol/generated/fetch.ts';
import { delay } from '../kafka/race.ts';
import { HumanError, isCancelled } from '../shared/errors.ts';
import type { ReadEvent } from './events.ts';
import { fetchFrom } from './fetchFrom.ts';
import { locateAgain, locateStart, type Locate } from './locate.ts';
import type { Place } from './logBounds.ts';
import { backoff, fail, finish, newPart, type Part } from './part.ts';
import { PartitionReader } from './partitionReader.ts';
import type { ReadOptions } from './reader.ts';

/** Between events, undefined: the time for a breath, or a promise to be waited for. */
type Events = Iterable<ReadEvent | Promise<void> | undefined>;

/** Something that was waited for; what it means is worked out when its turn comes. */
interface Arrival {
  readonly key: string;
  readonly events: () => Events;
}

const defaultMaxBatchBytes = 256 << 20;
/** Answers in a row that a topic is not there before it is taken for deleted: one broker may not know yet. */
const missesToBelieve = 3;
/** How often to look for partitions that were added, milliseconds. Java's consumers look every five minutes; here somebody is watching. */
const lookEveryMs = 5_000;

/** What `readTopic` does: knows each partition's leader and position, and has something under way for each. */
export class TopicReader {
  readonly #cluster: Cluster;
  readonly #options: ReadOptions;
  readonly #signal: AbortSignal;
  readonly #purpose: Purpose;
  readonly #parts: Part[];
  readonly #underWay = new Map<string, Promise<Arrival>>();
  #topicId: string | undefined;
  /** Leaders must be looked for. */
  #isStale = false;
  /** Looked for in vain, in a row. */
  #misses = 0;
  /** How often leaders were looked for since an answer had records or none. */
  #refreshes = 0;
  #served = 0;

  /** @param purpose whose connections it takes. @throws {HumanError} @throws {CancelledError} */
  static async open(
    cluster: Cluster,
    options: ReadOptions,
    purpose: Purpose,
    signal: AbortSignal,
  ): Promise<TopicReader> {
    const { topic } = options;
    const metadata = (await cluster.metadata({ topics: [topic], signal })).topics.get(topic);
    if (metadata === undefined) throw new HumanError(`Topic ${topic} does not exist.`);
    if (metadata.failure !== undefined) throw new HumanError(metadata.failure.message);
    const known = metadata.partitions.map(({ partition }) => partition);
    const missing = options.partitions?.find((partition) => !known.includes(partition));
    if (missing !== undefined) {
      throw new HumanError(`Topic ${topic} has no partition ${missing}.`, `It has ${known.length}, from 0 on.`);
    }
    return new TopicReader(cluster, options, purpose, signal, metadata, options.partitions ?? known);
  }

  private constructor(
    cluster: Cluster,
    options: ReadOptions,
    purpose: Purpose,
    signal: AbortSignal,
    metadata: TopicMetadata,
    partitions: readonly number[],
  ) {
    this.#cluster = cluster;
    this.#options = options;
    this.#purpose = purpose;
    this.#signal = signal;
    this.#topicId = metadata.id;
    this.#parts = [...new Set(partitions)].map((partition) =>
      newPart(
        this.#newReader(partition),
        metadata.partitions.find((each) => each.partition === partition)!.leader,
        'start',
      ),
    );
  }

  /** Whether partitions that are added are read too. */
  get #takesMore(): boolean {
    const { partitions, stop } = this.#options;
    return partitions === undefined && stop.at === 'never';
  }

  get isFinished(): boolean {
    return this.#parts.every(({ isFinished }) => isFinished);
  }

  /**
   * Waits for the next thing to come. Its events are worked out as they are taken, and are all to be taken before the next call.
   *
   * @throws {CancelledError}
   */
  async next(): Promise<Events> {
    this.#schedule();
    const { key, events } = await Promise.race(this.#underWay.values());
    this.#underWay.delete(key);
    return this.#withEnds(events());
  }

  *#withEnds(events: Events): Events {
    yield* events;
    for (const part of this.#parts) {
      const { isAtStop, isOutOfTime } = part.reader;
      if (!part.isFinished && (isAtStop || isOutOfTime)) yield finish(part, 'stop');
    }
  }

  #newReader(partition: number): PartitionReader {
    const { topic, isolation, stop, maxBatchBytes = defaultMaxBatchBytes } = this.#options;
    const stopTime = stop.at === 'timestamp' ? stop.timestamp : undefined;
    return new PartitionReader(topic, partition, { isolation, stopTime, limit: maxBatchBytes });
  }

  #place(parts: readonly Part[]): Place {
    const { isolation, topic } = this.#options;
    return {
      cluster: this.#cluster,
      topic,
      partitions: parts.map(({ reader }) => reader.partition),
      isolation: isolation === 'read_committed' ? isolation : 'read_uncommitted',
      signal: this.#signal,
    };
  }

  #start(key: string, parts: readonly Part[], work: () => Promise<() => Events>): void {
    for (const part of parts) part.isBusy = true;
    const arrival = work().then(
      (events): Arrival => ({ key, events }),
      (error: unknown): Arrival => {
        if (isCancelled(error)) throw error;
        return { key, events: () => this.#failed(parts, failureOf(error)) };
      },
    );
    // It is waited for in a race; when that is over, nobody asks how it ended.
    arrival.catch(() => undefined);
    this.#underWay.set(key, arrival);
  }

  /** Sees to it that something is under way for every partition that can go on. */
  #schedule(): void {
    const now = performance.now();
    const idle = this.#parts.filter((part) => !part.isFinished && !part.isBusy && !part.reader.isAtStop);
    const ready = idle.filter(({ retryAt }) => retryAt <= now);
    for (const need of ['start', 'range', 'beginning'] as const) {
      const parts = ready.filter((part) => part.need === need);
      if (parts.length === 0 || this.#underWay.has(need)) continue;
      this.#start(need, parts, async () => {
        const place = this.#place(parts);
        const located = await (need === 'start' ? locateStart(place, this.#options) : locateAgain(place));
        return () => this.#located(need, parts, located);
      });
    }
    const fetchable = ready.filter(({ need }) => need === undefined);
    if (this.#isStale || fetchable.some(({ leader }) => leader < 0))
      this.#refresh(fetchable.filter((p) => p.leader < 0));
    for (const leader of new Set(fetchable.map((part) => part.leader))) {
      const key = `leader ${leader}`;
      if (leader < 0 || this.#underWay.has(key)) continue;
      this.#fetch(
        key,
        leader,
        fetchable.filter((part) => part.leader === leader),
      );
    }
    if (this.#takesMore && !this.#underWay.has('look')) {
      this.#start('look', [], async () => {
        await delay(lookEveryMs, this.#signal);
        const metadata = await this.#cluster.metadata({ topics: [this.#options.topic], signal: this.#signal });
        return () => this.#learn([], metadata);
      });
    }
    const wakeAt = Math.min(...idle.map(({ retryAt }) => retryAt).filter((at) => at > now));
    if (wakeAt !== Infinity && !this.#underWay.has('wake')) {
      this.#start('wake', [], async () => {
        await delay(wakeAt - now, this.#signal);
        return () => [];
      });
    }
  }

  #fetch(key: string, leader: number, all: readonly Part[]): void {
    const committed = all.filter(({ reader }) => reader.asksCommitted);
    const rest = all.filter(({ reader }) => !reader.asksCommitted);
    // One request has one isolation level: with `both` they take turns, and those that can go on at once must not wait for others.
    const isMixed = committed.length > 0 && rest.length > 0;
    const waited = (parts: readonly Part[]): number => Math.min(...parts.map(({ servedAt }) => servedAt));
    const isCommittedOnly = isMixed ? waited(committed) <= waited(rest) : committed.length > 0;
    const parts = (isCommittedOnly ? committed : rest).toSorted((a, b) => a.servedAt - b.servedAt);
    if (isMixed) for (const part of parts) part.servedAt = ++this.#served;
    this.#start(key, parts, async () => {
      const response = await fetchFrom(this.#cluster, leader, {
        topic: this.#options.topic,
        topicId: this.#topicId,
        readers: parts.map(({ reader }) => reader),
        isolation: isCommittedOnly ? 'read_committed' : 'read_uncommitted',
        isUrgent: isMixed,
        purpose: this.#purpose,
        signal: this.#signal,
      });
      return () => this.#answered(parts, response, isCommittedOnly);
    });
  }

  *#answered(parts: readonly Part[], response: FetchResponse, isCommittedOnly: boolean): Events {
    if (response.errorCode !== 0) {
      yield* this.#failed(parts, this.#failure(response.errorCode));
      return;
    }
    const answers = new Map(
      response.responses.flatMap(({ partitions }) => partitions.map((data) => [data.partitionIndex, data] as const)),
    );
    const isEmpty = [...answers.values()].every(({ records }) => records === null || records.length === 0);
    const decodings: Events[] = [];
    const borrowed = this.#options.isBorrowed === true ? [...answers.values()].map(({ records }) => records) : [];
    const told: ReadEvent[] = [];
    for (const part of parts) {
      const { reader } = part;
      part.isBusy = false;
      const data = answers.get(reader.partition);
      // It may have been recreated meanwhile.
      if (part.isFinished || part.need !== undefined) continue;
      if (data === undefined) {
        // As a broker does that slows its client down (quota), and says for how long.
        part.retryAt = performance.now() + Math.max(response.throttleTimeMs, 10);
      } else if (data.errorCode !== 0) {
        told.push(...this.#refused(part, data));
      } else {
        if (part.told !== undefined) told.push({ kind: 'available', partition: reader.partition });
        part.failures = 0;
        part.told = undefined;
        this.#refreshes = 0;
        if (data.records !== null && data.records.length > 0) part.servedAt = ++this.#served;
        decodings.push(reader.decode(reader.take(data, isCommittedOnly, isEmpty)));
      }
    }
    // The next fetch is under way while this one is decoded.
    this.#schedule();
    yield* told;
    for (const decoding of decodings) yield* decoding;
    for (const records of borrowed) if (records !== null) frameMemory.giveBack(records);
  }

  *#refused(part: Part, data: PartitionData): Generator<ReadEvent> {
    if (data.errorCode === errorCode.OFFSET_OUT_OF_RANGE) {
      part.need = 'range';
      part.asked = part.reader.position;
      return;
    }
    if (isAskedAgain(data.errorCode)) this.#isStale = true;
    yield* this.#failed([part], this.#failure(data.errorCode, part.reader.partition));
  }

  #failure(code: number, partition?: number): Failure {
    const { topic } = this.#options;
    const name = partition === undefined ? `Topic ${topic}` : `Topic ${topic}, partition ${partition}`;
    // Whoever may not see it got no address of a leader: what is refused here is reading.
    return failureOfCode(code, name, undefined, 'read it');
  }

  *#failed(parts: readonly Part[], failure: Failure): Generator<ReadEvent> {
    if (failure.kind === 'unreachable' || failure.kind === 'no-leader' || failure.kind === 'missing')
      this.#isStale = true;
    for (const part of parts) {
      part.isBusy = false;
      if (part.isFinished) continue;
      if (failure.kind === 'denied') {
        yield finish(part, 'denied', failure);
        continue;
      }
      const event = fail(part, failure);
      if (event !== undefined) yield event;
    }
  }

  *#located(need: Part['need'], parts: readonly Part[], locate: Locate): Events {
    for (const part of parts) {
      part.isBusy = false;
      // It may have been recreated meanwhile.
      if (part.isFinished || part.need !== need) continue;
      const result = locate(part);
      if (!Array.isArray(result)) {
        yield* this.#failed([part], result);
        continue;
      }
      part.need = undefined;
      part.failures = 0;
      yield* result;
    }
  }

  /** Looks for the leaders. */
  #refresh(waiting: readonly Part[]): void {
    if (this.#underWay.has('metadata')) return;
    const { topic } = this.#options;
    this.#isStale = false;
    this.#start('metadata', waiting, async () => {
      if (this.#refreshes > 0) await delay(backoff(this.#refreshes), this.#signal);
      this.#refreshes++;
      const metadata = await this.#cluster.metadata({ topics: [topic], signal: this.#signal });
      return () => this.#learn(waiting, metadata);
    });
  }

  *#learn(waiting: readonly Part[], metadata: ClusterMetadata): Events {
    for (const part of waiting) part.isBusy = false;
    const topic = metadata.topics.get(this.#options.topic);
    const live = this.#parts.filter(({ isFinished }) => !isFinished);
    if (topic === undefined || topic.failure !== undefined) {
      const failure = topic?.failure ?? this.#failure(errorCode.UNKNOWN_TOPIC_OR_PARTITION);
      if (failure.kind === 'missing' && ++this.#misses >= missesToBelieve) {
        for (const part of live) yield finish(part, 'deleted', failure);
      } else
        yield* this.#failed(
          live.filter(({ isBusy }) => !isBusy),
          failure,
        );
      return;
    }
    this.#misses = 0;
    const isOther = this.#topicId !== undefined && topic.id !== undefined && topic.id !== this.#topicId;
    this.#topicId = topic.id;
    if (isOther) yield { kind: 'topic-recreated', topicId: topic.id };
    for (const part of live) {
      const { partition } = part.reader;
      const leader = topic.partitions.find((each) => each.partition === partition)?.leader;
      if (leader === undefined || (isOther && this.#options.stop.at !== 'never')) {
        yield finish(part, 'deleted');
        continue;
      }
      if (isOther) {
        part.reader = this.#newReader(partition);
        part.need = 'beginning';
      }
      if (leader < 0)
        yield* this.#failed([part], {
          kind: 'no-leader',
          message: `Topic ${topic.name}, partition ${partition}: no leader is elected.`,
        });
      else if (part.leader >= 0 && leader !== part.leader) {
        yield { kind: 'leader-moved', partition, from: part.leader, to: leader };
      }
      if (leader >= 0) part.leader = leader;
    }
    if (this.#takesMore) yield* this.#add(topic);
  }

  *#add({ partitions }: TopicMetadata): Events {
    const known = new Set(this.#parts.map(({ reader }) => reader.partition));
    for (const { partition, leader } of partitions) {
      if (known.has(partition)) continue;
      this.#parts.push(newPart(this.#newReader(partition), leader, 'beginning'));
      yield { kind: 'partition-added', partition };
    }
  }
}
