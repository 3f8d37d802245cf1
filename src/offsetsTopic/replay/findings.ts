import type { Epoch, HistoryFinding, MemberLife, Rebalance } from '../../groups/assignmentHistory.ts';
import { partitionCount } from '../../shared/counted.ts';
import { formatDuration } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import { memberLabel } from './memberLabel.ts';
import { runs } from './runs.ts';
import { isSettledAt, type Stage } from './stages.ts';
import { storms } from './storms.ts';

export interface FindingFacts {
  readonly epochs: readonly Epoch[];
  readonly rebalances: readonly Rebalance[];
  readonly members: readonly MemberLife[];
  /** How the group stands. */
  readonly last: Stage | undefined;
  readonly now: number;
}

/** When things are worth a word, in one place. */
const bounds = {
  /** So many member ids of one client id, on one host, one after the other. */
  flapping: { count: 3, withinMs: 30 * 60_000 },
  /** A rebalance that takes longer has got stuck. */
  stuckMs: 60_000,
  /** The most loaded member has so many times what the least has. */
  skew: 2,
  /** So many times a static member's place changed hands. */
  shared: { count: 3, withinMs: 10 * 60_000 },
  /** So much of what an eager rebalance stopped would have stayed where it was. */
  needlessShare: 0.5,
};

/** What stands out, most telling first. */
export function findingsOf(facts: FindingFacts): HistoryFinding[] {
  return [
    ...stuck(facts),
    ...shared(facts),
    ...strangers(facts),
    ...storms(facts),
    ...flapping(facts),
    ...mixed(facts),
    ...wishes(facts),
    ...protocols(facts),
    ...idle(facts),
    ...skewed(facts),
    ...eager(facts),
  ];
}

function stuck({ rebalances, last: stage, now }: FindingFacts): HistoryFinding[] {
  const last = rebalances.at(-1);
  if (last?.began === undefined || last.ended !== undefined || now - last.began < bounds.stuckMs) return [];
  const text = t('A rebalance has been under way for {0}.', formatDuration(now - last.began));
  const waitedFor = membersWaitedFor(stage);
  const evidence = [...last.causes.map((cause) => cause.text), ...waitedFor.map(({ why }) => why)];
  const members = waitedFor.map(({ id }) => id);
  return [{ kind: 'stuck-rebalance', text, evidence, members, from: last.began, to: undefined }];
}

/** Whom an epoch is held up by; of a classic generation nobody tells who has not joined yet. */
function membersWaitedFor(stage: Stage | undefined): { readonly id: string; readonly why: string }[] {
  if (stage === undefined || stage.type === 'classic') return [];
  const { members, number } = stage;
  const behind = Array.from(members.values()).filter((member) => !isSettledAt(member, number));
  // Others may only wait for what these are to give up.
  const holding = behind.filter(({ revoking }) => revoking.length > 0);
  return (holding.length > 0 ? holding : behind).map((member) => ({
    id: member.id,
    why:
      member.revoking.length > 0
        ? t('{0} has not given up {1} yet.', memberLabel(member), partitionCount(member.revoking.length))
        : t('{0} is at epoch {1}, the group is at {2}.', memberLabel(member), member.epoch ?? '-', number ?? '-'),
  }));
}

function flapping({ members }: FindingFacts): HistoryFinding[] {
  const byClient = new Map<string, MemberLife[]>();
  for (const life of members) {
    if (life.instanceId !== undefined || life.clientId === '') continue;
    const key = `${life.clientId}\0${life.host}`;
    const own = byClient.get(key);
    if (own === undefined) byClient.set(key, [life]);
    else own.push(life);
  }
  return Array.from(byClient.values()).flatMap((lives) => {
    // Several at once are several consumers of one name; what flaps comes when the one before it has gone.
    const ends = lives.flatMap(({ to }) => (to === undefined ? [] : [to])).sort((a, b) => a - b);
    const returns = lives.filter(({ from }) => ends.some((end) => end <= from)).map(({ from }) => from);
    return runs(returns, bounds.flapping).map(([first, last]) => {
      const [from, to] = [returns[first]!, returns[last]!];
      const { clientId, host } = lives[0]!;
      const ids = lives.filter((life) => life.from >= from && life.from <= to).map(({ id }) => id);
      const count = last - first + 1;
      const text = t(
        '{0} came back {1} times within {2}, each time as a new member.',
        clientId,
        count,
        formatDuration(to - from),
      );
      const evidence = [t('All are of {0}.', host), ...lives.flatMap(({ left }) => left?.text ?? []).slice(-3)];
      return { kind: 'flapping-member', text, evidence, members: ids, from, to };
    });
  });
}

