import { t } from '../../../shared/l10n.ts';
import type { ChangeKind } from './protocol.ts';

/** What a change is called. */
export function kindWord(kind: ChangeKind): string {
  switch (kind) {
    case 'reset':
      return t('Reset');
    case 'seek':
      return t('Seek');
    case 'skip':
      return t('Skip');
    case 'copy':
      return t('Copy offsets');
    case 'undo':
      return t('Undo');
    case 'restore':
      return t('Restore');
    case 'delete-offsets':
      return t('Delete offsets');
    case 'delete-group':
      return t('Delete group');
    case 'remove-members':
      return t('Remove members');
    case 'snapshot':
      return t('Snapshot');
    case 'alter-configs':
      return t('Change configurations');
    case 'create-topic':
      return t('Create topic');
    case 'delete-topic':
      return t('Delete topic');
    case 'add-partitions':
      return t('Add partitions');
    case 'delete-records':
      return t('Delete records');
  }
}
