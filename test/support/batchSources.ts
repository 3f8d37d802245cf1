import type { BatchPage } from '../../src/records/batchList.ts';
import type { BatchRow } from '../../src/records/batchListRow.ts';
import { damagedRow, rowOf } from '../../src/records/batchListRow.ts';
import { openBatch, splitBatches } from '../../src/records/openBatch.ts';
import type { RecordBatch } from '../../src/records/batch.ts';
import type { HumanError } from '../../src/shared/errors.ts';
import type { BatchSource } from '../../src/ui/panels/batches/batchSource.ts';
import type { Compression } from '../../src/records/decompress.ts';
import { writeBatch, writeMarker } from './recordsWriter.ts';

const where = { topic: 'orders', partition: 0 };
const codecs: readonly Compression[] = ['none', 'gzip', 'zstd'];

/** A partition made of real batches: of producers of all kinds, with a transaction, an emptied batch and a damaged one. */
export class ScriptedBatches {
  readonly rows: BatchRow[] = [];
  readonly #batches = new Map<bigint, RecordBatch>();
  readonly start = 1_000n;
  end = this.start;
  /** What was asked for, in order. */
  readonly asked: string[] = [];
  /** Thrown by whatever is asked next. */
  failure: HumanError | undefined;
  /** What is asked waits for it. */
  gate: Promise<void> = Promise.resolve();

  constructor(count: number) {
    for (let at = 0; at < count; at++) this.add(at);
  }

  add(at: number): void {
    const baseOffset = this.end;
    const value = `{"order": ${at}, "text": "${'again and '.repeat(20)}"}`;
    const isTransactional = at % 7 === 3;
    const records = Array.from({ length: at % 5 === 4 ? 0 : 1 + (at % 40) }, (_, index) => ({
      key: index % 3 === 0 ? null : `key ${index}`,
      value: index === 2 ? null : value,
      headers: { trace: 'x' },
    }));
    const bytes =
      at % 11 === 10
        ? writeMarker(baseOffset, 4_711n, at % 2 === 0 ? 'commit' : 'abort')
        : writeBatch({
            records,
            codec: records.length === 0 ? 'none' : codecs[at % 3]!,
            lastOffsetDelta: Math.max(records.length - 1, 3),
            baseOffset,
            producerId: at % 2 === 0 ? 4_711n : -1n,
            isTransactional,
          });
    const isDamaged = at === 12;
    if (isDamaged) bytes[bytes.length - 5]! ^= 1;
    const { shells } = splitBatches(bytes, baseOffset, 2n ** 62n);
    const shell = shells[0]!;
    if (isDamaged) this.rows.push(damagedRow(shell, 'its CRC-32C is 0x1 where its header says 0x2'));
    else {
      const batch = openBatch(shell, where, { limit: 1 << 20 });
      this.rows.push(rowOf(batch, isTransactional ? (at % 2 === 0 ? 'committed' : 'aborted') : undefined));
      this.#batches.set(baseOffset, batch);
    }
    this.end = shell.lastOffset + 1n;
  }

  readonly source: BatchSource = {
    partitions: async () => 3,
    locate: async (position) => {
      await this.#ask(`locate ${position.at}`);
      if (position.at === 'start') return this.start;
      if (position.at === 'end') return this.end - 1_000n > this.start ? this.end - 1_000n : this.start;
      return position.at === 'offset' ? BigInt(position.offset) : this.end;
    },
    read: async (from, before, signal) => {
      await this.#ask(`read ${from}`);
      signal.throwIfAborted();
      const rows = this.rows
        .filter((row) => row.lastOffset >= from && row.baseOffset < (before ?? this.end))
        .slice(0, 50);
      const log = { start: this.start, end: this.end, lastStable: this.end };
      const page: BatchPage = { kind: 'page', rows, log, next: (rows.at(-1)?.lastOffset ?? this.end - 1n) + 1n };
      return page;
    },
    open: async (baseOffset) => {
      await this.#ask(`open ${baseOffset}`);
      return this.#batches.get(baseOffset)!;
    },
  };

  async #ask(what: string): Promise<void> {
    this.asked.push(what);
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
  }
}