function shared({ rebalances, members }: FindingFacts): HistoryFinding[] {
  const times = new Map<string, number[]>();
  for (const { causes, ended, began } of rebalances) {
    for (const { cause, members: ids } of causes) {
      if (cause !== 'static-member-returned' && cause !== 'static-member-replaced') continue;
      const instance = members.find(({ id }) => ids.includes(id))?.instanceId;
      if (instance === undefined) continue;
      const own = times.get(instance);
      if (own === undefined) times.set(instance, [ended ?? began ?? 0]);
      else own.push(ended ?? began ?? 0);
    }
  }
  return Array.from(times).flatMap(([instance, own]) =>
    runs(own, bounds.shared).map(([first, last]) => {
      const [from, to] = [own[first]!, own[last]!];
      const ids = members.filter(({ instanceId }) => instanceId === instance).map(({ id }) => id);
      const hosts = new Set(members.filter(({ instanceId }) => instanceId === instance).map(({ host }) => host));
      const text = t(
        'The static member {0} changed hands {1} times within {2}.',
        instance,
        last - first + 1,
        formatDuration(to - from),
      );
      const evidence = [
        t('Two consumers with one group.instance.id throw each other out, or one is restarted over and over.'),
        t('Hosts: {0}.', [...hosts].join(', ')),
      ];
      return { kind: 'shared-identity', text, evidence, members: ids, from, to };
    }),
  );
}

/** Members that read nothing in common are two programs under one group id. */
function strangers({ last }: FindingFacts): HistoryFinding[] {
  if (last?.state !== 'Stable') return [];
  const circles: { topics: Set<string>; members: string[] }[] = [];
  for (const { id, topics, pattern } of last.members.values()) {
    // What a pattern matches, or a member whose joining is no longer in the topic reads, is not known.
    if (pattern !== undefined || topics.length === 0) return [];
    const joined = { topics: new Set(topics), members: [id] };
    for (const circle of circles.filter((one) => topics.some((topic) => one.topics.has(topic)))) {
      circles.splice(circles.indexOf(circle), 1);
      for (const topic of circle.topics) joined.topics.add(topic);
      joined.members = [...circle.members, ...joined.members];
    }
    circles.push(joined);
  }
  if (circles.length < 2) return [];
  const each = circles.map(({ topics, members }) => t('{0} read {1}', members.length, [...topics].sort().join(', ')));
  const text = t('Members of one group read nothing in common: {0}.', each.join('; '));
  const evidence = [
    t('Two programs, or two parts of one, use one group.id: whenever one starts or stops, the other rebalances, too.'),
  ];
  const members = circles.flatMap((circle) => circle.members);
  return [{ kind: 'shared-identity', text, evidence, members, from: last.at, to: undefined }];
}

/** KIP-848: each member may ask for an assignor of the broker's. */
function wishes({ last }: FindingFacts): HistoryFinding[] {
  const wanted = new Map<string, string[]>();
  for (const { id, assignor } of last?.members.values() ?? []) {
    if (assignor !== undefined) wanted.set(assignor, [...(wanted.get(assignor) ?? []), id]);
  }
  if (last === undefined || wanted.size < 2) return [];
  const each = Array.from(wanted, ([assignor, ids]) => t('{0} for {1}', ids.length, assignor));
  const text = t('Members ask for different assignors: {0}.', each.join(', '));
  const evidence = [t('The coordinator takes the one that most of them ask for (group.remote.assignor).')];
  return [
    { kind: 'mixed-assignors', text, evidence, members: [...wanted.values()].flat(), from: last.at, to: undefined },
  ];
}

