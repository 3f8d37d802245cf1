import { MalformedError } from './malformed.ts';

/** A tagged field (KIP-482) that this version of the definitions does not know: kept, so that re-encoding loses nothing. */
export interface UnknownTag {
  readonly tag: number;
  readonly data: Uint8Array;
}

/** What every decoded structure may carry. */
export interface Tagged {
  unknownTags?: readonly UnknownTag[];
}

/** Reads one element, at the message's version. */
export type Read<T> = (reader: Reader, version: number) => T;

/** Reads the tagged field `tag` into `into`; false where the structure knows no such tag. */
export type ReadTag<T> = (reader: Reader, version: number, into: T, tag: number) => boolean;

/**
 * Reads Kafka's primitive types from bytes. `flexible` chooses the compact encodings of KIP-482. Byte fields are views on
 * the given bytes, not copies. Strings are read as Kafka reads them: what is not UTF-8 becomes U+FFFD.
 * Whatever the bytes are, a read ends in a value or in a `MalformedError`; memory is bounded by the size of the bytes.
 */
export class Reader {
  /** Next byte to read, from the start of the bytes. */
  position = 0;
  readonly #buffer: Buffer;
  readonly #view: DataView;
  #end: number;
  #message = '';
  #version = -1;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.byteLength;
  }

  get remaining(): number {
    return this.#end - this.position;
  }

  /**
   * Says which message follows, for errors.
   * @throws {RangeError} where the version is none of this message's.
   */
  begin(message: string, version: number, minVersion: number, maxVersion: number): void {
    this.#message = message;
    this.#version = version;
    checkVersion(message, version, minVersion, maxVersion);
  }

  /** @throws {MalformedError} where bytes are left over. */
  finish(): void {
    if (this.remaining > 0) this.fail(`${this.remaining} bytes left over`);
  }

  fail(problem: string, position = this.position): never {
    throw new MalformedError(this.#message, this.#version, position, problem);
  }

  #take(size: number): number {
    const at = this.position;
    if (size > this.#end - at) this.fail(`${size} bytes expected, ${this.#end - at} left`);
    this.position = at + size;
    return at;
  }

  bool(): boolean {
    return this.#view.getInt8(this.#take(1)) !== 0;
  }

  int8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  int16(): number {
    return this.#view.getInt16(this.#take(2));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  /** 0 to 2^32-1, in at most five bytes. */
  unsignedVarint(): number {
    const start = this.position;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#view.getUint8(this.#take(1));
      if (shift === 28 && byte > 0x0f) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return this.fail('a variable-length integer is longer than 32 bits', start);
  }

  /** 22 characters of base64url, as Kafka prints a uuid. */
  uuid(): string {
    const at = this.#take(16);
    return this.#buffer.toString('base64url', at, at + 16);
  }

  /** Length of a string, -1 for null. */
  #stringLength(flexible: boolean): number {
    const at = this.position;
    const length = flexible ? this.unsignedVarint() - 1 : this.int16();
    if (length < -1 || length > 0x7fff) this.fail(`a string has the impossible length ${length}`, at);
    return length;
  }

  /** Length of bytes or count of elements, -1 for null. */
  #length(flexible: boolean): number {
    const at = this.position;
    const length = flexible ? this.unsignedVarint() - 1 : this.int32();
    if (length < -1 || length > 0x7fffffff) this.fail(`the length ${length} is impossible`, at);
    return length;
  }

  #utf8(length: number): string {
    if (length === 0) return '';
    const at = this.#take(length);
    return this.#buffer.toString('utf8', at, at + length);
  }

  string(flexible: boolean): string {
    const at = this.position;
    const length = this.#stringLength(flexible);
    return length < 0 ? this.#null(at) : this.#utf8(length);
  }

  /** `nullable`: whether null may stand here at this version. */
  nullableString(flexible: boolean, nullable = true): string | null {
    const at = this.position;
    const length = this.#stringLength(flexible);
    return length < 0 ? (nullable ? null : this.#null(at)) : this.#utf8(length);
  }

  #null(position: number): never {
    return this.fail('null stands where it must not', position);
  }

  /** A view on `length` bytes. */
  raw(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#buffer.subarray(at, at + length);
  }

  bytes(flexible: boolean): Uint8Array {
    const at = this.position;
    const length = this.#length(flexible);
    return length < 0 ? this.#null(at) : this.raw(length);
  }

  nullableBytes(flexible: boolean, nullable = true): Uint8Array | null {
    const at = this.position;
    const length = this.#length(flexible);
    return length < 0 ? (nullable ? null : this.#null(at)) : this.raw(length);
  }

  array<T>(flexible: boolean, minSize: number, read: Read<T>, version: number): T[] {
    return this.nullableArray(flexible, minSize, read, version, false) as T[];
  }

  /** `minSize`: fewest bytes an element can have, so that a count that cannot be true fails before anything is made. */
  nullableArray<T>(flexible: boolean, minSize: number, read: Read<T>, version: number, nullable = true): T[] | null {
    const at = this.position;
    const count = this.#length(flexible);
    if (count < 0) return nullable ? null : this.#null(at);
    if (count * minSize > this.remaining) {
      this.fail(`${count} elements of at least ${minSize} bytes expected, ${this.remaining} bytes left`, at);
    }
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read(this, version));
    return items;
  }

  nullableStruct<T>(read: Read<T>, version: number, nullable = true): T | null {
    const at = this.position;
    if (this.int8() >= 0) return read(this, version);
    return nullable ? null : this.#null(at);
  }

  /** As `nullableStruct`, where it is a tagged field: there the mark is an unsigned varint, 0 for null. */
  nullableTaggedStruct<T>(read: Read<T>, version: number, nullable = true): T | null {
    const at = this.position;
    if (this.unsignedVarint() > 0) return read(this, version);
    return nullable ? null : this.#null(at);
  }

  /** The tagged fields at the end of a flexible structure: known ones through `readTag`, others kept in `unknownTags`. */
  tags<T extends Tagged>(into: T, version = -1, readTag?: ReadTag<T>): void {
    const count = this.unsignedVarint();
    if (count === 0) return;
    const unknown: UnknownTag[] = [];
    let previous = -1;
    for (let i = 0; i < count; i++) {
      const at = this.position;
      const tag = this.unsignedVarint();
      if (tag <= previous) this.fail(`tag ${tag} follows tag ${previous}`, at);
      if (tag > 0x7fffffff) this.fail(`the tag ${tag} is impossible`, at);
      previous = tag;
      const size = this.unsignedVarint();
      if (size > this.remaining) this.fail(`tag ${tag} has ${size} bytes, ${this.remaining} left`, at);
      const outerEnd = this.#end;
      const tagEnd = this.position + size;
      // No field may read past its own tag into the next.
      this.#end = tagEnd;
      if (readTag?.(this, version, into, tag)) {
        if (this.position !== tagEnd) this.fail(`${this.remaining} bytes of tag ${tag} left over`);
      } else {
        unknown.push({ tag, data: this.raw(size) });
      }
      this.#end = outerEnd;
    }
    if (unknown.length > 0) into.unknownTags = unknown;
  }
}

/** @throws {RangeError} where `version` is none of `message`'s. */
export function checkVersion(message: string, version: number, minVersion: number, maxVersion: number): void {
  if (!(version >= minVersion && version <= maxVersion)) {
    throw new RangeError(`${message} has versions ${minVersion} to ${maxVersion}, not ${version}`);
  }
}

export const readInt16 = (reader: Reader): number => reader.int16();
export const readInt32 = (reader: Reader): number => reader.int32();
export const readInt64 = (reader: Reader): bigint => reader.int64();
export const readString = (reader: Reader): string => reader.string(false);
export const readCompactString = (reader: Reader): string => reader.string(true);
