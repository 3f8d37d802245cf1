import { setImmediate as breath } from 'node:timers/promises';
import type { Plain } from '../../../formats/plain.ts';
import type { KeptRecord } from '../../../tail/keptRecord.ts';
import type { RecordPresenter } from '../../../tail/presenter.ts';
import type { RecordStore } from '../../../tail/recordStore.ts';
import { csvCell } from '../exportRows.ts';
import { exactJson } from './exactJson.ts';

const sliceMs = 8;

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
  let breathedAt = performance.now();
  for (const seq of seqs) {
    if (performance.now() - breathedAt > sliceMs) {
      await breath();
      breathedAt = performance.now();
    }
    const record = store.at(seq);
    if (record?.kind === 'record') yield { seq, record };
  }
}

const csvHeader =
  'topic,partition,offset,timestamp,timestampType,key,value,keyEncoding,valueEncoding,headers,size,transaction,control\r\n';

export function exportHeader(kind: 'jsonl' | 'csv'): string {
  return kind === 'csv' ? csvHeader : '';
}

/**
 * A record as a line of the file: JSON with all digits, or RFC 4180, safe to open in a spreadsheet. Bytes that do not decode are
 * base64, and say so.
 */
export async function exportLine(
  record: KeptRecord,
  topic: string,
  presenter: RecordPresenter,
  kind: 'jsonl' | 'csv',
): Promise<string> {
  const { partition, offset, timestamp, timestampType, size, transaction, headers } = record;
  const key = await partOf(record, 'key', presenter);
  const value = await partOf(record, 'value', presenter);
  const time = timestamp < 0n ? undefined : timeText(timestamp);
  const control = record.isControl ? (await presenter.cells(record)).value.text : undefined;
  const outcome = transaction?.outcome;
  if (kind === 'csv') {
    const cells = [
      topic,
      partition,
      String(offset),
      time,
      timestampType,
      key.text,
      value.text,
      key.encoding,
      value.encoding,
      headers.length === 0 ? undefined : exactJson(headerData(headers)),
      size,
      outcome,
      control,
    ];
    return `${cells.map(csvCell).join(',')}\r\n`;
  }
  const pairs: [string, string][] = [
    ['topic', JSON.stringify(topic)],
    ['partition', String(partition)],
    ['offset', String(offset)],
    ['timestamp', time === undefined ? 'null' : JSON.stringify(time)],
    ['timestampMs', timestamp < 0n ? 'null' : String(timestamp)],
    ['timestampType', JSON.stringify(timestampType)],
    ['key', key.json],
    ...(key.encoding === undefined ? [] : ([['keyEncoding', JSON.stringify(key.encoding)]] as [string, string][])),
    ['value', value.json],
    ...(value.encoding === undefined
      ? []
      : ([['valueEncoding', JSON.stringify(value.encoding)]] as [string, string][])),
    ['headers', exactJson(headerData(headers))],
    ['size', String(size)],
    ...(outcome === undefined ? [] : ([['transaction', JSON.stringify(outcome)]] as [string, string][])),
    ...(control === undefined ? [] : ([['control', JSON.stringify(control)]] as [string, string][])),
  ];
  return `{${pairs.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}\n`;
}

interface ExportedPart {
  readonly json: string;
  readonly text: string | undefined;
  readonly encoding: 'base64' | undefined;
}

async function partOf(record: KeptRecord, part: 'key' | 'value', presenter: RecordPresenter): Promise<ExportedPart> {
  const bytes = record[part];
  if (bytes === null) return { json: 'null', text: undefined, encoding: undefined };
  const base64 = (): ExportedPart => {
    const text = bytes.toString('base64');
    return { json: JSON.stringify(text), text, encoding: 'base64' };
  };
  if (record.isControl) return base64();
  if (part === 'value') {
    const plain = await presenter.plain(record);
    if (plain === undefined) return base64();
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
  if (kind === 'failed') return base64();
  return { json: language === 'json' ? oneLineJson(text) : JSON.stringify(text), text, encoding: undefined };
}

/** Line ends of laid out JSON are between its tokens only: in its texts they are escaped. */
function oneLineJson(pretty: string): string {
  return pretty.replace(/\r?\n\s*/g, '');
}

function headerData(headers: KeptRecord['headers']): Plain {
  return headers.map(({ key, value }) => ({ key, value: value === null ? null : headerValue(value) }));
}

function headerValue(value: Buffer): Plain {
  const text = value.toString('utf8');
  return Buffer.from(text).equals(value) ? text : { base64: value.toString('base64') };
}

function timeText(timestamp: bigint): string {
  const date = new Date(Number(timestamp));
  return Number.isNaN(date.getTime()) ? String(timestamp) : date.toISOString();
}
