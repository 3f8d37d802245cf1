import { formatCount } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';

export function partitionCount(count: number): string {
  return count === 1 ? t('1 partition') : t('{0} partitions', formatCount(count));
}

export function replicaCount(count: number): string {
  return count === 1 ? t('1 replica') : t('{0} replicas', formatCount(count));
}
