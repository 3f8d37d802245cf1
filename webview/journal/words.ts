import type { JournalItem } from '../../src/ui/panels/journal/protocol.ts';
import { partitionCount } from '../shared/counted.ts';
import { t } from '../shared/l10n.ts';

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
            meaning: t('Of {0} {1} were done and read back.', partitionCount(partitions), done),
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
