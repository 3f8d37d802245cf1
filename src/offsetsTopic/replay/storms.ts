import type { Cause, HistoryFinding, MemberLife, Rebalance, RebalanceCause } from '../../groups/assignmentHistory.ts';
import { formatDuration } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import { runs } from './runs.ts';

const bounds = {
  /** So many rebalances that no roll-out explains, within this time, are a storm. */
  storm: { count: 5, withinMs: 10 * 60_000 },
  /** Who comes and goes within this time was not started, or stopped, on purpose. */
  shortLifeMs: 10 * 60_000,
};

export interface StormFacts {
  readonly rebalances: readonly Rebalance[];
  readonly members: readonly MemberLife[];
}

/**
 * Rebalances without end. Scaling up by n members, down by n, or restarting n one after the other takes some n rebalances, or twice as
 * many, within a minute: that is how it should be. What counts are those of members that come and go again, that time out, or join anew.
 */
export function storms({ rebalances, members }: StormFacts): HistoryFinding[] {
  const lives = new Map(members.map((life) => [life.id, life]));
  const real = rebalances.filter(({ before, after }) => before !== after);
  const odd = real.filter(({ causes }) => causes.length === 0 || !causes.every((cause) => isRollOut(cause, lives)));
  const times = odd.map(timeOf);
  return runs(times, bounds.storm).map(([first, last]) => {
    const own = odd.slice(first, last + 1);
    const [from, to] = [times[first]!, times[last]!];
    const all = real.filter((one) => timeOf(one) >= from && timeOf(one) <= to).length;
    const text =
      all === own.length
        ? t('{0} rebalances within {1}.', all, formatDuration(to - from))
        : t(
            '{0} rebalances within {1}, {2} of them not by members that came or went for good.',
            all,
            formatDuration(to - from),
            own.length,
          );
    return { kind: 'rebalance-storm', text, evidence: mostUsual(own, lives), members: [], from, to };
  });
}

function timeOf({ began, ended }: Rebalance): number {
  return began ?? ended ?? 0;
}

/** What a change of the group on purpose makes: members come to stay, or go that have been there for long. */
function isRollOut({ cause, members }: RebalanceCause, lives: ReadonlyMap<string, MemberLife>): boolean {
  switch (cause) {
    case 'member-joined':
    case 'member-left':
    case 'member-gone':
      return members.every((id) => !isShort(lives.get(id)));
    case 'static-member-returned':
      return members.slice(1).every((id) => !isShort(lives.get(id)));
    case 'partitions-changed':
    case 'subscription-changed':
    case 'cooperative-second-step':
    case 'protocol-changed':
      return true;
    case 'session-timeout':
    case 'poll-timeout':
    case 'static-member-replaced':
    case 'leader-rejoined':
    case 'coordinator-moved':
    case 'unknown':
      return false;
  }
}

function isShort(life: MemberLife | undefined): boolean {
  return life?.to !== undefined && life.to - life.from < bounds.shortLifeMs;
}

/** Causes by how often they were, of all members of a client id together: each comes back under another member id. */
function mostUsual(rebalances: readonly Rebalance[], lives: ReadonlyMap<string, MemberLife>): string[] {
  const counts = new Map<string, number>();
  for (const { causes } of rebalances) {
    for (const { cause, members, text } of causes) {
      const life = lives.get(members.at(-1) ?? '');
      const name = life?.instanceId ?? life?.clientId;
      const said = name === undefined || name === '' ? text : (sentenceOf(cause, name) ?? text);
      counts.set(said, (counts.get(said) ?? 0) + 1);
    }
  }
  return Array.from(counts)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([text, count]) => (count === 1 ? text : t('{0} times: {1}', count, text)));
}

function sentenceOf(cause: Cause, name: string): string | undefined {
  const sentences: Partial<Record<Cause, string>> = {
    'member-joined': t('{0} joined.', name),
    'member-left': t('{0} left, or was removed.', name),
    'member-gone': t('{0} is gone: it left, or its session timed out.', name),
    'session-timeout': t('{0} was not heard of for its session time-out.', name),
    'poll-timeout': t('{0} had not polled for max.poll.interval.ms.', name),
  };
  return sentences[cause];
}
