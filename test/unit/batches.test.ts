import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Cluster, LeaderCall } from '../../src/kafka/cluster.ts';
import type { TopicPartition } from '../../src/kafka/facts.ts';
import type { FetchRequest, FetchResponse, PartitionData } from '../../src/kafka/protocol/generated/fetch.ts';
import { BatchReader } from '../../src/records/batchList.ts';
import { isCrcValid, ratioOf, type BatchRow } from '../../src/records/batchListRow.ts';
import { batchItem, previewOf, summaryOf } from '../../src/ui/panels/batches/batchItems.ts';
import { writeBatch, writeMarker } from '../support/recordsWriter.ts';

const where = { topic: 't', partition: 0 };

/** A leader whose log is these bytes; sends whole batches, the first whatever its size, as brokers do, and notes what was asked. */
class Log {
  readonly asked: { readonly offset: bigint; readonly bytes: number; readonly committed: boolean }[] = [];
  readonly batches: readonly { readonly from: bigint; readonly to: bigint; readonly bytes: Buffer }[];
  readonly end: bigint;
  lastStable: bigint;
  /** Cuts answers off where they were asked to be, as brokers did before they sent the first batch whole. */
  cutsOff = false;

  constructor(batches: Log['batches']) {
    this.batches = batches;
    this.end = batches.at(-1)!.to + 1n;
    this.lastStable = this.end;
  }

  get cluster(): Cluster {
    const toLeaders = async (
      _: readonly TopicPartition[],
      call: LeaderCall<TopicPartition, FetchRequest, FetchResponse, PartitionData>,
    ) => {
      const request = call.request([where], 12);
      const { fetchOffset, partitionMaxBytes } = request.topics[0]!.partitions[0]!;
      const committed = request.isolationLevel === 1;
      this.asked.push({ offset: fetchOffset, bytes: partitionMaxBytes, committed });
      const readable = this.batches.filter(
        ({ to, from }) => to >= fetchOffset && (!committed || from < this.lastStable),
      );
      const all = Buffer.concat(readable.map(({ bytes }) => bytes));
      const least = this.cutsOff ? 0 : (readable[0]?.bytes.length ?? 0);
      const data = {
        partitionIndex: 0,
        errorCode: 0,
        logStartOffset: 0n,
        highWatermark: this.end,
        lastStableOffset: this.lastStable,
        abortedTransactions: [],
        records: all.subarray(0, Math.max(partitionMaxBytes, least)),
      } as unknown as PartitionData;
      return new Map([['t', new Map([[0, { value: data, node: 1 }]])]]);
    };
    const takeLane = () => ({ purpose: 'lane 1', release: () => undefined });
    return { toLeaders, takeLane } as unknown as Cluster;
  }
}

function batch(
  from: number,
  count: number,
  more: Parameters<typeof writeBatch>[0] | object = {},
): Log['batches'][number] {
  const records = Array.from({ length: count }, (_, index) => ({ value: `value ${from + index}` }));
  const bytes = writeBatch({ records, baseOffset: BigInt(from), ...more });
  return { from: BigInt(from), to: BigInt(from + count - 1), bytes };
}

async function all(log: Log): Promise<BatchRow[]> {
  const reader = new BatchReader(log.cluster, where);
  const rows: BatchRow[] = [];
  for (let next = 0n; next < log.end;) {
    const page = await reader.read(next);
    assert.ok(page.kind === 'page');
    assert.ok(page.next > next, 'it goes on');
    rows.push(...page.rows);
    next = page.next;
  }
  return rows;
}

describe('Batches that are read', () => {
  it('have their facts, and a ratio where they are compressed', async () => {
    const marker = { from: 9n, to: 9n, bytes: writeMarker(9n, 7n, 'abort') };
    const rows = await all(new Log([batch(0, 4), batch(4, 5, { codec: 'gzip', producerId: 7n }), marker]));
    assert.deepEqual(
      rows.map(({ baseOffset, lastOffset, count, control }) => [baseOffset, lastOffset, count, control?.type]),
      [
        [0n, 3n, 4, undefined],
        [4n, 8n, 5, undefined],
        [9n, 9n, 1, 'abort'],
      ],
    );
    assert.equal(ratioOf(rows[0]!), undefined);
    assert.ok(ratioOf(rows[1]!)! > 1);
    assert.ok(rows.every((row) => isCrcValid(row)));
  });

  it('are rows of their own where they are damaged: a wrong checksum, a length that cannot be, offsets out of order', async () => {
    const flipped = batch(4, 4);
    flipped.bytes[flipped.bytes.length - 3]! ^= 1;
    const broken = batch(12, 4);
    broken.bytes.writeInt32BE(3, 8);
    const misplaced = batch(16, 4);
    misplaced.bytes.writeBigInt64BE(2n, 0);
    const rows = await all(new Log([batch(0, 4), flipped, batch(8, 4), broken, misplaced, batch(20, 2)]));
    const good = rows.filter(({ problem }) => problem === undefined).map(({ baseOffset }) => baseOffset);
    assert.deepEqual(good, [0n, 8n, 20n]);
    const wrong = rows.find(({ baseOffset }) => baseOffset === 4n)!;
    assert.match(wrong.problem!, /CRC-32C/);
    assert.equal(isCrcValid(wrong), false);
    assert.equal(wrong.count, 4);
    assert.ok(rows.some(({ problem }) => /length is 3 bytes/.test(problem ?? '')));
    const summary = summaryOf(rows.map(batchItem));
    assert.equal(summary.records, 10);
    assert.ok(summary.damaged >= 3);
  });

  it('are asked for in as many bytes as they need', async () => {
    const large = batch(0, 1, { records: [{ value: Buffer.alloc(3 << 20, 'x') }] });
    const log = new Log([large, batch(1, 1)]);
    log.cutsOff = true;
    const rows = await all(log);
    assert.deepEqual(
      rows.map(({ baseOffset, problem }) => [baseOffset, problem]),
      [
        [0n, undefined],
        [1n, undefined],
      ],
    );
    assert.ok(log.asked.some(({ bytes }) => bytes === large.bytes.length));
  });

  it('beyond the last stable offset are read too, and are of open transactions', async () => {
    const transactional = { producerId: 7n, isTransactional: true };
    const log = new Log([batch(0, 2), batch(2, 2, transactional), batch(4, 2)]);
    log.lastStable = 2n;
    const rows = await all(log);
    assert.deepEqual(
      rows.map(({ outcome }) => outcome),
      [undefined, 'open', undefined],
    );
    assert.deepEqual(
      log.asked.map(({ committed }) => committed),
      [true, false],
    );
  });
});

describe('A preview', () => {
  it('is one line of text, or hexadecimal, and says where it is cut', () => {
    assert.equal(previewOf(null), null);
    assert.equal(previewOf(Buffer.alloc(0)), '');
    assert.equal(previewOf(Buffer.from('a\n b\té')), 'a b é');
    assert.equal(previewOf(Buffer.from('\u202e<b>')), '\\u202e<b>');
    assert.equal(previewOf(Buffer.from([0, 1, 255])), '0x0001ff');
    const long = previewOf(Buffer.from('é'.repeat(100_001)))!;
    assert.ok(long.length === 201 && long.endsWith('é…'));
    assert.match(previewOf(Buffer.alloc(5000))!, /^0x0{200}…$/);
  });
});
