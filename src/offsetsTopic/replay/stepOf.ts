import type { PlainRecord, Tombstone } from '../decode/decodeRecord.ts';
import { memberState, streamsMemberState } from '../decode/states.ts';
import type { CurrentFacts, JoinedFacts, StepEvent, TopicPartitions } from './groupEvent.ts';

export type ModernRecord = PlainRecord | Tombstone;

/** Of a step, while its records are being read. */
export interface StepDraft {
  type: StepEvent['type'];
  offset: bigint;
  at: number;
  epoch: number | undefined;
  metadataHash: string | undefined;
  targetEpoch: number | undefined;
  readonly members: Map<string, MemberDraft>;
  readonly names: Record<string, string>;
  topology: Record<string, readonly string[]> | undefined;
  metadataChanged: boolean;
  initialized: number | undefined;
  /** The group itself was deleted. */
  isDeleted: boolean;
}

interface MemberDraft {
  joined?: JoinedFacts | null;
  target?: TopicPartitions | null;
  current?: CurrentFacts | null;
}

export function newStep(type: StepEvent['type'], offset: bigint, at: number): StepDraft {
  return {
    type,
    offset,
    at,
    epoch: undefined,
    metadataHash: undefined,
    targetEpoch: undefined,
    members: new Map(),
    names: {},
    topology: undefined,
    metadataChanged: false,
    initialized: undefined,
    isDeleted: false,
  };
}

/** The type of group that a record is of; undefined for records of other things. */
export function modernTypeOf(record: ModernRecord): StepEvent['type'] | undefined {
  const kind = record.kind === 'tombstone' ? record.of : record.kind;
  if (kind.startsWith('consumerGroup')) return 'consumer';
  if (kind.startsWith('shareGroup')) return 'share';
  return kind.startsWith('streamsGroup') ? 'streams' : undefined;
}

/**
 * Whether this record begins another operation than the one that `draft` is of. Coordinators collect the records of several into one
 * batch (`group.coordinator.append.linger.ms`); each ends after its epoch, target and current assignments, and begins at its members.
 */
export function beginsAnother(draft: StepDraft, record: ModernRecord): boolean {
  if (draft.epoch === undefined) return false;
  const kind = record.kind === 'tombstone' ? record.of : record.kind;
  if (kind.endsWith('GroupMetadata')) return record.kind !== 'tombstone';
  return kind.endsWith('GroupMemberMetadata') || (record.kind === 'tombstone' && kind.endsWith('MemberAssignment'));
}

/** Takes what a record says into the step. */
export function addToStep(draft: StepDraft, record: ModernRecord): void {
  if (record.kind === 'tombstone') addTombstone(draft, record);
  else addValue(draft, record);
}

/** Records whose tombstone deletes the group itself. */
const ofGroup: ReadonlySet<string> = new Set(['consumerGroupMetadata', 'shareGroupMetadata', 'streamsGroupMetadata']);

function addTombstone(draft: StepDraft, { of, key }: Tombstone): void {
  if (ofGroup.has(of)) draft.isDeleted = true;
  if (!('memberId' in key)) return;
  const own = member(draft, key.memberId);
  if (of.endsWith('GroupMemberMetadata')) own.joined = null;
  else if (of.endsWith('TargetAssignmentMember')) own.target = null;
  else own.current = null;
}

