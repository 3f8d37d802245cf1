import { randomUUID } from 'node:crypto';
import { previewOf } from '../batches/batchItems.ts';
import type { DraftField } from './protocol.ts';

const longestText = 1 << 20;

/** The bytes of files and of replayed records, which stay with the host while the page shows their beginning. */
export class HeldFields {
  readonly #bytes = new Map<string, Buffer>();

  get(id: string): Buffer | undefined {
    return this.#bytes.get(id);
  }

  /** A field that stands for bytes. `name`: of the file, or where they were read. */
  hold(bytes: Buffer | null, name: string): DraftField {
    if (bytes === null) return { format: 'null', text: '' };
    const id = randomUUID();
    this.#bytes.set(id, bytes);
    return { format: 'bytes', text: '', held: { id, name, size: bytes.length, preview: previewOf(bytes) ?? '' } };
  }

  /** Of a file: text where it is text and not long, so that it can be changed. */
  ofFile(bytes: Buffer, name: string): DraftField {
    const text = bytes.length > longestText ? undefined : asText(bytes);
    return text === undefined ? this.hold(bytes, name) : { format: formatOf(text, name), text };
  }

  clear(): void {
    this.#bytes.clear();
  }
}

/** Bytes that can be changed: as text, else as hex; undefined where they are too many. */
export function editableField(bytes: Buffer): DraftField | undefined {
  if (bytes.length > longestText) return undefined;
  const text = asText(bytes);
  return text === undefined ? { format: 'hex', text: bytes.toString('hex') } : { format: 'text', text };
}

function asText(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // What a form changes on its way (line ends) or cannot show is not text.
    return /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function formatOf(text: string, name: string): 'json' | 'text' {
  if (!/\.json$/i.test(name)) return 'text';
  try {
    JSON.parse(text);
    return 'json';
  } catch {
    return 'text';
  }
}
