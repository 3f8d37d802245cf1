import type { Cluster } from '../kafka/cluster.ts';
import { partitionCount } from '../shared/counted.ts';
import { formatCount } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { visibleText } from '../shared/visibleText.ts';
import { fetchLogOffsets } from '../watch/collect/logOffsets.ts';
import { describeConfigs, ownSource } from './configs.ts';
import { configRecordOf, type ConfigRecord } from './configsUndo.ts';
import { groupNow } from './groupNow.ts';
import type { Json, JournalEntry } from './journal/entry.ts';

/** What the broker holds now of a change that is not of offsets; `isDone`: all of it is there. */
export interface OtherNow {
  readonly sentence: string;
  readonly isDone: boolean;
}

/**
 * Looks what an interrupted change of configurations, topics or members has reached: each kind leaves something that can be seen.
 * undefined where the entry does not say what it was.
 *
 * @throws {KafkaError} @throws {ConnectionError} @throws {HumanError} it cannot be looked at. @throws {CancelledError}
 */
export async function examineOther(
  cluster: Cluster,
  entry: JournalEntry,
  signal?: AbortSignal,
): Promise<OtherNow | undefined> {
  const { kind, subject } = entry;
  const details = isRecord(entry.details) ? entry.details : {};
  switch (kind) {
    case 'alter-configs': {
      const record = configRecordOf(entry);
      return record && configsNow(cluster, record, signal);
    }
    case 'create-topic':
    case 'delete-topic':
      return existenceNow(cluster, subject, kind, signal);
    case 'add-partitions':
      return partitionsNow(cluster, subject, details, signal);
    case 'delete-records':
      return startsNow(cluster, subject, details['partitions'], signal);
    case 'remove-members':
      return membersNow(cluster, subject, details['members'], signal);
    case 'delete-group':
      return groupGone(cluster, subject, signal);
    case 'reset':
    case 'seek':
    case 'skip':
    case 'copy':
    case 'undo':
    case 'restore':
    case 'delete-offsets':
    case 'snapshot':
      return undefined;
  }
}

async function configsNow(
  cluster: Cluster,
  { resource, configs }: ConfigRecord,
  signal: AbortSignal | undefined,
): Promise<OtherNow> {
  const now = new Map((await describeConfigs(cluster, resource, { signal })).map((config) => [config.name, config]));
  const standing = configs.map(({ name, before, wasOwn, after, isOwn, isSensitive }) => {
    const config = now.get(name);
    const own = config?.source === ownSource(resource);
    const value = config?.value ?? null;
    // Kafka tells of a secret only whether it is set.
    if (own === isOwn && (!own || (!isSensitive && value === after))) return 'reached';
    if (own === wasOwn && (!own || (!isSensitive && value === before))) return 'before';
    return isSensitive && own ? 'secret' : 'elsewhere';
  });
  const all = (what: string): boolean => standing.every((each) => each === what);
  if (all('reached'))
    return { sentence: t('All of it is there: every configuration is as it was to be.'), isDone: true };
  if (all('before')) {
    return { sentence: t('None of it is there: every configuration is as it was before.'), isDone: false };
  }
  const names = (what: string): string =>
    configs.flatMap(({ name }, at) => (standing[at] === what ? [name] : [])).join(', ');
  const told = [
    names('reached') && t('As it was to be: {0}.', names('reached')),
    names('before') && t('As it was before: {0}.', names('before')),
    names('elsewhere') && t('Changed since by somebody: {0}.', names('elsewhere')),
    names('secret') && t('Secret, so that nobody can tell: {0}.', names('secret')),
  ];
  return { sentence: told.filter((text) => text !== '').join(' '), isDone: false };
}

