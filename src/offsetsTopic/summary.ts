import type { TopicPartition } from '../kafka/facts.ts';
import { memberCount } from '../shared/counted.ts';
import { formatCount, formatDuration } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import type { ClassicGroup, CoordinatorRecord, OffsetCommit, PlainRecord, Tombstone } from './decode/decodeRecord.ts';
import type { Deletion } from './decode/deletion.ts';
import { deliveryState, memberState, streamsMemberState, transactionState } from './decode/states.ts';
import type { TopicNames } from './decode/topicNames.ts';
import { partitionWords } from './partitionWords.ts';

/** What came before of the same key, as far as it was read. */
export interface Before {
  /** Of a commit. */
  readonly commit?: { readonly offset: bigint; readonly at: number } | undefined;
  /** Of a classic group. */
  readonly group?: ClassicGroup | undefined;
  /** Of a deleted commit. */
  readonly deletion?: Deletion | undefined;
  /** The name of the member that it is about, where its id says nothing. */
  readonly member?: string | undefined;
}

/** A record of a coordinator's topic as the columns of a table and a sentence. */
export interface Summary {
  /** Kafka's name of the type; its number where it has none. */
  readonly type: string;
  /** Empty where it has none. */
  readonly group: string;
  /** The partition, member or transactional id that it is about; empty where it is about the group. */
  readonly about: string;
  /** In plain language. */
  readonly text: string;
}

/** What a record says, for people. */
export function summaryOf(record: CoordinatorRecord, before: Before, names: TopicNames): Summary {
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- all others have their definition
  switch (record.kind) {
    case 'unknown':
      return {
        type: record.name ?? t('type {0}', record.type),
        group: record.group ?? '',
        about: '',
        text:
          record.what === 'type'
            ? t('A type of record that this version does not know.')
            : t('Version {0} of its value is not known.', record.version ?? '-'),
      };
    case 'malformed':
      return {
        type: record.name ?? (record.type === undefined ? t('no type') : t('type {0}', record.type)),
        group: record.group ?? '',
        about: '',
        text: t('Its {0} cannot be read: {1}', record.part, record.reason),
      };
    case 'offsetCommit':
      return {
        type: record.name,
        group: record.group,
        about: `${record.topic}-${record.partition}`,
        text: commitWords(record, before.commit),
      };
    case 'groupMetadata':
      return { type: record.name, group: record.group, about: '', text: classicWords(record, before.group) };
    case 'tombstone':
      return {
        type: record.name,
        group: record.group,
        about: aboutOf(record.key, names),
        text: tombstoneWords(record, before, names),
      };
    default:
      return {
        type: record.name,
        group: record.group,
        about: aboutOf(record.key, names),
        text: plainWords(record, names, before.member),
      };
  }
}

/** The partition, member or transactional id in a key. */
function aboutOf(key: unknown, names: TopicNames): string {
  const known = key as {
    readonly topic?: string;
    readonly topicId?: string;
    readonly partition?: number;
    readonly memberId?: string;
    readonly transactionalId?: string;
    readonly regularExpression?: string;
  };
  if (known.topic !== undefined) return `${known.topic}-${known.partition}`;
  if (known.topicId !== undefined) return `${names.nameOf(known.topicId) ?? known.topicId}-${known.partition}`;
  return known.memberId ?? known.transactionalId ?? known.regularExpression ?? '';
}

function commitWords(commit: OffsetCommit, before: Before['commit']): string {
  const { group, topic, partition, offset, metadata } = commit;
  const what = t('{0} committed {1}-{2} at {3}', group, topic, partition, formatCount(offset));
  const parts = [what];
  if (before !== undefined) {
    const step = offset - before.offset;
    const since = formatDuration(Math.max(0, Number(commit.commitTimestamp) - before.at));
    if (step === 0n) parts.push(t('as {0} before', since));
    else if (step > 0n) parts.push(t('+{0} since {1} before', formatCount(step), since));
    else parts.push(t('{0} since {1} before: back', formatCount(step), since));
  }
  if (metadata !== '') parts.push(t('metadata {0}', JSON.stringify(metadata.slice(0, 100))));
  return parts.join(', ');
}

function classicWords(group: ClassicGroup, before: ClassicGroup | undefined): string {
  const { members, generation, leader, protocol } = group;
  if (members.length === 0) return t('generation {0}: no members', generation);
  const parts = [memberCount(members.length), t('leader {0}', nameIn(group, leader)), protocol ?? t('no protocol')];
  const now = ownersOf(group);
  // Others than consumers own no partitions: workers of Kafka Connect have connectors and tasks.
  if (group.protocolType !== 'consumer') parts.push(t('protocol type {0}', group.protocolType));
  if (before?.generation === generation) parts.push(t('written again: a static member came back, or the like'));
  else if (before !== undefined && now.size > 0) {
    const then = ownersOf(before);
    // A member that came back is another one by its id; its instance id tells.
    const moved = [...now].filter(([key, owner]) => then.has(key) && then.get(key) !== owner).length;
    parts.push(
      then.size === 0
        ? t('{0} partitions assigned', now.size)
        : moved === 1
          ? t('1 partition moved')
          : t('{0} partitions moved', moved),
    );
  } else if (now.size > 0 || group.protocolType === 'consumer') {
    parts.push(now.size === 1 ? t('1 partition assigned') : t('{0} partitions assigned', now.size));
  }
  return t('generation {0}: {1}', generation, parts.join(', '));
}

