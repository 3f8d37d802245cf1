import type { Plain } from '../../src/formats/plain.ts';
import type { Around, FieldView, LogBounds, RecordView, StuckFacts } from '../../src/stuck/facts.ts';
import { shapeOf } from '../../src/stuck/shape.ts';

export const now = 1_700_000_000_000;

/** A field as JSON. */
export function json(value: Plain): FieldView {
  const text = JSON.stringify(value, null, 2);
  return {
    length: text.length,
    bytes: Buffer.from(text),
    format: 'json',
    label: 'JSON',
    preview: JSON.stringify(value),
    text,
    language: 'json',
    isCut: false,
    problem: undefined,
    shape: shapeOf(value),
  };
}

/** A field as text. */
export function text(value: string, overrides: Partial<FieldView> = {}): FieldView {
  return {
    length: value.length,
    bytes: Buffer.from(value),
    format: 'text',
    label: 'Text',
    preview: value,
    text: value,
    language: 'plaintext',
    isCut: false,
    problem: undefined,
    shape: undefined,
    ...overrides,
  };
}

/** A record of an order, like its neighbours but for what a test is about; written a minute ago. */
export function aRecord(offset: bigint, overrides: Partial<RecordView> = {}): RecordView {
  return {
    offset,
    timestamp: BigInt(now - 60_000),
    size: 120,
    control: undefined,
    outcome: undefined,
    key: text(`C-${offset}`),
    value: json({ orderId: `O-${offset}`, total: 12.5, address: { city: 'porto' } }),
    headers: [
      { key: 'content-type', value: 'application/json' },
      { key: 'trace-id', value: `${offset}` },
    ],
    damage: undefined,
    ...overrides,
    batch: {
      magic: 2,
      baseOffset: offset,
      lastOffset: offset,
      size: 181,
      compression: 'none',
      timestampType: 'CreateTime',
      maxTimestamp: BigInt(now - 60_000),
      crc: 0xcafe,
      leaderEpoch: 3,
      producerId: -1n,
      producerEpoch: -1,
      baseSequence: -1,
      lastSequence: -1,
      isTransactional: false,
      isControl: false,
      deleteHorizon: undefined,
      count: 1,
      unpacked: 120,
      ...overrides.batch,
    },
  };
}

/** A marker at the end of a transaction. */
export function aMarker(offset: bigint, type: 'commit' | 'abort'): RecordView {
  const record = aRecord(offset, { key: null, value: null, headers: [] });
  const batch = { ...record.batch, isControl: true, isTransactional: true, producerId: 7n, producerEpoch: 2 };
  return { ...record, control: { type, typeCode: type === 'commit' ? 1 : 0, coordinatorEpoch: 0 }, batch };
}

/** What lies around `at`, three records to each side; `at` may be something else than a record. */
export function aroundOf(at: RecordView, overrides: Partial<Around> = {}): Around {
  const isData = at.control === undefined;
  return {
    before: [3n, 2n, 1n].map((by) => aRecord(at.offset - by)),
    at,
    after: [1n, 2n, 3n].map((by) => aRecord(at.offset + by)),
    nextData: isData ? at : aRecord(at.offset + 1n),
    next: isData && at.outcome !== 'aborted' ? at : aRecord(at.offset + 1n),
    passed: { markers: isData ? 0 : 1, aborted: at.outcome === 'aborted' ? 1 : 0 },
    damaged: undefined,
    readTo: at.offset + 4n,
    isWhole: true,
    failure: undefined,
    ...overrides,
  };
}

export function logOf(start: bigint, end: bigint, lastStable = end): { readonly value: LogBounds } {
  return { value: { start, end, lastStable: { value: lastStable } } };
}

/** The group `billing` at offset 100 of `orders-0`, which ends at 200. */
export function factsOf(overrides: Partial<StuckFacts> = {}): StuckFacts {
  return {
    group: 'billing',
    topic: 'orders',
    partition: 0,
    takenAt: now,
    commit: { value: { offset: 100n, leaderEpoch: -1, metadata: '' } },
    log: logOf(0n, 200n),
    around: aroundOf(aRecord(100n)),
    mismatch: { key: undefined, value: undefined },
    transactions: undefined,
    owner: {
      groupState: 'Stable',
      members: 1,
      owner: { memberId: 'billing-1-a', clientId: 'billing-1', host: '127.0.0.1', instanceId: undefined },
      committedAt: undefined,
      unchangedFor: 120_000,
    },
    bootstrap: '127.0.0.1:9092',
    ...overrides,
  };
}
