import type { Cause, RebalanceCause } from '../../groups/assignmentHistory.ts';
import { formatDuration } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import type { CommitTimes } from './commitTimes.ts';
import { departureOf, type Departure } from './departure.ts';
import { memberLabel } from './memberLabel.ts';
import type { Stage, StageMember } from './stages.ts';

export interface Change {
  readonly before: Stage;
  readonly after: Stage;
  readonly commits: CommitTimes;
  /** Static members that came back: id before -> id after. */
  readonly returned: ReadonlyMap<string, string>;
  readonly brokerSessionTimeoutMs: number | undefined;
  /** When each member was last heard of by the group's own records: with its generation, or its last step. */
  readonly heardSince: ReadonlyMap<string, number>;
  /** Partitions that the generation before took away from their owners to hand them on in this one. */
  readonly isSecondStep: boolean;
  /** Topics of which partitions are assigned that were not there in any generation before. */
  readonly grown: readonly string[];
  /** Since when members were to give up partitions. */
  readonly revokingSince: ReadonlyMap<string, number>;
}

/** How members that are no longer there went, by id. */
export function departuresOf(change: Change): Map<string, Departure> {
  const { before, after, commits, returned, brokerSessionTimeoutMs, revokingSince } = change;
  const departures = new Map<string, Departure>();
  for (const member of before.members.values()) {
    if (after.members.has(member.id) || returned.has(member.id)) continue;
    departures.set(
      member.id,
      departureOf({
        member,
        source: after.source,
        type: before.type,
        goneAt: after.joinedAt ?? after.at,
        heard: commits.heard(member, change.heardSince.get(member.id) ?? before.at),
        seenAt: change.heardSince.get(member.id) ?? before.at,
        brokerSessionTimeoutMs,
        revokingSince: revokingSince.get(member.id),
        wasAway: member.epoch === -2,
      }),
    );
  }
  return departures;
}

/** Static members of `before` whose instance has another member id in `after`. */
export function returnedMembers(before: Stage, after: Stage): Map<string, string> {
  const returned = new Map<string, string>();
  const now = new Map<string, string>();
  for (const { id, instanceId } of after.members.values()) if (instanceId !== undefined) now.set(instanceId, id);
  for (const { id, instanceId } of before.members.values()) {
    const other = instanceId === undefined ? undefined : now.get(instanceId);
    if (other !== undefined && other !== id && !after.members.has(id)) returned.set(id, other);
  }
  return returned;
}

/** Why a group went from one generation, or epoch, to the next. */
export function causesOf(change: Change, departures: ReadonlyMap<string, Departure>): RebalanceCause[] {
  const { before, after, returned } = change;
  const causes: RebalanceCause[] = [];
  const add = (
    cause: Cause,
    members: readonly string[],
    certainty: RebalanceCause['certainty'],
    text: string,
    evidence: readonly string[] = [],
  ): void => {
    causes.push({ cause, members, certainty, text, evidence, source: after.source });
  };
  for (const [id, { cause, text, evidence }] of departures) add(cause, [id], 'inference', text, evidence);
  for (const [old, id] of returned) {
    const member = after.members.get(id)!;
    add('static-member-returned', [old, id], 'fact', t('Static member {0} came back.', memberLabel(member)), [
      t('Its member id was {0} and is now {1}.', old, id),
      ...replacedEvidence(change, old),
    ]);
  }
  const back = new Set(returned.values());
  for (const member of after.members.values()) {
    if (before.members.has(member.id) || back.has(member.id)) continue;
    add('member-joined', [member.id], 'fact', t('{0} joined.', memberLabel(member)), joinedEvidence(before, member));
  }
  for (const member of after.members.values()) {
    const old = before.members.get(member.id) ?? before.members.get(oldIdOf(returned, member.id));
    if (old === undefined || !isOtherSubscription(old, member)) continue;
    add('subscription-changed', [member.id], 'fact', t('{0} subscribed to other topics.', memberLabel(member)), [
      t('Before: {0}. Now: {1}.', subscriptionOf(old), subscriptionOf(member)),
    ]);
  }
  // New topics bring new partitions, too: that has another cause.
  if (after.metadataChanged && sameTopics(before, after)) {
    add('partitions-changed', [], 'fact', t('The partitions of its topics changed.'), [
      t('The coordinator wrote another state of the topics.'),
    ]);
  } else {
    // Newly subscribed topics have partitions, too: that is another cause.
    if (change.grown.length > 0 && !causes.some(({ cause }) => cause === 'subscription-changed')) {
      add('partitions-changed', [], 'inference', t('Partitions were added to {0}.', change.grown.join(', ')), [
        t('Partitions are assigned that no generation before had.'),
      ]);
    }
  }
  if (after.topologyChanged && before.members.size > 0) {
    add('subscription-changed', [], 'fact', t('The program reads its topics in another way.'), [
      t('The group got another topology.'),
    ]);
  }
  if (causes.length > 0 || after.isDeleted) return causes;
  if (before.madeReady || after.madeReady) {
    add('partitions-changed', [], 'inference', t('Partitions were made ready to be shared.'), [
      t('Before that nobody is given them: {0} are ready now.', after.initialized),
    ]);
    return causes;
  }
  if (change.isSecondStep) {
    add(
      'cooperative-second-step',
      [],
      'inference',
      t('The partitions that were given up in the generation before are handed on.'),
      [t('The assignor {0} is cooperative, and nothing else changed.', after.assignor)],
    );
  } else if (before.coordinatorEpoch >= 0 && after.coordinatorEpoch > before.coordinatorEpoch) {
    add('coordinator-moved', [], 'inference', t('The group came to another coordinator.'), [
      t(
        'The leader epoch of its partition of __consumer_offsets went from {0} to {1}.',
        before.coordinatorEpoch,
        after.coordinatorEpoch,
      ),
    ]);
  } else if (after.type === 'classic' && after.leader !== undefined && after.leader === before.leader) {
    add('leader-rejoined', [after.leader], 'inference', t('Its leader joined again.'), [
      t('Members, subscriptions and partitions are the same; only a leader that joins again starts a rebalance then.'),
    ]);
  } else {
    add('unknown', [], 'inference', t('What is written does not tell why.'));
  }
  return causes;
}