function nameIn({ members }: ClassicGroup, id: string | null): string {
  const member = members.find(({ memberId }) => memberId === id);
  return member?.instanceId ?? (member?.clientId || (id ?? '-'));
}

function ownersOf({ members }: ClassicGroup): Map<string, string> {
  return new Map(
    members.flatMap(({ memberId, instanceId, assignment }) =>
      assignment.kind === 'assignment'
        ? assignment.partitions.map(
            ({ topic, partition }) => [`${topic}/${partition}`, instanceId ?? memberId] as const,
          )
        : [],
    ),
  );
}

function tombstoneWords(record: Tombstone, { deletion, member }: Before, names: TopicNames): string {
  const about = member ?? aboutOf(record.key, names);
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- all others are deleted, and that is all
  switch (record.of) {
    case 'offsetCommit':
    case 'legacyOffsetCommit': {
      const what = t('commit of {0} deleted', about);
      return deletion === undefined ? what : `${what} (${deletionWords(deletion)})`;
    }
    case 'groupMetadata':
    case 'consumerGroupMetadata':
    case 'shareGroupMetadata':
    case 'streamsGroupMetadata':
      return t('the group was deleted, expired, or changed its protocol');
    case 'consumerGroupMemberMetadata':
    case 'shareGroupMemberMetadata':
    case 'streamsGroupMemberMetadata':
      return t('member {0} left, or was removed', about);
    case 'consumerGroupTargetAssignmentMember':
    case 'shareGroupTargetAssignmentMember':
    case 'streamsGroupTargetAssignmentMember':
      return t('member {0} has no target assignment any more', about);
    case 'consumerGroupCurrentMemberAssignment':
    case 'shareGroupCurrentMemberAssignment':
    case 'streamsGroupCurrentMemberAssignment':
      return t('member {0} has no assignment any more', about);
    case 'transactionLog':
      return t('transactional id {0} expired', about);
    default:
      return about === '' ? t('deleted') : t('{0} deleted', about);
  }
}

function deletionWords({ cause, certainty }: Deletion): string {
  const words = {
    expired: t('expired'),
    'group-deleted': t('its group was deleted'),
    'offsets-deleted': t('by hand'),
    'topic-deleted': t('its topic was deleted'),
    unknown: t('expired, by hand, or with its topic'),
  }[cause];
  return certainty === 'fact' || cause === 'unknown' ? words : t('most likely: {0}', words);
}

type Assigned = readonly { readonly topicId: string; readonly partitions: readonly number[] }[];
type Tasks = readonly { readonly subtopologyId: string; readonly partitions: readonly number[] }[];

