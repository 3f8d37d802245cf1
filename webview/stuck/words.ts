import type { StuckFinding, StuckRecord } from '../../src/ui/panels/stuck/protocol.ts';
import { t } from '../shared/l10n.ts';

/** What sets a record apart at a glance; empty for a plain one. */
export function stateWord(record: StuckRecord): string {
  if (record.damage !== undefined) return t('damaged');
  if (record.marker !== undefined) {
    return record.marker === 'abort'
      ? t('abort marker')
      : record.marker === 'commit'
        ? t('commit marker')
        : t('control record');
  }
  if (record.value?.problem !== undefined) return t('not decoded');
  switch (record.outcome) {
    case 'aborted':
      return t('aborted');
    case 'open':
      return t('open transaction');
    case 'unknown':
      return t('transaction unknown');
    case 'committed':
    case 'none':
      return record.value === null ? t('tombstone') : '';
  }
}

export function stateIcon(record: StuckRecord): string {
  if (record.damage !== undefined || record.value?.problem !== undefined) return 'error';
  if (record.marker !== undefined) return 'milestone';
  switch (record.outcome) {
    case 'aborted':
      return 'discard';
    case 'open':
      return 'lock';
    case 'unknown':
      return 'question';
    case 'committed':
    case 'none':
      return 'circle-slash';
  }
}

export function levelIcon(level: StuckFinding['level']): string {
  return { cause: 'error', hint: 'warning', note: 'info' }[level];
}

export function levelWord(level: StuckFinding['level']): string {
  switch (level) {
    case 'cause':
      return t('Cause');
    case 'hint':
      return t('Sets it apart');
    case 'note':
      return t('Note');
  }
}

export function timestampWord(type: string): string {
  if (type === 'LogAppendTime') return t('when the broker appended it');
  return type === 'CreateTime' ? t('as its producer set it') : t('the record has none');
}
