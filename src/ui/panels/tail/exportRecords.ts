import { isUtf8 } from 'node:buffer';
import { Turn } from '../../../shared/turn.ts';
import type { KeptRecord } from '../../../tail/keptRecord.ts';
import type { Preview, RecordPresenter } from '../../../tail/presenter.ts';
import type { RecordStore } from '../../../tail/recordStore.ts';
import { csvCell } from '../exportRows.ts';
import { exactJson } from '../../../formats/exactJson.ts';
import {
  base64Part,
  csvPieces,
  joined,
  largeBytes,
  largePart,
  textPart,
  type ExportedPart,
  type Text,
} from './exportLarge.ts';

/** Characters that are written at once, of records that are small. */
const writtenChars = 64 << 10;
/** Bytes up to which formats other than JSON and text are decoded: that can only be done at once. */
const mostDecoded = 1 << 20;

export interface ExportSource {
  readonly topic: string;
  readonly store: RecordStore;
  /** Of what is exported, in that order; what the store drops meanwhile is left out. */
  readonly seqs: Iterable<number>;
  readonly presenter: RecordPresenter;
}

export interface ExportedRecord {
  readonly seq: number;
  readonly record: KeptRecord;
}

/** The records, the event loop having its turn between them; notices and damaged batches are not exported. */
export async function* exported({ store, seqs }: ExportSource): AsyncGenerator<ExportedRecord> {
  const turn = new Turn();
  for (const seq of seqs) {
    if (turn.isOver) await turn.giveWay();
    const record = store.at(seq);
    if (record?.kind === 'record') yield { seq, record };
  }
}

const csvHeader =
  'topic,partition,offset,timestamp,timestampType,key,value,keyEncoding,valueEncoding,headers,size,transaction,control\r\n';

/**
 * The file of the records, in pieces none of which is large. Between them the event loop has its turn; `progress` is told how many records
 * are done, and ends it by throwing.
 */
export async function* exportText(
  source: ExportSource,
  kind: 'jsonl' | 'csv',
  progress: (done: number) => void,
): AsyncGenerator<string> {
  let waiting = kind === 'csv' ? csvHeader : '';
  const turn = new Turn();
  let done = 0;
  for await (const { record } of exported(source)) {
    for (const piece of await exportLine(record, source.topic, source.presenter, kind)) {
      waiting += piece;
      if (waiting.length < writtenChars) continue;
      yield waiting;
      waiting = '';
      if (turn.isOver) await turn.giveWay();
      progress(done);
    }
    progress(++done);
  }
  if (waiting !== '') yield waiting;
}

/**
 * A record as a line of the file, in pieces where it is large: JSON with all digits, or RFC 4180, safe to open in a spreadsheet. Bytes that do
 * not decode are base64, and say so; so are those of more than a megabyte that are neither JSON nor text.
 */
export async function exportLine(
  record: KeptRecord,
  topic: string,
  presenter: RecordPresenter,
  kind: 'jsonl' | 'csv',
): Promise<Iterable<string>> {
  const { partition, offset, timestamp, timestampType, size, transaction, headers } = record;
  const cells = await presenter.cells(record);
  const key = await partOf(record, 'key', presenter, cells.key);
  const value = await partOf(record, 'value', presenter, cells.value);
  const headerTexts = headersOf(headers);
  const time = timestamp < 0n ? undefined : timeText(timestamp);
  const control = record.isControl ? cells.value.text : undefined;
  const outcome = transaction?.outcome;
  if (kind === 'csv') {
    const fields = [
      topic,
      String(partition),
      String(offset),
      time,
      timestampType,
      key.text,
      value.text,
      key.encoding,
      value.encoding,
      headers.length === 0 ? undefined : headerTexts,
      String(size),
      outcome,
      control,
    ];
    return joined([...fields.flatMap((field, nth) => [nth === 0 ? '' : ',', csvText(field)]), '\r\n']);
  }
  const pairs: [string, Text | undefined][] = [
    ['topic', JSON.stringify(topic)],
    ['partition', String(partition)],
    ['offset', String(offset)],
    ['timestamp', time === undefined ? 'null' : JSON.stringify(time)],
    ['timestampMs', timestamp < 0n ? 'null' : String(timestamp)],
    ['timestampType', JSON.stringify(timestampType)],
    ['key', key.json],
    ['keyEncoding', key.encoding && JSON.stringify(key.encoding)],
    ['value', value.json],
    ['valueEncoding', value.encoding && JSON.stringify(value.encoding)],
    ['headers', headerTexts],
    ['size', String(size)],
    ['transaction', outcome && JSON.stringify(outcome)],
    ['control', control === undefined ? undefined : JSON.stringify(control)],
  ];
  const known = pairs.filter((pair): pair is [string, Text] => pair[1] !== undefined);
  return joined(['{', ...known.flatMap(([name, json], nth) => [`${nth === 0 ? '' : ','}"${name}":`, json]), '}\n']);
}

function csvText(text: Text | undefined): Text {
  return text === undefined || typeof text === 'string' ? csvCell(text) : csvPieces(text);
}

/** `preview`: its cell, which tells the format by its first bytes. */
async function partOf(
  record: KeptRecord,
  part: 'key' | 'value',
  presenter: RecordPresenter,
  preview: Preview,
): Promise<ExportedPart> {
  const bytes = record[part];
  if (bytes === null) return { json: 'null', text: undefined, encoding: undefined };
  if (record.isControl || preview.format === 'hex') return base64Part(bytes);
  if (bytes.length > largeBytes) {
    const { kind, format } = preview;
    if (kind === 'text' && (format === 'json' || format === 'text')) return largePart(bytes, format);
    if (bytes.length > mostDecoded) return base64Part(bytes);
  }
  if (part === 'value') {
    const plain = await presenter.plain(record);
    if (plain === undefined) return base64Part(bytes);
    try {
      const json = exactJson(plain);
      return { json, text: typeof plain === 'string' ? plain : json, encoding: undefined };
    } catch {
      // Deeper than the stack: as it came.
      const text = bytes.toString('utf8');
      return { json: JSON.stringify(text), text, encoding: undefined };
    }
  }
  const { kind, text, language } = await presenter.document(record, part);
  if (kind === 'failed') return base64Part(bytes);
  return { json: language === 'json' ? oneLineJson(text) : JSON.stringify(text), text, encoding: undefined };
}

/** Line ends of laid out JSON are between its tokens only: in its texts they are escaped. */
function oneLineJson(pretty: string): string {
  return pretty.replace(/\r?\n\s*/g, '');
}

function headersOf(headers: KeptRecord['headers']): Text {
  const texts = headers.flatMap(({ key, value }, nth): Text[] => [
    `${nth === 0 ? '' : ','}{"key":${JSON.stringify(key)},"value":`,
    ...(value === null ? ['null'] : headerValue(value)),
    '}',
  ]);
  const all: Text[] = ['[', ...texts, ']'];
  return all.every((text) => typeof text === 'string') ? all.join('') : { [Symbol.iterator]: () => joined(all) };
}

function headerValue(value: Buffer): Text[] {
  if (isUtf8(value)) return [value.length > largeBytes ? textPart(value).json : JSON.stringify(value.toString('utf8'))];
  return ['{"base64":', base64Part(value).json, '}'];
}

function timeText(timestamp: bigint): string {
  const date = new Date(Number(timestamp));
  return Number.isNaN(date.getTime()) ? String(timestamp) : date.toISOString();
}
