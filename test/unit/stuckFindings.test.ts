import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OpenTransaction, StuckFacts } from '../../src/stuck/facts.ts';
import { explanationOf, type Explanation, type Finding, type FindingKind } from '../../src/stuck/findings.ts';
import { quoted } from '../../src/stuck/heldFindings.ts';
import { aMarker, aRecord, aroundOf, factsOf, json, logOf, now, text } from './stuckFixtures.ts';

function kinds({ findings }: Explanation): FindingKind[] {
  return findings.map(({ kind }) => kind);
}

function finding(explanation: Explanation, kind: FindingKind): Finding {
  const found = explanation.findings.find((one) => one.kind === kind);
  assert.ok(found, `${kind} is not among ${kinds(explanation).join(', ')}`);
  return found;
}

function only(facts: Partial<StuckFacts>, kind: FindingKind): Finding {
  const explanation = explanationOf(factsOf(facts));
  assert.deepEqual(kinds(explanation), [kind]);
  assert.equal(explanation.verdict, explanation.findings[0]!.text);
  return explanation.findings[0]!;
}

const committed = (offset: bigint): Partial<StuckFacts> => ({
  commit: { value: { offset, leaderEpoch: -1, metadata: '' } },
});

describe('where the commit stands', () => {
  it('says that nothing waits', () => {
    const explanation = explanationOf(
      factsOf({
        ...committed(200n),
        around: aroundOf(aRecord(200n), { at: undefined, next: undefined, nextData: undefined, after: [] }),
      }),
    );
    assert.deepEqual(kinds(explanation), ['caught-up']);
    assert.deepEqual({ isFine: explanation.isFine, timeLag: explanation.timeLag }, { isFine: true, timeLag: 0 });
  });

  it('tells no commit, beyond the end and below the start apart, and says what a consumer would do', () => {
    assert.match(
      only({ commit: { value: undefined }, around: undefined }, 'no-commit').advice!,
      /latest .* at 200, earliest at 0/,
    );
    const beyond = only({ ...committed(250n), around: undefined }, 'beyond-end');
    assert.match(beyond.text, /50 beyond the end/);
    const below = finding(
      explanationOf(factsOf({ ...committed(40n), log: logOf(100n, 200n), around: aroundOf(aRecord(100n)) })),
      'below-start',
    );
    assert.match(below.text, /offsets 40 to 99 were deleted before they were read, up to 60 records/);
    assert.equal(below.level, 'cause');
  });

  it('keeps denied, deleted, leaderless and unreachable apart', () => {
    const of = (kind: 'denied' | 'missing' | 'no-leader' | 'unreachable') => ({ failure: { kind, message: 'Why.' } });
    only({ log: of('denied'), around: undefined }, 'denied');
    only({ commit: of('denied'), around: undefined }, 'denied');
    only({ log: of('missing'), around: undefined }, 'topic-deleted');
    only({ log: of('no-leader'), around: undefined }, 'no-leader');
    only({ log: of('unreachable'), around: undefined }, 'unknown');
    assert.equal(explanationOf(factsOf({ log: of('denied'), around: undefined })).timeLag, undefined);
  });

  it('says that records may not be read while the offsets are known', () => {
    const failure = { kind: 'denied', message: 'Topic orders: this client is not allowed to see it.' } as const;
    const around = aroundOf(aRecord(100n), {
      before: [],
      at: undefined,
      after: [],
      next: undefined,
      nextData: undefined,
      failure,
    });
    assert.match(only({ around }, 'denied').text, /The records cannot be read/);
  });
});

