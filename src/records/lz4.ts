import { Damage, TooLarge } from './damaged.ts';
import { complete, type Steps } from '../shared/steps.ts';
import { copyWithin } from './snappy.ts';
import { xxHash32 } from './xxhash32.ts';

const frameMagic = 0x184d2204;
/** Frames that decoders pass over: this and the fifteen after it. */
const skippableMagic = 0x184d2a50;
const blockSizes: Readonly<Record<number, number>> = { 4: 64 << 10, 5: 256 << 10, 6: 1 << 20, 7: 4 << 20 };

/** Bytes that grow by doubling, up to a limit. */
class Output {
  bytes: Buffer;
  length = 0;
  readonly #limit: number;

  constructor(guess: number, limit: number) {
    this.bytes = Buffer.allocUnsafe(Math.min(guess, limit));
    this.#limit = limit;
  }

  reserve(more: number): void {
    const wanted = this.length + more;
    if (wanted > this.#limit) throw new TooLarge(this.#limit);
    if (wanted <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.min(Math.max(wanted, 2 * this.bytes.length), this.#limit));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  /** What was written; a copy where keeping it would keep much empty room. */
  finish(): Buffer {
    const written = this.bytes.subarray(0, this.length);
    return this.length < 0.75 * this.bytes.length ? Buffer.from(written) : written;
  }
}

/**
 * Undoes LZ4 frames (lz4_Frame_format.md), checksums checked. Kafka's clients of message format 0 computed the header's
 * checksum over the magic too (KAFKA-3160): with `anyHeaderChecksum` it is not looked at, as Kafka's own reader does there.
 *
 * @param limit most bytes that may come out.
 * @throws {Damage}
 */
export function decompressLz4(bytes: Buffer, limit: number, anyHeaderChecksum = false): Buffer {
  return complete(lz4Steps(bytes, limit, anyHeaderChecksum));
}

/** `decompressLz4`, block by block. @throws {Damage} */
export function* lz4Steps(bytes: Buffer, limit: number, anyHeaderChecksum = false): Steps<Buffer> {
  const out = new Output(Math.max(4 * bytes.length, 1024), limit);
  let at = 0;
  do at = yield* frame(bytes, at, out, anyHeaderChecksum);
  while (at < bytes.length);
  return out.finish();
}

/** Where the frame that starts at `at` ends. */
function* frame(bytes: Buffer, at: number, out: Output, anyHeaderChecksum: boolean): Steps<number> {
  const need = (size: number): void => {
    if (size > bytes.length - at) throw new Damage('an LZ4 frame is cut off');
  };
  need(7);
  const magic = bytes.readUInt32LE(at);
  if ((magic & ~0xf) >>> 0 === skippableMagic) {
    at += 4;
    const size = bytes.readUInt32LE(at);
    at += 4;
    need(size);
    return at + size;
  }
  if (magic !== frameMagic) throw new Damage('it is no LZ4 frame');
  const header = at + 4;
  const flags = bytes[header]!;
  const maxBlock = blockSizes[(bytes[header + 1]! >>> 4) & 7];
  const isIndependent = (flags & 0x20) !== 0;
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasSize = (flags & 0x08) !== 0;
  const hasChecksum = (flags & 0x04) !== 0;
  if (flags >>> 6 !== 1 || maxBlock === undefined)
    throw new Damage('an LZ4 frame has an unknown version or block size');
  if (flags & 0x01) throw new Damage('an LZ4 frame needs a dictionary');
  at = header + 2;
  need(hasSize ? 9 : 1);
  const size = hasSize ? bytes.readBigUInt64LE(at) : undefined;
  if (hasSize) at += 8;
  if (!anyHeaderChecksum && bytes[at] !== ((xxHash32(bytes, header, at) >>> 8) & 0xff)) {
    throw new Damage('the checksum of an LZ4 header is wrong');
  }
  at++;
  const start = out.length;
  for (;;) {
    need(4);
    const word = bytes.readUInt32LE(at);
    at += 4;
    if (word === 0) break;
    const length = word & 0x7fffffff;
    if (length > maxBlock) throw new Damage(`an LZ4 block of ${length} bytes is larger than its frame allows`);
    need(length + (hasBlockChecksum ? 4 : 0));
    if (hasBlockChecksum && bytes.readUInt32LE(at + length) !== xxHash32(bytes, at, at + length)) {
      throw new Damage('the checksum of an LZ4 block is wrong');
    }
    if (word >>> 31 === 1) {
      out.reserve(length);
      bytes.copy(out.bytes, out.length, at, at + length);
      out.length += length;
    } else {
      block(bytes, at, at + length, out, isIndependent ? out.length : start, maxBlock);
    }
    at += length + (hasBlockChecksum ? 4 : 0);
    yield;
  }
  if (hasChecksum) {
    need(4);
    if (bytes.readUInt32LE(at) !== xxHash32(out.bytes, start, out.length)) {
      throw new Damage('the checksum of an LZ4 frame is wrong');
    }
    at += 4;
  }
  if (size !== undefined && size !== BigInt(out.length - start)) {
    throw new Damage(`an LZ4 frame unpacks to ${out.length - start} bytes where it says ${size}`);
  }
  return at;
}

/** One block (lz4_Block_format.md) from `at` to `end`; it may refer back to `history`, a position in `out`. */
function block(bytes: Buffer, at: number, end: number, out: Output, history: number, maxBlock: number): void {
  const limit = out.length + maxBlock;
  const overflow = (): never => {
    throw new Damage('an LZ4 block unpacks to more than its frame allows');
  };
  /** The rest of a length of 15 or more: bytes to be added, up to the first that is not 255. */
  const longLength = (): number => {
    let sum = 15;
    for (let byte = 255; byte === 255; sum += byte) {
      if (at >= end) throw new Damage('an LZ4 block is cut off');
      byte = bytes[at++]!;
    }
    return sum;
  };
  while (at < end) {
    const token = bytes[at++]!;
    let literals = token >>> 4;
    if (literals === 15) literals = longLength();
    if (literals > end - at) throw new Damage('an LZ4 literal goes past the end');
    if (literals > limit - out.length) overflow();
    out.reserve(literals);
    let target = out.bytes;
    if (literals < 32) for (let i = 0, to = out.length; i < literals; i++) target[to + i] = bytes[at + i]!;
    else target.set(bytes.subarray(at, at + literals), out.length);
    at += literals;
    out.length += literals;
    if (at === end) return;
    if (end - at < 2) throw new Damage('an LZ4 block is cut off');
    const distance = bytes[at]! | (bytes[at + 1]! << 8);
    at += 2;
    let length = token & 15;
    if (length === 15) length = longLength();
    length += 4;
    if (distance === 0 || distance > out.length - history) throw new Damage('an LZ4 copy is out of bounds');
    if (length > limit - out.length) overflow();
    out.reserve(length);
    target = out.bytes;
    copyWithin(target, out.length, distance, length);
    out.length += length;
  }
}
