import type { LagRow } from '../../src/ui/panels/protocol.ts';

/** How old the next record is, ms; 0 where the group is caught up; undefined where it is not known. */
export function timeLagOf(row: LagRow, now: number): number | undefined {
  if (isCaughtUp(row)) return 0;
  return row.next?.kind === 'written' ? Math.max(0, now - row.next.at) : undefined;
}

/** Orders by age without a clock: caught up is least, not known comes last. */
export function timeLagKey(row: LagRow): number | undefined {
  if (isCaughtUp(row)) return -Infinity;
  return row.next?.kind === 'written' ? -row.next.at : undefined;
}

/** Of all partitions, ms; undefined where none is known or all are caught up. */
export function worstTimeLag(rows: Iterable<LagRow>, now: number): number | undefined {
  let worst: number | undefined;
  for (const row of rows) {
    const age = isCaughtUp(row) ? undefined : timeLagOf(row, now);
    if (age !== undefined && (worst === undefined || age > worst)) worst = age;
  }
  return worst;
}

export function isCaughtUp(row: LagRow): boolean {
  if (row.state !== 'ok' || row.lag === undefined) return false;
  return BigInt(row.lag) <= 0n || row.next?.kind === 'nothing';
}
