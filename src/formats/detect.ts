import { t } from '../shared/l10n.ts';
import type { DecodedValue, FormatId } from './decoder.ts';
import { labelOf } from './formatList.ts';
import { readMessagePack } from './messagePack.ts';
import { readNumber, readUuid } from './numbers.ts';
import { readSchemaless } from './protobuf/schemaless.ts';
import { looksLikeMessage } from './protobuf/wire.ts';
import { UndecodableError } from './sink.ts';
import { textKind } from './textKind.ts';
import { hexValue, jsonValue, scalarValue, textValue, treeValue, type Naming } from './values.ts';
import { checkedBytes } from './sinks.ts';

/**
 * What bytes without a schema most likely are. Text comes first (a topic of digits is text), then what its size and bytes allow:
 * the numbers of Kafka's serializers, UUID, MessagePack, Protobuf; what is left is hex.
 */
export function detect(bytes: Buffer, whole: boolean): DecodedValue {
  if (bytes.length === 0) return textValue(bytes, naming('text', t('Empty')));
  const kind = textKind(bytes, whole ? bytes.length : checkedBytes);
  // A message whose first field is a text begins with a line feed, and may hold nothing but letters behind it.
  const isMessage = (): boolean => looksLikeMessage(bytes);
  if (kind === 'clean' && !(bytes[0] === 0x0a && bytes.length > 2 && isMessage())) return cleanText(bytes, whole);
  return (
    number(bytes) ??
    uuid(bytes) ??
    messagePack(bytes, whole) ??
    (isMessage() ? message(bytes, whole) : undefined) ??
    wideNumber(bytes) ??
    (kind === 'none' ? hexValue(bytes, naming('hex')) : textValue(bytes, naming('text')))
  );
}

function naming(format: FormatId, label = labelOf(format)): Naming {
  return { format, label, detected: true };
}

function cleanText(bytes: Buffer, whole: boolean): DecodedValue {
  const first = firstVisible(bytes);
  if (first === 0x7b || first === 0x5b || first === 0x22) {
    const json = jsonValue(bytes, whole, naming('json'));
    if (json !== undefined) return json;
  }
  return uuid(bytes) ?? textValue(bytes, naming('text'));
}

function firstVisible(bytes: Buffer): number | undefined {
  return bytes.subarray(0, 256).find((byte) => byte > 0x20);
}

/** Sizes of numbers, where the number is one that people use: an int64 within what a double holds, a small int32. */
function number(bytes: Buffer): DecodedValue | undefined {
  if (bytes.length === 1 && bytes[0]! <= 1) return numberAs(bytes, 'boolean');
  if (bytes.length === 4 && (bytes[0] === 0 || bytes[0] === 0xff)) return numberAs(bytes, 'int32');
  if (bytes.length !== 8) return undefined;
  const value = bytes.readBigInt64BE();
  return value > -(1n << 53n) && value < 1n << 53n ? numberAs(bytes, 'int64') : undefined;
}

/** Sizes of numbers, whatever they hold: hashes, doubles. Behind all else that they could be. */
function wideNumber(bytes: Buffer): DecodedValue | undefined {
  if (bytes.length === 2) return numberAs(bytes, 'int16');
  if (bytes.length === 4) return numberAs(bytes, 'int32');
  if (bytes.length !== 8) return undefined;
  const double = Math.abs(bytes.readDoubleBE());
  return numberAs(bytes, double > 1e-9 && double < 1e15 ? 'float64' : 'int64');
}

function numberAs(
  bytes: Buffer,
  format: 'boolean' | 'int16' | 'int32' | 'int64' | 'float64',
): DecodedValue | undefined {
  const read = readNumber(bytes, format);
  return read && scalarValue(read.text, read.plain, naming(format));
}

/** As text any; as 16 bytes only with the version and variant that RFC 9562 sets: other 16 bytes are hashes. */
function uuid(bytes: Buffer): DecodedValue | undefined {
  if (bytes.length === 16) {
    const version = bytes[6]! >> 4;
    if (version < 1 || version > 8 || bytes[8]! >> 6 !== 2) return undefined;
  }
  const text = readUuid(bytes);
  return text === undefined ? undefined : scalarValue(text, text, naming('uuid'));
}

/** Only maps and lists: any byte at all is a value of MessagePack. */
function messagePack(bytes: Buffer, whole: boolean): DecodedValue | undefined {
  const first = bytes[0]!;
  const isContainer = (first >= 0x80 && first < 0xa0) || (first >= 0xdc && first <= 0xdf);
  if (!isContainer || bytes.length < 2) return undefined;
  return tried(() => treeValue((sink) => readMessagePack(bytes, sink), whole, naming('messagePack')));
}

function message(bytes: Buffer, whole: boolean): DecodedValue | undefined {
  return tried(() => treeValue((sink, limit) => readSchemaless(bytes, sink, limit), whole, naming('protobuf')));
}

function tried(read: () => DecodedValue): DecodedValue | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UndecodableError) return undefined;
    throw error;
  }
}
