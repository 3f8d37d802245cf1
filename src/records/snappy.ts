import { Damage, TooLarge } from './damaged.ts';
import { complete, type Steps } from '../shared/steps.ts';
import { joinParts } from './joinParts.ts';

/** snappy-java's stream: this, two int32 versions, then chunks of an int32 length and a raw block. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderSize = 16;

/**
 * Undoes Snappy in both framings that Kafka's clients write: snappy-java's stream (Java's) and the raw block (librdkafka's).
 *
 * @param limit most bytes that may come out.
 * @throws {Damage}
 */
export function decompressSnappy(bytes: Buffer, limit: number): Buffer {
  return complete(snappySteps(bytes, limit));
}

/** `decompressSnappy`, block by block; what is one raw block is one step. @throws {Damage} */
export function* snappySteps(bytes: Buffer, limit: number): Steps<Buffer> {
  if (!startsStream(bytes, 0)) return rawBlock(bytes, 0, bytes.length, limit);
  const parts: Buffer[] = [];
  let total = 0;
  for (let at = 0; at < bytes.length;) {
    // Streams may follow one another, each with its header.
    if (startsStream(bytes, at)) {
      at += xerialHeaderSize;
      continue;
    }
    if (bytes.length - at < 4) throw new Damage('a Snappy stream ends within a length');
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0 || length > bytes.length - at) {
      throw new Damage(`a Snappy chunk of ${length} bytes is expected, ${bytes.length - at} bytes are left`);
    }
    const part = rawBlock(bytes, at, at + length, limit - total);
    at += length;
    total += part.length;
    parts.push(part);
    yield;
  }
  return yield* joinParts(parts);
}

function startsStream(bytes: Buffer, at: number): boolean {
  return bytes.length - at >= xerialHeaderSize && xerialMagic.compare(bytes, at, at + xerialMagic.length) === 0;
}

/** A raw block (google/snappy, format_description.txt) from `at` to `end`. */
function rawBlock(bytes: Buffer, at: number, end: number, limit: number): Buffer {
  let size = 0;
  let byte = 0x80;
  for (let shift = 0; byte >= 0x80; shift += 7) {
    if (at >= end || shift > 28) throw new Damage('a Snappy block has no valid length');
    byte = bytes[at++]!;
    size += (byte & 0x7f) * 2 ** shift;
  }
  if (size > limit) throw new TooLarge(limit);
  // Three bytes, the smallest copy, make 64 at most.
  if (size > 64 * (end - at)) throw new Damage(`${end - at} bytes of Snappy cannot unpack to ${size}`);
  const out = Buffer.allocUnsafe(size);
  let to = 0;
  while (at < end) {
    const tag = bytes[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      let length = (tag >>> 2) + 1;
      if (length > 60) {
        const width = length - 60;
        if (width > end - at) throw new Damage('a Snappy block is cut off');
        length = bytes.readUIntLE(at, width) + 1;
        at += width;
      }
      if (length > end - at || length > size - to) throw new Damage('a Snappy literal goes past the end');
      if (length < 32) for (let i = 0; i < length; i++) out[to + i] = bytes[at + i]!;
      else out.set(bytes.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    const width = kind === 3 ? 4 : kind;
    if (width > end - at) throw new Damage('a Snappy block is cut off');
    const length = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
    const distance =
      kind === 1
        ? ((tag >>> 5) << 8) | bytes[at]!
        : kind === 2
          ? bytes[at]! | (bytes[at + 1]! << 8)
          : bytes.readUInt32LE(at);
    at += width;
    if (distance === 0 || distance > to || length > size - to) throw new Damage('a Snappy copy is out of bounds');
    copyWithin(out, to, distance, length);
    to += length;
  }
  if (to !== size) throw new Damage(`a Snappy block unpacks to ${to} bytes where it says ${size}`);
  return out;
}

/** Repeats what is `distance` bytes back; where it overlaps itself, byte by byte makes the pattern. */
export function copyWithin(out: Uint8Array, to: number, distance: number, length: number): void {
  const from = to - distance;
  if (length > 48 && distance >= length) out.copyWithin(to, from, from + length);
  else for (let i = 0; i < length; i++) out[to + i] = out[from + i]!;
}
