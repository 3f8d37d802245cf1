import { t } from '../shared/l10n.ts';
import type { Decoded, FormatId } from './decoder.ts';
import { labelOf } from './formatList.ts';
import { readMessagePack } from './messagePack.ts';
import { readNumber, readUuid, sizes } from './numbers.ts';
import { readSchemaless } from './protobuf/schemaless.ts';
import { checkedBytes } from './sinks.ts';
import { textKind } from './textKind.ts';
import { failed, hexValue, jsonValue, reasonOf, scalarValue, textValue, treeValue, type Naming } from './values.ts';
import { isUtf8 } from 'node:buffer';
import { wholeCharacters } from './textLine.ts';

/** The bytes as the format that somebody chose; `failed` where they are not that. */
export function decodeAs(bytes: Buffer, format: Exclude<FormatId, 'schemaRegistry'>, whole: boolean): Decoded {
  const naming: Naming = { format, label: labelOf(format), detected: false };
  switch (format) {
    case 'hex':
      return hexValue(bytes, naming);
    case 'text': {
      const part = whole ? bytes : bytes.subarray(0, wholeCharacters(bytes, checkedBytes));
      return isUtf8(part) ? textValue(bytes, naming) : failed(format, t('The bytes are not valid UTF-8.'));
    }
    case 'json':
      return jsonValue(bytes, whole, naming) ?? failed(format, whyNoJson(bytes));
    case 'uuid': {
      const text = readUuid(bytes);
      if (text === undefined)
        return failed(format, t('A UUID has 16 bytes or 36 characters; these are {0} bytes.', bytes.length));
      return scalarValue(text, text, naming);
    }
    case 'messagePack':
      return tree(naming, () => treeValue((sink) => readMessagePack(bytes, sink), whole, naming));
    case 'protobuf':
      return tree(naming, () => treeValue((sink, limit) => readSchemaless(bytes, sink, limit), whole, naming));
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'float32':
    case 'float64':
    case 'boolean': {
      const read = readNumber(bytes, format);
      if (read !== undefined) return scalarValue(read.text, read.plain, naming);
      return failed(
        format,
        bytes.length === sizes[format]
          ? t('A boolean is 0 or 1; this is {0}.', bytes[0]!)
          : t('{0} has {1} bytes; these are {2}.', naming.label, sizes[format], bytes.length),
      );
    }
  }
}

function tree(naming: Naming, read: () => Decoded): Decoded {
  try {
    return read();
  } catch (error) {
    return failed(naming.format, reasonOf(error));
  }
}

function whyNoJson(bytes: Buffer): string {
  if (textKind(bytes, checkedBytes) === 'none') return t('The bytes are no text, so they are no JSON.');
  try {
    JSON.parse(bytes.subarray(0, 1_000_000).toString('utf8'));
  } catch (error) {
    if (bytes.length <= 1_000_000 && error instanceof Error) return t('It is no valid JSON: {0}', error.message);
  }
  return t('It is no valid JSON.');
}
