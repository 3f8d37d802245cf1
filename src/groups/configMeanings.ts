import { formatBytes } from '../shared/bytes.ts';
import { formatCount, formatDuration } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';

export type ConfigKind = 'topic' | 'group' | 'broker';

/** A value as it stands, of the same resource; undefined where it has none or is not told. */
export type ConfigLookup = (name: string) => string | undefined;

type Meaning = (value: string, other: ConfigLookup) => string;

/**
 * What configurations mean for a consumer, in the order in which they matter to it; those left out decide nothing of its life. Values are
 * as Kafka prints them.
 */
const topicMeanings: Readonly<Record<string, Meaning>> = {
  'cleanup.policy': (value) => {
    const policies = value.split(',').map((each) => each.trim());
    const compacts = policies.includes('compact');
    if (compacts && policies.includes('delete')) {
      return t(
        'Of each key only the newest record stays, and old records go too: a consumer that is behind misses what was replaced or deleted meanwhile.',
      );
    }
    if (compacts) {
      return t(
        'Of each key only the newest record stays: a consumer that is behind misses what was replaced, and offsets have gaps.',
      );
    }
    if (value.trim() === '') return t('Nothing is ever deleted.');
    return t('Old records are deleted by time and size, whether they were read or not.');
  },
  'retention.ms': (value, other) => {
    if (isCompactedOnly(other)) return t('Has no effect while the topic is only compacted.');
    if (Number(value) < 0) return t('Records are not deleted by age.');
    return t('Records older than {0} are deleted: a consumer that is away longer loses them.', time(value));
  },
  'retention.bytes': (value, other) => {
    if (isCompactedOnly(other)) return t('Has no effect while the topic is only compacted.');
    if (Number(value) < 0) return t('Records are not deleted by size.');
    return t('A partition above {0} loses its oldest records, read or not.', bytes(value));
  },
  'max.message.bytes': (value) =>
    t('Batches of up to {0} are taken: a consumer needs memory for one, whatever its fetch limits say.', bytes(value)),
  'min.insync.replicas': (value) =>
    value === '1'
      ? t('One replica is enough for acks=all: what only it had is lost with it, and consumers may see offsets rewind.')
      : t('With acks=all, producers are refused while fewer than {0} replicas are in sync.', value),
  'message.timestamp.type': (value) =>
    value === 'LogAppendTime'
      ? t('Timestamps are when the broker got a record: time lag and resets by time go by its clock.')
      : t('Timestamps are the producer’s: time lag and resets by time are as right as its clock.'),
  'message.timestamp.before.max.ms': (value) =>
    isUnlimited(value)
      ? t('Timestamps may be as old as producers like.')
      : t('Records with a timestamp more than {0} in the past are refused.', time(value)),
  'message.timestamp.after.max.ms': (value) =>
    isUnlimited(value)
      ? t('Timestamps may lie in the future: such a record stays longer than retention says.')
      : t('Records with a timestamp more than {0} in the future are refused.', time(value)),
  'delete.retention.ms': (value) =>
    t('Tombstones stay {0} after compaction: a consumer that is away longer misses deletions of keys.', time(value)),
  'min.compaction.lag.ms': (value) =>
    Number(value) === 0
      ? t('Records may be compacted away at once.')
      : t('Each record stays at least {0} before it is compacted away.', time(value)),
  'max.compaction.lag.ms': (value) =>
    isUnlimited(value)
      ? t('Nothing forces compaction by time.')
      : t('What was replaced is compacted away after {0} at the latest, once its segment is closed.', time(value)),
  'segment.ms': (value) => t('A new segment begins at least every {0}; only closed ones are deleted.', time(value)),
  'segment.bytes': (value) =>
    t('Deleted and compacted are whole segments of {0}: records stay until theirs is full and old.', bytes(value)),
  'compression.type': (value) =>
    value === 'producer'
      ? t('Batches come to consumers as the producer packed them.')
      : t('The broker packs batches anew: consumers must be able to unpack {0}.', value),
  'unclean.leader.election.enable': (value) =>
    value === 'true'
      ? t('A replica that is behind may become leader: records are lost, and committed offsets may lie past the end.')
      : t('A partition without a replica in sync stops rather than to lose records.'),
  'remote.storage.enable': (value) =>
    value === 'true'
      ? t('Old segments are in remote storage: a consumer that is far behind reads slower.')
      : t('All records are on the brokers’ disks.'),
  'local.retention.ms': (value) =>
    value === '-2'
      ? t('With remote storage, records stay on the brokers’ disks as long as retention.ms says.')
      : t('With remote storage, records older than {0} are read from there, slower.', time(value)),
};

