import type { ChangeKind, JournalItem } from '../../src/ui/panels/journal/protocol.ts';
import { t } from '../shared/l10n.ts';

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

/** How an entry stands: a word, its icon and its class. */
export interface Standing {
  readonly word: string;
  readonly icon: string;
  readonly kind: 'good' | 'bad' | 'warned' | 'quiet';
  readonly meaning: string;
}

export function standingOf(item: JournalItem): Standing {
  const { state, kind, partitions, done, undoneBy } = item;
  switch (state) {
    case 'planned':
      return { word: t('planned'), icon: 'circle-outline', kind: 'quiet', meaning: t('Nothing was sent yet.') };
    case 'executing':
      return { word: t('in progress'), icon: 'loading', kind: 'quiet', meaning: t('A window is making it now.') };
    case 'interrupted':
      return {
        word: t('interrupted'),
        icon: 'debug-disconnect',
        kind: 'bad',
        meaning: t('Its window ended before the results were known. The broker can be asked what it reached.'),
      };
    case 'failed':
      return partitions === 0
        ? { word: t('not complete'), icon: 'warning', kind: 'warned', meaning: t('Some of it was not done.') }
        : {
            word: done === 0 ? t('not done') : t('{0} of {1} done', done, partitions),
            icon: 'warning',
            kind: 'warned',
            meaning: t('Of {0} partitions {1} were done and read back.', partitions, done),
          };
    case 'done':
      if (undoneBy !== undefined) {
        return { word: t('undone'), icon: 'discard', kind: 'quiet', meaning: t('It was done, and taken back later.') };
      }
      return kind === 'snapshot'
        ? { word: t('kept'), icon: 'save', kind: 'good', meaning: t('Offsets that were kept; nothing was changed.') }
        : { word: t('done'), icon: 'check', kind: 'good', meaning: t('All of it was done and read back.') };
  }
}