describe('what is no record', () => {
  it('tells a lag of one that is a marker', () => {
    const around = aroundOf(aMarker(100n, 'commit'), { after: [], next: undefined, nextData: undefined });
    const explanation = explanationOf(factsOf({ log: logOf(0n, 101n), around }));
    assert.deepEqual(kinds(explanation), ['only-markers']);
    assert.match(explanation.verdict, /\(1 offset\) is never handed to a consumer/);
    assert.deepEqual({ isFine: explanation.isFine, timeLag: explanation.timeLag }, { isFine: true, timeLag: 0 });
  });

  it('goes on to the record behind a marker, and judges that one', () => {
    const next = aRecord(101n, { value: null });
    const around = aroundOf(aMarker(100n, 'abort'), { next, nextData: next, after: [next, aRecord(102n)] });
    const explanation = explanationOf(factsOf({ around }));
    assert.deepEqual(kinds(explanation), ['tombstone', 'marker']);
    assert.equal(explanation.focus, 101n);
    assert.match(
      finding(explanation, 'marker').text,
      /abort marker, which no consumer is handed: the next record is 101/,
    );
  });

  it('passes over aborted records, for those that read committed ones', () => {
    const around = aroundOf(aRecord(100n, { outcome: 'aborted' }), { passed: { markers: 1, aborted: 3 } });
    const explanation = explanationOf(factsOf({ around }));
    assert.match(
      finding(explanation, 'aborted').text,
      /From 100 on stand 3 records of aborted transactions: a read_committed consumer passes over them to 101, a read_uncommitted one processes them/,
    );
    assert.equal(explanation.focus, 101n);
    const none = aroundOf(aRecord(100n, { outcome: 'aborted' }), { next: undefined });
    assert.equal(finding(explanationOf(factsOf({ around: none })), 'aborted').level, 'hint');
  });

  it('explains a gap, and that it holds nobody', () => {
    const explanation = explanationOf(factsOf({ around: aroundOf(aRecord(140n)) }));
    assert.deepEqual(kinds(explanation), ['gap', 'like-neighbours']);
    assert.match(finding(explanation, 'gap').text, /offsets 100 to 139 hold no record \(40\)/);
  });

  it('tells a damaged batch, and where reading goes on', () => {
    const damaged = { offset: 98n, next: 110n, problem: 'its CRC-32C is 0x1 where its header says 0x2', size: 900 };
    const explanation = explanationOf(factsOf({ around: aroundOf(aRecord(110n), { damaged }) }));
    assert.equal(explanation.findings[0]!.kind, 'damaged');
    assert.match(explanation.findings[0]!.advice!, /seek past the batch, to 110/);
  });
});

