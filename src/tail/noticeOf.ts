import type { ReadEvent } from '../records/events.ts';
import { formatCount } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import type { Notice } from './kept.ts';

/** What an event says to people; undefined of those that speak for themselves. */
export function noticeOf(event: ReadEvent, topic: string, at: number): Notice | undefined {
  switch (event.kind) {
    case 'records':
    case 'damaged':
      return undefined;
    case 'out-of-range': {
      const { partition, asked, start, end, next, cause, whileReading } = event;
      const message =
        cause === 'beyond-end'
          ? t(
              'Offset {0} is beyond the end {1}. Reading goes on at {2}.',
              formatCount(asked),
              formatCount(end),
              formatCount(next),
            )
          : whileReading
            ? t(
                'Retention or a deletion passed the reader: the records from offset {0} up to {1} are gone. Reading goes on at {1}.',
                formatCount(asked),
                formatCount(start),
              )
            : t(
                'Offset {0} is not there any more: the log starts at {1}. Reading goes on there.',
                formatCount(asked),
                formatCount(start),
              );
      return { severity: 'warning', at, partition, message };
    }
    case 'leader-moved': {
      const { partition, from, to } = event;
      return { severity: 'info', at, partition, message: t('The leader moved from broker {0} to {1}.', from, to) };
    }
    case 'unavailable':
      return {
        severity: 'warning',
        at,
        partition: event.partition,
        message: t('{0} It is tried again.', event.failure.message),
      };
    case 'available':
      return { severity: 'info', at, partition: event.partition, message: t('It can be read again.') };
    case 'topic-recreated':
      return {
        severity: 'warning',
        at,
        partition: undefined,
        message: t('Topic {0} was deleted and created anew. The new one is read from its beginning.', topic),
      };
    case 'partition-added': {
      const { partition } = event;
      const message = t('The topic has a partition more, {0}. It is read from its beginning.', partition);
      return { severity: 'info', at, partition, message };
    }
    case 'finished': {
      const { partition, cause, failure } = event;
      if (cause === 'stop') return undefined;
      const message =
        failure?.message ??
        (cause === 'deleted' ? t('Topic {0} was deleted.', topic) : t('Access to topic {0} is denied.', topic));
      return { severity: 'error', at, partition, message };
    }
  }
}