const groupMeanings: Readonly<Record<string, Meaning>> = {
  'consumer.session.timeout.ms': (value) =>
    t('A member that is silent for {0} is dropped, and its partitions go to others.', time(value)),
  'consumer.heartbeat.interval.ms': (value) =>
    t('Members speak every {0}: so long it takes them to hear of a new assignment.', time(value)),
  'consumer.assignment.interval.ms': (value) => t('A new assignment is computed every {0} at most.', time(value)),
  'share.session.timeout.ms': (value) =>
    t('A member that is silent for {0} is dropped, and its records go to others.', time(value)),
  'share.heartbeat.interval.ms': (value) => t('Members of a share group speak every {0}.', time(value)),
  'share.record.lock.duration.ms': (value) =>
    t('A record that is not acknowledged within {0} is delivered again.', time(value)),
  'share.delivery.count.limit': (value) => t('A record is delivered {0} times at most, then given up.', count(value)),
  'share.partition.max.record.locks': (value) =>
    t('Of a partition {0} records at most are delivered and not yet acknowledged.', count(value)),
  'share.auto.offset.reset': (value) =>
    value === 'latest'
      ? t('A new share group begins with what comes: records before its first member are not read.')
      : value.startsWith('by_duration:')
        ? t('A new share group begins with the records of the last {0}.', value.slice('by_duration:'.length))
        : t('A new share group begins at: {0}.', value),
  'share.isolation.level': (value) =>
    value === 'read_committed'
      ? t('Records of aborted and open transactions are not delivered.')
      : t('Records of aborted transactions are delivered too.'),
  'streams.session.timeout.ms': (value) =>
    t('An instance that is silent for {0} is dropped, and its tasks go to others.', time(value)),
  'streams.heartbeat.interval.ms': (value) => t('Instances of a streams group speak every {0}.', time(value)),
  'streams.num.standby.replicas': (value) =>
    value === '0'
      ? t('No standby has a copy of state: after a failure it is restored from changelogs first.')
      : t('{0} standbys keep a copy of each state, and take over fast.', count(value)),
};

