import { t } from '../shared/l10n.ts';
import type { CommitLog } from './commits.ts';

/** What the log lacks, a sentence each. */
export function lacksOf(log: CommitLog, kept: number, time: (at: number) => string): string[] {
  const lacks: string[] = [];
  if (log.compactedUntil !== undefined) {
    lacks.push(
      t(
        'The topic is compacted: of what was committed before {0}, only some, mostly the last of each partition, is left.',
        time(log.compactedUntil),
      ),
    );
  }
  if (log.count > kept) {
    lacks.push(t('The table keeps the last {0} commits; the figures are of all {1}.', kept, log.count));
  }
  if (log.unread > 0) lacks.push(t('{0} records of the group could not be read.', log.unread));
  if (log.unsettled > 0) {
    lacks.push(t('{0} commits of transactions whose end could not be read are left out.', log.unsettled));
  }
  return lacks;
}
