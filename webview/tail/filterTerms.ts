import { t } from '../shared/l10n.ts';
import type { MenuItem } from '../shared/menu.ts';

/** Conditions that a filter can have: the id is what is put into the field. The language is the host's, see the protocol. */
export function filterTerms(): MenuItem[] {
  return [
    { id: '/pattern/i', label: t('Regular expression') },
    { id: 'key="42"', label: t('Key equals') },
    { id: 'value:text', label: t('Value holds') },
    { id: 'header:name=value', label: t('Header') },
    { id: '$.order.total > 100', label: t('JSON path of the value') },
    { id: 'partition:0,2-4', label: t('Partitions') },
    { id: 'offset:100..200', label: t('Offsets') },
    { id: 'time:"10 minutes ago"..', label: t('Time') },
    { id: 'size>10kb', label: t('Size') },
    { id: 'keypartition:"42"', label: t('Partition of a key (Java, murmur2)') },
    { id: 'keypartition-crc32:"42"', label: t('Partition of a key (librdkafka, CRC32)') },
    { id: 'tx:aborted', label: t('Transaction: committed, aborted, open') },
    { id: 'is:undecodable', label: t('Undecodable records') },
    { id: 'is:tombstone', label: t('Tombstones') },
    { id: 'is:damaged', label: t('Damaged batches') },
  ];
}

/** All conditions of a filter must hold, so another one is set behind what is there. */
export function addTerm(filter: string, term: string): string {
  const before = filter.trimEnd();
  return before === '' ? term : `${before} ${term}`;
}
