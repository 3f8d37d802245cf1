import type { ReadEvent } from '../records/events.ts';

/** Where the reading of a partition stands. */
export interface PartitionProgress {
  /** The next offset that is read. */
  position: bigint | undefined;
  start: bigint | undefined;
  /** The high watermark. */
  end: bigint | undefined;
  lastStable: bigint | undefined;
  state: 'locating' | 'reading' | 'finished' | 'unavailable' | 'denied' | 'deleted';
  why: string | undefined;
}

export function newProgress(): PartitionProgress {
  return {
    position: undefined,
    start: undefined,
    end: undefined,
    lastStable: undefined,
    state: 'locating',
    why: undefined,
  };
}

/** Another topic has its name now: it is read from its beginning. */
export function startAnew(progress: PartitionProgress): void {
  progress.position = 0n;
  progress.start = progress.end = progress.lastStable = undefined;
}

/** Where it stands after an event of its partition; `words` are those that people are told of it. */
export function move(
  progress: PartitionProgress,
  event: Exclude<ReadEvent, { kind: 'topic-recreated' }>,
  words: string | undefined,
): void {
  switch (event.kind) {
    case 'records': {
      const { next, log } = event;
      progress.position = next;
      progress.start = log.start;
      progress.end = log.end;
      progress.lastStable = log.lastStable;
      if (progress.state === 'locating' || progress.state === 'unavailable') progress.state = 'reading';
      return;
    }
    case 'damaged':
      progress.position = event.next;
      return;
    case 'out-of-range':
      progress.position = event.next;
      progress.start = event.start;
      progress.end = event.end;
      return;
    case 'partition-added':
      startAnew(progress);
      progress.state = 'reading';
      return;
    case 'unavailable':
      progress.state = 'unavailable';
      progress.why = event.failure.message;
      return;
    case 'available':
      progress.state = 'reading';
      progress.why = undefined;
      return;
    case 'finished':
      progress.state = event.cause === 'stop' ? 'finished' : event.cause;
      progress.why = words;
      if (event.next !== undefined) progress.position = event.next;
      return;
    case 'leader-moved':
  }
}
