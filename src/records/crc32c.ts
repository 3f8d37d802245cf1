import { fold, worthFolding } from './crc32cFold.ts';

/** CRC-32C (Castagnoli, RFC 3720), reflected. Eight bytes a step, by as many tables (slicing-by-8). */
const polynomial = 0x82f63b78;

function makeTables(): readonly Int32Array[] {
  const tables = Array.from({ length: 8 }, () => new Int32Array(256));
  const first = tables[0]!;
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    first[byte] = crc;
  }
  for (let byte = 0; byte < 256; byte++) {
    let crc = first[byte]!;
    for (const table of tables.slice(1)) table[byte] = crc = (crc >>> 8) ^ first[crc & 0xff]!;
  }
  return tables;
}

const [t0, t1, t2, t3, t4, t5, t6, t7] = makeTables() as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

/** The checksum of `bytes` from `start` up to `end`, 0 to 2^32-1. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  if (end - start < worthFolding) return ~goOn(-1, bytes, start, end) >>> 0;
  const folded = fold(bytes, start, end);
  return ~goOn(0, folded.bytes, 0, folded.length) >>> 0;
}

function goOn(before: number, bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let crc = before;
  while (at < end && ((bytes.byteOffset + at) & 3) !== 0) crc = t0[(crc ^ bytes[at++]!) & 0xff]! ^ (crc >>> 8);
  const pairs = Math.max(end - at, 0) >>> 3;
  // Words are read in the machine's order, which is little-endian wherever VS Code runs.
  if (pairs > 0) crc = ofWords(new Int32Array(bytes.buffer, bytes.byteOffset + at, 2 * pairs), crc);
  for (at += 8 * pairs; at < end; at++) crc = t0[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return crc;
}

function ofWords(words: Int32Array, crc: number): number {
  for (let at = 0; at < words.length; at += 2) {
    const low = crc ^ words[at]!;
    const high = words[at + 1]!;
    crc =
      t7[low & 0xff]! ^
      t6[(low >>> 8) & 0xff]! ^
      t5[(low >>> 16) & 0xff]! ^
      t4[low >>> 24]! ^
      t3[high & 0xff]! ^
      t2[(high >>> 8) & 0xff]! ^
      t1[(high >>> 16) & 0xff]! ^
      t0[high >>> 24]!;
  }
  return crc;
}