/** The records are the same where a second consumer has the same instance id: how lately the first one committed is all there is to go by. */
function replacedEvidence({ before, after, commits, heardSince }: Change, old: string): string[] {
  const member = before.members.get(old)!;
  const heard = commits.heard(member, heardSince.get(old) ?? before.at);
  const second = t(
    'A second consumer with the same instance id, which throws the first one out, looks the same: a log tells.',
  );
  if (heard === undefined) return [second];
  return [
    t('Its partitions had last been committed {0} before.', formatDuration(Math.max(0, after.at - heard.at))),
    second,
  ];
}

/** A group that goes from one protocol to the other keeps its members and their partitions. */
export function conversionOf(before: Stage, after: Stage): RebalanceCause {
  const name = ({ type }: Stage): string => (type === 'classic' ? t('classic') : t('consumer (KIP-848)'));
  return {
    cause: 'protocol-changed',
    members: [],
    certainty: 'fact',
    source: after.source,
    text: t('The group changed from the {0} to the {1} protocol.', name(before), name(after)),
    evidence: [t('Its records are of the other kind from here on.')],
  };
}

function joinedEvidence(before: Stage, member: StageMember): string[] {
  const same = Array.from(before.members.values()).find(
    ({ clientId, host }) => clientId === member.clientId && host === member.host && clientId !== '',
  );
  const first = t('It was not in the generation before, and is in this one.');
  return same === undefined || same.instanceId !== undefined
    ? [first]
    : [first, t('A member of the same client id and host was there before: {0}.', same.id)];
}

function oldIdOf(returned: ReadonlyMap<string, string>, id: string): string {
  for (const [old, now] of returned) if (now === id) return old;
  return id;
}

function isOtherSubscription(a: StageMember, b: StageMember): boolean {
  // One whose joining is no longer in the topic is known by its assignments only.
  if (a.clientId === '' || b.clientId === '') return false;
  if (a.pattern !== b.pattern || a.topics.length !== b.topics.length) return true;
  const topics = new Set(a.topics);
  return b.topics.some((topic) => !topics.has(topic));
}

function subscriptionOf({ topics, pattern }: StageMember): string {
  return [...topics, ...(pattern === undefined ? [] : [`/${pattern}/`])].join(', ') || t('nothing');
}

/** Whether all members together want what they wanted before. */
function sameTopics(before: Stage, after: Stage): boolean {
  const topicsOf = (stage: Stage): Set<string> => {
    return new Set(Array.from(stage.members.values()).flatMap(({ topics, pattern }) => [...topics, pattern ?? '']));
  };
  const [old, now] = [topicsOf(before), topicsOf(after)];
  return old.size === now.size && Array.from(now).every((topic) => old.has(topic));
}
