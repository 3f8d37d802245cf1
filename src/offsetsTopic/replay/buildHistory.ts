import type { Epoch, GroupHistory, Rebalance, RebalanceCause, Source } from '../../groups/assignmentHistory.ts';
import type { GroupType } from '../../groups/snapshot.ts';
import { t } from '../../shared/l10n.ts';
import { complete, type Steps } from '../../shared/steps.ts';
import { causesOf, conversionOf, departuresOf, returnedMembers, type Change } from './causes.ts';
import { CommitTimes } from './commitTimes.ts';
import { findingsOf } from './findings.ts';
import type { GroupEvent, PollEvent } from './groupEvent.ts';
import { Lives } from './lives.ts';
import { ClassicRebalances } from './classicRebalances.ts';
import { memberLabel } from './memberLabel.ts';
import { ModernRebalances } from './modernRebalances.ts';
import { pollHints, underWay, withoutToldPolls } from './polls.ts';
import { Spans } from './spans.ts';
import { Partitions, Stages, type Stage } from './stages.ts';

export interface BuildOptions {
  readonly group: string;
  /** Up to when the sources were asked. */
  readonly now: number;
  /** Topic ids to names, as the cluster's metadata has them. */
  readonly nameOf?: ((topicId: string) => string | undefined) | undefined;
  /** Session time-outs that the broker decides, ms, where they could be read. */
  readonly sessionTimeouts?: SessionTimeouts | undefined;
  /** What the sources could not tell, a sentence each. */
  readonly lacks?: readonly string[];
}

/** By type of group: `group.consumer.session.timeout.ms` and the like, or the group's own. */
export type SessionTimeouts = Partial<Record<Exclude<GroupType, 'classic'>, number>>;

/** A group's history of all that its sources told. `events` of the topic in order of their offsets; polls may be anywhere. */
export function buildHistory(events: readonly GroupEvent[], options: BuildOptions): GroupHistory {
  return complete(historySteps(events, options));
}

/** The same, an event a step: hundreds of rebalances of a thousand partitions would hold up everything else in the editor. */
export function* historySteps(events: readonly GroupEvent[], options: BuildOptions): Steps<GroupHistory> {
  const { group, now, nameOf = () => undefined, sessionTimeouts = {} } = options;
  const partitions = new Partitions();
  const stages = new Stages(partitions, nameOf);
  const commits = new CommitTimes(partitions);
  const spans = new Spans();
  const lives = new Lives();
  const epochs: Epoch[] = [];
  const hints = pollHints(events);
  const classic = new ClassicRebalances(hints);
  const modern = new ModernRebalances();
  const rebalances: Rebalance[] = [];
  const highest = new Map<string, number>();
  const revokingSince = new Map<string, number>();
  const heardSince = new Map<string, number>();
  const lacks = [...(options.lacks ?? [])];
  let before: Stage | undefined;
  const carried: RebalanceCause[] = [];

  for (const event of withoutToldPolls(events)) {
    commits.add(event.commits);
    const stage = stages.next(event);
    const isFirst = before === undefined;
    // A group that is not there any more, or not as it was, has nobody left of before.
    const last = before ?? emptyBefore(event, stage);
    const grown = grow(highest, stage, isFirst);
    let departures: ReturnType<typeof departuresOf> = new Map();
    let stoppedFrom: number | undefined;
    if (last !== undefined) {
      const change: Change = {
        before: last,
        after: stage,
        commits,
        returned: returnedMembers(last, stage),
        brokerSessionTimeoutMs: last.type === 'classic' ? undefined : sessionTimeouts[last.type],
        isSecondStep: classic.isSecondStep(last, stage),
        grown,
        revokingSince,
        heardSince,
      };
      departures = departuresOf(change);
      const causes = (): readonly RebalanceCause[] => [...carried.splice(0), ...causesOf(change, departures)];
      const isConverted = isConversion(last, stage);
      if (isConverted) carried.push(conversionOf(last, stage));
      if (isConverted && last.number === stage.number) {
        // It is no rebalance by itself: the next one, which follows at once, is for what happened here.
        carried.push(...causesOf(change, departures).filter(({ cause }) => cause !== 'unknown'));
      } else if (stage.type === 'classic') {
        const added = classic.add(change, causes);
        stoppedFrom = added?.stoppedFrom;
        if (added !== undefined) rebalances.push(added.rebalance);
      } else {
        modern.add(change, causes);
      }
    }
    noteRevoking(revokingSince, stage);
    noteHeard(heardSince, event, before);
    spans.add(stage, stoppedFrom);
    lives.add(stage, departures);
    if (stage.isBump) commits.restart();
    addEpoch(epochs, stage);
    before = stage;
    yield;
  }
  const all = yield* spans.all();
  rebalances.push(...modern.finish(all));
  yield;
  rebalances.sort((a, b) => (a.began ?? a.ended ?? 0) - (b.began ?? b.ended ?? 0));
  const running = underWay(events);
  if (running !== undefined && before !== undefined) rebalances.push(unfinished(running.first, running.last, before));
  const first = events[0];
  if (first?.kind === 'generation' && !isBeginning(first)) {
    lacks.push(t('Generations before {0} are no longer in the topic, or were never written.', first.generation));
  } else if (first?.kind === 'step' && !isBeginning(first)) {
    lacks.push(
      t('The group’s beginning is no longer in the topic: compaction keeps the last record of each key only.'),
    );
  }
  const other = events.findLast((event) => event.kind === 'generation')?.protocolType ?? '';
  if (other !== '' && other !== 'consumer') {
    lacks.push(
      t(
        'Its members are no consumers (protocol type {0}): what they own are no partitions, so that there are no lanes of these. By member you see who was there.',
        other,
      ),
    );
  }
  const from = epochs[0]?.at;
  return {
    group,
    type: before?.type ?? 'unknown',
    from,
    to: now,
    sources: sourcesOf(events),
    lacks,
    members: lives.all,
    epochs,
    spans: all,
    rebalances,
    findings: findingsOf({ epochs, rebalances, members: lives.all, last: before, now }),
  };
}

