import type { BatchFacts, RecordHeader, TimestampType } from '../records/batch.ts';
import { Damage } from '../records/damaged.ts';
import type { Transaction } from '../records/transactions.ts';
import { RecordCursor } from '../records/varints.ts';
import type { Entries, Notice, Source } from './kept.ts';
import { findFields, readHeaders, type Fields } from './recordBytes.ts';

const noHeaders: readonly RecordHeader[] = [];

/**
 * An entry of a store, a record, a damaged batch, or a notice; or a record of a batch that is not kept. It is a place among others, and
 * decodes when asked; whoever goes through many moves one along (`RecordStore.move`). Buffers are views on what holds them all.
 */
export class KeptRecord {
  seq = -1;
  #entries!: Entries;
  #index = 0;
  #source!: Source;
  #cursor!: RecordCursor;
  #isFound = false;
  #isDamaged = false;
  readonly #fields: Fields = { keyAt: 0, keyLength: -1, valueAt: 0, valueLength: -1, headersAt: 0 };

  /** Called by what holds it. */
  place(entries: Entries, index: number): this {
    if (this.#entries !== entries) {
      this.#entries = entries;
      this.#cursor = new RecordCursor(entries.bytes);
    }
    this.#index = index;
    this.seq = entries.firstSeq + index;
    this.#source = entries.source(index);
    this.#isFound = false;
    return this;
  }

  get source(): Source {
    return this.#source;
  }

  get kind(): Source['kind'] {
    return this.#source.kind;
  }

  get notice(): Notice | undefined {
    return this.#source.kind === 'notice' ? this.#source.notice : undefined;
  }

  /** -1 of a notice that is about all. */
  get partition(): number {
    return this.#source.kind === 'notice' ? (this.#source.notice.partition ?? -1) : this.#source.partition;
  }

  /** Of a damaged batch its base offset as its header says; -1 of a notice. */
  get offset(): bigint {
    return this.#entries.offset(this.#index);
  }

  /** Milliseconds since 1970, -1 where there is none. */
  get timestamp(): bigint {
    return this.#entries.timestamp(this.#index);
  }

  get timestampType(): TimestampType {
    return this.facts?.timestampType ?? 'none';
  }

  get facts(): BatchFacts | undefined {
    return this.#source.kind === 'record' ? this.#source.facts : undefined;
  }

  get transaction(): Transaction | undefined {
    return this.#source.kind === 'record' ? this.#source.transaction : undefined;
  }

  get isControl(): boolean {
    return this.#source.kind === 'record' && this.#source.facts.isControl;
  }

  /** Bytes: key, value, headers and what encodes them; of a damaged batch all of it. */
  get size(): number {
    if (this.#source.kind === 'damaged') return this.#source.size;
    return this.#entries.starts[this.#index + 1]! - this.#entries.starts[this.#index]!;
  }

  /** All that is kept of it, encoded. */
  get bytes(): Buffer {
    return this.#entries.bytes.subarray(this.#entries.starts[this.#index], this.#entries.starts[this.#index + 1]);
  }

  /** Its batch's checksum is right, and yet its fields do not fit in it: a producer's fault. */
  get isDamaged(): boolean {
    this.#find();
    return this.#isDamaged;
  }

  get key(): Buffer | null {
    const { keyAt, keyLength } = this.#find();
    return keyLength < 0 ? null : this.#entries.bytes.subarray(keyAt, keyAt + keyLength);
  }

  /** null is a tombstone. */
  get value(): Buffer | null {
    const { valueAt, valueLength } = this.#find();
    return valueLength < 0 ? null : this.#entries.bytes.subarray(valueAt, valueAt + valueLength);
  }

  get valueLength(): number {
    return this.#find().valueLength;
  }

  get headers(): readonly RecordHeader[] {
    const { headersAt } = this.#find();
    if (this.#isDamaged || this.#source.kind !== 'record') return noHeaders;
    // Most have none: no list is made for those.
    if (this.#entries.bytes[headersAt] === 0) return noHeaders;
    try {
      return readHeaders(this.#cursor, headersAt, this.#entries.starts[this.#index + 1]!);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      return noHeaders;
    }
  }

  /** Whether these bytes stand among its headers: much faster than to decode them. */
  headersHold(bytes: Buffer): boolean {
    const { headersAt } = this.#find();
    if (this.#isDamaged || this.#source.kind !== 'record' || this.#entries.bytes[headersAt] === 0) return false;
    return this.#entries.bytes.subarray(headersAt, this.#entries.starts[this.#index + 1]).includes(bytes);
  }

  #find(): Fields {
    const fields = this.#fields;
    if (this.#isFound) return fields;
    this.#isFound = true;
    this.#isDamaged = false;
    fields.keyLength = fields.valueLength = -1;
    if (this.#source.kind !== 'record') return fields;
    try {
      findFields(this.#cursor, this.#entries.starts[this.#index]!, this.#entries.starts[this.#index + 1]!, fields);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      this.#isDamaged = true;
      fields.keyLength = fields.valueLength = -1;
    }
    return fields;
  }
}