const brokerMeanings: Readonly<Record<string, Meaning>> = {
  'offsets.retention.minutes': (value) =>
    t('Commits of a group without members are deleted after {0}: then it begins by auto.offset.reset.', minutes(value)),
  'group.min.session.timeout.ms': (value) =>
    t('Classic members that ask for a session.timeout.ms below {0} are refused.', time(value)),
  'group.max.session.timeout.ms': (value) =>
    t('Classic members that ask for a session.timeout.ms above {0} are refused.', time(value)),
  'group.initial.rebalance.delay.ms': (value) =>
    t('A classic group that was empty waits {0} for more members before its first assignment.', time(value)),
  'group.max.size': (value) =>
    isAnySize(value)
      ? t('A classic group may have any number of members.')
      : t('A classic group of {0} members takes no more.', count(value)),
  'group.consumer.session.timeout.ms': (value) =>
    t('A KIP-848 member that is silent for {0} is dropped, and its partitions go to others.', time(value)),
  'group.consumer.min.session.timeout.ms': (value) =>
    t('No group may be given a consumer.session.timeout.ms below {0}.', time(value)),
  'group.consumer.max.session.timeout.ms': (value) =>
    t('No group may be given a consumer.session.timeout.ms above {0}.', time(value)),
  'group.consumer.heartbeat.interval.ms': (value) =>
    t('KIP-848 members speak every {0}: so long it takes them to hear of a new assignment.', time(value)),
  'group.consumer.min.heartbeat.interval.ms': (value) =>
    t('No group may be given a consumer.heartbeat.interval.ms below {0}.', time(value)),
  'group.consumer.max.heartbeat.interval.ms': (value) =>
    t('No group may be given a consumer.heartbeat.interval.ms above {0}.', time(value)),
  'group.consumer.max.size': (value) =>
    isAnySize(value)
      ? t('A KIP-848 group may have any number of members.')
      : t('A KIP-848 group of {0} members takes no more.', count(value)),
  'group.share.session.timeout.ms': (value) =>
    t('A member of a share group that is silent for {0} is dropped.', time(value)),
  'group.share.record.lock.duration.ms': (value) =>
    t('In share groups a record that is not acknowledged within {0} is delivered again.', time(value)),
  'group.share.delivery.count.limit': (value) =>
    t('In share groups a record is delivered {0} times at most, then given up.', count(value)),
  'offset.metadata.max.bytes': (value) => t('A commit with more than {0} of metadata is refused.', bytes(value)),
  'fetch.max.bytes': (value) => t('One fetch of a consumer gets {0} at most.', bytes(value)),
  'connections.max.idle.ms': (value) => t('A connection without a request for {0} is closed.', time(value)),
  'log.retention.ms': (value) => t('Topics that say nothing else: {0}', topicMeanings['retention.ms']!(value, none)),
  'log.retention.minutes': (value, other) =>
    other('log.retention.ms') === undefined
      ? t('Topics that say nothing else delete records older than {0}.', minutes(value))
      : t('log.retention.ms counts in its place.'),
  'log.retention.hours': (value, other) =>
    other('log.retention.ms') === undefined && other('log.retention.minutes') === undefined
      ? t('Topics that say nothing else delete records older than {0}.', formatDuration(Number(value) * 3_600_000))
      : t('log.retention.ms or log.retention.minutes counts in its place.'),
  'log.retention.bytes': (value) =>
    t('Topics that say nothing else: {0}', topicMeanings['retention.bytes']!(value, none)),
  'log.cleanup.policy': (value) =>
    t('Topics that say nothing else: {0}', topicMeanings['cleanup.policy']!(value, none)),
  'log.message.timestamp.type': (value) =>
    t('Topics that say nothing else: {0}', topicMeanings['message.timestamp.type']!(value, none)),
  'log.retention.check.interval.ms': (value) => t('Every {0} the broker looks for what is to be deleted.', time(value)),
  'message.max.bytes': (value) => t('Topics that say nothing else take batches of up to {0}.', bytes(value)),
  'min.insync.replicas': (value) => topicMeanings['min.insync.replicas']!(value, none),
  'num.partitions': (value) => t('A topic that is made without a number gets {0} partitions.', count(value)),
  'default.replication.factor': (value) =>
    value === '1'
      ? t('A topic that is made without a number has one replica: a broker that is down stops its consumers.')
      : t('A topic that is made without a number has {0} replicas.', count(value)),
  'auto.create.topics.enable': (value) =>
    value === 'true'
      ? t('A consumer or producer with a misspelt topic makes one: it reads nothing, and no error tells.')
      : t('A consumer with a misspelt topic gets an error.'),
  'offsets.topic.replication.factor': (value) =>
    value === '1'
      ? t('Commits have one replica, where the topic was made with it: a broker that is down stops its groups.')
      : t('Commits have {0} replicas, where the topic was made with it.', count(value)),
  'transaction.max.timeout.ms': (value) =>
    t('An open transaction holds read_committed consumers up for {0} at most.', time(value)),
};

const meanings: Readonly<Record<ConfigKind, Readonly<Record<string, Meaning>>>> = {
  topic: topicMeanings,
  group: groupMeanings,
  broker: brokerMeanings,
};
const none: ConfigLookup = () => undefined;

/** The place of a configuration among those that decide a consumer's life, from 0; undefined: it does not. */
export function rankOf(kind: ConfigKind, name: string): number | undefined {
  const at = Object.keys(meanings[kind]).indexOf(name);
  return at < 0 ? undefined : at;
}

