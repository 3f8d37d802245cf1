import type { LogFacts } from './logEvent.ts';
import { firstFit, rule } from './rules.ts';

/** `[GroupCoordinator 1]: ` of Scala's coordinator, `[GroupCoordinator id=1 topic=__consumer_offsets partition=2] ` of the new one. */
const head = /\[GroupCoordinator (?:id=)?\d+[^\]]{0,100}\]:? /;

/** Where the coordinator's message begins; -1 where the line is none of its. */
export function brokerMessageAt(line: string): number {
  const found = head.exec(line);
  return found === null ? -1 : found.index + found[0].length;
}

// Names of groups and members can hold spaces; they end where the sentence goes on.
const rules = [
  rule(
    'preparing-rebalance',
    /^Preparing to rebalance group (?<group>.{1,300}?) in state \w+ with old generation (?<generation>-?\d+) (?:\(__consumer_offsets-\d+\) )?\(reason: (?<reason>.*?)(?:\)\.?)?$/,
  ),
  rule(
    'stabilized',
    /^Stabilized group (?<group>.{1,300}?) generation (?<generation>-?\d+) (?:\(__consumer_offsets-\d+\) )?with (?<members>\d+) members\b/,
  ),
  rule(
    'assignment-received',
    /^Assignment received from leader (?<member>.{1,300}?) for group (?<group>.{1,300}?) for generation (?<generation>-?\d+)\. The group has (?<members>\d+) members/,
  ),
  // Kafka before 2.8 does not name the leader.
  rule(
    'assignment-received',
    /^Assignment received from leader for group (?<group>.{1,300}?) for generation (?<generation>-?\d+)\b/,
  ),
  rule(
    'group-empty',
    /^Group (?<group>.{1,300}?) with generation (?<generation>-?\d+)(?: \(__consumer_offsets-\d+\))? is now empty\b/,
  ),
  rule('group-empty', /^Group (?<group>.{1,300}?) could not complete rebalance because no members rejoined/),
  rule(
    'member-joining',
    /^Dynamic [Mm]ember with unknown member id joins group (?<group>.{1,300}?) in (?:state )?\w+(?: state)?\. Created a new member id (?<member>.{1,300}?) (?:and request|for this member)/,
  ),
  rule(
    'member-joined',
    /^Dynamic [Mm]ember with unknown member id joins group (?<group>.{1,300}?) in (?:state )?\w+(?: state)?\. Created a new member id (?<member>.{1,300}?) and added/,
  ),
  rule(
    'member-joined',
    /^(?:Pending )?[Dd]ynamic [Mm]ember with (?:specific member )?id (?<member>.{1,300}?) joins group (?<group>.{1,300}?) in (?:state )?\w+(?: state)?\. Adding to the group now/,
  ),
  rule(
    'member-replaced',
    /^Static member with groupInstanceId=(?<instanceId>.{1,300}?) and unknown member id joins group (?<group>.{1,300}?) in (?:state )?\w+(?: state)?\. Replacing previously mapped member (?<replaced>.{1,300}?) with this groupInstanceId/,
  ),
  rule(
    'member-joined',
    /^Static member with groupInstanceId=(?<instanceId>.{1,300}?) and unknown member id joins group (?<group>.{1,300}?) in (?:state )?\w+(?: state)?\. Created a new member id (?<member>.{1,300}?) for this member/,
  ),
  // Kafka 2.8.
  rule(
    'member-joining',
    /^Static Member with unknown member id joins group (?<group>.{1,300}?) in \w+ state\. Created a new member id (?<member>.{1,300}?) for this member/,
  ),
  rule(
    'member-joined',
    /^Adding new static member Some\((?<instanceId>.{1,300}?)\) to group (?<group>.{1,300}?) with member id (?<member>.{1,300}?)\.$/,
  ),
  rule(
    'member-replaced',
    /^Static member Some\((?<instanceId>.{1,300}?)\) of group (?<group>.{1,300}?) with unknown member id rejoins, assigning new member id (?<member>.{1,300}?), while old member id (?<replaced>.{1,300}?) will be removed/,
  ),
  rule(
    'member-failed',
    /^Member (?<member>.{1,300}?) in group (?<group>.{1,300}?) has failed, removing it from (?:the )?group/,
  ),
  rule(
    'member-failed',
    /^Pending member (?<member>.{1,300}?) in group (?<group>.{1,300}?) has been removed after session timeout expiration/,
  ),
  rule(
    'member-left',
    /^\[Group (?<group>.{1,300}?)\] (?:(?:Dynamic|Static|Pending) )?[Mm]ember (?<member>.{1,300}?)(?: with instance id (?<instanceId>.{1,300}?))? has left group(?: \S+)? through explicit `LeaveGroup`(?: request)?(?:; client reason: (?<reason>.*?)\.?$)?/,
  ),
  rule(
    'member-left',
    /^(?:Dynamic |Static |Pending )?[Mm]ember (?:MemberMetadata\(memberId=(?<member>[^,]+), groupInstanceId=(?:None|null|Some\((?<instanceId>[^)]*)\)), .*\) )has left group (?<group>.{1,300}?) through explicit `LeaveGroup`(?: request)?(?:; client reason: (?<reason>.*?)\.?$)?/,
  ),
  rule(
    'member-left',
    /^(?:Pending )?[Mm]ember (?<member>.{1,300}?) has left group (?<group>.{1,300}?) through explicit `LeaveGroup`(?: request)?(?:; client reason: (?<reason>.*?)\.?$)?/,
  ),
  rule(
    'member-left',
    /^Member\[group\.instance\.id (?<instanceId>.{1,300}?), member\.id (?<member>.{1,300}?)\] in group (?<group>.{1,300}?) has left, removing it from the group/,
  ),
  rule('member-removed', /^Group (?<group>.{1,300}?) removed (?:dynamic )?members who haven't joined: (?<member>.*)$/),
  rule(
    'leader-failed',
    /^Group leader \[(?:member\.id: |memberId: )?(?<member>.{1,300}?)(?:, groupInstanceId: |, group\.instance\.id: )(?<instanceId>.*?)\] failed to join before (?:the )?rebalance timeout/,
  ),
  rule('leader-failed', /^Group leader (?<member>.{1,300}?) failed to join before (?:the )?rebalance timeout/),
  rule(
    'group-unloaded',
    /^Unloading group metadata for (?:group )?(?<group>.{1,300}?) with generation (?<generation>-?\d+)/,
  ),
  rule(
    'group-unloaded',
    /^\[GroupId[= ](?<group>.{1,300}?)\] Unload(?:ed|ing) group metadata for (?:generation|group epoch) (?<generation>-?\d+)/,
  ),
  rule('group-loaded', /^Loading group metadata for (?<group>.{1,300}?) with generation (?<generation>-?\d+)/),
  rule(
    'group-loaded',
    /^Loaded (?:classic|consumer|share|streams) group (?<group>.{1,300}?) with (?<members>\d+) members/,
  ),
  // KIP-848, share and streams groups.
  rule(
    'epoch-bumped',
    /^\[GroupId (?<group>.{1,300}?)\](?:\[MemberId (?<member>[^\]]+)\])? Bumped (?:streams )?group epoch to (?<generation>-?\d+)(?: with (?<reason>.*?))?\.?$/,
  ),
  rule(
    'target-computed',
    /^\[GroupId (?<group>.{1,300}?)\] Computed a new target assignment for epoch (?<generation>-?\d+) with '(?<reason>.*?)' assignor in /,
  ),
  rule(
    'member-replaced',
    /^\[GroupId (?<group>.{1,300}?)\] Static member with instance id (?<instanceId>.{1,300}?) re-joins the \w+ group .*?Created a new member (?<member>.{1,300}?) to replace the existing member (?<replaced>.{1,300}?)\.$/,
  ),
  rule(
    'member-joined',
    /^\[GroupId (?<group>.{1,300}?)\] Static member (?<member>.{1,300}?) with instance id (?<instanceId>.{1,300}?) joins the \w+ group/,
  ),
  rule('member-joined', /^\[GroupId (?<group>.{1,300}?)\] Member (?<member>.{1,300}?) joins the \w+ group/),
  rule(
    'member-joined',
    /^\[GroupId (?<group>.{1,300}?)\]\[MemberId (?<member>[^\]]+)\] Member joins the streams group/,
  ),
  rule(
    'member-joining',
    /^\[GroupId (?<group>.{1,300}?)\] Dynamic member with unknown member id joins the consumer group\. Created a new member id (?<member>.{1,300}?) and requesting/,
  ),
  rule(
    'member-away',
    /^\[GroupId (?<group>.{1,300}?)\] Static [Mm]ember (?<member>.{1,300}?) with instance id (?<instanceId>.{1,300}?) temporarily left the \w+ group/,
  ),
  rule(
    'member-left',
    /^\[GroupId (?<group>.{1,300}?)\] (?:Static |Dynamic )?[Mm]ember (?<member>.{1,300}?)(?: with instance id (?<instanceId>.{1,300}?))? (?:left the \w+ group|has left group through explicit `LeaveGroup` request(?:; client reason: (?<reason>.*?)\.?$)?)/,
  ),
  rule(
    'member-left',
    /^\[GroupId (?<group>.{1,300}?)\]\[MemberId [^\]]+\] Member (?<member>.{1,300}?) left the streams group/,
  ),
  rule(
    'member-failed',
    /^\[GroupId (?<group>.{1,300}?)\] (?:Streams m|M)ember (?<member>.{1,300}?) fenced from the group because (?<reason>the member session expired)\b/,
  ),
  rule(
    'member-fenced',
    /^\[GroupId (?<group>.{1,300}?)\] (?:Streams m|M)ember (?<member>.{1,300}?) fenced from the group because (?<reason>.*?)\.*$/,
  ),
  rule(
    'member-fenced',
    /^\[GroupId (?<group>.{1,300}?)\] Static member (?<member>.{1,300}?) with instance id (?<instanceId>.{1,300}?) (?<reason>(?:is fenced by existing|cannot join the group because the instance id is (?:is )?owned by) member .*?)\.$/,
  ),
  rule(
    'member-changed',
    /^\[GroupId (?<group>.{1,300}?)\] Member (?<member>.{1,300}?) (?<reason>updated its subscribed (?:topics|regex) to: .*?)\.?$/,
  ),
  rule('group-converted', /^\[GroupId (?<group>.{1,300}?)\] (?<reason>Converted the .*? group)\./),
];

/** Facts of a message of a group coordinator (Kafka 2.8 to 4.3, classic, KIP-848, share and streams groups). */
export function brokerFacts(message: string): LogFacts | undefined {
  return firstFit(rules, message);
}
