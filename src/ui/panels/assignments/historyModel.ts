import type {
  Epoch,
  GroupHistory,
  MemberLife,
  OwnerSpan,
  Rebalance,
  Statement,
} from '../../../groups/assignmentHistory.ts';
import { memberColorNames, memberColors, type MemberColor } from '../../../shared/colors.ts';
import { partitionKey } from '../protocol.ts';
import type {
  FindingMessage,
  HistoryMember,
  LaneMessage,
  LineMessage,
  MoveMessage,
  PendingMessage,
  RebalanceMessage,
  Told,
} from './protocol.ts';

/** Gives members their places: a member keeps its own for as long as this lives, whatever the next history's order is. */
export class MemberPlaces {
  readonly #places = new Map<string, number>();
  readonly #lives: MemberLife[] = [];

  take(lives: readonly MemberLife[]): void {
    for (const life of lives) {
      const place = this.#places.get(life.id);
      if (place !== undefined) this.#lives[place] = life;
      else this.#add(life);
    }
  }

  /** The owner's, which has one from now on if it is named here only; -1 for nobody. */
  ofOwner({ member, from }: OwnerSpan): number {
    if (member === undefined) return -1;
    const known = this.#places.get(member);
    if (known !== undefined) return known;
    this.#add({ id: member, instanceId: undefined, clientId: '', host: '', from, to: undefined, left: undefined });
    return this.#lives.length - 1;
  }

  /** -1 where there is none. */
  of(id: string | undefined): number {
    return id === undefined ? -1 : (this.#places.get(id) ?? -1);
  }

  all(ids: readonly string[]): number[] {
    return ids.map((id) => this.of(id)).filter((place) => place >= 0);
  }

  get lives(): readonly MemberLife[] {
    return this.#lives;
  }

  #add(life: MemberLife): void {
    this.#places.set(life.id, this.#lives.length);
    this.#lives.push(life);
  }
}

/**
 * Members with names and colours. `present`: ids of those that the cluster tells now, if it does; they have the colours of tree and
 * lag page. Who is gone has the next one in the order of appearance. `last`: the newest epoch, which says how far they have come.
 */
