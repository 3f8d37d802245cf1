import type { FromTailPage, TailModel, TailRow } from '../../src/ui/panels/tail/protocol.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { t } from '../shared/l10n.ts';
import type { MenuItem } from '../shared/menuList.ts';

/** Groups that are offered, so that a menu stays one. */
const mostGroups = 5;

/** What can be done with one row, or with all that are selected. */
export function recordMenu(row: TailRow | undefined, selected: number, model: TailModel): MenuItem[] {
  const copies = [
    { id: 'copy rows', label: t('Copy rows'), apart: true },
    { id: 'copy value', label: t('Copy values') },
    { id: 'copy json', label: t('Copy as JSON lines') },
    { id: 'copy kcat', label: t('Copy as kcat command') },
    { id: 'copy console-consumer', label: t('Copy as kafka-console-consumer command') },
  ];
  if (selected > 1) {
    return [
      ...(selected === 2 ? [{ id: 'compare', label: t('Compare the two') }] : []),
      ...copies,
      ...exports(t('Export what is selected')),
    ];
  }
  if (row?.kind !== 'record') return [{ id: 'details', label: t('Show details') }, copies[0]!];
  return [
    { id: 'details', label: t('Show details') },
    { id: 'open value', label: t('Open the value in an editor') },
    ...(row.key.kind === 'null' ? [] : [{ id: 'open key', label: t('Open the key in an editor') }]),
    ...aboutRecord(row, model),
    { id: 'copy rows', label: t('Copy the row'), apart: true },
    { id: 'copy value', label: t('Copy the value') },
    ...(row.key.kind === 'null' ? [] : [{ id: 'copy key', label: t('Copy the key') }]),
    ...copies.slice(2),
    ...exports(t('Export the record')),
  ];
}

function exports(what: string): MenuItem[] {
  return [
    { id: 'export jsonl', label: t('{0} as JSON lines...', what), apart: true },
    { id: 'export files', label: t('{0}: raw value...', what) },
  ];
}

/** Other pages that say more of a record, and what writes it again. */
export function aboutRecord(row: Extract<TailRow, { kind: 'record' }>, model: TailModel): MenuItem[] {
  const groups = model.groupPositions.filter(({ partition }) => partition === row.partition).map(({ group }) => group);
  return [
    { id: 'batches', label: t('Show its batch'), apart: true },
    ...(model.readOnly === true || row.control !== undefined
      ? []
      : [
          { id: 'replay', label: t('Replay the record...') },
          { id: 'reset', label: t('Reset a group to this record...') },
        ]),
    ...groups.slice(0, mostGroups).map((group) => ({
      id: `explain ${group}`,
      label: t('What is {0} stuck on in this partition?', visibleText(group)),
    })),
  ];
}

/** What the host is asked for by an item about one record; undefined where the page does it by itself. */
export function messageOf(id: string, row: TailRow): FromTailPage | undefined {
  const { seq } = row;
  const [verb = '', ...rest] = id.split(' ');
  const object = rest.join(' ');
  switch (verb) {
    case 'open':
      return { type: 'open', seq, part: object === 'key' ? 'key' : 'value' };
    case 'batches':
    case 'replay':
    case 'reset':
      return { type: 'go', seq, to: verb };
    case 'explain':
      return row.kind === 'record' ? { type: 'explain', group: object, partition: row.partition } : undefined;
    case 'export':
      return { type: 'export', as: object === 'files' ? 'files' : 'jsonl', which: [seq] };
    default:
      return undefined;
  }
}
