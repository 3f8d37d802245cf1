import type { OwnerSpan } from '../../groups/assignmentHistory.ts';
import type { TopicPartition } from '../../kafka/facts.ts';
import type { Steps } from '../../shared/steps.ts';
import type { Stage } from './stages.ts';

interface Open {
  readonly member: string | undefined;
  readonly from: number;
  revokingFrom: number | undefined;
}

interface PartitionPast {
  /** Share groups may have several owners; others have one, or undefined for nobody. */
  open: Open[];
  readonly closed: OwnerSpan[];
  /** The stage that named it last. */
  seenIn: Stage | undefined;
}

/** A stop that is shorter, of a partition whose owner stays, is not cut out of its span: each eager rebalance makes one a partition. */
const shortestStopMs = 1_000;

/** Follows who owns each partition, stage by stage. Partitions are told apart by identity. */
export class Spans {
  readonly #pasts = new Map<TopicPartition, PartitionPast>();

  /**
   * @param stoppedFrom since when nobody owned anything, where the whole group stopped (eager); undefined where nobody did.
   */
  add(stage: Stage, stoppedFrom: number | undefined): void {
    const owners = new Map<TopicPartition, Open[]>();
    for (const member of stage.members.values()) {
      for (const partition of member.assigned) own(owners, partition, member.id, stage.at, undefined);
      for (const partition of member.revoking) own(owners, partition, member.id, stage.at, stage.at);
    }
    for (const [partition, wanted] of owners) {
      let past = this.#pasts.get(partition);
      if (past === undefined) this.#pasts.set(partition, (past = { open: [], closed: [], seenIn: undefined }));
      past.seenIn = stage;
      this.#change(partition, past, wanted, stage.at, stoppedFrom);
    }
    for (const [partition, past] of this.#pasts) {
      if (past.seenIn === stage || past.open.some(({ member }) => member === undefined)) continue;
      const nobody = { member: undefined, from: stage.at, revokingFrom: undefined };
      this.#change(partition, past, [nobody], stage.at, stoppedFrom);
    }
  }

  /** By topic, partition, time; a partition a step. */
  *all(): Steps<OwnerSpan[]> {
    const pasts = Array.from(this.#pasts).sort(([a], [b]) => {
      return a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;
    });
    const all: OwnerSpan[] = [];
    for (const [partition, { open, closed }] of pasts) {
      const last = open.map((each) => spanOf(partition, each, undefined));
      for (const span of [...closed, ...last].sort((a, b) => a.from - b.from)) all.push(span);
      yield;
    }
    return all;
  }

  #change(
    partition: TopicPartition,
    past: PartitionPast,
    wanted: readonly Open[],
    at: number,
    stoppedFrom: number | undefined,
  ): void {
    // Most go on as they are: of thousands of partitions, at each of hundreds of rebalances.
    if (past.open.length === 1 && wanted.length === 1 && goesOn(past.open[0]!, wanted[0], at, stoppedFrom)) return;
    const next: Open[] = [];
    for (const open of past.open) {
      const same = wanted.find(({ member }) => member === open.member);
      if (goesOn(open, same, at, stoppedFrom)) {
        next.push(open);
        continue;
      }
      const isStopped = stoppedFrom !== undefined && open.member !== undefined;
      const end = isStopped ? Math.max(open.from, stoppedFrom) : at;
      past.closed.push(spanOf(partition, open, end));
      if (isStopped && end < at && wanted.some(({ member }) => member !== undefined)) {
        past.closed.push({ ...partition, member: undefined, from: end, to: at });
      }
      if (isStopped && wanted.every(({ member }) => member === undefined)) {
        next.push({ member: undefined, from: end, revokingFrom: undefined });
      }
    }
    for (const each of wanted) {
      if (!next.some(({ member }) => member === each.member)) next.push(each);
    }
    past.open = next;
  }
}

/** Whether its owner keeps it; then it is noted since when it is to be given up. */
function goesOn(open: Open, same: Open | undefined, at: number, stoppedFrom: number | undefined): boolean {
  if (same === undefined || same.member !== open.member) return false;
  if (stoppedFrom !== undefined && open.member !== undefined && at - stoppedFrom >= shortestStopMs) return false;
  if (same.revokingFrom === undefined) open.revokingFrom = undefined;
  else open.revokingFrom ??= same.revokingFrom;
  return true;
}

function own(
  owners: Map<TopicPartition, Open[]>,
  partition: TopicPartition,
  member: string,
  from: number,
  revokingFrom: number | undefined,
): void {
  const open = { member, from, revokingFrom };
  const known = owners.get(partition);
  if (known === undefined) owners.set(partition, [open]);
  else known.push(open);
}

function spanOf({ topic, partition }: TopicPartition, open: Open, to: number | undefined): OwnerSpan {
  const { member, from, revokingFrom } = open;
  return { topic, partition, member, from, to, ...(revokingFrom === undefined ? {} : { revokingFrom }) };
}
