import type { Group, Member } from '../groups/snapshot.ts';
import type { PollEvent, PollMember } from '../offsetsTopic/replay/groupEvent.ts';
import { compact } from '../offsetsTopic/replay/replay.ts';

/**
 * What a poll says of a group; undefined where that is the same as the last time.
 *
 * @param takenAt ms since 1970, on this machine's clock.
 * @param seenAt when the poll before was taken; undefined for the first.
 */
export function pollEventOf(
  group: Group,
  takenAt: number,
  last: PollEvent | undefined,
  seenAt: number | undefined,
): PollEvent | undefined {
  const content = {
    type: group.type,
    state: group.state,
    assignor: group.assignor,
    epoch: group.epoch,
    members: group.members.map(memberOf).sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
  if (last !== undefined) {
    const { type, state, assignor, epoch, members } = last;
    if (JSON.stringify({ type, state, assignor, epoch, members }) === JSON.stringify(content)) return undefined;
  }
  const base = { position: undefined, coordinatorEpoch: -1, commits: [] };
  return { kind: 'poll', key: `p:${takenAt}`, at: takenAt, before: seenAt, ...base, ...content };
}

function memberOf(member: Member): PollMember {
  return {
    id: member.id,
    instanceId: member.instanceId ?? null,
    clientId: member.clientId,
    host: member.host,
    epoch: member.epoch,
    topics: 'value' in member.subscription ? member.subscription.value.topics : [],
    assigned: 'value' in member.assignment ? compact(member.assignment.value) : undefined,
    target: member.target === undefined ? undefined : compact(member.target),
  };
}
