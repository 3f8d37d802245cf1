import type { Move, OwnerSpan, Rebalance, RebalanceCause } from '../../groups/assignmentHistory.ts';
import type { TopicPartition } from '../../kafka/facts.ts';
import type { Change } from './causes.ts';
import { needlessMoves } from './fewestMoves.ts';
import { ownersOf, sharersOf } from './ownership.ts';
import { isSettledAt, type Stage } from './stages.ts';

interface Draft {
  readonly first: Stage;
  readonly before: Stage;
  /** By the ids that members have now. */
  readonly previous: ReadonlyMap<TopicPartition, readonly string[]>;
  readonly causes: readonly RebalanceCause[];
  last: Stage;
  ended: number | undefined;
}

/** The rebalances of consumer (KIP-848), share and streams groups: from an epoch's bump until all members have come to it. */
export class ModernRebalances {
  readonly #drafts: Draft[] = [];

  add({ before, after, returned }: Change, causes: () => readonly RebalanceCause[]): void {
    const current = this.#drafts.at(-1);
    const isBump = after.isBump && (!after.isDeleted || before.members.size > 0);
    if (!isBump && returned.size === 0) {
      if (current !== undefined && current.ended === undefined) advance(current, after);
      return;
    }
    // What comes before it was through is done by the next one.
    if (current !== undefined) current.ended ??= after.at;
    const previous = new Map(
      Array.from(sharersOf(before), ([partition, ids]) => [partition, ids.map((id) => returned.get(id) ?? id)]),
    );
    const draft: Draft = { first: after, before, previous, causes: causes(), last: after, ended: undefined };
    advance(draft, after);
    this.#drafts.push(draft);
  }

  /** @param spans of the whole history, from which the time without an owner is taken. */
  finish(spans: readonly OwnerSpan[]): Rebalance[] {
    if (this.#drafts.length === 0) return [];
    const gaps = new Map<string, OwnerSpan[]>();
    for (const span of spans) {
      if (span.member !== undefined) continue;
      const key = `${span.topic} ${span.partition}`;
      const own = gaps.get(key);
      if (own === undefined) gaps.set(key, [span]);
      else own.push(span);
    }
    return this.#drafts.map((draft) => {
      const moves = movesOf(draft);
      const { first, before, last, ended, causes } = draft;
      const isPlain = before.members.size > 0 && last.members.size > 0;
      return {
        id: first.key,
        kind: 'epoch',
        began: first.at,
        ended,
        before: before.number,
        after: first.number,
        membersBefore: before.members.size,
        membersAfter: first.members.size,
        causes,
        moves,
        withoutOwnerMs: isPlain && ended !== undefined ? gapsBetween(moves, gaps, first.at, ended) : undefined,
        recordsMeanwhile: undefined,
      };
    });
  }
}

function advance(draft: Draft, stage: Stage): void {
  draft.last = stage;
  const isSettled = Array.from(stage.members.values()).every((member) => isSettledAt(member, stage.number));
  if (isSettled) draft.ended = stage.at;
}

function movesOf({ previous, last }: Draft): Move[] {
  const now = sharersOf(last);
  const needless = needlessOf(previous, last);
  const moves: Move[] = [];
  for (const partition of new Set([...previous.keys(), ...now.keys()])) {
    const [before = [], after = []] = [previous.get(partition), now.get(partition)];
    const lost = before.filter((id) => !after.includes(id));
    const gained = after.filter((id) => !before.includes(id));
    for (let index = 0; index < Math.max(lost.length, gained.length); index++) {
      moves.push({ ...partition, before: lost[index], after: gained[index], needless: needless.has(partition) });
    }
  }
  return moves;
}

function needlessOf(previous: Draft['previous'], last: Stage): ReadonlySet<TopicPartition> {
  // Members of a share group read the same partitions together: what one gives up is not moved.
  if (last.type === 'share') return new Set();
  const owners = new Map(Array.from(previous, ([partition, [id]]) => [partition, id!]));
  return needlessMoves(owners, ownersOf(last), [...last.members.values()]);
}

function gapsBetween(moves: readonly Move[], gaps: ReadonlyMap<string, OwnerSpan[]>, from: number, to: number): number {
  let sum = 0;
  for (const key of new Set(moves.map(({ topic, partition }) => `${topic} ${partition}`))) {
    for (const gap of gaps.get(key) ?? []) {
      sum += Math.max(0, Math.min(to, gap.to ?? to) - Math.max(from, gap.from));
    }
  }
  return sum;
}
