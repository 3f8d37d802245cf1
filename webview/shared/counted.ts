/** Numbers with the noun that they count, in the form that the number wants. */
import { formatCount } from '../../src/shared/format.ts';
import { t } from './l10n.ts';

export function recordCount(count: number | bigint): string {
  return Number(count) === 1 ? t('1 record') : t('{0} records', formatCount(count));
}

export function partitionCount(count: number): string {
  return count === 1 ? t('1 partition') : t('{0} partitions', formatCount(count));
}

export function byteCount(count: number): string {
  return count === 1 ? t('1 byte') : t('{0} bytes', formatCount(count));
}

/** What a page says after rows were copied. */
export function copiedRows(count: number): string {
  return count === 1 ? t('Copied 1 row') : t('Copied {0} rows', formatCount(count));
}
