import { sourceBytes, type Entries, type Source } from './kept.ts';

/** Bytes and entries of a chunk; one that holds a larger record is as large as that. */
const chunkBytes = 1 << 20;
const chunkEntries = 8_192;
/** Typed arrays beside the bytes: offset, timestamp, start, source. */
const entryBytes = 8 + 8 + 4 + 2;

/** Some entries in order of arrival: their bytes end to end, and a few figures for each in typed arrays. */
export class Chunk implements Entries {
  readonly firstSeq: number;
  bytes: Buffer;
  readonly sources: Source[] = [];
  /** Where each entry starts, and at `count` where the last one ends. */
  starts = new Uint32Array(chunkEntries + 1);
  offsets = new BigInt64Array(chunkEntries);
  timestamps = new BigInt64Array(chunkEntries);
  sourceOf = new Uint16Array(chunkEntries);
  count = 0;

  constructor(firstSeq: number, leastBytes: number) {
    this.firstSeq = firstSeq;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(chunkBytes, leastBytes));
  }

  offset(index: number): bigint {
    return this.offsets[index]!;
  }

  timestamp(index: number): bigint {
    return this.timestamps[index]!;
  }

  source(index: number): Source {
    return this.sources[this.sourceOf[index]!]!;
  }

  get used(): number {
    return this.starts[this.count]!;
  }

  /** What it takes in memory. */
  get size(): number {
    return this.bytes.length + this.offsets.length * entryBytes + this.sources.length * sourceBytes;
  }

  /** Whether another entry, of so many bytes, fits in. */
  hasRoom(bytes: number): boolean {
    return this.count < chunkEntries && this.used + bytes <= this.bytes.length;
  }

  get entriesLeft(): number {
    return chunkEntries - this.count;
  }

  get bytesLeft(): number {
    return this.bytes.length - this.used;
  }

  /** The bytes are to be copied to `used` before. */
  add(length: number, offset: bigint, timestamp: bigint, source: number): void {
    const at = this.count++;
    this.starts[at + 1] = this.starts[at]! + length;
    this.offsets[at] = offset;
    this.timestamps[at] = timestamp;
    this.sourceOf[at] = source;
  }

  /** No more entries come: what is there in excess is given back. */
  seal(): void {
    if (this.used < this.bytes.length * 0.75) {
      const bytes = Buffer.allocUnsafeSlow(this.used);
      this.bytes.copy(bytes, 0, 0, this.used);
      this.bytes = bytes;
    }
    this.starts = this.starts.slice(0, this.count + 1);
    this.offsets = this.offsets.slice(0, this.count);
    this.timestamps = this.timestamps.slice(0, this.count);
    this.sourceOf = this.sourceOf.slice(0, this.count);
  }
}