/**
 * What a configuration with this value means for a consumer, a sentence.
 *
 * @param other the other configurations of the same resource: some count only beside others.
 */
export function meaningOf(
  kind: ConfigKind,
  name: string,
  value: string | undefined,
  other: ConfigLookup = none,
): string | undefined {
  const meaning = Object.hasOwn(meanings[kind], name) ? meanings[kind][name] : undefined;
  if (meaning === undefined || value === undefined || value === '') return undefined;
  return meaning(value, other);
}

/**
 * What becomes of consumers as the value changes, where that is more than the new value's meaning; undefined where it is not.
 */
export function warningOf(
  kind: ConfigKind,
  name: string,
  before: string | undefined,
  after: string | undefined,
): string | undefined {
  if (kind !== 'topic' || before === undefined || after === undefined) return undefined;
  const [from, to] = [limit(before), limit(after)];
  switch (name) {
    case 'retention.ms':
    case 'retention.bytes':
      return to < from
        ? t('Records beyond the new limit are deleted within minutes, read or not. No undo brings them back.')
        : undefined;
    case 'cleanup.policy':
      if (after.includes('compact') && !before.includes('compact')) {
        return t(
          'Records that a newer one of the same key replaces are deleted, read or not, and records without a key are refused. No undo brings them back.',
        );
      }
      return after.includes('delete') && !before.includes('delete')
        ? t('Records beyond the topic’s retention are deleted within minutes, read or not. No undo brings them back.')
        : undefined;
    case 'max.message.bytes':
      return to < from ? t('Producers with larger batches are refused from now on; what is there stays.') : undefined;
    case 'min.insync.replicas':
      return to > from ? t('Producers with acks=all are refused at once where fewer replicas are in sync.') : undefined;
    case 'message.timestamp.type':
      return before === after ? undefined : t('Records that are there keep their timestamps.');
    case 'delete.retention.ms':
      return to < from ? t('Tombstones go sooner: a consumer that rebuilds state may miss deletions.') : undefined;
    default:
      return undefined;
  }
}

/** A value as people read it: `604800000` of a name in ms is `7 d`; undefined where that says no more. */
export function readableValue(name: string, value: string | undefined): string | undefined {
  if (value === undefined || !/^-?\d+$/.test(value)) return undefined;
  const number = Number(value);
  if (isUnlimited(value) || (/\.size$/.test(name) && isAnySize(value))) return t('no limit');
  if (number === 0) return undefined;
  if (number < 0) return number === -1 && /\.(ms|bytes|minutes|hours)$/.test(name) ? t('no limit') : undefined;
  if (/\.ms$/.test(name)) return formatDuration(number);
  if (/\.(seconds|secs)$/.test(name)) return formatDuration(number * 1_000);
  if (/\.minutes$/.test(name)) return formatDuration(number * 60_000);
  if (/\.hours$/.test(name)) return formatDuration(number * 3_600_000);
  if (/\.bytes(\.per\.second)?$/.test(name)) return number >= 1_024 ? formatBytes(number) : undefined;
  return number >= 10_000 ? formatCount(BigInt(value)) : undefined;
}

function isCompactedOnly(other: ConfigLookup): boolean {
  const policy = other('cleanup.policy');
  return policy !== undefined && policy.includes('compact') && !policy.includes('delete');
}

/** Java's Long.MAX_VALUE stands for "never". */
function isUnlimited(value: string): boolean {
  return value === '9223372036854775807';
}

/** Java's Integer.MAX_VALUE, default of the limits to the size of a group. */
function isAnySize(value: string): boolean {
  return value === '2147483647';
}

/** -1 is the highest of limits. */
function limit(value: string): number {
  const number = Number(value);
  return number < 0 ? Infinity : number;
}

function time(milliseconds: string): string {
  return formatDuration(Number(milliseconds));
}

function minutes(value: string): string {
  return formatDuration(Number(value) * 60_000);
}

function bytes(value: string): string {
  return formatBytes(Number(value));
}

function count(value: string): string {
  return /^\d+$/.test(value) ? formatCount(BigInt(value)) : value;
}
