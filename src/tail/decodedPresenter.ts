import { StringDecoder } from 'node:string_decoder';
import { setImmediate as breath } from 'node:timers/promises';
import type { Decoded, DecodedValue, Decoder, FormatChoice } from '../formats/decoder.ts';
import { labelOf } from '../formats/formatList.ts';
import { hexDump, hexLine } from '../formats/hexDump.ts';
import { schemaHeaderName } from '../formats/registry/schemaRef.ts';
import { prettyJson } from '../formats/jsonText.ts';
import type { Plain } from '../formats/plain.ts';
import { formatCount } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { controlWords } from './controlWords.ts';
import { after } from './filter/predicate.ts';
import type { KeptRecord } from './keptRecord.ts';
import type { Cells, Column, Document, Part, Preview, RecordPresenter, Section } from './presenter.ts';

/** Characters of a cell. */
const previewChars = 200;
/** Characters that a text filter looks at of what its bytes do not say. */
const searchedChars = 10_000;
const noColumns: readonly Column[] = [];
const noSections: readonly Section[] = [];
/** Bytes that are laid out: a megabyte takes some 20 ms. */
const mostLaidOut = 1 << 20;
/** Of what is larger, characters for a pane, and for an editor where it is no text. */
const paneChars = 100_000;
const editorChars = 300_000;
/** With a schema named in a header, the bytes are the bare payload, whatever they begin with. */
const schemaHeader: Readonly<Record<Part, Buffer>> = {
  key: Buffer.from(schemaHeaderName('key')),
  value: Buffer.from(schemaHeaderName('value')),
};
const none: Preview = { kind: 'null', text: '' };

export interface DecodedPresenterOptions {
  readonly topic: string;
  readonly decoder: Decoder;
  /** As it is chosen now. */
  readonly format: (part: Part) => FormatChoice;
}

/** Records of any topic: keys and values by the formats that are chosen or found. */
export class DecodedPresenter implements RecordPresenter {
  readonly columns = noColumns;
  readonly #options: DecodedPresenterOptions;

  constructor(options: DecodedPresenterOptions) {
    this.#options = options;
  }

  get hidesText(): boolean {
    const plain = (format: FormatChoice): boolean => format === 'json' || format === 'text';
    return !plain(this.#options.format('key')) || !plain(this.#options.format('value'));
  }

  cells(record: KeptRecord): Cells | Promise<Cells> {
    if (record.isControl) return { key: none, value: { kind: 'text', text: controlWords(record).text } };
    // The record may be moved on while a schema is fetched.
    const [keyBytes, valueBytes] = [record.key, record.value];
    const key = this.#decode(record, 'key');
    const value = this.#decode(record, 'value');
    return after(key, (ofKey) =>
      after(value, (ofValue): Cells => ({ key: preview(ofKey, keyBytes), value: preview(ofValue, valueBytes) })),
    );
  }

  plain(record: KeptRecord): Plain | undefined | Promise<Plain | undefined> {
    if (record.value === null) return undefined;
    return after(this.#decode(record, 'value'), (decoded) => {
      if (decoded.kind !== 'value') return undefined;
      try {
        return decoded.plain();
      } catch {
        // Its beginning was good, its rest is not.
        return undefined;
      }
    });
  }

  shownText(record: KeptRecord, part: Part): string | undefined | Promise<string | undefined> {
    const format = this.#options.format(part);
    const bytes = record[part];
    if (bytes === null || format === 'json' || format === 'text') return undefined;
    const isText =
      bytes.length === 0 ||
      // What begins with a printable character is text, as far as detection goes.
      (format === 'auto' && bytes[0]! >= 0x20 && bytes[0]! < 0x7f && bytes.length !== 8 && bytes.length !== 4);
    if (isText && !record.headersHold(schemaHeader[part])) return undefined;
    return after(this.#decode(record, part), (decoded) =>
      decoded.kind === 'value' && decoded.format !== 'json' && decoded.format !== 'text'
        ? decoded.preview(searchedChars)
        : undefined,
    );
  }

