import type { RecordHeader } from '../../../records/batch.ts';
import { t } from '../../../shared/l10n.ts';
import { controlWords } from '../../../tail/controlWords.ts';
import { after } from '../../../tail/filter/predicate.ts';
import type { KeptRecord } from '../../../tail/keptRecord.ts';
import type { Cells, RecordPresenter } from '../../../tail/presenter.ts';
import { cut, oneLine } from '../../../formats/textLine.ts';
import type { RecordRow, TailRow } from './protocol.ts';

/** Characters of the headers' preview, and headers that it looks at. */
const headerChars = 160;
const previewedHeaders = 8;

/** What the page shows of an entry. A promise only where something must be fetched before it decodes. */
export function rowOf(record: KeptRecord, presenter: RecordPresenter): TailRow | Promise<TailRow> {
  const { seq, source } = record;
  if (source.kind === 'notice') return { kind: 'notice', seq, notice: source.notice };
  if (source.kind === 'damaged') {
    const { partition, size, message } = source;
    return { kind: 'damaged', seq, partition, offset: String(record.offset), size, message };
  }
  if (record.isDamaged) {
    const { partition, offset, size } = record;
    const message = t('Its fields do not fit in it: its producer wrote it so.');
    return { kind: 'damaged', seq, partition, offset: String(offset), size, message };
  }
  const { partition, offset, timestamp, timestampType, size, headers, transaction } = record;
  const facts: Omit<RecordRow, 'key' | 'value'> = {
    kind: 'record',
    seq,
    partition,
    offset: String(offset),
    ...(timestamp < 0n ? {} : { timestamp: String(timestamp) }),
    timestampType,
    size,
    headerCount: headers.length,
    headers: headerPreview(headers),
    ...(transaction === undefined ? {} : { transaction: transaction.outcome }),
    ...(record.isControl ? { control: controlWords(record).type } : {}),
  };
  return after(presenter.cells(record), ({ key, value, more }: Cells): TailRow => {
    return { ...facts, key, value, ...(more === undefined ? {} : { cells: more }) };
  });
}

function headerPreview(headers: readonly RecordHeader[]): string {
  if (headers.length === 0) return '';
  const some = headers.slice(0, previewedHeaders).map(({ key, value }) => {
    return `${cut(oneLine(key.slice(0, headerChars)), 60)}=${headerText(value, 60)}`;
  });
  return cut(some.join('  '), headerChars);
}

/** A header's value on one line: text, or hex where it is none. */
export function headerText(value: Buffer | null, most: number): string {
  if (value === null) return 'null';
  const some = value.subarray(0, most * 4);
  const text = some.toString('utf8');
  const isText = !text.slice(0, -1).includes('\ufffd') && !/[\u0000-\u0008\u000e-\u001f]/.test(text);
  return cut(isText ? oneLine(text) : some.toString('hex'), most);
}
