import { t } from '../shared/l10n.ts';
import type { RecordHeader } from '../records/batch.ts';

/** A line of a JSON lines file; what it leaves out is left to whoever sends it. */
export interface RecordLine {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
  readonly partition: number | undefined;
  readonly timestamp: bigint | undefined;
}

export interface ReadLines {
  readonly records: readonly RecordLine[];
  /** "Line 3: ...", a sentence each. */
  readonly problems: readonly string[];
}

/** A line that is no record, a sentence. */
class LineProblem extends Error {}

/**
 * Reads records of JSON lines, one object a line: `key`, `value`, `headers`, `partition`, `timestamp`, each of which may be missing. A text is
 * its UTF-8; `{"base64": "..."}`, or a text beside `keyEncoding` or `valueEncoding` "base64", is bytes; any other JSON is written as it stands, its numbers with all their digits. Headers are an object, or
 * a list of `{"key", "value"}` where order or repetition matters. A timestamp is milliseconds since 1970, or ISO 8601. Other fields, such as
 * offset and topic of an export, are passed over.
 */
export function readRecordLines(text: string): ReadLines {
  const records: RecordLine[] = [];
  const problems: string[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    try {
      records.push(recordOf(parse(line)));
    } catch (error) {
      if (!(error instanceof LineProblem) && !(error instanceof SyntaxError)) throw error;
      problems.push(t('Line {0}: {1}', index + 1, error.message));
    }
  }
  return { records, problems };
}

/** Numbers that JSON.parse would round keep their digits. */
interface RawJson {
  readonly rawJSON: string;
}
const exact = JSON as unknown as {
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
};

function parse(line: string): unknown {
  return exact.parse(line, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? exact.rawJSON(source) : value,
  );
}

function recordOf(line: unknown): RecordLine {
  if (isObject(line) && typeof line['control'] === 'string') {
    throw new LineProblem(t("a marker of Kafka's own, which is no record."));
  }
  if (!isObject(line)) throw new LineProblem(t('an object with key, value and headers is wanted.'));
  return {
    key: bytesOf(line['key'], 'key', line['keyEncoding']),
    value: bytesOf(line['value'], 'value', line['valueEncoding']),
    headers: headersOf(line['headers']),
    partition: partitionOf(line['partition']),
    timestamp: timestampOf(line['timestamp']),
  };
}

function bytesOf(value: unknown, name: string, encoding?: unknown): Buffer | null {
  if (value === undefined || value === null) return null;
  if (encoding === 'base64' && typeof value === 'string') return bytesOf({ base64: value }, name);
  if (typeof value === 'string') return Buffer.from(value);
  if (isObject(value) && Object.keys(value).length === 1 && typeof value['base64'] === 'string') {
    if (!/^[A-Za-z\d+/]*={0,2}$/.test(value['base64'])) throw new LineProblem(t('{0} is no base64.', name));
    return Buffer.from(value['base64'], 'base64');
  }
  return Buffer.from(JSON.stringify(value));
}

function headersOf(headers: unknown): RecordHeader[] {
  if (headers === undefined || headers === null) return [];
  if (Array.isArray(headers)) {
    return headers.map((header: unknown) => {
      if (!isObject(header) || typeof header['key'] !== 'string') {
        throw new LineProblem(t('each header is to have a key and a value.'));
      }
      return { key: header['key'], value: bytesOf(header['value'], header['key']) };
    });
  }
  if (!isObject(headers)) throw new LineProblem(t('headers are to be an object or a list.'));
  return Object.entries(headers).map(([key, value]) => ({ key, value: bytesOf(value, key) }));
}

function partitionOf(partition: unknown): number | undefined {
  if (partition === undefined || partition === null) return undefined;
  if (!Number.isInteger(partition) || (partition as number) < 0) {
    throw new LineProblem(t('the partition is to be a whole number from 0 on.'));
  }
  return partition as number;
}

function timestampOf(timestamp: unknown): bigint | undefined {
  if (timestamp === undefined || timestamp === null) return undefined;
  const at = parseTimestamp(typeof timestamp === 'string' ? timestamp : JSON.stringify(timestamp));
  if (at === undefined) throw new LineProblem(t('the timestamp is to be milliseconds since 1970, or ISO 8601.'));
  return at;
}

/** Milliseconds since 1970 of such a number or of ISO 8601 (without a zone: local); undefined where it is neither. */
export function parseTimestamp(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (/^\d{1,18}$/.test(trimmed)) return BigInt(trimmed);
  if (!/^\d{4}-\d{2}-\d{2}([T ]|$)/.test(trimmed)) return undefined;
  const at = Date.parse(trimmed.replace(' ', 'T'));
  return Number.isNaN(at) || at < 0 ? undefined : BigInt(at);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !exact.isRawJSON(value);
}
