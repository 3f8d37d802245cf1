import type { PartitionTrend } from '../../groups/trend.ts';
import type { Status } from '../../groups/status.ts';
import type {
  Fact,
  Group,
  LogOffsets,
  Member,
  Topic,
  TopicPartition,
  PartitionMetadata,
} from '../../groups/snapshot.ts';
import { formatCount, formatDuration } from '../../shared/format.ts';
import { commands } from '../contributions.ts';
import { t } from '../../shared/l10n.ts';
import { card, commandLink, escapeMarkdown } from '../markdown.ts';
import type { ClusterEntry } from '../connections/profiles.ts';
import type { ClusterView, SeenCluster } from './clusterView.ts';
import { readersOf, totalLag, type PartitionSummary } from './summary.ts';
import { clock, groupTypeWord, healthWord, plural } from './words.ts';

const longestList = 12;

/** Tooltips, in Markdown. Whatever comes from Kafka or from settings passes `escapeMarkdown`. */
export function clusterCard({ entry, watch }: ClusterView): string {
  if (entry.kind === 'invalid') return invalidCard(entry);
  const { profile } = entry;
  const snapshot = watch?.snapshot;
  const state = watch?.state;
  return card(
    entry.name,
    [
      ...(state?.kind === 'failing' ? [escapeMarkdown(state.message)] : []),
      ...(snapshot?.failures ?? []).map(({ message }) => escapeMarkdown(message)),
    ],
    [
      [t('Bootstrap servers'), list(profile.bootstrapServers)],
      [t('Kafka version'), text(snapshot?.kafkaVersion)],
      [t('Cluster id'), text(snapshot?.clusterId)],
      [
        t('Brokers'),
        snapshot &&
          list(
            snapshot.brokers.map(
              ({ id, host, port, rack }) => `${id}: ${host}:${port}${rack === null ? '' : ` (${rack})`}`,
            ),
          ),
      ],
      [t('Controller'), text(snapshot?.controllerId)],
      [t('Groups'), snapshot && formatCount(snapshot.groups.size)],
      [t('Topics'), snapshot && formatCount(snapshot.topics.size)],
      [t('Figures as of'), snapshot && clock(snapshot.takenAt)],
      [t('Written in'), entry.scope === 'workspace' ? t('workspace settings') : t('user settings')],
      [t('Production'), profile.production ? t('yes') : undefined],
    ],
  );
}

export function invalidCard(entry: ClusterEntry & { kind: 'invalid' }): string {
  const where = entry.scope === 'workspace' ? t('workspace settings') : t('user settings');
  return card(
    entry.name,
    [escapeMarkdown(entry.problem)],
    [[t('Written in'), where]],
    [commandLink(t('Open Settings'), commands.openSettings, entry.scope)],
  );
}

export function failureCard(message: string): string {
  return [escapeMarkdown(message), commandLink(t('Show Log'), commands.showLog)].join('\n\n');
}

export function groupCard(
  cluster: SeenCluster,
  group: Group,
  status: Status | undefined,
  lag: bigint | undefined,
): string {
  const word = status && healthWord(status.health);
  return card(
    group.id,
    (status?.evidence ?? []).slice(0, 5).map(escapeMarkdown),
    [
      [t('Kind'), escapeMarkdown(groupTypeWord(group.type))],
      [t('Protocol type'), group.protocolType === 'consumer' ? undefined : text(group.protocolType)],
      [t('State'), word === undefined || word === group.state.toLowerCase() ? group.state : `${group.state}, ${word}`],
      [t('Lag'), lag === undefined ? t('unknown: nothing committed that could be read') : formatCount(lag)],
      [t('Members'), formatCount(group.members.length)],
      [t('Partitions'), formatCount(group.partitions.length)],
      [t('Assignor'), text(group.assignor)],
      [t('Group epoch'), text(group.epoch)],
      [t('Target epoch'), group.targetEpoch === group.epoch ? undefined : text(group.targetEpoch)],
      [t('Coordinator'), group.coordinator === undefined ? undefined : t('broker {0}', group.coordinator)],
    ],
    [commandLink(t('Open Lag'), commands.openLag, { cluster: cluster.name, group: group.id })],
  );
}

export function memberCard(
  cluster: SeenCluster,
  group: Group,
  member: Member,
  partitions: readonly PartitionSummary[],
): string {
  const lag = totalLag(partitions);
  const subscription = 'value' in member.subscription ? member.subscription.value : undefined;
  return card(
    member.instanceId ?? member.clientId,
    'failure' in member.subscription ? [escapeMarkdown(member.subscription.failure.message)] : [],
    [
      [t('Member id'), text(member.id)],
      [t('Client id'), text(member.clientId)],
      [t('Group instance id'), text(member.instanceId)],
      [t('Host'), text(member.host)],
      [t('Rack'), text(member.rack)],
      [t('Member epoch'), text(member.epoch)],
      [t('Generation'), text(subscription?.generation)],
      [t('Protocol'), member.classicProtocol ? t('classic, in a group of the new one') : undefined],
      [t('Lag'), lag === undefined ? undefined : formatCount(lag)],
      [
        t('Subscribed to'),
        subscription && list([...subscription.topics, ...(subscription.pattern ? [`/${subscription.pattern}/`] : [])]),
      ],
      [t('Owns'), assignmentText(member.assignment)],
      [t('Shall own'), member.target && listPartitions(member.target)],
    ],
    [commandLink(t('Open Lag'), commands.openLag, { cluster: cluster.name, group: group.id, member: member.id })],
  );
}

