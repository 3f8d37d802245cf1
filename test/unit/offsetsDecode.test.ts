import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  encodeConsumerProtocolAssignment,
  type ConsumerProtocolAssignment,
} from '../../src/kafka/protocol/generated/consumerProtocolAssignment.ts';
import {
  encodeConsumerProtocolSubscription,
  type ConsumerProtocolSubscription,
} from '../../src/kafka/protocol/generated/consumerProtocolSubscription.ts';
import { encodeGroupMetadataValue } from '../../src/kafka/protocol/generated/groupMetadataRecord.ts';
import {
  encodeOffsetCommitValue,
  type OffsetCommitValue,
} from '../../src/kafka/protocol/generated/offsetCommitRecord.ts';
import { Writer } from '../../src/kafka/protocol/writer.ts';
import { decodeRecord } from '../../src/offsetsTopic/decode/decodeRecord.ts';
import { recordJson } from '../../src/offsetsTopic/decode/recordJson.ts';
import { kafkaFormatter } from '../../src/offsetsTopic/decode/recordTypes.ts';
import { TopicNames } from '../../src/offsetsTopic/decode/topicNames.ts';

const topic = '__consumer_offsets';
const topicId = 'hZlmdMZuQNKUUCHvuc1DHA';

function bytes(write: (writer: Writer) => void): Buffer {
  const writer = new Writer();
  write(writer);
  return Buffer.from(writer.finish());
}

function keyOf(type: number, ...parts: readonly (string | number)[]): Buffer {
  return bytes((writer) => {
    writer.int16(type);
    for (const part of parts) {
      if (typeof part === 'string') writer.string(false, part);
      else writer.int32(part);
    }
  });
}

const commit: OffsetCommitValue = {
  offset: 2n ** 53n + 1n,
  leaderEpoch: 7,
  metadata: 'by "me"\u0001',
  commitTimestamp: 1_760_000_000_000n,
  expireTimestamp: -1n,
  topicId,
};

function commitValue(version: number, value: Partial<OffsetCommitValue> = {}): Buffer {
  return bytes((writer) => {
    writer.int16(version);
    encodeOffsetCommitValue(writer, { ...commit, ...value }, version);
  });
}

function subscription(value: ConsumerProtocolSubscription, version: number): Buffer {
  return bytes((writer) => {
    writer.int16(version);
    encodeConsumerProtocolSubscription(writer, value, Math.min(version, 3));
  });
}

function assignment(value: ConsumerProtocolAssignment, version: number): Buffer {
  return bytes((writer) => {
    writer.int16(version);
    encodeConsumerProtocolAssignment(writer, value, version);
  });
}

const owned = [{ topic: 'orders', partitions: [0, 2] }];

function classicGroup(protocolType: string, protocol: string, subscribed: Buffer, assigned: Buffer): Buffer {
  return bytes((writer) => {
    writer.int16(3);
    encodeGroupMetadataValue(
      writer,
      {
        protocolType,
        generation: 12,
        protocol,
        leader: 'c-1-uuid',
        currentStateTimestamp: 1_760_000_000_000n,
        members: [
          {
            memberId: 'c-1-uuid',
            groupInstanceId: 'pod-1',
            clientId: 'c-1',
            clientHost: '/10.0.0.7',
            rebalanceTimeout: 300_000,
            sessionTimeout: 45_000,
            subscription: subscribed,
            assignment: assigned,
          },
        ],
      },
      3,
    );
  });
}

/** The one member of a classic group whose member wrote these bytes. */
function memberOf(protocolType: string, protocol: string, subscribed: Buffer, assigned: Buffer = Buffer.alloc(0)) {
  const value = classicGroup(protocolType, protocol, subscribed, assigned);
  const record = decodeRecord(keyOf(2, 'orders-svc'), value, topic);
  assert.equal(record.kind, 'groupMetadata');
  assert.ok(record.kind === 'groupMetadata');
  return record.members[0]!;
}

