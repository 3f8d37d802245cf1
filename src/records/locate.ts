import type { Failure } from '../kafka/facts.ts';
import type { ReadEvent } from './events.ts';
import { bounds, type Place } from './logBounds.ts';
import type { Part } from './part.ts';
import { startOffsets, stopOffsets, type Start, type Stop } from './positions.ts';

/** Puts a partition where it is to be read from: what there is to say of that, or why it could not be found out. */
export type Locate = (part: Part) => Failure | ReadEvent[];

/** Where reading begins and stops. @throws {CancelledError} and nothing else. */
export async function locateStart(
  place: Place,
  { start, stop }: { readonly start: Start; readonly stop: Stop },
): Promise<Locate> {
  const [starts, stops] = await Promise.all([startOffsets(place, start), stopOffsets(place, stop)]);
  return ({ reader }) => {
    const first = starts.get(reader.partition)!;
    const last = stops.get(reader.partition)!;
    if ('failure' in first) return first.failure;
    if ('failure' in last) return last.failure;
    reader.position = first.value;
    reader.stop = last.value;
    return [];
  };
}

/** Where reading goes on when its position is not there: at the log's start or end, whichever is nearer. @throws {CancelledError} and nothing else. */
export async function locateAgain(place: Place): Promise<Locate> {
  const all = { ...place, isolation: 'read_uncommitted' } as const;
  const [starts, ends] = await Promise.all([bounds(all, 'beginning'), bounds(all, 'end')]);
  return ({ reader, asked, need }) => {
    const first = starts.get(reader.partition)!;
    const last = ends.get(reader.partition)!;
    if ('failure' in first) return first.failure;
    if ('failure' in last) return last.failure;
    const [start, end] = [first.value, last.value];
    if (need === 'beginning' || asked === undefined) {
      reader.position = start;
      return [];
    }
    reader.position = asked < start ? start : asked > end ? end : asked;
    // It may be there by now.
    if (reader.position === asked) return [];
    const { partition, position: next, hasRead: whileReading } = reader;
    const cause = asked < start ? 'below-start' : 'beyond-end';
    return [{ kind: 'out-of-range', partition, cause, asked, start, end, next, whileReading }];
  };
}