/** What is written when it is done may tell more. */
function unfinished({ key, at }: PollEvent, last: PollEvent, { number, members }: Stage): Rebalance {
  const causes = last.members.flatMap((member): RebalanceCause[] => {
    if (members.has(member.id)) return [];
    const text = t('{0} is joining.', memberLabel(member));
    const evidence = [t('It was not a member before.')];
    return [{ cause: 'member-joined', members: [member.id], text, certainty: 'fact', source: 'poll', evidence }];
  });
  const text = t('It is under way; what is written when it is done may tell why.');
  if (causes.length === 0) {
    causes.push({ cause: 'unknown', members: [], text, certainty: 'inference', source: 'poll', evidence: [] });
  }
  return {
    id: key,
    kind: 'unknown',
    began: at,
    ended: undefined,
    before: number,
    after: undefined,
    membersBefore: members.size,
    membersAfter: last.members.length,
    causes,
    moves: [],
    withoutOwnerMs: undefined,
    recordsMeanwhile: undefined,
  };
}

/** What the group was before the first record: nothing, where that is its first member's coming. */
function emptyBefore(event: GroupEvent, stage: Stage): Stage | undefined {
  if (!isBeginning(event) || stage.members.size === 0) return undefined;
  return { ...stage, key: '', number: 0, state: 'Empty', members: new Map(), coordinatorEpoch: -1, leader: undefined };
}

/** Nothing was before it. A new group of the consumer protocol comes to epoch 1 or 2 with its first member (2 where its topics are hashed). */
function isBeginning(event: GroupEvent): boolean {
  if (event.kind === 'generation') return event.generation <= 1;
  if (event.kind !== 'step') return false;
  return (
    event.epoch !== undefined &&
    event.epoch <= 2 &&
    event.members.every(({ joined }) => joined !== undefined && joined !== null)
  );
}

function isConversion(before: Stage, after: Stage): boolean {
  const isSettled = before.members.size > 0 && after.members.size > 0;
  return isSettled && before.type !== after.type && before.key !== '' && !before.isDeleted && !after.isDeleted;
}

/** Topics that have partitions now which they never had before. */
function grow(highest: Map<string, number>, stage: Stage, isFirst: boolean): string[] {
  const grown = new Set<string>();
  const now = new Map<string, number>();
  for (const member of stage.members.values()) {
    for (const { topic, partition } of member.assigned) now.set(topic, Math.max(now.get(topic) ?? -1, partition));
  }
  for (const [topic, partition] of now) {
    const known = highest.get(topic);
    if (known !== undefined && partition > known && !isFirst) grown.add(topic);
    if (known === undefined || partition > known) highest.set(topic, partition);
  }
  return [...grown];
}

/**
 * A member takes part in a generation, and a modern one's assignment is written as it answers: then it was there. A poll still lists one
 * that has died: only one that is new, or has come to another epoch, was heard.
 */
function noteHeard(heardSince: Map<string, number>, event: GroupEvent, before: Stage | undefined): void {
  if (event.kind === 'deleted') return;
  if (event.kind === 'poll') {
    for (const { id, epoch } of event.members) {
      const known = before?.members.get(id);
      const isHeard = event.type === 'classic' ? event.state === 'Stable' : known?.epoch !== epoch;
      if (known === undefined || isHeard) heardSince.set(id, event.at);
    }
    return;
  }
  for (const member of event.members) {
    if (!('current' in member) || (member.current !== undefined && member.current !== null))
      heardSince.set(member.id, event.at);
  }
}

function noteRevoking(revokingSince: Map<string, number>, stage: Stage): void {
  for (const { id, revoking } of stage.members.values()) {
    if (revoking.length === 0) revokingSince.delete(id);
    else if (!revokingSince.has(id)) revokingSince.set(id, stage.at);
  }
}

/** A modern group's epoch shows how far its members came until the next one. */
function addEpoch(epochs: Epoch[], stage: Stage): void {
  if (stage.isDeleted) return;
  const last = epochs.at(-1);
  const continues = !stage.isBump && last !== undefined && last.number === stage.number;
  const epoch: Epoch = {
    number: stage.number ?? -1,
    at: continues ? last.at : stage.at,
    source: continues ? last.source : stage.source,
    state: stage.state,
    assignor: stage.assignor,
    leader: stage.leader,
    members: Array.from(stage.members.values(), ({ id, epoch: memberEpoch, topics, assigned, target, revoking }) => ({
      id,
      memberEpoch,
      subscription: topics,
      assigned,
      target,
      revoking,
    })),
  };
  if (continues) epochs[epochs.length - 1] = epoch;
  else epochs.push(epoch);
}

function sourcesOf(events: readonly GroupEvent[]): Source[] {
  const sources = new Set<Source>();
  for (const { kind } of events) sources.add(kind === 'poll' ? 'poll' : 'topic');
  return [...sources];
}