async function existenceNow(
  cluster: Cluster,
  topic: string,
  kind: 'create-topic' | 'delete-topic',
  signal: AbortSignal | undefined,
): Promise<OtherNow> {
  const found = (await cluster.metadata({ topics: [topic], signal })).topics.get(topic);
  const name = visibleText(topic);
  if (found === undefined || found.failure?.kind === 'missing') {
    return { sentence: t('Topic {0} does not exist now.', name), isDone: kind === 'delete-topic' };
  }
  if (found.failure !== undefined) return { sentence: found.failure.message, isDone: false };
  const count = formatCount(found.partitions.length);
  return kind === 'create-topic'
    ? { sentence: t('Topic {0} is there now, with {1} partitions.', name, count), isDone: true }
    : { sentence: t('Topic {0} is there now: it was not deleted, or was made anew since.', name), isDone: false };
}

async function partitionsNow(
  cluster: Cluster,
  topic: string,
  { from, to }: { readonly [key: string]: Json },
  signal: AbortSignal | undefined,
): Promise<OtherNow | undefined> {
  if (typeof from !== 'number' || typeof to !== 'number') return undefined;
  const found = (await cluster.metadata({ topics: [topic], signal })).topics.get(topic);
  if (found?.failure !== undefined) return { sentence: found.failure.message, isDone: false };
  const now = found?.partitions.length ?? 0;
  const sentence = t(
    'Topic {0} has {1} now; it had {2}, and was to have {3}.',
    visibleText(topic),
    partitionCount(now),
    from,
    to,
  );
  return { sentence, isDone: now === to };
}

async function startsNow(
  cluster: Cluster,
  topic: string,
  partitions: Json | undefined,
  signal: AbortSignal | undefined,
): Promise<OtherNow | undefined> {
  if (!Array.isArray(partitions)) return undefined;
  const wanted = partitions.flatMap((each: Json) => {
    if (!isRecord(each)) return [];
    const { partition, to } = each;
    const isSound = typeof partition === 'number' && typeof to === 'string' && /^\d{1,19}$/.test(to);
    return isSound ? [{ topic, partition, to: BigInt(to) }] : [];
  });
  if (wanted.length === 0) return undefined;
  const logs = (await fetchLogOffsets(cluster, wanted, signal)).get(topic);
  let [done, unread] = [0, 0];
  for (const { partition, to } of wanted) {
    const start = logs?.get(partition)?.start;
    if (start === undefined || 'failure' in start) unread++;
    else if (start.value >= to) done++;
  }
  const told = t('Of {0}, {1} begin where they were to.', partitionCount(wanted.length), formatCount(done));
  const sentence = unread === 0 ? told : `${told} ${t('{0} could not be read.', formatCount(unread))}`;
  return { sentence, isDone: done === wanted.length };
}

async function membersNow(
  cluster: Cluster,
  group: string,
  members: Json | undefined,
  signal: AbortSignal | undefined,
): Promise<OtherNow | undefined> {
  if (!Array.isArray(members)) return undefined;
  const ids = members.flatMap((each: Json) => (isRecord(each) && typeof each['id'] === 'string' ? [each['id']] : []));
  const now = await groupNow(cluster, group, signal);
  if ('failure' in now) return { sentence: now.failure.message, isDone: false };
  const left = ids.filter((id) => now.value.members.some((member) => member.id === id)).length;
  const sentence =
    left === 0
      ? t('None of these members is in the group now.')
      : t('Of {0} members, {1} are in the group now: not removed, or back since.', ids.length, left);
  return { sentence, isDone: left === 0 };
}

async function groupGone(cluster: Cluster, group: string, signal: AbortSignal | undefined): Promise<OtherNow> {
  const now = await groupNow(cluster, group, signal);
  if ('failure' in now) return { sentence: now.failure.message, isDone: false };
  const isDone = now.value.type === undefined;
  const name = visibleText(group);
  return {
    sentence: isDone
      ? t('Group {0} does not exist now.', name)
      : t('Group {0} is there now: {1}.', name, now.value.state),
    isDone,
  };
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
