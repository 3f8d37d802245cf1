import type { GroupHistory } from '../groups/assignmentHistory.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { Failure } from '../kafka/facts.ts';
import { describeConfigs } from '../kafka/protocol/generated/describeConfigs.ts';
import type { Coverage, StoredGroup } from '../history/assignments/stored.ts';
import { historySteps, type SessionTimeouts } from '../offsetsTopic/replay/buildHistory.ts';
import { EventLog } from '../offsetsTopic/replay/eventLog.ts';
import type { GroupEvent } from '../offsetsTopic/replay/groupEvent.ts';
import { isCancelled } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import { inSlices } from '../shared/steps.ts';
import { findGroup, readBlock, type GroupPlace } from './assignmentsTopic.ts';

export interface HistoryRange {
  /** Milliseconds since 1970: nothing is read that is all before it. Default all there is. */
  readonly from?: number | undefined;
}

/** What is kept of a cluster's groups from session to session. */
export interface GroupStore {
  read(group: string): StoredGroup | undefined;
  /** Adds events, and with `coverage` which part of the topic has been read by now. */
  write(group: string, events: readonly GroupEvent[], coverage?: Coverage): void;
}

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Takes all that becomes known. */
  readonly log?: EventLog | undefined;
  readonly store?: GroupStore | undefined;
  /** Milliseconds since 1970; default this machine's clock. */
  readonly now?: (() => number) | undefined;
}

/** What is known so far. */
export interface HistoryPortion {
  readonly history: GroupHistory;
  /** Offsets read and to be read; undefined when all is read. */
  readonly progress: { readonly done: number; readonly total: number } | undefined;
}

/** What following needs to go on from where loading ended. */
export interface Loaded {
  /** Where the group's records are, and up to where they were read; undefined where they cannot be. */
  readonly place: GroupPlace | undefined;
  readonly build: () => Promise<GroupHistory>;
}

/** Offsets read at first, from the end; then four times as many, and so on back to the start. */
const firstBlock = 20_000n;

/**
 * Reads a group's history from its partition of `__consumer_offsets`, newest first, and gives all that is known after each portion. What
 * the store has is not read again. Where the topic is denied, polls are all there is, and it says so.
 *
 * @throws {HumanError} @throws {CancelledError}
 */
export async function* loadGroupHistory(
  cluster: Cluster,
  group: string,
  range: HistoryRange,
  { signal, log = new EventLog(), store, now = Date.now }: LoadOptions = {},
): AsyncGenerator<HistoryPortion, Loaded, undefined> {
  const [found, names, sessionTimeouts] = await Promise.all([
    findGroup(cluster, group, signal),
    topicNames(cluster, signal),
    sessionTimeoutsOf(cluster, group, signal),
  ]);
  const lacks: string[] = [];
  const build = (more: readonly string[] = []): Promise<GroupHistory> => {
    const nameOf = (id: string): string | undefined => names.get(id);
    const all = [...lacks, ...more];
    return inSlices(historySteps(log.all, { group, now: now(), nameOf, sessionTimeouts, lacks: all }), signal);
  };
  const stored = store?.read(group);
  for (const poll of stored?.polls ?? []) log.addPoll(poll);
  if ('message' in found) {
    lacks.push(withoutTopic(found));
    // What was read when it still could be.
    if (stored !== undefined) log.prepend({ events: stored.events, rest: stored.coverage?.rest ?? [] });
    yield { history: await build(), progress: undefined };
    return { place: undefined, build };
  }
  const { partition, topicId, start, end } = found;
  const known = stored === undefined ? undefined : coverageIn(found, stored);
  const todo = blocksOf(start, end, known);
  const total = todo.reduce((sum, { from, to }) => sum + Number(to - from), 0);
  let covered: { from: bigint; to: bigint } | undefined;
  if (known !== undefined && stored !== undefined) {
    const within = stored.events.filter(({ position }) => isWithin(position, known));
    log.prepend({ events: within, rest: known.rest });
    covered = { from: known.from, to: known.to };
  }
  let done = 0;
  let unread = 0;
  for (const [index, { from, to }] of todo.entries()) {
    const block = await readBlock(cluster, group, { partition, from, to, signal });
    unread += block.unread;
    if (block.denied !== undefined) {
      lacks.push(withoutTopic(block.denied));
      yield { history: await build(), progress: undefined };
      return { place: undefined, build };
    }
    if (covered !== undefined && from >= covered.to) log.append(block);
    else log.prepend(block);
    covered = { from: covered === undefined || from < covered.from ? from : covered.from, to: covered?.to ?? to };
    if (to > covered.to) covered.to = to;
    store?.write(group, block.events, { topicId, partition, ...covered, rest: log.rest });
    done += Number(to - from);
    const first = block.events[0];
    if (range.from !== undefined && first !== undefined && first.at < range.from) break;
    if (index === todo.length - 1) break;
    // Of the store only what lies next to it counts until all is read.
    yield { history: await build([t('Earlier records are still being read.')]), progress: { done, total } };
  }
  if (stored !== undefined && stored.coverage?.topicId === topicId) log.fillIn(stored.events);
  if (unread > 0) {
    lacks.push(t('{0} records of the group could not be read: damaged, or newer than this extension.', unread));
  }
  yield { history: await build(), progress: undefined };
  return { place: found, build };
}