export function historyMembers(
  lives: readonly MemberLife[],
  present: readonly string[] | undefined,
  last: Epoch | undefined,
): HistoryMember[] {
  const epochs = new Map(last?.members.map(({ id, memberEpoch }) => [id, memberEpoch]));
  const nameOf = ({ instanceId, clientId, id }: MemberLife): string => (instanceId ?? clientId) || id;
  const bearers = new Map<string, number>();
  for (const life of lives) bearers.set(nameOf(life), (bearers.get(nameOf(life)) ?? 0) + 1);
  const colors = memberColors(present ?? lives.filter(({ to }) => to === undefined).map(({ id }) => id));
  // After those that are there, so that few neighbours in time look alike.
  let gone = colors.size;
  return lives.map((life) => ({
    id: life.id,
    name: bearers.get(nameOf(life)) === 1 ? nameOf(life) : `${nameOf(life)} …${life.id.slice(-6)}`,
    clientId: life.clientId,
    instanceId: life.instanceId,
    host: life.host.replace(/^\//, ''),
    color: colors.get(life.id) ?? colorOfGone(gone++),
    from: life.from,
    to: life.to,
    ...epochOf(life, epochs.get(life.id), last?.number),
    left: life.left && told(life.left),
  }));
}

function epochOf({ to }: MemberLife, own: number | undefined, group: number | undefined): Pick<HistoryMember, 'epoch'> {
  return to !== undefined || own === undefined || group === undefined ? {} : { epoch: { own, group } };
}

function colorOfGone(index: number): MemberColor {
  return memberColorNames[index % memberColorNames.length]!;
}

/** A lane for each run of spans of one partition, as many as it has owners at once: the history has them together, in the order of time. */
export function laneMessages(spans: readonly OwnerSpan[], places: MemberPlaces): LaneMessage[] {
  const lanes: LaneMessage[] = [];
  for (let from = 0; from < spans.length;) {
    const { topic, partition } = spans[from]!;
    let to = from + 1;
    while (spans[to]?.topic === topic && spans[to]!.partition === partition) to++;
    sideBySide(spans, from, to).forEach((own, nth) => {
      lanes.push(laneMessage(own, nth === 0 ? undefined : nth, places));
    });
    from = to;
  }
  return lanes;
}

/** The spans of one partition, so that those of a lane follow each other; who comes again keeps its lane where that is free. */
function sideBySide(spans: readonly OwnerSpan[], from: number, to: number): OwnerSpan[][] {
  const lanes: OwnerSpan[][] = [];
  for (let index = from; index < to; index++) {
    const span = spans[index]!;
    const isFree = (lane: readonly OwnerSpan[]): boolean => (lane.at(-1)!.to ?? Infinity) <= span.from;
    const own = lanes.find((lane) => lane.at(-1)!.member === span.member && isFree(lane));
    const lane = own ?? lanes.find(isFree);
    if (lane === undefined) lanes.push([span]);
    else lane.push(span);
  }
  return lanes;
}

function laneMessage(own: readonly OwnerSpan[], nth: number | undefined, places: MemberPlaces): LaneMessage {
  const { topic, partition, from: base } = own[0]!;
  const spans: number[] = [];
  const since = (at: number | undefined): number => (at === undefined ? -1 : Math.max(0, at - base));
  for (const span of own) {
    spans.push(since(span.from), since(span.to), places.ofOwner(span), since(span.revokingFrom));
  }
  return { topic, partition, ...(nth === undefined ? {} : { nth }), base, spans };
}

export function rebalanceMessages(history: GroupHistory, places: MemberPlaces): RebalanceMessage[] {
  // A coordinator that starts anew may count from the beginning again: the last epoch of a number before the rebalance's end is meant.
  const epochs = new Map<number, Epoch[]>();
  for (const epoch of history.epochs) epochs.set(epoch.number, [...(epochs.get(epoch.number) ?? []), epoch]);
  return history.rebalances.map((rebalance) => {
    const at = rebalance.ended ?? rebalance.began ?? history.to;
    const epochOf = (number: number | undefined): Epoch | undefined => {
      const same = number === undefined ? undefined : epochs.get(number);
      return same?.findLast((epoch) => epoch.at <= at) ?? same?.[0];
    };
    return rebalanceMessage(rebalance, epochOf(rebalance.before), epochOf(rebalance.after), places);
  });
}

function rebalanceMessage(
  rebalance: Rebalance,
  before: Epoch | undefined,
  after: Epoch | undefined,
  places: MemberPlaces,
): RebalanceMessage {
  const was = new Set(before?.members.map(({ id }) => id));
  const is = new Set(after?.members.map(({ id }) => id));
  const compared = before !== undefined && after !== undefined;
  const leader = places.of(after?.leader);
  return {
    id: rebalance.id,
    kind: rebalance.kind,
    began: rebalance.began,
    joinedAt: rebalance.joinedAt,
    ended: rebalance.ended,
    before: rebalance.before,
    after: rebalance.after,
    membersBefore: rebalance.membersBefore,
    membersAfter: rebalance.membersAfter,
    joined: compared ? places.all([...is].filter((id) => !was.has(id))) : [],
    left: compared ? places.all([...was].filter((id) => !is.has(id))) : [],
    causes: rebalance.causes.map((cause) => ({
      ...told(cause),
      cause: cause.cause,
      members: places.all(cause.members),
    })),
    moved: rebalance.moves.length,
    needless: rebalance.moves.filter(({ needless }) => needless).length,
    withoutOwnerMs: rebalance.withoutOwnerMs,
    withoutOwnerAtLeastMs: rebalance.withoutOwnerAtLeastMs,
    assignor: after?.assignor === '' ? undefined : after?.assignor,
    leader: leader < 0 ? undefined : leader,
  };
}

export function moveMessages({ moves }: Rebalance, places: MemberPlaces): MoveMessage[] {
  return moves.map(({ topic, partition, before, after, needless }) => ({
    topic,
    partition,
    before: places.of(before),
    after: places.of(after),
    needless,
  }));
}

export function findingMessages(history: GroupHistory, places: MemberPlaces): FindingMessage[] {
  return history.findings.map(({ kind, text, evidence, members, from, to }) => ({
    kind,
    text,
    evidence,
    members: places.all(members),
    from,
    to,
  }));
}

/** More lines than that nobody walks through; the newest count. */
const mostLines = 2_000;
const lineChars = 500;

export function lineMessages({ lines = [] }: GroupHistory): LineMessage[] {
  return lines.slice(-mostLines).map(({ at, file, line, message, rebalance }) => ({
    at,
    file,
    line,
    text: message.slice(0, lineChars),
    rebalance,
  }));
}

/** What the newest epoch's target gives to another member than the last spans do. */
export function pendingMessages({ epochs, spans }: GroupHistory, places: MemberPlaces): PendingMessage[] {
  const targets = epochs.at(-1)?.members.flatMap(({ id, target }) => (target ?? []).map((at) => ({ id, at }))) ?? [];
  if (targets.length === 0) return [];
  const owned = new Set<string>();
  for (const span of spans) if (span.to === undefined) owned.add(`${partitionKey(span)} ${span.member}`);
  return targets
    .map(({ id, at }) => ({ id, key: partitionKey(at) }))
    .filter(({ id, key }) => !owned.has(`${key} ${id}`))
    .map(({ id, key }) => ({ key, member: places.of(id) }))
    .filter(({ member }) => member >= 0);
}

function told({ text, certainty, source, evidence, line }: Statement): Told {
  return { text, certainty, source, evidence, line };
}
