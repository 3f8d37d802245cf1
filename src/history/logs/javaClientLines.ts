import type { LogFacts } from './logEvent.ts';
import { firstFit, rule } from './rules.ts';

/** `[Consumer clientId=c, groupId=g] `, with `instanceId=i, ` before it for a static member; `ShareConsumer` for share groups. */
const head =
  /\[(?:Share)?Consumer (?:instanceId=(?<instanceId>[^,\]]*), )?clientId=(?<clientId>.{0,300}?), groupId=(?<group>.{0,300}?)\] /;

export interface JavaHead {
  readonly clientId: string;
  readonly group: string | undefined;
  readonly instanceId: string | undefined;
  /** Where the message begins. */
  readonly end: number;
}

/** Undefined where the line is none of a Java consumer's. */
export function javaHead(line: string): JavaHead | undefined {
  const found = head.exec(line);
  if (found?.groups === undefined) return undefined;
  const { clientId, group, instanceId } = found.groups;
  return {
    clientId: clientId!,
    group: group === 'null' ? undefined : group,
    instanceId: instanceId === undefined || instanceId === '' ? undefined : instanceId,
    end: found.index + found[0].length,
  };
}

const generation = String.raw`(?:Generation\{generationId=(?<generation>-?\d+), memberId='(?<member>[^']*)')`;

const rules = [
  rule('poll-timeout', /^[Cc]onsumer poll timeout has expired\./),
  rule(
    'poll-timeout',
    /^Member (?<member>\S+) sending LeaveGroup request to coordinator .* due to (?<reason>consumer poll timeout has expired\..*)$/,
  ),
  rule(
    'poll-timeout',
    /^Member (?<member>\S+) with epoch (?<generation>-?\d+) generated the heartbeat to leave due to expired poll timer/,
  ),
  rule(
    'leave-sent',
    /^Member (?<member>\S+) sending LeaveGroup request to coordinator .{0,300}? due to (?<reason>.*)$/,
  ),
  rule(
    'leave-sent',
    /^Member (?<member>\S+) with epoch (?<generation>-?\d+) generated the heartbeat to leave the group/,
  ),
  rule('join-requested', /^Request joining group due to: (?<reason>.*)$/),
  rule('join-requested', /^(?<reason>Requesting to re-join the group and trigger rebalance since .*)$/),
  rule('joining', /^\(Re-\)joining group/),
  rule('joining', /^Member (?<member>\S+) will join the group on the next call to poll/),
  rule('joining', /^Member (?<member>\S+) with epoch (?<generation>-?\d+) transitioned from \w+ to JOINING/),
  rule('joined', /^Member (?<member>\S+) with epoch (?<generation>-?\d+) transitioned from JOINING to \w+/),
  rule('synced', /^Member (?<member>\S+) with epoch (?<generation>-?\d+) transitioned from ACKNOWLEDGING to STABLE/),
  rule(
    'poll-timeout',
    /^Member (?<member>\S+) with epoch (?<generation>-?\d+) transitioned from \w+ to (?<reason>STALE)/,
  ),
  rule('fenced', /^Member (?<member>\S+) with epoch (?<generation>-?\d+) transitioned from \w+ to (?<reason>FENCED)/),
  rule('joined', new RegExp(`^Successfully joined group with generation ${generation}`)),
  rule('joined', /^Successfully joined group with generation (?<generation>-?\d+)/),
  rule('synced', new RegExp(`^Successfully synced group in generation ${generation}`)),
  rule('assigned', /^Adding newly assigned partitions: (?<partitions>.*)$/),
  rule('revoked', /^Revok(?:e|ing) previously assigned partitions (?<partitions>.*)$/),
  rule('lost', /^Lost previously assigned partitions (?<partitions>.*)$/),
  rule('lost', /^(?<reason>Giving away all assigned partitions as lost since .*)$/),
  rule(
    'session-timeout',
    /^Group coordinator .{0,500}? (?<reason>session timed out without receiving a heartbeat response)/,
  ),
  rule(
    'coordinator-unavailable',
    /^Group coordinator .{0,300}? is unavailable or invalid due to cause: (?<reason>.*?)(?:\. ?isDisconnected.*|\. ?Rediscovery.*)?$/,
  ),
  rule('coordinator-unavailable', /^Group coordinator .{0,300}? is unavailable or invalid, will attempt rediscovery/),
  rule('coordinator-unavailable', /^(?<reason>Attempt to heartbeat failed since coordinator .*)$/),
  rule(
    'coordinator-unavailable',
    /^(?<reason>Group coordinator lookup failed: .*|Consumer has been disconnected from the group coordinator for .*)$/,
  ),
  rule('coordinator-found', /^Discovered group coordinator Coordinator\(.{0,500}?host='(?<reason>[^']*)'/),
  rule('coordinator-found', /^Discovered group coordinator (?<reason>\S+)/),
  rule(
    'fenced',
    /^(?<reason>(?:JoinGroup|SyncGroup) failed: The group instance id .{0,300}? has been fenced by another instance.*)$/,
  ),
  rule(
    'fenced',
    /^(?<reason>Caught fenced group\.instance\.id .*|OffsetCommit failed with .{0,300}? due to group instance id .{0,300}? fenced)$/,
  ),
  rule('fenced', /^Member (?<member>\S+) with epoch (?<generation>-?\d+) transitioned to (?<reason>FENCED) state/),
  rule(
    'fenced',
    /^(?:Share|Streams)?(?:Consumer)?GroupHeartbeatRequest failed for member (?<member>\S+) because epoch (?<generation>-?\d+) is fenced/,
  ),
  rule('rebalance-failed', /^(?<reason>(?:JoinGroup|SyncGroup) failed.*|Rebalance failed\.)$/),
  rule('generation-reset', /^Resetting generation (?:and member id )?due to: (?<reason>.*)$/),
  rule('generation-reset', /^(?<reason>Attempt to heartbeat with .{0,300}? failed due to .*?, resetting generation)/),
  rule('join-requested', /^(?<reason>Attempt to heartbeat failed since group is rebalancing)/),
  rule('out-of-range', /^Fetch position (?<reason>.*?) is out of range for partition (?<partitions>\S+?),/),
  rule('out-of-range', /^Fetch offset (?<reason>\d+) is out of range for partition (?<partitions>\S+?),/),
  rule('offset-reset', /^Resetting offset for partition (?<partitions>\S+) to (?:position |offset )(?<reason>.*?)\.?$/),
  rule('commit-failed', /^(?<reason>(?:Asynchronous a|Synchronous a|A)uto-commit of offsets .{0,1500}? failed.*)$/),
  rule('commit-failed', /^(?<reason>(?:Offset commit|OffsetCommit) .*?(?:failed|cannot be completed).*)$/),
  rule('commit-failed', /^(?<reason>Failing OffsetCommit request since the consumer is not part of an active group)/),
];

/** Facts of a message of a Java consumer (2.0 to 4.3, classic and KIP-848), without its head. */
export function javaFacts(message: string): LogFacts | undefined {
  return firstFit(rules, message);
}
