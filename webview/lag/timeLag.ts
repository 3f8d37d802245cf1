import type { LagRow } from '../../src/ui/panels/protocol.ts';
import { formatDuration } from '../../src/shared/format.ts';
import { t } from '../shared/l10n.ts';
import { wholeTime } from '../shared/text.ts';
import { isCaughtUp, timeLagOf } from './ages.ts';
import { noLagReason } from './rows.ts';

export function timeLagText(row: LagRow, now: number): string {
  const age = timeLagOf(row, now);
  if (age === undefined) return '-';
  return isCaughtUp(row) ? t('caught up') : formatDuration(age);
}

/** When the next record was written, or why that is not known. */
export function timeLagHover(row: LagRow): string | undefined {
  const { next } = row;
  if (row.state === 'ok' && row.lag !== undefined && BigInt(row.lag) <= 0n) return undefined;
  switch (next?.kind) {
    case 'written':
      return `${
        next.clock === 'LogAppendTime'
          ? t('The broker appended the next record at')
          : t('The next record has the time of its producer (CreateTime)')
      }\n${wholeTime(next.at)}`;
    case 'nothing':
      return t('Only markers of transactions and gaps wait: none of them is handed to a consumer.');
    case 'unknown':
      return next.why;
    case undefined:
      return (
        noLagReason(row) ?? t('Not read yet; of a large group the 500 partitions that are furthest behind are read.')
      );
  }
}