/** `member`: what to call the member that it is about, else by its id. */
function plainWords(record: PlainRecord, names: TopicNames, member?: string): string {
  const owned = (of: Assigned): string => partitionWords(names.partitions(of));
  const tasks = (of: Tasks): string =>
    partitionWords(
      of.flatMap(({ subtopologyId, partitions }) =>
        partitions.map((partition) => ({ topic: subtopologyId, partition })),
      ),
    );
  switch (record.kind) {
    case 'consumerGroupMetadata':
    case 'shareGroupMetadata':
    case 'streamsGroupMetadata':
      return t('the group is at epoch {0}', record.value.epoch);
    case 'consumerGroupTargetAssignmentMetadata':
    case 'shareGroupTargetAssignmentMetadata':
    case 'streamsGroupTargetAssignmentMetadata':
      return t('the target assignment is that of epoch {0}', record.value.assignmentEpoch);
    case 'consumerGroupPartitionMetadata':
      return t(
        'knows {0}',
        record.value.topics.map(({ topicName, numPartitions }) => `${topicName} (${numPartitions})`).join(', '),
      );
    case 'consumerGroupMemberMetadata': {
      const { clientId, clientHost, instanceId, subscribedTopicNames, subscribedTopicRegex } = record.value;
      const topics = [...subscribedTopicNames, ...(subscribedTopicRegex ? [`/${subscribedTopicRegex}/`] : [])];
      return memberWords(instanceId ?? clientId, clientHost, topics);
    }
    case 'shareGroupMemberMetadata':
      return memberWords(record.value.clientId, record.value.clientHost, record.value.subscribedTopicNames);
    case 'streamsGroupMemberMetadata':
      return memberWords(record.value.instanceId ?? record.value.clientId, record.value.clientHost, []);
    case 'consumerGroupTargetAssignmentMember':
    case 'shareGroupTargetAssignmentMember':
      return t('member {0} is to own {1}', member ?? record.key.memberId, owned(record.value.topicPartitions));
    case 'streamsGroupTargetAssignmentMember':
      return t('member {0} is to own tasks {1}', member ?? record.key.memberId, tasks(record.value.activeTasks));
    case 'consumerGroupCurrentMemberAssignment': {
      const { memberEpoch, state, assignedPartitions, partitionsPendingRevocation } = record.value;
      const parts = [t('owns {0}', owned(assignedPartitions))];
      if (partitionsPendingRevocation.length > 0) parts.push(t('revokes {0}', owned(partitionsPendingRevocation)));
      if (memberState(state) === 'UNRELEASED_PARTITIONS') parts.push(t('waits for partitions of others'));
      return currentWords(member ?? record.key.memberId, memberEpoch, parts);
    }
    case 'shareGroupCurrentMemberAssignment':
      return currentWords(member ?? record.key.memberId, record.value.memberEpoch, [
        t('reads {0}', owned(record.value.assignedPartitions)),
      ]);
    case 'streamsGroupCurrentMemberAssignment': {
      const { memberEpoch, state, activeTasks, activeTasksPendingRevocation } = record.value;
      const parts = [t('owns tasks {0}', tasks(activeTasks))];
      if (activeTasksPendingRevocation.length > 0) parts.push(t('revokes {0}', tasks(activeTasksPendingRevocation)));
      if (streamsMemberState(state) === 'UNRELEASED_TASKS') parts.push(t('waits for tasks of others'));
      return currentWords(member ?? record.key.memberId, memberEpoch, parts);
    }
    case 'consumerGroupRegularExpression':
      return t('matches {0}', record.value.topics.join(', ') || t('no topic'));
    case 'shareGroupStatePartitionMetadata':
      return t(
        'share state of {0} topics, {1} being set up, {2} being deleted',
        record.value.initializedTopics.length,
        record.value.initializingTopics.length,
        record.value.deletingTopics.length,
      );
    case 'streamsGroupTopology':
      return record.value.subtopologies.length === 1
        ? t('topology of epoch {0}, 1 subtopology', record.value.epoch)
        : t('topology of epoch {0}, {1} subtopologies', record.value.epoch, record.value.subtopologies.length);
    case 'shareSnapshot':
    case 'shareUpdate':
      return shareWords(record);
    case 'transactionLog':
      return transactionWords(record);
  }
}

function memberWords(name: string, host: string, topics: readonly string[]): string {
  const who = t('{0} on {1}', name, host.replace(/^\//, ''));
  return topics.length === 0 ? who : t('{0} subscribes to {1}', who, topics.join(', '));
}

function currentWords(member: string, epoch: number, parts: readonly string[]): string {
  // LEAVE_GROUP_STATIC_MEMBER_EPOCH of Kafka.
  if (epoch === -2) return t('static member {0} left, and may come back; its partitions wait', member);
  return t('member {0} is at epoch {1}, {2}', member, epoch, parts.join(', '));
}

function shareWords(record: Extract<PlainRecord, { readonly kind: 'shareSnapshot' | 'shareUpdate' }>): string {
  const { startOffset, stateBatches } = record.value;
  const batches = stateBatches.slice(0, 4).map(({ firstOffset, lastOffset, deliveryState: state, deliveryCount }) => {
    const range =
      firstOffset === lastOffset
        ? formatCount(firstOffset)
        : t('{0} to {1}', formatCount(firstOffset), formatCount(lastOffset));
    const word = deliveryState(state).toLowerCase();
    return deliveryCount === 1
      ? t('{0} {1}, delivered once', range, word)
      : t('{0} {1}, delivered {2} times', range, word, deliveryCount);
  });
  if (stateBatches.length > batches.length) batches.push(t('and {0} more', stateBatches.length - batches.length));
  const start = startOffset < 0n ? [] : [t('starts at {0}', formatCount(startOffset))];
  const parts = [...start, ...batches];
  const what = record.kind === 'shareSnapshot' ? t('whole state') : t('change');
  return parts.length === 0 ? what : t('{0}: {1}', what, parts.join(', '));
}

function transactionWords(record: Extract<PlainRecord, { readonly kind: 'transactionLog' }>): string {
  const { producerId, producerEpoch, transactionStatus, transactionPartitions, transactionTimeoutMs } = record.value;
  const partitions = (transactionPartitions ?? []).flatMap(({ topic, partitionIds }): TopicPartition[] =>
    partitionIds.map((partition) => ({ topic, partition })),
  );
  const parts = [
    t('{0} is {1}', record.key.transactionalId, transactionState(transactionStatus)),
    t('producer {0}, epoch {1}', String(producerId), producerEpoch),
    ...(partitions.length === 0 ? [] : [partitionWords(partitions)]),
    t('time-out {0}', formatDuration(transactionTimeoutMs)),
  ];
  return parts.join(', ');
}
