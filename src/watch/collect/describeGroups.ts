import type { Group, GroupState, GroupType, Member, Subscription, TopicPartition } from '../../groups/snapshot.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { readAssignment, readSubscription } from '../../kafka/consumerProtocol.ts';
import type { Fact, Failure, RoutedFact } from '../../kafka/facts.ts';
import type { Api } from '../../kafka/protocol/api.ts';
import { consumerGroupDescribe } from '../../kafka/protocol/generated/consumerGroupDescribe.ts';
import { describeGroups } from '../../kafka/protocol/generated/describeGroups.ts';
import { shareGroupDescribe } from '../../kafka/protocol/generated/shareGroupDescribe.ts';
import {
  streamsGroupDescribe,
  type StreamsGroupDescribeResponse,
} from '../../kafka/protocol/generated/streamsGroupDescribe.ts';
import { messageOf } from '../../shared/errors.ts';
import { inPoll } from './inPoll.ts';

/** What describing adds to a listed group. */
export type Description = Pick<Group, 'protocolType' | 'state' | 'assignor' | 'epoch' | 'targetEpoch' | 'members'>;

/** A group's members can bring megabytes: all groups at once could be more than one answer may have. */
const batchSize = (): number => 500;

type Describe = (
  cluster: Cluster,
  groups: readonly string[],
  signal: AbortSignal | undefined,
) => Promise<ReadonlyMap<string, RoutedFact<Description>>>;

/** Each group type has an API of its own; each asks a coordinator for all of its groups at once. */
export const describe: Record<GroupType, Describe> = {
  classic: (cluster, groups, signal) =>
    cluster.toCoordinators(groups, {
      api: describeGroups,
      signal,
      ...inPoll,
      batchSize,
      request: (keys) => ({ groups: [...keys], includeAuthorizedOperations: false }),
      read: ({ groups: described }) =>
        described.map((group) => {
          const plain = group.protocolType === 'consumer';
          const settled = group.groupState === 'Stable';
          return answer(group, {
            protocolType: group.protocolType,
            state: group.groupState as GroupState,
            assignor: group.protocolData,
            epoch: undefined,
            targetEpoch: undefined,
            members: group.members.map((member) => ({
              id: member.memberId,
              instanceId: member.groupInstanceId ?? undefined,
              clientId: member.clientId,
              host: member.clientHost,
              epoch: undefined,
              ...classicSubscription(member.memberMetadata, plain, settled),
              assignment: classicAssignment(member.memberAssignment, plain, settled),
              target: undefined,
            })),
          });
        }),
    }),

  consumer: describedBy(consumerGroupDescribe, (group) => ({
    protocolType: 'consumer',
    ...epochs(group),
    assignor: group.assignorName,
    members: group.members.map((member) => ({
      ...common(member),
      instanceId: member.instanceId ?? undefined,
      subscription: {
        value: {
          topics: member.subscribedTopicNames,
          // The empty pattern is what a member without one has.
          ...(member.subscribedTopicRegex ? { pattern: member.subscribedTopicRegex } : {}),
        },
      },
      assignment: { value: flatten(member.assignment.topicPartitions) },
      target: flatten(member.targetAssignment.topicPartitions),
      classicProtocol: member.memberType === 0,
    })),
  })),

  share: describedBy(shareGroupDescribe, (group) => ({
    protocolType: 'share',
    ...epochs(group),
    assignor: group.assignorName,
    members: group.members.map((member) => ({
      ...common(member),
      instanceId: undefined,
      subscription: { value: { topics: member.subscribedTopicNames } },
      assignment: { value: flatten(member.assignment.topicPartitions) },
      target: undefined,
    })),
  })),

  streams: describedBy(streamsGroupDescribe, (group) => {
    const topics = sourceTopics(group);
    return {
      protocolType: 'streams',
      ...epochs(group),
      assignor: '',
      members: group.members.map((member) => ({
        ...common(member),
        instanceId: member.instanceId ?? undefined,
        subscription: { value: { topics: [...new Set([...topics.values()].flat())] } },
        assignment: { value: taskPartitions(member.assignment.activeTasks, topics) },
        target: taskPartitions(member.targetAssignment.activeTasks, topics),
      })),
    };
  }),
};