describe('offset commits', () => {
  const key = keyOf(1, 'orders-svc', 'orders', 3);

  it('of the newest version: exact numbers, topic id', () => {
    assert.deepEqual(decodeRecord(key, commitValue(4), topic), {
      kind: 'offsetCommit',
      group: 'orders-svc',
      topic: 'orders',
      partition: 3,
      offset: 9_007_199_254_740_993n,
      leaderEpoch: 7,
      metadata: 'by "me"\u0001',
      commitTimestamp: 1_760_000_000_000n,
      expireTimestamp: undefined,
      topicId,
      version: 4,
      type: 1,
      name: 'OffsetCommit',
      leftover: 0,
    });
  });

  it('of older versions say nothing that they do not know', () => {
    for (const version of [0, 1, 2, 3]) {
      const record = decodeRecord(key, commitValue(version, { expireTimestamp: 5n }), topic);
      assert.ok(record.kind === 'offsetCommit');
      assert.equal(record.offset, commit.offset);
      assert.equal(record.leaderEpoch, version === 3 ? 7 : -1);
      assert.equal(record.expireTimestamp, version === 1 ? 5n : undefined);
      assert.equal(record.topicId, undefined);
    }
  });

  it('of Kafka 0.8 (type 0) are commits as well', () => {
    const value = bytes((writer) => {
      writer.int16(0);
      writer.int64(5n);
      writer.string(false, 'm');
      writer.int64(9n);
    });
    const record = decodeRecord(keyOf(0, 'g', 't', 1), value, topic);
    assert.ok(record.kind === 'offsetCommit');
    assert.deepEqual([record.type, record.offset, record.metadata, record.leaderEpoch], [0, 5n, 'm', -1]);
  });

  it('that were deleted are tombstones with their key', () => {
    const record = decodeRecord(key, null, topic);
    assert.ok(record.kind === 'tombstone' && record.of === 'offsetCommit');
    assert.deepEqual([record.group, record.key.topic, record.key.partition], ['orders-svc', 'orders', 3]);
  });

  it("print as Kafka's formatter prints them", () => {
    assert.equal(
      recordJson(key, commitValue(4), topic),
      '{"key":{"type":1,"data":{"group":"orders-svc","topic":"orders","partition":3}},"value":{"version":4,"data":' +
        '{"offset":9007199254740993,"leaderEpoch":7,"metadata":"by \\"me\\"\\u0001","commitTimestamp":1760000000000,' +
        `"topicId":"${topicId}"}}}`,
    );
    assert.equal(
      recordJson(key, null, topic),
      '{"key":{"type":1,"data":{"group":"orders-svc","topic":"orders","partition":3}},"value":null}',
    );
    // Jackson's escapes are in upper case; what looks like an escape in a text is none.
    assert.match(recordJson(keyOf(2, '\u001f\\u001f'), null, topic), /"group":"\\u001F\\\\u001f"/);
    assert.match(kafkaFormatter(topic, 1) ?? '', /\.OffsetsMessageFormatter$/);
    assert.equal(kafkaFormatter(topic, 3), undefined);
  });
});

describe('classic groups', () => {
  const plain = { topics: ['orders'], userData: null, ownedPartitions: owned, generationId: 11, rackId: 'r1' };
  const flat = [
    { topic: 'orders', partition: 0 },
    { topic: 'orders', partition: 2 },
  ];

  it('have their members with what they asked for and what they got', () => {
    const assigned = assignment({ assignedPartitions: owned, userData: null }, 3);
    const member = memberOf('consumer', 'range', subscription(plain, 3), assigned);
    assert.deepEqual(member, {
      memberId: 'c-1-uuid',
      instanceId: 'pod-1',
      clientId: 'c-1',
      clientHost: '/10.0.0.7',
      rebalanceTimeout: 300_000,
      sessionTimeout: 45_000,
      subscription: {
        kind: 'subscription',
        version: 3,
        topics: ['orders'],
        ownedPartitions: flat,
        generation: 11,
        rack: 'r1',
        userData: null,
      },
      assignment: { kind: 'assignment', version: 3, partitions: flat, userData: null },
    });
  });

  const generation = (value: number): Buffer => bytes((writer) => writer.int32(value));
  const sticky = bytes((writer) => {
    writer.int32(1);
    writer.string(false, 'orders');
    writer.int32(2);
    writer.int32(0);
    writer.int32(2);
  });

  it("show the sticky assignors' own data", () => {
    const read = (protocol: string, userData: Buffer) => {
      const { subscription: shown } = memberOf('consumer', protocol, subscription({ ...plain, userData }, 1));
      assert.ok(shown.kind === 'subscription');
      return shown.userData;
    };
    const withGeneration = Buffer.concat([sticky, generation(4)]);
    assert.deepEqual(read('sticky', sticky), { kind: 'sticky', owned: flat, generation: undefined });
    assert.deepEqual(read('sticky', withGeneration), { kind: 'sticky', owned: flat, generation: 4 });
    // librdkafka's cooperative one writes the same as its eager one.
    assert.deepEqual(read('cooperative-sticky', withGeneration), { kind: 'sticky', owned: flat, generation: 4 });
    assert.deepEqual(read('cooperative-sticky', generation(4)), { kind: 'cooperative-sticky', generation: 4 });
    assert.deepEqual(read('range', generation(4)), { kind: 'bytes', bytes: generation(4) });
    const damaged = Buffer.concat([withGeneration, Buffer.of(0)]);
    assert.deepEqual(read('sticky', damaged), { kind: 'bytes', bytes: damaged });
  });

  it('read a newer version of the consumer protocol as the newest known, and keep its number', () => {
    const newer = Buffer.concat([subscription(plain, 9), Buffer.of(1, 2, 3)]);
    const { subscription: shown } = memberOf('consumer', 'range', newer);
    assert.ok(shown.kind === 'subscription');
    assert.deepEqual([shown.version, shown.rack], [9, 'r1']);
  });

  it('read what claims a version whose fields it lacks, as some clients do (kafka-go)', () => {
    const asWritten = subscription({ ...plain, userData: Buffer.of(9) }, 0);
    asWritten.writeInt16BE(1);
    const { subscription: shown } = memberOf('consumer', 'range', asWritten);
    assert.ok(shown.kind === 'subscription');
    assert.deepEqual([shown.version, shown.topics, shown.ownedPartitions], [1, ['orders'], []]);
    // Cut off in the middle of a field, it is not whole in any version.
    const cut = memberOf('consumer', 'range', subscription(plain, 1).subarray(0, -3)).subscription;
    assert.equal(cut.kind, 'other');
  });

  it('leave the bytes of other protocols, and say whose they are', () => {
    const worker = Buffer.of(0, 1, 2);
    const { subscription: shown } = memberOf('connect', 'sessioned', worker);
    assert.deepEqual(shown, { kind: 'other', owner: 'Kafka Connect', problem: undefined, bytes: worker });
    const own = memberOf('constructor', 'v1', worker).subscription;
    assert.ok(own.kind === 'other' && own.owner === undefined);
  });

  it('leave bytes that are no consumer protocol though they should be, and say why', () => {
    for (const wrong of [Buffer.of(1), Buffer.of(0xff, 0xff, 0, 0, 0, 0), Buffer.of(0, 0, 0, 0, 0, 9, 0)]) {
      const { subscription: shown } = memberOf('consumer', 'range', wrong);
      assert.ok(shown.kind === 'other');
      assert.match(shown.problem ?? '', /cannot be read|no version -1/);
    }
    // A member that never joined in full has none.
    const empty = memberOf('consumer', 'range', Buffer.alloc(0)).subscription;
    assert.ok(empty.kind === 'other' && empty.problem === undefined);
  });
});