  document(record: KeptRecord, part: Part, whole = false): Document | Promise<Document> {
    const bytes = record[part];
    if (bytes === null) return { kind: 'null', text: '', language: 'plaintext', format: '', formatLabel: '' };
    const format = this.#options.format(part);
    const isLarge = bytes.length > mostLaidOut;
    return after(this.#decode(record, part, !isLarge), (decoded): Document | Promise<Document> => {
      if (decoded.kind === 'value') {
        if (isLarge) return large(bytes, decoded, whole);
        try {
          const { text, language } = decoded.pretty();
          const kind = isEmpty(bytes, decoded) ? 'empty' : 'text';
          return { kind, text, language, format: decoded.format, formatLabel: decoded.label };
        } catch (error) {
          return failed(bytes, format, error instanceof Error ? error.message : String(error), whole);
        }
      }
      if (decoded.kind === 'null') return failed(bytes, format, '', whole);
      return { ...failed(bytes, format, decoded.reason, whole), wantsRegistry: decoded.format === 'schemaRegistry' };
    });
  }

  sections(): readonly Section[] {
    return noSections;
  }

  #decode(record: KeptRecord, part: Part, whole = false): Decoded | Promise<Decoded> {
    const { topic, decoder, format } = this.#options;
    const { seq } = record;
    return decoder.decode(record[part], {
      topic,
      part,
      format: format(part),
      headers: () => (record.seq === seq ? record.headers : []),
      whole,
    });
  }
}

/** A schema may make a value of no bytes: a message all of whose fields have their defaults. */
function isEmpty(bytes: Buffer, { format }: DecodedValue): boolean {
  return bytes.length === 0 && format !== 'schemaRegistry';
}

function preview(decoded: Decoded, bytes: Buffer | null): Preview {
  if (decoded.kind === 'null' || bytes === null) return none;
  if (decoded.kind === 'failed') {
    const text = hexLine(bytes, previewChars / 3);
    return { kind: 'failed', text, format: decoded.format, why: decoded.reason };
  }
  if (isEmpty(bytes, decoded)) return { kind: 'empty', text: '', format: decoded.format };
  const text = decoded.preview(previewChars);
  return { kind: 'text', text, format: decoded.format, ...(text.endsWith('…') ? { cut: true } : {}) };
}

/** Text as it stands, all of it for an editor; of anything else as much as can be shown without reading it all. */
function large(bytes: Buffer, decoded: DecodedValue, whole: boolean): Document | Promise<Document> {
  const { format, label } = decoded;
  const facts = { kind: 'text', format, formatLabel: label } as const;
  if (format === 'hex') {
    return { ...facts, text: dump(bytes, whole), language: 'plaintext', cut: true };
  }
  if (format !== 'json' && format !== 'text') {
    return { ...facts, text: decoded.preview(whole ? editorChars : paneChars), language: 'plaintext', cut: true };
  }
  const language = format === 'json' ? 'json' : 'plaintext';
  if (whole) return textOf(bytes).then((text) => ({ ...facts, text, language }));
  const start = bytes.toString('utf8', 0, paneChars);
  return { ...facts, text: format === 'json' ? prettyJson(start) : start, language, cut: true };
}

/** Megabytes of text, the event loop having its turn between them. */
async function textOf(bytes: Buffer): Promise<string> {
  const decoder = new StringDecoder('utf8');
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += 4 << 20) {
    parts.push(decoder.write(bytes.subarray(from, from + (4 << 20))));
    await breath();
  }
  return parts.join('') + decoder.end();
}

/** Bytes of a hex dump, for an editor and for a pane. */
const editorDump = 128 << 10;
const paneDump = 16 << 10;

function dump(bytes: Buffer, whole: boolean): string {
  const most = whole ? editorDump : paneDump;
  const text = hexDump(bytes, 0, Math.min(bytes.length, most));
  if (bytes.length <= most) return text;
  return `${text}\n${t('... the first {0} of {1} bytes', formatCount(most), formatCount(bytes.length))}`;
}

/** Its bytes stand in for what does not decode. */
function failed(bytes: Buffer, format: FormatChoice, why: string, whole: boolean): Document {
  return {
    kind: 'failed',
    text: dump(bytes, whole),
    language: 'plaintext',
    format: 'hex',
    formatLabel: format === 'auto' ? labelOf('hex') : labelOf(format),
    why,
  };
}
