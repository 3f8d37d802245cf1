/** Numbers with the noun that they count, in the form that the number wants: `1 record`, `12,408 records`. */
import { formatCount } from './format.ts';
import { t } from './l10n.ts';

export function recordCount(count: number | bigint): string {
  return Number(count) === 1 ? t('1 record') : t('{0} records', formatCount(count));
}

export function partitionCount(count: number): string {
  return count === 1 ? t('1 partition') : t('{0} partitions', formatCount(count));
}

export function replicaCount(count: number): string {
  return count === 1 ? t('1 replica') : t('{0} replicas', formatCount(count));
}

export function memberCount(count: number): string {
  return count === 1 ? t('1 member') : t('{0} members', formatCount(count));
}

export function commitCount(count: number): string {
  return count === 1 ? t('1 commit') : t('{0} commits', formatCount(count));
}

export function byteCount(count: number): string {
  return count === 1 ? t('1 byte') : t('{0} bytes', formatCount(count));
}