function mixed({ epochs }: FindingFacts): HistoryFinding[] {
  const last = epochs.at(-1);
  const before = epochs.findLast(({ assignor }) => assignor !== '' && assignor !== last?.assignor);
  if (last === undefined || last.assignor === '' || before === undefined) return [];
  const text = t('The assignor changed from {0} to {1}.', before.assignor, last.assignor);
  const evidence = [t('Members that offer different assignors make a group take one that all of them share.')];
  return [{ kind: 'mixed-assignors', text, evidence, members: [], from: before.at, to: last.at }];
}

/** What a classic member offers is not written, only what was chosen; but who of a KIP-848 group speaks the classic protocol is. */
function protocols({ last }: FindingFacts): HistoryFinding[] {
  if (last?.type !== 'consumer') return [];
  // Of those whose joining is no longer in the topic it is not known.
  const members = Array.from(last.members.values()).filter(({ clientId }) => clientId !== '');
  // The broker decides the time-out of those that speak the new one.
  const classic = members.filter(({ sessionTimeoutMs }) => sessionTimeoutMs !== undefined);
  if (classic.length === 0 || classic.length === members.length) return [];
  const text = t('{0} of {1} members speak the classic protocol.', classic.length, members.length);
  const evidence = [
    t('The others speak the consumer protocol (KIP-848), so that the group is on its way from one to the other.'),
  ];
  const ids = classic.map(({ id }) => id);
  return [{ kind: 'mixed-assignors', text, evidence, members: ids, from: last.at, to: undefined }];
}

function idle({ last }: FindingFacts): HistoryFinding[] {
  if (last === undefined || last.state !== 'Stable') return [];
  const members = [...last.members.values()];
  const without = members.filter(({ assigned, revoking }) => assigned.length + revoking.length === 0);
  if (without.length === 0 || without.length === members.length) return [];
  const partitions = members.reduce((sum, { assigned }) => sum + assigned.length, 0);
  const text = t('{0} of {1} members own nothing.', without.length, members.length);
  const evidence = [t('{0} partitions are assigned.', partitions)];
  return [{ kind: 'idle-members', text, evidence, members: without.map(({ id }) => id), from: last.at, to: undefined }];
}

function skewed({ last }: FindingFacts): HistoryFinding[] {
  if (last === undefined || last.state !== 'Stable' || last.type === 'share') return [];
  const members = [...last.members.values()].filter(({ assigned }) => assigned.length > 0);
  if (members.length < 2) return [];
  const sorted = members.sort((a, b) => b.assigned.length - a.assigned.length);
  const [most, least] = [sorted[0]!, sorted.at(-1)!];
  const [high, low] = [most.assigned.length, least.assigned.length];
  if (high < low * bounds.skew || high - low < 2) return [];
  const text = t('Partitions are spread unevenly: the most loaded member has {0}, the least {1}.', high, low);
  const evidence = [t('The assignor is {0}.', last.assignor || t('unknown'))];
  return [{ kind: 'skew', text, evidence, members: [most.id, least.id], from: last.at, to: undefined }];
}

/** The last rebalances stopped everybody though few partitions had to move. */
function eager({ rebalances, last }: FindingFacts): HistoryFinding[] {
  const recent = rebalances.filter(({ kind, membersBefore, membersAfter, before, after }) => {
    return kind === 'eager' && membersBefore > 0 && membersAfter > 1 && before !== after;
  });
  if (recent.length < 2 || last?.type !== 'classic') return [];
  const own = recent.slice(-10);
  const partitions = [...last.members.values()].reduce((sum, { assigned }) => sum + assigned.length, 0);
  const moved = own.reduce((sum, { moves }) => sum + moves.filter(({ needless }) => !needless).length, 0);
  if (partitions === 0 || moved / (own.length * partitions) >= bounds.needlessShare) return [];
  const text = t('Each rebalance stops all {0} partitions, of which few have to move.', partitions);
  const evidence = [
    t('In the last {0} rebalances {1} partitions had to move.', own.length, moved),
    t('The assignor {0} is eager; cooperative-sticky would stop only those that move.', last.assignor),
  ];
  return [{ kind: 'needless-eager', text, evidence, members: [], from: own[0]!.ended ?? 0, to: undefined }];
}
