import { t } from '../shared/l10n.ts';
import type { KeptRecord } from './keptRecord.ts';

/** By org.apache.kafka.common.record.ControlRecordType. */
const types = [
  'abort',
  'commit',
  'leader-change',
  'snapshot-header',
  'snapshot-footer',
  'kraft-version',
  'kraft-voters',
];

/** What the record of a control batch says. */
export function controlWords(record: KeptRecord): { readonly type: string; readonly text: string } {
  const { key, value, facts } = record;
  const code = key !== null && key.length >= 4 ? key.readInt16BE(2) : undefined;
  const type = (code === undefined ? undefined : types[code]) ?? 'unknown';
  const producer = String(facts?.producerId ?? -1);
  if (type === 'commit' || type === 'abort') {
    const epoch = value !== null && value.length >= 6 ? String(value.readInt32BE(2)) : '-';
    const text =
      type === 'commit'
        ? t('Transaction of producer {0} committed (coordinator epoch {1})', producer, epoch)
        : t('Transaction of producer {0} aborted (coordinator epoch {1})', producer, epoch);
    return { type, text };
  }
  return { type, text: t('Control record, type {0}', code === undefined ? '-' : `${code} (${type})`) };
}
