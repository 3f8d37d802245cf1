import type { Failure } from '../kafka/facts.ts';
import type { FinishedEvent, UnavailableEvent } from './events.ts';
import type { PartitionReader } from './partitionReader.ts';

/** A partition and what is to be done about it. */
export interface Part {
  reader: PartitionReader;
  /** Broker id, -1 where unknown. */
  leader: number;
  /** What must be found out before it can be fetched: where to start, or what there is where the position is not. */
  need: 'start' | 'range' | 'beginning' | undefined;
  /** The position that was out of range. */
  asked: bigint | undefined;
  /** Something is under way for it. */
  isBusy: boolean;
  /** Not to be tried before; by `performance.now()`. */
  retryAt: number;
  failures: number;
  /** The failure that was told. */
  told: string | undefined;
  /** When it last gave records: the one that waited longest comes first. */
  servedAt: number;
  isFinished: boolean;
}

export function newPart(reader: PartitionReader, leader: number, need: Part['need']): Part {
  return {
    reader,
    leader,
    need,
    asked: undefined,
    isBusy: false,
    retryAt: 0,
    failures: 0,
    told: undefined,
    servedAt: 0,
    isFinished: false,
  };
}

const backoffMs = { first: 100, most: 2_000 };
/** Failures in a row before they are told: leaders move, which is over in a moment. */
const failuresToTell = 3;
/** Lets it be tried again later, ever later; an event where people should hear of it. */
export function fail(part: Part, failure: Failure): UnavailableEvent | undefined {
  part.failures++;
  part.retryAt = performance.now() + backoff(part.failures);
  if (part.failures < failuresToTell || part.told === failure.message) return undefined;
  part.told = failure.message;
  return { kind: 'unavailable', partition: part.reader.partition, failure };
}

export function finish(part: Part, cause: FinishedEvent['cause'], failure?: Failure): FinishedEvent {
  const { partition, position, stop } = part.reader;
  part.isFinished = true;
  const next = position !== undefined && stop !== undefined && stop < position ? stop : position;
  return { kind: 'finished', partition, cause, failure, next };
}

/** Milliseconds to wait after that many failures. */
export function backoff(failures: number): number {
  return Math.min(backoffMs.first * 2 ** (failures - 1), backoffMs.most);
}