function addValue(draft: StepDraft, record: PlainRecord): void {
  switch (record.kind) {
    case 'consumerGroupMetadata':
    case 'shareGroupMetadata':
    case 'streamsGroupMetadata':
      draft.epoch = record.value.epoch;
      draft.metadataHash = record.value.metadataHash.toString();
      return;
    case 'consumerGroupPartitionMetadata':
      draft.metadataChanged = true;
      for (const { topicId, topicName } of record.value.topics) draft.names[topicId] = topicName;
      return;
    case 'shareGroupStatePartitionMetadata': {
      const { initializingTopics, initializedTopics } = record.value;
      for (const { topicId, topicName } of [...initializingTopics, ...initializedTopics])
        draft.names[topicId] = topicName;
      draft.initialized = initializedTopics.reduce((sum, { partitions }) => sum + partitions.length, 0);
      return;
    }
    case 'consumerGroupMemberMetadata': {
      const { value } = record;
      member(draft, record.key.memberId).joined = {
        instanceId: value.instanceId,
        clientId: value.clientId,
        host: value.clientHost,
        topics: value.subscribedTopicNames,
        pattern: value.subscribedTopicRegex || null,
        rebalanceTimeoutMs: value.rebalanceTimeoutMs,
        assignor: value.serverAssignor,
        classicSessionTimeoutMs: value.classicMemberMetadata?.sessionTimeoutMs ?? -1,
      };
      return;
    }
    case 'shareGroupMemberMetadata':
      member(draft, record.key.memberId).joined = {
        ...withoutMore,
        clientId: record.value.clientId,
        host: record.value.clientHost,
        topics: record.value.subscribedTopicNames,
      };
      return;
    case 'streamsGroupMemberMetadata':
      member(draft, record.key.memberId).joined = {
        ...withoutMore,
        instanceId: record.value.instanceId,
        clientId: record.value.clientId,
        host: record.value.clientHost,
        rebalanceTimeoutMs: record.value.rebalanceTimeoutMs,
      };
      return;
    case 'consumerGroupTargetAssignmentMetadata':
    case 'shareGroupTargetAssignmentMetadata':
    case 'streamsGroupTargetAssignmentMetadata':
      draft.targetEpoch = record.value.assignmentEpoch;
      return;
    case 'consumerGroupTargetAssignmentMember':
    case 'shareGroupTargetAssignmentMember':
      member(draft, record.key.memberId).target = byId(record.value.topicPartitions);
      return;
    case 'streamsGroupTargetAssignmentMember':
      member(draft, record.key.memberId).target = tasks(record.value.activeTasks);
      return;
    case 'consumerGroupCurrentMemberAssignment':
      member(draft, record.key.memberId).current = {
        epoch: record.value.memberEpoch,
        isStable: memberState(record.value.state) === 'STABLE',
        assigned: byId(record.value.assignedPartitions),
        revoking: byId(record.value.partitionsPendingRevocation),
      };
      return;
    case 'shareGroupCurrentMemberAssignment':
      member(draft, record.key.memberId).current = {
        epoch: record.value.memberEpoch,
        isStable: memberState(record.value.state) === 'STABLE',
        assigned: byId(record.value.assignedPartitions),
        revoking: [],
      };
      return;
    case 'streamsGroupCurrentMemberAssignment':
      member(draft, record.key.memberId).current = {
        epoch: record.value.memberEpoch,
        isStable: streamsMemberState(record.value.state) === 'STABLE',
        assigned: tasks(record.value.activeTasks),
        revoking: tasks(record.value.activeTasksPendingRevocation),
      };
      return;
    case 'streamsGroupTopology':
      draft.topology = Object.fromEntries(
        record.value.subtopologies.map(({ subtopologyId, sourceTopics, repartitionSourceTopics }) => [
          subtopologyId,
          [...sourceTopics, ...repartitionSourceTopics.map(({ name }) => name)],
        ]),
      );
      return;
    // What patterns match shows in the assignments; the others are not of groups.
    case 'consumerGroupRegularExpression':
    case 'shareSnapshot':
    case 'shareUpdate':
    case 'transactionLog':
  }
}

const withoutMore = {
  instanceId: null,
  topics: [],
  pattern: null,
  rebalanceTimeoutMs: -1,
  assignor: null,
  classicSessionTimeoutMs: -1,
};

function member(draft: StepDraft, id: string): MemberDraft {
  let found = draft.members.get(id);
  if (found === undefined) draft.members.set(id, (found = {}));
  return found;
}

function byId(
  topics: readonly { readonly topicId: string; readonly partitions: readonly number[] }[],
): TopicPartitions {
  return topics.map(({ topicId, partitions }) => [topicId, partitions]);
}

/** Tasks are named by subtopology where other types have topic ids. */
function tasks(
  ids: readonly { readonly subtopologyId: string; readonly partitions: readonly number[] }[],
): TopicPartitions {
  return ids.map(({ subtopologyId, partitions }) => [subtopologyId, partitions]);
}