/** What the answers of the newer describe APIs have in common. */
interface DescribedGroup {
  readonly groupId: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

function describedBy<Group extends DescribedGroup>(
  api: Api<{ groupIds: string[]; includeAuthorizedOperations: boolean }, { groups: readonly Group[] }>,
  describeOne: (group: Group) => Description,
): Describe {
  return (cluster, groups, signal) =>
    cluster.toCoordinators(groups, {
      api,
      signal,
      ...inPoll,
      batchSize,
      request: (keys) => ({ groupIds: [...keys], includeAuthorizedOperations: false }),
      read: ({ groups: described }) => described.map((group) => answer(group, describeOne(group))),
    });
}

function answer(
  group: DescribedGroup,
  value: Description,
): [string, { errorCode: number; errorMessage: string | null; value: Description }] {
  return [group.groupId, { errorCode: group.errorCode, errorMessage: group.errorMessage, value }];
}

function epochs(group: { groupState: string; groupEpoch: number; assignmentEpoch: number }): {
  state: GroupState;
  epoch: number;
  targetEpoch: number;
} {
  return { state: group.groupState as GroupState, epoch: group.groupEpoch, targetEpoch: group.assignmentEpoch };
}

function common(member: {
  memberId: string;
  rackId: string | null;
  memberEpoch: number;
  clientId: string;
  clientHost: string;
}): Pick<Member, 'id' | 'rack' | 'epoch' | 'clientId' | 'host'> {
  return {
    id: member.memberId,
    rack: member.rackId ?? undefined,
    epoch: member.memberEpoch,
    clientId: member.clientId,
    host: member.clientHost,
  };
}

const untold: Failure = {
  kind: 'missing',
  message: 'A classic group does not tell what its members have while it rebalances.',
};
const foreign: Failure = {
  kind: 'unsupported',
  message: 'The members of this group are no consumers: only they understand what they hold.',
};

function classicSubscription(
  bytes: Uint8Array,
  plain: boolean,
  settled: boolean,
): { subscription: Fact<Subscription>; rack: string | undefined } {
  if (!plain) return { subscription: { failure: foreign }, rack: undefined };
  if (bytes.length === 0) {
    return { subscription: settled ? { value: { topics: [] } } : { failure: untold }, rack: undefined };
  }
  try {
    const read = readSubscription(bytes);
    return {
      subscription: {
        value: {
          topics: read.topics,
          owned: read.owned,
          ...(read.generation >= 0 ? { generation: read.generation } : {}),
          userDataBytes: read.userData?.length ?? 0,
        },
      },
      rack: read.rack ?? undefined,
    };
  } catch (error) {
    return { subscription: { failure: { kind: 'error', message: messageOf(error) } }, rack: undefined };
  }
}

function classicAssignment(bytes: Uint8Array, plain: boolean, settled: boolean): Fact<readonly TopicPartition[]> {
  if (!plain) return { failure: foreign };
  // An idle member's assignment can be no bytes at all: kafkajs and others send none.
  if (bytes.length === 0) return settled ? { value: [] } : { failure: untold };
  try {
    return { value: readAssignment(bytes) };
  } catch (error) {
    return { failure: { kind: 'error', message: messageOf(error) } };
  }
}

function flatten(topics: readonly { topicName: string; partitions: readonly number[] }[]): TopicPartition[] {
  return topics.flatMap(({ topicName, partitions }) =>
    partitions.map((partition) => ({ topic: topicName, partition })),
  );
}

type StreamsGroup = StreamsGroupDescribeResponse['groups'][number];

/** subtopology -> the topics its tasks read. */
function sourceTopics({ topology }: StreamsGroup): Map<string, string[]> {
  return new Map(
    (topology?.subtopologies ?? []).map((sub) => [
      sub.subtopologyId,
      [...sub.sourceTopics, ...sub.repartitionSourceTopics.map(({ name }) => name)],
    ]),
  );
}

/** Task n of a subtopology reads partition n of each of its source topics (org.apache.kafka.streams.processor.TaskId). */
function taskPartitions(
  tasks: readonly { subtopologyId: string; partitions: readonly number[] }[],
  topics: ReadonlyMap<string, readonly string[]>,
): TopicPartition[] {
  return tasks.flatMap(({ subtopologyId, partitions }) =>
    (topics.get(subtopologyId) ?? []).flatMap((topic) => partitions.map((partition) => ({ topic, partition }))),
  );
}
