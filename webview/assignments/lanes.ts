import { laneKey, type HistoryMember, type LaneMessage } from '../../src/ui/panels/assignments/protocol.ts';

/** What nobody owns. */
export const nobody = -1;

/** A line of the chart: spans in the order of time that do not overlap. Arrays of numbers, for there may be a million. */
export interface Lane {
  readonly key: string;
  /** The key of its partition, of which it may be one lane of several; a member's lane is its own. */
  readonly of: string;
  /** A partition's topic; empty for a member's lane. */
  readonly topic: string;
  readonly partition: number;
  /** Of several lanes of a partition that members own together: 0 for the first, which alone has its lag. */
  readonly nth: number;
  readonly label: string;
  readonly from: Float64Array;
  /** Infinity: up to now. */
  readonly to: Float64Array;
  /** Places of members, or `nobody`. */
  readonly owner: Int32Array;
  /** When it began to be given up; NaN where it is not to be. */
  readonly givenUpFrom: Float64Array;
  /** Of a member's lane: how many partitions it owned. */
  readonly owned?: Int32Array;
  /** It changed hands. */
  readonly moved: boolean;
}

/** `known`: what the page has of it, of which the message may keep spans. */
export function laneOf(message: LaneMessage, known?: Lane): Lane {
  const { topic, partition, nth = 0, base, kept = 0, spans } = message;
  const count = kept + spans.length / 4;
  const from = new Float64Array(count);
  const to = new Float64Array(count);
  const owner = new Int32Array(count);
  const givenUpFrom = new Float64Array(count);
  if (known !== undefined) {
    from.set(known.from.subarray(0, kept));
    to.set(known.to.subarray(0, kept));
    owner.set(known.owner.subarray(0, kept));
    givenUpFrom.set(known.givenUpFrom.subarray(0, kept));
  }
  for (let index = kept; index < count; index++) {
    const at = (index - kept) * 4;
    const end = spans[at + 1]!;
    const givenUp = spans[at + 3]!;
    from[index] = base + spans[at]!;
    to[index] = end < 0 ? Infinity : base + end;
    owner[index] = spans[at + 2]!;
    givenUpFrom[index] = givenUp < 0 ? NaN : base + givenUp;
  }
  const first = owner.find((one) => one !== nobody);
  const name = `${topic}-${partition}`;
  const label = nth === 0 ? name : `${name} (${nth + 1})`;
  return {
    key: laneKey(message),
    of: laneKey({ topic, partition }),
    topic,
    partition,
    nth,
    label,
    from,
    to,
    owner,
    givenUpFrom,
    moved: owner.some((one) => one !== nobody && one !== first),
  };
}

/** The span that `at` lies in; -1 where there is none. */
export function spanAt(lane: Lane, at: number): number {
  const index = firstEndingAfter(lane, at);
  return index < lane.from.length && lane.from[index]! <= at ? index : -1;
}

/** The first span that ends after `at`; as many as there are where none does. */
export function firstEndingAfter({ to }: Lane, at: number): number {
  let low = 0;
  let high = to.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (to[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A lane for each member: how many partitions it owned from when to when, as long as it was there. */
export function memberLanes(lanes: readonly Lane[], members: readonly HistoryMember[]): Lane[] {
  const changes = members.map(() => new Map<number, number>());
  const change = (owner: number, at: number, by: number): void => {
    const own = changes[owner];
    if (own !== undefined && at !== Infinity) own.set(at, (own.get(at) ?? 0) + by);
  };
  for (const lane of lanes) {
    for (let index = 0; index < lane.from.length; index++) {
      const owner = lane.owner[index]!;
      if (owner === nobody) continue;
      change(owner, lane.from[index]!, 1);
      change(owner, lane.to[index]!, -1);
    }
  }
  return members.map((member, place) => memberLane(member, place, changes[place]!));
}

function memberLane(member: HistoryMember, place: number, changes: Map<number, number>): Lane {
  // Its life begins and ends with nothing changed, if not with a partition.
  const end = member.to ?? Infinity;
  for (const at of [member.from, end]) if (at !== Infinity && !changes.has(at)) changes.set(at, 0);
  const times = [...changes.keys()].sort((a, b) => a - b);
  const [from, to, owned]: [number[], number[], number[]] = [[], [], []];
  let count = 0;
  times.forEach((at, index) => {
    count += changes.get(at)!;
    const until = times[index + 1] ?? Infinity;
    if (count === 0 && at >= end) return;
    if (owned.length > 0 && owned.at(-1) === count && to.at(-1) === at) to[to.length - 1] = until;
    else {
      from.push(at);
      to.push(until);
      owned.push(count);
    }
  });
  return {
    key: `member ${member.id}`,
    of: `member ${member.id}`,
    topic: '',
    partition: -1,
    nth: 0,
    label: member.name,
    from: Float64Array.from(from),
    to: Float64Array.from(to),
    owner: new Int32Array(from.length).fill(place),
    givenUpFrom: new Float64Array(from.length).fill(NaN),
    owned: Int32Array.from(owned),
    moved: new Set(owned).size > 1,
  };
}

export interface LaneFilter {
  /** Words; each must be in the lane's name or in one of its owners'. */
  readonly text: string;
  readonly movedOnly: boolean;
  /** Only lanes of these, where it is given. */
  readonly keys: ReadonlySet<string> | undefined;
}

export function filterLanes(
  lanes: readonly Lane[],
  members: readonly HistoryMember[],
  { text, movedOnly, keys }: LaneFilter,
): readonly Lane[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && !movedOnly && keys === undefined) return lanes;
  // Each word: which members have it, looked up once and not for each span.
  const having = words.map((word) => members.map((member) => memberText(member).includes(word)));
  return lanes.filter((lane) => {
    if (movedOnly && !lane.moved) return false;
    if (keys !== undefined && !keys.has(lane.of)) return false;
    const name = lane.label.toLowerCase();
    return words.every(
      (word, nth) =>
        name.includes(word) || lane.owner.some((owner) => owner !== nobody && having[nth]![owner] === true),
    );
  });
}

export function memberText({ id, name, clientId, instanceId = '', host }: HistoryMember): string {
  return [id, name, clientId, instanceId, host].join(' ').toLowerCase();
}