describe('what cannot be decoded', () => {
  it('shows a type that nobody knows, with its bytes', () => {
    const key = keyOf(99, 'g');
    const record = decodeRecord(key, Buffer.of(0, 5, 1, 2), topic);
    assert.ok(record.kind === 'unknown');
    assert.deepEqual([record.what, record.type, record.version, record.name], ['type', 99, 5, undefined]);
    assert.deepEqual(record.valueBytes, Buffer.of(0, 5, 1, 2));
    assert.equal(record.group, 'g');
    const bare = decodeRecord(Buffer.of(0, 99, 0), null, topic);
    assert.ok(bare.kind === 'unknown' && bare.group === undefined);
    assert.equal(
      recordJson(key, Buffer.of(0, 5, 1, 2), topic),
      '{"key":{"type":99,"bytes":"AGMAAWc="},"value":{"version":5,"bytes":"AAUBAg=="}}',
    );
  });

  it('names a type of early-access Kafkas', () => {
    const record = decodeRecord(keyOf(9, 'g'), null, topic);
    assert.ok(record.kind === 'unknown');
    assert.equal(record.name, 'ShareGroupPartitionMetadata');
  });

  it('shows a newer version of a value, with its key', () => {
    const record = decodeRecord(keyOf(1, 'g', 't', 3), Buffer.of(0, 5, 1, 2), topic);
    assert.ok(record.kind === 'unknown');
    assert.deepEqual([record.what, record.name, record.version, record.group], ['version', 'OffsetCommit', 5, 'g']);
    assert.deepEqual(record.key, { group: 'g', topic: 't', partition: 3 });
  });

  it('says what is wrong with malformed bytes, and where', () => {
    const cut = decodeRecord(keyOf(1, 'g', 't', 3), commitValue(3).subarray(0, 12), topic);
    assert.ok(cut.kind === 'malformed');
    assert.deepEqual([cut.part, cut.group, cut.version], ['value', 'g', 3]);
    assert.match(cut.reason, /OffsetCommitValue version 3 cannot be read: .* at byte 10/);
    assert.match(recordJson(keyOf(1, 'g', 't', 3), Buffer.of(0), topic), /"malformed":\{"part":"value"/);
    for (const key of [null, Buffer.alloc(0), Buffer.of(0), Buffer.of(0, 1, 0, 9, 65)]) {
      const record = decodeRecord(key, null, topic);
      assert.ok(record.kind === 'malformed');
      assert.equal(record.part, 'key');
    }
  });

  it('says how many bytes nothing accounts for', () => {
    const record = decodeRecord(keyOf(1, 'g', 't', 3), Buffer.concat([commitValue(3), Buffer.of(1, 2)]), topic);
    assert.ok(record.kind === 'offsetCommit');
    assert.equal(record.leftover, 2);
  });
});

describe('names of topics that records have by id', () => {
  const names = new TopicNames(new Map([['AAAAAAAAAAAAAAAAAAAAAQ', 'payments']]));

  it('come from metadata and from records', () => {
    names.learn(decodeRecord(keyOf(1, 'g', 'orders', 0), commitValue(4), topic));
    const assigned = [
      { topicId, partitions: [1] },
      { topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partitions: [0] },
      { topicId: 'AAAAAAAAAAAAAAAAAAAAAg', partitions: [4] },
    ];
    assert.deepEqual(
      names.partitions(assigned).map((at) => [at.topic, at.partition, at.named]),
      [
        ['orders', 1, true],
        ['payments', 0, true],
        ['AAAAAAAAAAAAAAAAAAAAAg', 4, false],
      ],
    );
  });
});