export function unassignedCard(partitions: readonly PartitionSummary[]): string {
  return card(
    t('Unassigned'),
    [t('The group has commits here, yet no member owns them: nobody reads on.')],
    [[t('Partitions'), listPartitions(partitions.map(({ at }) => at))]],
  );
}

export function partitionCard(
  group: Group,
  { at, lag, offsets }: PartitionSummary,
  trend: PartitionTrend | undefined,
): string {
  const commit = 'value' in at.commit ? at.commit.value : undefined;
  const owner = group.members.find(({ id }) => id === at.owner);
  return card(`${at.topic}-${at.partition}`, lag.failure === undefined ? [] : [escapeMarkdown(lag.failure.message)], [
    [t('Group'), escapeMarkdown(group.id)],
    [t('Owner'), owner === undefined ? '\\-' : escapeMarkdown(owner.instanceId ?? owner.clientId)],
    [
      group.type === 'share' ? t('Start offset of the group') : t('Committed offset'),
      'failure' in at.commit
        ? escapeMarkdown(at.commit.failure.message)
        : commit === undefined
          ? t('none yet')
          : formatCount(commit.offset),
    ],
    [t('Log start offset'), offsets && figure(offsets.start)],
    [t('Last stable offset'), offsets && figure(offsets.lastStable)],
    [t('Log end offset'), offsets && figure(offsets.end)],
    [t('Lag'), lag.lag === undefined ? '\\-' : formatCount(lag.lag)],
    [
      t('Lag to the last stable offset'),
      lag.stableLag === lag.lag || lag.stableLag === undefined ? undefined : formatCount(lag.stableLag),
    ],
    [t('Lost to retention'), lag.lost === undefined ? undefined : formatCount(lag.lost)],
    [t('Consumed'), rate(trend?.consume)],
    [t('Produced'), rate(trend?.produce)],
    [t('Commit unchanged for'), trend && trend.unchangedFor >= 1000 ? formatDuration(trend.unchangedFor) : undefined],
    [t('Commit metadata'), text(commit?.metadata)],
  ]);
}

export function topicCard(cluster: SeenCluster, topic: Topic): string {
  const readers = readersOf(cluster.snapshot).get(topic.name) ?? [];
  return card(topic.name, topic.failure === undefined ? [] : [escapeMarkdown(topic.failure.message)], [
    [t('Partitions'), formatCount(topic.partitions.length)],
    [t('Topic id'), text(topic.id)],
    [t('Replicas'), text(topic.partitions[0]?.replicas.length)],
    [t('Internal'), topic.internal ? t('yes') : undefined],
    [t('Read by'), readers.length === 0 ? t('no group') : list(readers.map(({ id }) => id))],
  ]);
}

export function topicPartitionCard(
  cluster: SeenCluster,
  topic: string,
  info: PartitionMetadata,
  offsets: LogOffsets | undefined,
): string {
  const broker = cluster.snapshot.brokers.find(({ id }) => id === info.leader);
  const leader = broker === undefined ? String(info.leader) : `${info.leader} (${broker.host}:${broker.port})`;
  return card(
    `${topic}-${info.partition}`,
    [],
    [
      [t('Leader'), info.leader < 0 ? t('none') : escapeMarkdown(leader)],
      [t('Leader epoch'), info.leaderEpoch < 0 ? undefined : text(info.leaderEpoch)],
      [t('Replicas'), list(info.replicas)],
      [t('In sync'), info.inSync.length === 0 ? t('none') : list(info.inSync)],
      [t('Offline'), list(info.offline)],
      [t('Log start offset'), offsets && figure(offsets.start)],
      [t('Last stable offset'), offsets && figure(offsets.lastStable)],
      [t('Log end offset'), offsets && figure(offsets.end)],
    ],
  );
}

function text(value: string | number | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : escapeMarkdown(String(value));
}

function list(values: readonly (string | number)[]): string {
  const shown = values.slice(0, longestList).map((value) => escapeMarkdown(String(value)));
  const rest = values.length - shown.length;
  return [...shown, ...(rest > 0 ? [t('and {0} more', rest)] : [])].join(', ');
}

function listPartitions(partitions: readonly TopicPartition[]): string {
  if (partitions.length === 0) return t('nothing');
  return `${plural(partitions.length, '{0} partition', '{0} partitions')}: ${list(partitions.map(({ topic, partition }) => `${topic}-${partition}`))}`;
}

function assignmentText(assignment: Fact<readonly TopicPartition[]>): string {
  return 'failure' in assignment ? escapeMarkdown(assignment.failure.message) : listPartitions(assignment.value);
}

function figure(fact: Fact<bigint>): string {
  return 'failure' in fact ? escapeMarkdown(fact.failure.message) : formatCount(fact.value);
}

function rate(perSecond: number | undefined): string | undefined {
  if (perSecond === undefined) return undefined;
  return t('{0} records a second', perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond)));
}
