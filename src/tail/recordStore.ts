import type { RecordBatch } from '../records/batch.ts';
import type { DamagedEvent, Slice } from '../records/events.ts';
import type { Transaction } from '../records/transactions.ts';
import { Chunk } from './chunk.ts';
import type { Notice, Source } from './kept.ts';
import { KeptRecord } from './keptRecord.ts';
import { encodeRecord } from './recordBytes.ts';

export interface StoreLimits {
  readonly maxRecords: number;
  /** Of what the records take in memory. */
  readonly maxBytes: number;
}

/** Most bytes of a damaged batch that are kept to be looked at. */
const damagedBytes = 1 << 16;

/**
 * The records that a tail keeps: a ring, bounded by records and by bytes, without an object for each record. Every entry has a
 * sequence number, in order of arrival, that is never used again.
 */
export class RecordStore {
  readonly limits: StoreLimits;
  readonly #chunks: Chunk[] = [];
  #firstSeq = 0;
  #endSeq = 0;
  #records = 0;
  #dropped = 0;
  #bytes = 0;
  /** Called before entries are dropped: those from the first up to, not including, `to`. */
  onDrop: (to: number) => void = () => {};

  constructor(limits: StoreLimits) {
    this.limits = limits;
  }

  /** Of the oldest entry that is kept; `endSeq` where there is none. */
  get firstSeq(): number {
    return this.#firstSeq;
  }

  /** Of the next that comes. */
  get endSeq(): number {
    return this.#endSeq;
  }

  /** Records and damaged batches; notices do not count. */
  get records(): number {
    return this.#records;
  }

  /** Records that were dropped since the last `clear`. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What it takes in memory: whole chunks. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of the entries themselves. */
  get size(): number {
    const [first] = this.#chunks;
    if (first === undefined) return 0;
    return this.#chunks.reduce((sum, { used }) => sum + used, 0) - first.starts[this.#firstSeq - first.firstSeq]!;
  }

  /** Whether that many more records, of so many bytes, would make it drop some. */
  isFullFor(records: number, bytes: number): boolean {
    return this.#records + records > this.limits.maxRecords || this.#bytes + bytes > this.limits.maxBytes;
  }

  /** Copies a slice's records: nothing of the batch's buffers stays referenced. */
  append({ batch, from, to, transaction }: Slice): void {
    const source = this.#sourceOf(batch, transaction);
    if (batch.facts.magic === 2) {
      const { starts, data } = batch;
      for (let index = from; index < to;) {
        const chunk = this.#chunkFor(starts[index + 1]! - starts[index]!);
        const number = this.#addSource(chunk, source);
        const most = Math.min(to, index + chunk.entriesLeft);
        const base = starts[index]!;
        const room = base + chunk.bytesLeft;
        let end = index + 1;
        while (end < most && starts[end + 1]! <= room) end++;
        data.copy(chunk.bytes, chunk.used, base, starts[end]);
        for (; index < end; index++) {
          chunk.add(starts[index + 1]! - starts[index]!, batch.offset(index), batch.timestamp(index), number);
        }
      }
    } else {
      for (let index = from; index < to; index++) {
        const bytes = encodeRecord(batch, index);
        const chunk = this.#chunkFor(bytes.length);
        bytes.copy(chunk.bytes, chunk.used);
        chunk.add(bytes.length, batch.offset(index), batch.timestamp(index), this.#addSource(chunk, source));
      }
    }
    this.#endSeq += to - from;
    this.#records += to - from;
    this.#trim();
  }

  appendDamaged({ partition, error, bytes }: DamagedEvent): void {
    const source: Source = { kind: 'damaged', partition, message: error.message, size: bytes.length };
    this.#appendOne(source, bytes.subarray(0, damagedBytes), error.offset, -1n);
  }

  appendNotice(notice: Notice): void {
    this.#appendOne({ kind: 'notice', notice }, Buffer.alloc(0), -1n, -1n);
  }

  /** One for all slices of a batch that come one after the other. */
  #sourceOf({ partition, facts }: RecordBatch, transaction: Transaction | undefined): Source {
    const last = this.#chunks.at(-1)?.sources.at(-1);
    if (last?.kind === 'record' && last.facts === facts && last.transaction === transaction) return last;
    return { kind: 'record', partition, facts, transaction };
  }

