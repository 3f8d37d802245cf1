import { isUtf8 } from 'node:buffer';
import type { Decoder, Part } from '../formats/decoder.ts';
import { labelOf } from '../formats/formatList.ts';
import { hexDump, hexLine } from '../formats/hexDump.ts';
import { controlRecordOf } from '../records/control.ts';
import { DamagedError } from '../records/damaged.ts';
import type { RecordHeader } from '../records/batch.ts';
import type { Found } from './around.ts';
import type { FieldView, RecordView } from './facts.ts';
import { t } from '../shared/l10n.ts';
import { shapeOf } from './shape.ts';

/** Bytes of a key or a value that are kept. */
export const keptBytes = 1 << 20;
/** Larger fields are neither looked at byte by byte nor shown whole: that would hold up everything else. */
const wholeBytes = 1 << 20;
const shownChars = 100_000;
const previewChars = 200;
const mostHeaders = 100;
const headerBytes = 2_000;

/** A copy of a record, decoded. */
export async function viewOf({ batch, index, transaction }: Found, decoder: Decoder): Promise<RecordView> {
  const { facts, topic } = batch;
  const base = {
    offset: batch.offset(index),
    timestamp: batch.timestamp(index),
    size: batch.size(index),
    outcome: facts.isControl ? undefined : transaction?.outcome,
    batch: { ...facts, count: batch.count, unpacked: batch.data.length },
  };
  const nothing = { control: undefined, key: null, value: null, headers: [], damage: undefined };
  try {
    if (facts.isControl) return { ...base, ...nothing, control: controlRecordOf(batch, index) };
    const headers = batch.headers(index);
    const field = (bytes: Buffer | null, part: Part): Promise<FieldView> | null =>
      bytes === null ? null : fieldView(decoder, bytes, { topic, part, headers });
    const [key, value] = [field(batch.key(index), 'key'), field(batch.value(index), 'value')];
    return {
      ...base,
      ...nothing,
      key: await key,
      value: await value,
      headers: headers.slice(0, mostHeaders).map((header) => ({ key: header.key, value: headerText(header.value) })),
    };
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    return { ...base, ...nothing, damage: error.problem };
  }
}

async function fieldView(
  decoder: Decoder,
  bytes: Buffer,
  { topic, part, headers }: { topic: string; part: Part; headers: readonly RecordHeader[] },
): Promise<FieldView> {
  const isWhole = bytes.length <= wholeBytes;
  const place = { topic, part, headers: () => headers, whole: isWhole };
  const found = await decoder.decode(bytes, { ...place, format: 'auto' });
  // A text with control characters in it is not what a program would write, but people read it better than as hex.
  const isOddText = found.kind === 'value' && found.detected && found.format === 'hex' && isUtf8(bytes);
  const decoded = isOddText ? await decoder.decode(bytes, { ...place, format: 'text' }) : found;
  const base = { length: bytes.length, bytes: Buffer.from(bytes.subarray(0, keptBytes)) };
  if (decoded.kind !== 'value') {
    const reason = decoded.kind === 'failed' ? decoded.reason : undefined;
    const wantsRegistry = decoded.kind === 'failed' && decoded.format === 'schemaRegistry';
    const label = wantsRegistry ? t('Schema Registry data') : labelOf('hex');
    const nothing = { format: undefined, label, shape: undefined };
    return { ...base, ...hex(bytes), ...nothing, problem: reason, ...(wantsRegistry ? { wantsRegistry } : {}) };
  }
  const { format, label } = decoded;
  const preview = decoded.preview(previewChars);
  const told = { ...base, format, label, preview, problem: undefined };
  if (!isWhole)
    return { ...told, text: decoded.preview(shownChars), language: 'plaintext', isCut: true, shape: undefined };
  const { text, language } = decoded.pretty();
  return {
    ...told,
    text: text.slice(0, shownChars),
    language,
    isCut: text.length > shownChars,
    shape: shapeOf(decoded.plain()),
  };
}

/** As bytes, where nothing else fits. */
function hex(bytes: Buffer): Pick<FieldView, 'preview' | 'text' | 'language' | 'isCut'> {
  const most = 4_096;
  return {
    preview: hexLine(bytes, previewChars / 4),
    text: hexDump(bytes, 0, Math.min(bytes.length, most)),
    language: 'plaintext',
    isCut: bytes.length > most,
  };
}

function headerText(value: Buffer | null): string | null {
  if (value === null) return null;
  const some = value.subarray(0, headerBytes);
  const text = some.toString('utf8');
  return text.includes('\ufffd') ? hexLine(some, headerBytes / 4) : text;
}
