import type { ExportKind, FromTailPage, RowRange, TailRow } from '../../src/ui/panels/tail/protocol.ts';
import { copyText, type Column } from '../shared/tableModel.ts';
import { selectedCount, type RowSelection } from '../shared/windowTable.ts';

type Selection = RowSelection<TailRow>;

function rangeOf({ generation, first, count }: Extract<Selection, { kind: 'range' }>): RowRange {
  return { generation, first, count };
}

/** Rows as text: made here where they are here, else by the host, which has them. */
export function copyRowsMessage(selection: Selection, columns: readonly Column<TailRow>[]): FromTailPage {
  if (selection.kind === 'rows') {
    return { type: 'copy', text: copyText([...selection.rows.values()], columns) };
  }
  return { type: 'copyRows', rows: rangeOf(selection), columns: columns.map(({ id, title }) => ({ id, title })) };
}

/** undefined where nothing is selected, or more than belongs on a clipboard. */
export function copyRecordsMessage(selection: Selection, as: string): FromTailPage | undefined {
  const seqs = selection.kind === 'rows' ? [...selection.rows.keys()] : [];
  if (seqs.length === 0) return undefined;
  return { type: 'copyRecords', seqs, as: as as Extract<FromTailPage, { type: 'copyRecords' }>['as'] };
}

/** `choice`: kind and which, as in `csv shown`; undefined where what is selected is wanted and nothing is. */
export function exportMessage(selection: Selection, choice: string): FromTailPage | undefined {
  const [as, which] = choice.split(' ') as [ExportKind, 'shown' | 'all' | 'selected'];
  if (which !== 'selected') return { type: 'export', as, which };
  if (selectedCount(selection) === 0) return undefined;
  return {
    type: 'export',
    as,
    which: selection.kind === 'rows' ? [...selection.rows.keys()] : rangeOf(selection),
  };
}