  #appendOne(source: Source, bytes: Buffer, offset: bigint, timestamp: bigint): void {
    const chunk = this.#chunkFor(bytes.length);
    bytes.copy(chunk.bytes, chunk.used);
    chunk.add(bytes.length, offset, timestamp, this.#addSource(chunk, source));
    this.#endSeq++;
    if (source.kind !== 'notice') this.#records++;
    this.#trim();
  }

  /** Forgets everything; sequence numbers go on. */
  clear(): void {
    this.onDrop(this.#endSeq);
    this.#chunks.length = 0;
    this.#firstSeq = this.#endSeq;
    this.#records = this.#dropped = this.#bytes = 0;
  }

  /** A new view of an entry; undefined where it is not kept. */
  at(seq: number): KeptRecord | undefined {
    return this.move(new KeptRecord(), seq);
  }

  /** Moves a view to another entry; undefined where that is not kept. */
  move(record: KeptRecord, seq: number): KeptRecord | undefined {
    const chunk = this.#chunkOf(seq);
    return chunk && record.place(chunk, seq - chunk.firstSeq);
  }

  /** Milliseconds since 1970; -1 where it has no time or is not kept. Beyond 2^53 not exact, which sorting does not mind. */
  timeOf(seq: number): number {
    const chunk = this.#chunkOf(seq);
    return chunk === undefined ? -1 : Number(chunk.timestamps[seq - chunk.firstSeq]);
  }

  /** The times of the entries from `from` up to, not including, `to`, in order of arrival; faster than `timeOf` for each. */
  eachTime(from: number, to: number, take: (time: number, seq: number) => void): void {
    for (let seq = Math.max(from, this.#firstSeq); seq < Math.min(to, this.#endSeq);) {
      const { firstSeq, count, timestamps } = this.#chunkOf(seq)!;
      const end = Math.min(to, firstSeq + count);
      for (; seq < end; seq++) take(Number(timestamps[seq - firstSeq]), seq);
    }
  }

  #chunkOf(seq: number): Chunk | undefined {
    if (seq < this.#firstSeq || seq >= this.#endSeq) return undefined;
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#chunks[middle]!.firstSeq <= seq) low = middle;
      else high = middle - 1;
    }
    return this.#chunks[low];
  }

  #chunkFor(bytes: number): Chunk {
    const last = this.#chunks.at(-1);
    if (last?.hasRoom(bytes)) return last;
    if (last !== undefined) {
      this.#bytes -= last.size;
      last.seal();
      this.#bytes += last.size;
    }
    const chunk = new Chunk(last === undefined ? this.#endSeq : last.firstSeq + last.count, bytes);
    this.#chunks.push(chunk);
    this.#bytes += chunk.size;
    return chunk;
  }

  #addSource(chunk: Chunk, source: Source): number {
    if (chunk.sources.at(-1) !== source) {
      const before = chunk.size;
      chunk.sources.push(source);
      this.#bytes += chunk.size - before;
    }
    return chunk.sources.length - 1;
  }

  #trim(): void {
    let to = this.#firstSeq;
    let excess = this.#records - this.limits.maxRecords;
    let bytes = this.#bytes;
    for (const chunk of this.#chunks) {
      const end = chunk.firstSeq + chunk.count;
      const isLast = end === this.#endSeq;
      if (bytes > this.limits.maxBytes && !isLast) {
        excess -= this.#recordsIn(chunk, to, end);
        to = end;
      } else if (excess > 0) {
        for (; excess > 0 && to < end; to++) if (isRecord(chunk, to)) excess--;
        if (to < end) break;
      } else break;
      bytes -= chunk.size;
    }
    if (to > this.#firstSeq) this.#dropTo(to);
  }

  #dropTo(to: number): void {
    this.onDrop(to);
    while (this.#firstSeq < to) {
      const chunk = this.#chunks[0]!;
      const end = Math.min(to, chunk.firstSeq + chunk.count);
      const records = this.#recordsIn(chunk, this.#firstSeq, end);
      this.#records -= records;
      this.#dropped += records;
      this.#firstSeq = end;
      if (end < chunk.firstSeq + chunk.count) break;
      this.#chunks.shift();
      this.#bytes -= chunk.size;
    }
  }

  #recordsIn(chunk: Chunk, from: number, to: number): number {
    let count = 0;
    for (let seq = Math.max(from, chunk.firstSeq); seq < to; seq++) if (isRecord(chunk, seq)) count++;
    return count;
  }
}

function isRecord(chunk: Chunk, seq: number): boolean {
  return chunk.source(seq - chunk.firstSeq).kind !== 'notice';
}