describe('an open transaction', () => {
  const known = {
    transactionalId: "it's; rm -rf",
    coordinator: 2,
    state: 'Ongoing',
    timeoutMs: 900_000,
    startedAt: now - 300_000,
    producerEpoch: 4,
    partitions: 3,
  };
  const open: OpenTransaction = {
    producerId: 7n,
    producerEpoch: 4,
    coordinatorEpoch: 0,
    startOffset: 100n,
    lastTimestamp: BigInt(now - 290_000),
    known,
  };
  const held = (overrides: Partial<StuckFacts> = {}): Partial<StuckFacts> => ({
    log: logOf(0n, 200n, 100n),
    around: aroundOf(aRecord(100n, { outcome: 'open' })),
    transactions: { value: { open: [open], failures: [] } },
    ...overrides,
  });

  it('says whose it is, since when and until when, and how to end it', () => {
    const { text: said, evidence, commands } = only(held(), 'held');
    assert.match(said, /transactional id it's; rm -rf, open for 5 min\./);
    assert.ok(evidence.some((line) => line.includes('the broker aborts it in 10 min')));
    assert.ok(commands?.some(({ text: line }) => line.endsWith(`--transactionalId 'it'\\''s; rm -rf'`)));
  });

  it('says what it could not know, and how a hanging one is ended', () => {
    const {
      text: said,
      evidence,
      commands,
    } = only(
      held({
        transactions: {
          value: { open: [{ ...open, known: undefined }], failures: [{ kind: 'denied', message: 'No.' }] },
        },
      }),
      'held',
    );
    assert.match(said, /no coordinator lists it/);
    assert.ok(evidence.some((line) => /it is hanging .* or this user lacks DESCRIBE/.test(line)));
    assert.ok(evidence.includes('Not all could be learned: No.'));
    assert.deepEqual(
      commands?.map((one) => one.text),
      ['kafka-transactions.sh --bootstrap-server 127.0.0.1:9092 abort --topic orders --partition 0 --start-offset 100'],
    );
    assert.match(
      only(held({ transactions: { failure: { kind: 'unsupported', message: 'Too old.' } } }), 'held').evidence.join(),
      /Too old/,
    );
  });

  it('does not blame one that begins further on', () => {
    assert.deepEqual(kinds(explanationOf(factsOf({ log: logOf(0n, 200n, 150n) }))), ['like-neighbours']);
  });

  it('quotes names for a shell', () => {
    assert.equal(quoted('plain-name_1.x'), 'plain-name_1.x');
    assert.equal(quoted('a b'), "'a b'");
    assert.equal(quoted(''), "''");
  });
});

describe('what sets the record apart', () => {
  const with_ = (record: Parameters<typeof aRecord>[1], facts: Partial<StuckFacts> = {}): Explanation =>
    explanationOf(factsOf({ around: aroundOf(aRecord(100n, record)), ...facts }));

  it('a value that does not decode as its neighbours do', () => {
    const value = { expected: 'JSON', reason: 'Unexpected end of JSON input.', of: [20, 20] } as const;
    const explanation = with_({ value: text('{"a":') }, { mismatch: { key: undefined, value } });
    assert.deepEqual(kinds(explanation), ['undecodable']);
    assert.match(explanation.verdict, /record 100 does not decode as JSON, which its neighbours are: Unexpected end/);
    assert.match(explanation.findings[0]!.advice!, /dead-letter topic.*to 101/);
    assert.equal(explanation.timeLag, 60_000);
  });

  it('a value that needs a registry, of which nobody can say whether it is like its neighbours', () => {
    const value = text('00 00 00 00 07', { problem: 'No Schema Registry is set.', wantsRegistry: true });
    const explanation = with_({ value });
    assert.deepEqual(kinds(explanation), ['no-registry']);
    assert.equal(explanation.verdict, 'The value of record 100 could not be read: No Schema Registry is set.');
    assert.deepEqual(explanation.findings[0]!.evidence, ['0 of 6 neighbours could not be read either.']);
    // What is told all the same comes first.
    const keyless = with_({ value, key: null });
    assert.deepEqual(kinds(keyless), ['null-key', 'no-registry']);
  });

  it('another format or schema that decodes all the same', () => {
    const value = { expected: 'Avro, schema 12', reason: undefined, of: [6, 6] } as const;
    const explanation = with_({ value: json({ a: 1 }) }, { mismatch: { key: undefined, value } });
    assert.equal(
      finding(explanation, 'format').text,
      'The value of record 100 is JSON where its neighbours are Avro, schema 12.',
    );
  });

  it('a tombstone, and a key that is not there', () => {
    assert.deepEqual(kinds(with_({ value: null })), ['tombstone']);
    assert.deepEqual(kinds(with_({ key: null })), ['null-key']);
  });

  it('fields that are missing or of another type', () => {
    const explanation = with_({ value: json({ orderId: 'O-100', total: '12,50', note: 'new' }) });
    const { text: said, evidence, level } = finding(explanation, 'fields');
    assert.equal(level, 'hint');
    assert.match(said, /total is string, in all neighbours number/);
    assert.match(evidence.join(' '), /Missing, though all neighbours have it: address\..*no neighbour has it: note/);
  });

  it('one field more is worth a note only', () => {
    const explanation = with_({ value: json({ orderId: 'O-1', total: 1, address: { city: 'wien' }, note: 1 }) });
    assert.equal(finding(explanation, 'fields').level, 'note');
    assert.ok(kinds(explanation).includes('like-neighbours'));
  });

  it('headers that all neighbours have alike', () => {
    assert.match(
      finding(with_({ headers: [{ key: 'trace-id', value: '1' }] }), 'headers').text,
      /Missing.*content-type/,
    );
    const other = [
      { key: 'content-type', value: 'text/xml\u202e' },
      { key: 'trace-id', value: '1' },
    ];
    assert.match(
      finding(with_({ headers: other }), 'headers').text,
      /content-type is "text\/xml\\u202e", in all neighbours "application\/json"/,
    );
  });

  it('a size beyond the usual, and says that it alone stops no consumer', () => {
    const batch = { ...aRecord(100n).batch, size: 2_000_100 };
    const large = finding(with_({ size: 2_000_000, batch }), 'large');
    assert.match(large.text, /unusually large: 1\.9 MiB, where half of its neighbours have at most 120 B/);
    assert.match(large.evidence.join(' '), /above the default max\.partition\.fetch\.bytes .*KIP-74/);
  });

  it('a batch that unpacks to much more', () => {
    const batch = { ...aRecord(100n).batch, size: 100_000, unpacked: 80 << 20, compression: 'zstd' as const };
    assert.match(finding(with_({ batch }), 'unpacked').text, /from 97\.6 KiB to 80 MiB/);
  });

  it('nothing: says so, and names who to look at', () => {
    const like = only({}, 'like-neighbours');
    assert.match(like.advice!, /what billing-1 does with it/);
  });
});

describe('who reads', () => {
  it('nobody is a cause of its own', () => {
    const owner = { ...factsOf().owner!, groupState: 'Empty', members: 0, owner: undefined };
    const explanation = explanationOf(factsOf({ owner }));
    assert.equal(explanation.findings[0]!.kind, 'nobody');
    assert.match(explanation.verdict, /the group has no members/);
  });

  it('a commit that moves is not stuck', () => {
    const owner = { ...factsOf().owner!, committedAt: now - 2_000, unchangedFor: 2_000 };
    assert.match(finding(explanationOf(factsOf({ owner })), 'moving').text, /moved 2 s ago/);
  });
});
