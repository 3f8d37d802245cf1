import { describeConfigs } from '../kafka/protocol/generated/describeConfigs.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { Fact } from '../kafka/facts.ts';
import { failureOf, failureOfCode } from '../kafka/failures.ts';
import { readTopic } from '../records/reader.ts';
import { isCancelled } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import type { CommitLog } from './commits.ts';
import { partitionOfGroup } from './decode/partitionOf.ts';

const topic = '__consumer_offsets';

/** How far reading has come in the group's partition. */
export interface ReadingProgress {
  readonly partition: number;
  readonly start: bigint;
  readonly next: bigint;
  readonly end: bigint;
}

export interface FollowOptions {
  readonly group: string;
  /** One that has taken something goes on from there. */
  readonly log: CommitLog;
  readonly signal: AbortSignal;
  /** After each fetch; the log has taken what came. */
  readonly onProgress: (progress: ReadingProgress) => void;
  /** Something that people should know; reading goes on. undefined: it is over. */
  readonly onTrouble: (message: string | undefined) => void;
}

/** Which partition of `__consumer_offsets` a group's records are in. */
export async function partitionOf(cluster: Cluster, group: string, signal?: AbortSignal): Promise<Fact<number>> {
  const found = (await cluster.metadata({ topics: [topic], signal })).topics.get(topic);
  if (found?.failure !== undefined) return { failure: found.failure };
  if (found === undefined || found.partitions.length === 0) return { failure: failureOfCode(3, `Topic ${topic}`) };
  return { value: partitionOfGroup(group, found.partitions.length) };
}

/**
 * Reads the group's partition of `__consumer_offsets`, from its beginning or from where `log` stands, and goes on with what comes, until cancelled or until
 * there is nothing more to be had: then it says why.
 *
 * @throws {CancelledError}
 */
export async function followCommits(cluster: Cluster, options: FollowOptions): Promise<Fact<never>> {
  const { group, log, signal, onProgress, onTrouble } = options;
  const at = await partitionOf(cluster, group, signal);
  if ('failure' in at) return at;
  const partition = at.value;
  const from = log.resume();
  const events = readTopic(cluster, {
    topic,
    partitions: [partition],
    start: from === undefined ? { at: 'beginning' } : { at: 'offset', offset: from },
    stop: { at: 'never' },
    // Commits of a transaction that is open are known, and wait until it ends.
    isolation: 'both',
    signal,
  });
  for await (const event of events) {
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the others change nothing of what was committed
    switch (event.kind) {
      case 'records':
        for (const slice of event.slices) log.take(slice);
        log.ended(event.ended);
        if (event.next >= event.log.end) await judgeDeletions(cluster, log, signal);
        onProgress({ partition, start: event.log.start, next: event.next, end: event.log.end });
        break;
      case 'out-of-range':
      case 'topic-recreated':
        log.restart();
        break;
      case 'damaged':
        onTrouble(t('A damaged batch was passed over: {0}', event.error.message));
        break;
      case 'unavailable':
        onTrouble(event.failure.message);
        break;
      case 'available':
        onTrouble(undefined);
        break;
      case 'finished':
        return { failure: event.failure ?? failureOfCode(3, `Topic ${topic}`) };
      default:
    }
  }
  return { failure: failureOfCode(-1, `Topic ${topic}`) };
}

/** Topics are asked for by name, and only now: what was known of them before their commits were deleted says nothing. */
async function judgeDeletions(cluster: Cluster, log: CommitLog, signal: AbortSignal): Promise<void> {
  const names = log.topicsToAsk;
  if (names.size === 0) return;
  const known = await cluster.metadata({ topics: [...names], signal }).catch((error: unknown) => {
    if (isCancelled(error)) throw error;
    // Brokers that cannot be asked now are asked after the next records.
    return undefined;
  });
  if (known === undefined) return;
  log.judge((name) => {
    const failure = known.topics.get(name)?.failure;
    if (failure === undefined) return known.topics.has(name) ? true : undefined;
    return failure.kind === 'missing' ? false : undefined;
  });
}

const brokerResource = 4;

/** `offsets.retention.minutes` of a broker, in ms. @throws {CancelledError} and nothing else. */
export async function offsetsRetention(cluster: Cluster, broker: number, signal?: AbortSignal): Promise<Fact<number>> {
  const name = 'offsets.retention.minutes';
  try {
    const resources = [{ resourceType: brokerResource, resourceName: String(broker), configurationKeys: [name] }];
    const { results } = await cluster.send(broker, describeConfigs, { resources }, { signal });
    const [own] = results;
    if (own === undefined || own.errorCode !== 0) {
      return { failure: failureOfCode(own?.errorCode ?? -1, `Broker ${broker}`) };
    }
    const value = Number(own.configs.find((one) => one.name === name)?.value);
    if (!Number.isFinite(value) || value <= 0) return { failure: failureOfCode(-1, `Broker ${broker}`) };
    return { value: value * 60_000 };
  } catch (error) {
    if (isCancelled(error)) throw error;
    return { failure: failureOf(error) };
  }
}
