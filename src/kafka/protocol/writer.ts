import type { UnknownTag } from './reader.ts';

export { checkVersion } from './reader.ts';

/** Writes one element, at the message's version. */
export type Write<T> = (writer: Writer, value: T, version: number) => void;

/**
 * Writes Kafka's primitive types into bytes that grow. `flexible` chooses the compact encodings of KIP-482.
 * A value outside its type's range is a programming error and throws a RangeError, so that nothing is cut off silently.
 */
export class Writer {
  #buffer: Buffer;
  #view: DataView;
  #position = 0;

  /** `capacity`: bytes to begin with. */
  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafeSlow(capacity);
    this.#view = new DataView(this.#buffer.buffer);
  }

  /** Bytes written so far. */
  get position(): number {
    return this.#position;
  }

  /** A view on what was written; later writes may or may not show in it. */
  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#position);
  }

  /** Makes room, which may replace buffer and view: to be called before either is looked up. */
  #take(size: number): number {
    const at = this.#position;
    if (at + size > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(at + size, 2 * this.#buffer.length));
      this.#buffer.copy(grown, 0, 0, at);
      this.#buffer = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#position = at + size;
    return at;
  }

  bool(value: boolean): void {
    this.int8(value ? 1 : 0);
  }

  int8(value: number): void {
    const at = this.#take(1);
    this.#view.setInt8(at, inRange(value, -0x80, 0x7f));
  }

  int16(value: number): void {
    const at = this.#take(2);
    this.#view.setInt16(at, inRange(value, -0x8000, 0x7fff));
  }

  uint16(value: number): void {
    const at = this.#take(2);
    this.#view.setUint16(at, inRange(value, 0, 0xffff));
  }

  int32(value: number): void {
    const at = this.#take(4);
    this.#view.setInt32(at, inRange(value, -0x80000000, 0x7fffffff));
  }

  /** Over what was written at `position`, such as a size that is known only afterwards. */
  int32At(position: number, value: number): void {
    this.#view.setInt32(position, inRange(value, -0x80000000, 0x7fffffff));
  }

  uint32(value: number): void {
    const at = this.#take(4);
    this.#view.setUint32(at, inRange(value, 0, 0xffffffff));
  }

  int64(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} is no 64-bit integer`);
    const at = this.#take(8);
    this.#view.setBigInt64(at, value);
  }

  float64(value: number): void {
    const at = this.#take(8);
    this.#view.setFloat64(at, value);
  }

  unsignedVarint(value: number): void {
    let rest = inRange(value, 0, 0xffffffff) >>> 0;
    while (rest > 0x7f) {
      this.#byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.#byte(rest);
  }

  #byte(value: number): void {
    const at = this.#take(1);
    this.#view.setUint8(at, value);
  }

  /** Puts an unsigned varint before what was written since `at`: for sizes that are known only afterwards. */
  insertVarint(at: number, value: number): void {
    const end = this.#position;
    this.unsignedVarint(value);
    const varint = Buffer.from(this.#buffer.subarray(end, this.#position));
    this.#buffer.copyWithin(at + varint.length, at, end);
    varint.copy(this.#buffer, at);
  }

  /** 22 characters of base64url, as Kafka prints a uuid. */
  uuid(value: string): void {
    const bytes = Buffer.from(value, 'base64url');
    if (bytes.length !== 16) throw new RangeError(`${value} is no uuid as Kafka prints it`);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#take(bytes.length);
    this.#buffer.set(bytes, at);
  }

  #stringLength(flexible: boolean, length: number): void {
    if (length > 0x7fff) throw new RangeError(`A string of ${length} bytes is longer than Kafka allows`);
    if (flexible) this.unsignedVarint(length + 1);
    else this.int16(length);
  }

  #length(flexible: boolean, length: number): void {
    if (flexible) this.unsignedVarint(length + 1);
    else this.int32(length);
  }

  string(flexible: boolean, value: string): void {
    const size = Buffer.byteLength(value);
    this.#stringLength(flexible, size);
    if (size > 0) {
      const at = this.#take(size);
      this.#buffer.write(value, at, size, 'utf8');
    }
  }

  /** `nullable`: whether null may stand here at this version. */
  nullableString(flexible: boolean, value: string | null, nullable = true): void {
    if (value !== null) this.string(flexible, value);
    else this.#stringLength(flexible, nullLength(nullable));
  }

  bytes(flexible: boolean, value: Uint8Array): void {
    this.#length(flexible, value.length);
    this.raw(value);
  }

  nullableBytes(flexible: boolean, value: Uint8Array | null, nullable = true): void {
    if (value !== null) this.bytes(flexible, value);
    else this.#length(flexible, nullLength(nullable));
  }

  array<T>(flexible: boolean, items: readonly T[], write: Write<T>, version: number): void {
    this.#length(flexible, items.length);
    for (const item of items) write(this, item, version);
  }

  nullableArray<T>(
    flexible: boolean,
    items: readonly T[] | null,
    write: Write<T>,
    version: number,
    nullable = true,
  ): void {
    if (items !== null) this.array(flexible, items, write, version);
    else this.#length(flexible, nullLength(nullable));
  }

  nullableStruct<T>(value: T | null, write: Write<T>, version: number, nullable = true): void {
    this.int8(value === null ? nullLength(nullable) : 1);
    if (value !== null) write(this, value, version);
  }

  /** As `nullableStruct`, where it is a tagged field: there the mark is an unsigned varint, 0 for null. */
  nullableTaggedStruct<T>(value: T | null, write: Write<T>, version: number, nullable = true): void {
    this.unsignedVarint(value === null ? nullLength(nullable) + 1 : 1);
    if (value !== null) write(this, value, version);
  }

  /** The end of a structure without tagged fields of its own. */
  tags(flexible: boolean, unknown: readonly UnknownTag[] | undefined): void {
    if (unknown === undefined || unknown.length === 0) {
      if (flexible) this.unsignedVarint(0);
    } else if (flexible) new TagWriter(this, unknown).finish();
    else throw new RangeError('Tagged fields cannot be carried by this version of the message');
  }
}

/** Writes the tagged fields of one structure in the order of their tags, known and unknown ones together. */
export class TagWriter {
  readonly #writer: Writer;
  readonly #unknown: readonly UnknownTag[];
  readonly #start: number;
  #next = 0;
  #count = 0;
  #previous = -1;
  #content = 0;

  constructor(writer: Writer, unknown: readonly UnknownTag[] | undefined) {
    this.#writer = writer;
    this.#unknown = unknown ?? [];
    this.#start = writer.position;
  }

  /** What is written until `end` is the value of `tag`. */
  begin(tag: number): void {
    this.#writeUnknown(tag);
    this.#tag(tag);
    this.#content = this.#writer.position;
  }

  end(): void {
    this.#writer.insertVarint(this.#content, this.#writer.position - this.#content);
  }

  finish(): void {
    this.#writeUnknown(Infinity);
    this.#writer.insertVarint(this.#start, this.#count);
  }

  #writeUnknown(before: number): void {
    let item = this.#unknown[this.#next];
    while (item !== undefined && item.tag < before) {
      this.#tag(item.tag);
      this.#writer.unsignedVarint(item.data.length);
      this.#writer.raw(item.data);
      item = this.#unknown[++this.#next];
    }
  }

  #tag(tag: number): void {
    if (tag <= this.#previous) throw new RangeError(`Tag ${tag} follows tag ${this.#previous}`);
    this.#previous = tag;
    this.#count++;
    this.#writer.unsignedVarint(tag);
  }
}

function inRange(value: number, min: number, max: number): number {
  if (!(Number.isInteger(value) && value >= min && value <= max)) {
    throw new RangeError(`${value} is no integer from ${min} to ${max}`);
  }
  return value;
}

function nullLength(nullable: boolean): number {
  if (!nullable) throw new RangeError('This version of the message does not allow null here');
  return -1;
}

/** @throws {RangeError} always: a value would be lost, because this version of the message has no such field. */
export function unsupported(message: string, field: string, version: number): never {
  throw new RangeError(`${message} version ${version} cannot carry ${field}`);
}

export const writeInt16: Write<number> = (writer, value) => writer.int16(value);
export const writeInt32: Write<number> = (writer, value) => writer.int32(value);
export const writeInt64: Write<bigint> = (writer, value) => writer.int64(value);
export const writeString: Write<string> = (writer, value) => writer.string(false, value);
export const writeCompactString: Write<string> = (writer, value) => writer.string(true, value);
