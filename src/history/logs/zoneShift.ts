import type { GroupHistory } from '../../groups/assignmentHistory.ts';
import type { LogEvent } from './logEvent.ts';

const quarterMs = 15 * 60 * 1000;
/** A line and the record that it is about are written at once. */
const closeMs = 60 * 1000;

/**
 * By how many milliseconds the times of a file are to be moved so that its generations or epochs are those of the history: 0 where they
 * fit as they are, or nothing tells. Time zones differ by quarters of an hour.
 */
export function zoneShift({ rebalances }: GroupHistory, events: readonly LogEvent[]): number {
  const times = new Map<number, number[]>();
  for (const { after, ended, began } of rebalances) {
    const at = ended ?? began;
    if (after !== undefined && at !== undefined) times.set(after, [...(times.get(after) ?? []), at]);
  }
  const votes = new Map<number, number>();
  for (const { kind, generation, at, isZoneAssumed } of events) {
    if (!isZoneAssumed || generation === undefined) continue;
    if (kind !== 'assignment-received' && kind !== 'epoch-bumped' && kind !== 'group-empty') continue;
    const shifts = new Set<number>();
    for (const known of times.get(generation) ?? []) {
      const shift = Math.round((known - at) / quarterMs) * quarterMs;
      if (Math.abs(known - at - shift) <= closeMs && Math.abs(shift) <= 26 * 4 * quarterMs) shifts.add(shift);
    }
    for (const shift of shifts) votes.set(shift, (votes.get(shift) ?? 0) + 1);
  }
  const unmoved = votes.get(0) ?? 0;
  const [shift, count] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? [0, 0];
  // One line may fit by chance; but where none fits unmoved, there is nothing to lose.
  return count > unmoved && (count > 1 || unmoved === 0) ? shift : 0;
}