function isWithin(position: bigint | undefined, { from, to }: Coverage): boolean {
  return position !== undefined && position >= from && position < to;
}

interface Block {
  readonly from: bigint;
  readonly to: bigint;
}

/** What to read, in this order: behind what is known, then before it, ever more at once. */
function blocksOf(start: bigint, end: bigint, known: Coverage | undefined): Block[] {
  const blocks: Block[] = known !== undefined && known.to < end ? [{ from: known.to, to: end }] : [];
  let before = known === undefined ? end : known.from;
  for (let size = firstBlock; before > start; size *= 4n) {
    const from = before - size > start ? before - size : start;
    blocks.push({ from, to: before });
    before = from;
  }
  return blocks;
}

/** What was read of this very topic, where that still touches what it holds. */
function coverageIn(place: GroupPlace, { coverage }: StoredGroup): Coverage | undefined {
  if (coverage === undefined || coverage.topicId !== place.topicId || coverage.partition !== place.partition) {
    return undefined;
  }
  return coverage.to < place.start || coverage.to > place.end ? undefined : coverage;
}

/** Topics are named by id in the records of new groups. */
export async function topicNames(cluster: Cluster, signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const { topics } = await cluster.metadata({ topics: 'all', maxAgeMs: 30_000, signal });
  return new Map(Array.from(topics.values()).flatMap(({ id, name }) => (id === undefined ? [] : [[id, name]])));
}

/** Types whose session time-out the broker decides. */
const brokerDecides = ['consumer', 'share', 'streams'] as const;

/** Session time-outs of a group of the new protocols, whichever it is of: its own, else its broker's. */
async function sessionTimeoutsOf(
  cluster: Cluster,
  group: string,
  signal: AbortSignal | undefined,
): Promise<SessionTimeouts> {
  const ofGroup = (type: string): string => `${type}.session.timeout.ms`;
  const ofBroker = (type: string): string => `group.${type}.session.timeout.ms`;
  const broker = cluster.brokers()[0]?.id;
  // Brokers before 4.0 do not know a group's own.
  const [own, usual] = await Promise.all([
    configsOf(cluster, groupResource, group, brokerDecides.map(ofGroup), 'any', signal),
    broker === undefined
      ? new Map<string, number>()
      : configsOf(cluster, brokerResource, `${broker}`, brokerDecides.map(ofBroker), broker, signal),
  ]);
  const known = brokerDecides.flatMap((type) => {
    const value = own.get(ofGroup(type)) ?? usual.get(ofBroker(type));
    return value === undefined ? [] : [[type, value] as const];
  });
  return Object.fromEntries(known);
}

/** org.apache.kafka.common.config.ConfigResource.Type */
const groupResource = 32;
const brokerResource = 4;

/** Numbers above 0, by name. */
async function configsOf(
  cluster: Cluster,
  resourceType: number,
  resourceName: string,
  configurationKeys: string[],
  target: number | 'any',
  signal: AbortSignal | undefined,
): Promise<Map<string, number>> {
  const resources = [{ resourceType, resourceName, configurationKeys }];
  try {
    const { results } = await cluster.send(target, describeConfigs, { resources }, { signal });
    const values = (results[0]?.configs ?? []).map(({ name, value }) => [name, Number(value)] as const);
    return new Map(values.filter(([, value]) => Number.isFinite(value) && value > 0));
  } catch (error) {
    if (isCancelled(error)) throw error;
    // Not all brokers let everybody ask; the history is told without it.
    return new Map();
  }
}

function withoutTopic({ kind, message }: Failure): string {
  return kind === 'denied'
    ? t(
        '__consumer_offsets may not be read, so that this is what polls saw. What happened between two polls and before the first is unknown, and so are generations. {0}',
        message,
      )
    : t('__consumer_offsets cannot be read, so that this is what polls saw. {0}', message);
}
