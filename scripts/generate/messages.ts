import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseMessage, type Message } from './schema.ts';
import { readZip } from './zip.ts';

/** The requests, each with its response, that the extension and its tests use. */
export const apis = [
  'AlterShareGroupOffsets',
  'ApiVersions',
  'ConsumerGroupDescribe',
  'CreatePartitions',
  'CreateTopics',
  'DeleteGroups',
  'DeleteRecords',
  'DeleteShareGroupOffsets',
  'DeleteTopics',
  'DescribeCluster',
  'DescribeConfigs',
  'DescribeGroups',
  'DescribeLogDirs',
  'DescribeProducers',
  'DescribeShareGroupOffsets',
  'DescribeTopicPartitions',
  'DescribeTransactions',
  'Fetch',
  'FindCoordinator',
  'IncrementalAlterConfigs',
  'InitProducerId',
  'LeaveGroup',
  'ListGroups',
  'ListOffsets',
  'ListTransactions',
  'Metadata',
  'OffsetCommit',
  'OffsetDelete',
  'OffsetFetch',
  'OffsetForLeaderEpoch',
  'Produce',
  'SaslAuthenticate',
  'SaslHandshake',
  'ShareGroupDescribe',
  'StreamsGroupDescribe',
];

/** Messages that are no requests. */
export const data = ['ConsumerProtocolAssignment', 'ConsumerProtocolSubscription', 'RequestHeader', 'ResponseHeader'];

/**
 * What the coordinators write to their topics, by the name that key and value have in common: `__consumer_offsets`,
 * `__share_group_state` (ShareSnapshot, ShareUpdate) and `__transaction_state` (TransactionLog).
 */
export const records = [
  'ConsumerGroupCurrentMemberAssignment',
  'ConsumerGroupMemberMetadata',
  'ConsumerGroupMetadata',
  'ConsumerGroupPartitionMetadata',
  'ConsumerGroupRegularExpression',
  'ConsumerGroupTargetAssignmentMember',
  'ConsumerGroupTargetAssignmentMetadata',
  'GroupMetadata',
  'LegacyOffsetCommit',
  'OffsetCommit',
  'ShareGroupCurrentMemberAssignment',
  'ShareGroupMemberMetadata',
  'ShareGroupMetadata',
  'ShareGroupStatePartitionMetadata',
  'ShareGroupTargetAssignmentMember',
  'ShareGroupTargetAssignmentMetadata',
  'ShareSnapshot',
  'ShareUpdate',
  'StreamsGroupCurrentMemberAssignment',
  'StreamsGroupMemberMetadata',
  'StreamsGroupMetadata',
  'StreamsGroupTargetAssignmentMember',
  'StreamsGroupTargetAssignmentMetadata',
  'StreamsGroupTopology',
  'TransactionLog',
];

/** Looks messages up by name in the jars of a folder. */
export function readMessages(libs: string): (name: string) => Message {
  const definitions = new Map<string, string>();
  for (const jar of readdirSync(libs).filter((file) => /^kafka-(clients|\w+-coordinator)-[\d.]+.*\.jar$/.test(file))) {
    for (const [path, json] of readZip(join(libs, jar), (entry) => /^common\/message\/\w+\.json$/.test(entry))) {
      definitions.set(path.slice('common/message/'.length, -'.json'.length), json.toString('utf8'));
    }
  }
  return (name) => {
    const json = definitions.get(name);
    if (json === undefined) throw new Error(`The jars in ${libs} define no ${name}`);
    return parseMessage(json);
  };
}
