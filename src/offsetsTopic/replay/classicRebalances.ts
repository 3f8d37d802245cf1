import type { Move, Rebalance, RebalanceCause } from '../../groups/assignmentHistory.ts';
import type { TopicPartition } from '../../kafka/facts.ts';
import type { Change } from './causes.ts';
import { needlessMoves } from './fewestMoves.ts';
import { ownersOf } from './ownership.ts';
import type { PollHint } from './polls.ts';
import type { Stage } from './stages.ts';

export interface Added {
  readonly rebalance: Rebalance;
  /** Since when nobody owned anything, as far as that is known; undefined where members kept what they had. */
  readonly stoppedFrom: number | undefined;
}

/** Assignors under which members keep what is not taken from them. `stream` has been cooperative since Kafka 2.4. */
const cooperative: ReadonlySet<string> = new Set(['cooperative-sticky', 'stream']);

/** The rebalances of classic groups: what lies between two generations that were written. */
export class ClassicRebalances {
  readonly #hints: readonly PollHint[];
  #nextHint = 0;
  /** Partitions that were given up and not handed on yet, and since when. */
  #givenUp = new Map<TopicPartition, number>();

  constructor(hints: readonly PollHint[]) {
    this.#hints = hints;
  }

  /** Whether this generation hands on what the one before took away. */
  isSecondStep(before: Stage, after: Stage): boolean {
    return cooperative.has(after.assignor) && before.members.size > 0 && this.#givenUp.size > 0;
  }

  /** What happened from one record to the next; undefined where nothing did. */
  add({ before, after, returned }: Change, causes: () => readonly RebalanceCause[]): Added | undefined {
    const isSame = before.number !== undefined && before.number === after.number && !after.isDeleted;
    if (isSame && returned.size === 0) return undefined;
    if (after.isDeleted && before.members.size === 0) return undefined;
    const owners = ownersOf(after);
    const previous = this.#renamed(ownersOf(before), returned);
    const began = this.#began(before, after);
    const kind = kindOf(before, after);
    // Two polls that differ in something else saw no rebalance.
    const isPolled = after.source === 'poll' && before.source === 'poll';
    if (isPolled && began === undefined && sameMembers(before, after) && sameOwners(previous, owners)) return undefined;
    const isStopped = kind === 'eager' && !isSame && before.members.size > 0;
    const stoppedFrom = isStopped ? (began ?? after.joinedAt ?? after.otherwiseAt) : undefined;
    const moves = this.#moves(previous, owners, after);
    const cost = isSame
      ? { whole: 0, least: undefined }
      : this.#cost(moves, previous, owners, { before, after, kind, began });
    this.#note(previous, owners, after);
    const rebalance: Rebalance = {
      id: after.key,
      kind,
      began,
      joinedAt: isSame ? undefined : after.joinedAt,
      ended: after.at,
      before: before.number,
      after: after.number,
      membersBefore: before.members.size,
      membersAfter: after.members.size,
      causes: causes(),
      moves,
      withoutOwnerMs: cost.whole,
      withoutOwnerAtLeastMs: cost.least,
      recordsMeanwhile: undefined,
    };
    return { rebalance, stoppedFrom };
  }

  /** A static member's new id owns what its old one did. */
  #renamed(owners: Map<TopicPartition, string>, returned: ReadonlyMap<string, string>): Map<TopicPartition, string> {
    if (returned.size === 0) return owners;
    return new Map(Array.from(owners, ([partition, id]) => [partition, returned.get(id) ?? id]));
  }

  /** Only polls see it begin; but for a new group, which is written empty when its first member comes. */
  #began(before: Stage, after: Stage): number | undefined {
    const { number, members, source, at } = before;
    let seen: number | undefined;
    for (; this.#nextHint < this.#hints.length; this.#nextHint++) {
      const hint = this.#hints[this.#nextHint]!;
      if (hint.at > after.at) break;
      if (hint.at > at) seen ??= hint.at;
    }
    if (number === 0 && members.size === 0 && source === 'topic' && before.key !== '') return at;
    return seen;
  }

  #moves(before: Map<TopicPartition, string>, after: Map<TopicPartition, string>, stage: Stage): Move[] {
    const needless = needlessMoves(before, after, [...stage.members.values()]);
    const moves: Move[] = [];
    for (const [partition, owner] of after) {
      const was = before.get(partition);
      if (was !== owner) moves.push({ ...partition, before: was, after: owner, needless: needless.has(partition) });
    }
    for (const [partition, was] of before) {
      if (!after.has(partition)) {
        moves.push({ ...partition, before: was, after: undefined, needless: needless.has(partition) });
      }
    }
    return moves;
  }

  /** Time without an owner, over all partitions. */
  #cost(
    moves: readonly Move[],
    before: ReadonlyMap<TopicPartition, string>,
    owners: ReadonlyMap<TopicPartition, string>,
    {
      before: last,
      after,
      kind,
      began,
    }: { before: Stage; after: Stage; kind: Rebalance['kind']; began: number | undefined },
  ): { readonly whole: number | undefined; readonly least: number | undefined } {
    if (last.members.size === 0 || after.members.size === 0) return { whole: undefined, least: undefined };
    if (kind === 'eager') {
      const stopped = Array.from(before.keys()).filter((partition) => owners.has(partition)).length;
      if (began !== undefined) return { whole: stopped * (after.at - began), least: undefined };
      const { joinedAt } = after;
      return { whole: undefined, least: joinedAt === undefined ? undefined : stopped * (after.at - joinedAt) };
    }
    if (kind !== 'cooperative') return { whole: undefined, least: undefined };
    let handedOn = 0;
    for (const [partition, since] of this.#givenUp) if (owners.has(partition)) handedOn += after.at - since;
    // Partitions of whoever has gone had no owner since then, which is not written.
    const isUnsure = moves.some((move) => move.before !== undefined && !after.members.has(move.before));
    return isUnsure ? { whole: undefined, least: handedOn } : { whole: handedOn, least: undefined };
  }

  #note(before: ReadonlyMap<TopicPartition, string>, owners: ReadonlyMap<TopicPartition, string>, { at }: Stage): void {
    for (const partition of before.keys()) if (!owners.has(partition)) this.#givenUp.set(partition, at);
    for (const partition of owners.keys()) this.#givenUp.delete(partition);
  }
}

function kindOf(before: Stage, after: Stage): Rebalance['kind'] {
  const stage = after.members.size > 0 ? after : before;
  if (stage.protocolType !== 'consumer' || stage.assignor === '') return 'unknown';
  return cooperative.has(stage.assignor) ? 'cooperative' : 'eager';
}

function sameMembers(before: Stage, after: Stage): boolean {
  return before.members.size === after.members.size && [...before.members.keys()].every((id) => after.members.has(id));
}

function sameOwners(before: ReadonlyMap<TopicPartition, string>, after: ReadonlyMap<TopicPartition, string>): boolean {
  return before.size === after.size && Array.from(before).every(([partition, owner]) => after.get(partition) === owner);
}
