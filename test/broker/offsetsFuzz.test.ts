import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readMessages, records } from '../../scripts/generate/messages.ts';
import { CommitReader } from '../../src/offsetsTopic/decode/commitReader.ts';
import { decodeRecord, type CoordinatorRecord } from '../../src/offsetsTopic/decode/decodeRecord.ts';
import { recordJson } from '../../src/offsetsTopic/decode/recordJson.ts';
import type { CoordinatorTopic } from '../../src/offsetsTopic/decode/recordTypes.ts';
import { kafkaHome } from '../../tools/kafka.ts';
import { codecOf, randomValue } from '../oracle/messages.ts';
import { startOracle, type Oracle } from '../oracle/oracle.ts';
import { Random } from '../oracle/random.ts';

const seed = Number(process.env['OFFSETS_SEED'] ?? 20_260_810);
/** OFFSETS_FUZZ=1000000 for the whole of it. */
const mutants = Number(process.env['OFFSETS_FUZZ'] ?? 100_000);
const asked = 8_000;

interface Sample {
  readonly topic: CoordinatorTopic;
  readonly key: Buffer;
  readonly value: Buffer | null;
}

/** Kafka's JSON, and whether the bytes are what Kafka itself would write; or why it refuses them. */
type Answer = { readonly json: string; readonly canonical: boolean } | { readonly refused: string };

function topicOf(name: string): CoordinatorTopic {
  if (name === 'TransactionLog') return '__transaction_state';
  return name === 'ShareSnapshot' || name === 'ShareUpdate' ? '__share_group_state' : '__consumer_offsets';
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

/** Records of random contents: every type, every version of its value, and a tombstone. */
async function samples(random: Random, each: number): Promise<[Sample, ...Sample[]]> {
  const message = readMessages(join(await kafkaHome(), 'libs'));
  const made: Sample[] = [];
  for (const name of records) {
    const [keyMessage, valueMessage] = [message(`${name}Key`), message(`${name}Value`)];
    const [keyCodec, valueCodec] = [await codecOf(keyMessage), await codecOf(valueMessage)];
    const topic = topicOf(name);
    for (let round = 0; round < each; round++) {
      const keyData = keyCodec.encode(randomValue(random, keyMessage, keyMessage, 0), 0);
      const key = Buffer.concat([int16(keyMessage.apiKey), keyData]);
      made.push({ topic, key, value: null });
      for (let version = 0; version <= valueMessage.versions.high; version++) {
        const data = valueCodec.encode(randomValue(random, valueMessage, valueMessage, version), version);
        made.push({ topic, key, value: Buffer.concat([int16(version), data]) });
      }
    }
  }
  return made as [Sample, ...Sample[]];
}

/** The bytes with one thing wrong; the most harmful ones are lengths that claim too much. */
function mutate(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const before = bytes.subarray(0, at);
  switch (random.below(6)) {
    case 0: {
      const harmful = random.pick(['7fffffff', 'ffffffff', 'ffffffff0f', 'ffffffffffffffffff', '7fff', '8000', '80']);
      return Buffer.concat([before, Buffer.from(harmful, 'hex'), bytes.subarray(at + harmful.length / 2)]);
    }
    case 1:
      return Buffer.concat([before, random.bytes(1 + random.below(4)), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([before, bytes.subarray(at + 1 + random.below(4))]);
    case 3:
      return before;
    default: {
      const changed = Buffer.from(bytes);
      if (changed.length > 0) changed[at % changed.length]! ^= 1 << random.below(8);
      return changed;
    }
  }
}

function mutant(random: Random, { topic, key, value }: Sample): Sample {
  let [newKey, newValue] = [key, value];
  for (let count = random.pick([1, 1, 1, 2, 4]); count > 0; count--) {
    if (newValue === null || random.chance(0.2)) newKey = mutate(random, newKey);
    else newValue = mutate(random, newValue);
  }
  return { topic, key: newKey, value: newValue };
}

/** Java and JavaScript count a damaged letter differently: as one U+FFFD or as one a byte. */
function sameDamage(json: string): string {
  return json.replaceAll(/\uFFFD+/g, '\uFFFD');
}

function describeSample({ topic, key, value }: Sample): string {
  return `${topic} key ${key.toString('hex')} value ${value?.toString('hex') ?? '-'} (seed ${seed})`;
}

function checkFast(reader: CommitReader, { key, value }: Sample, record: CoordinatorRecord, where: string): boolean {
  if (!reader.read(key, value)) return false;
  if (record.kind === 'tombstone') {
    assert.ok(reader.isTombstone && record.of === 'offsetCommit' && record.leftover === 0, where);
    const { group, topic, partition } = reader.key;
    assert.deepEqual({ group, topic, partition }, { ...record.key }, where);
    return true;
  }
  assert.ok(record.kind === 'offsetCommit', where);
  const { group, topic, partition } = reader.key;
  const { offset, leaderEpoch, metadata, commitTimestamp, topicId, version } = reader;
  const expireTimestamp = reader.expireTimestamp === -1n ? undefined : reader.expireTimestamp;
  const numbers = { offset, leaderEpoch, metadata, commitTimestamp, expireTimestamp, topicId, version };
  const rest = { kind: 'offsetCommit', type: 1, name: 'OffsetCommit', leftover: 0 };
  assert.deepEqual({ group, topic, partition, ...numbers, ...rest }, record, where);
  return true;
}

describe(`records of coordinators, whole and mutated (OFFSETS_SEED=${seed}, OFFSETS_FUZZ=${mutants})`, () => {
  let oracle: Oracle;
  before(async () => {
    oracle = await startOracle();
  });
  after(() => oracle.close());

  async function kafka({ topic, key, value }: Sample): Promise<Answer> {
    const name = topic === '__consumer_offsets' ? 'group' : topic === '__share_group_state' ? 'share' : 'transaction';
    const valueHex = value?.toString('hex') ?? '-';
    // An empty word is not one: too few bytes for a version are too few in any number.
    const question = `record ${name} ${key.toString('hex') || '00'} ${valueHex || '00'}`;
    try {
      const [newKey, newValue, ...json] = (await oracle.ask(question)).split(' ');
      return { json: json.join(' '), canonical: newKey === key.toString('hex') && newValue === valueHex };
    } catch (error) {
      return { refused: (error as Error).message };
    }
  }

  it('whole ones print the JSON that Kafka prints, of every type and version', async () => {
    const whole = await samples(new Random(seed), 20);
    const reader = new CommitReader();
    let fast = 0;
    await Promise.all(
      whole.map(async (sample) => {
        const { key, value, topic } = sample;
        const where = describeSample(sample);
        const theirs = await kafka(sample);
        assert.ok(!('refused' in theirs), `${where}: ${'refused' in theirs && theirs.refused}`);
        assert.ok(theirs.canonical, where);
        assert.equal(recordJson(key, value, topic), theirs.json, where);
        const record = decodeRecord(key, value, topic);
        assert.ok(record.kind !== 'unknown' && record.kind !== 'malformed' && record.leftover === 0, where);
        fast += topic === '__consumer_offsets' && checkFast(reader, sample, record, where) ? 1 : 0;
      }),
    );
    // 20 times five versions and a tombstone, but for those with tags of the future.
    assert.ok(fast > 80, `${fast} commits were read the fast way`);
  });

  it('mutated ones are refused, or mean what they mean to Kafka', async () => {
    const random = new Random(seed + 1);
    const whole = await samples(random, 12);
    const reader = new CommitReader();
    const found = { decoded: 0, unknown: 0, malformed: 0, fast: 0 };
    const checks: Promise<void>[] = [];
    for (let count = 0; count < mutants; count++) {
      const sample = mutant(random, random.pick(whole));
      const { key, value, topic } = sample;
      const record = decodeRecord(key, value, topic);
      const json = recordJson(key, value, topic);
      if (record.kind === 'unknown' || record.kind === 'malformed') found[record.kind]++;
      else found.decoded++;
      if (topic === '__consumer_offsets' && checkFast(reader, sample, record, describeSample(sample))) found.fast++;
      if (count % Math.ceil(mutants / asked) === 0) checks.push(compare(sample, record, json));
    }
    await Promise.all(checks);
    for (const [what, times] of Object.entries(found)) {
      assert.ok(times > mutants / 200, `${times} of ${mutants} were ${what}`);
    }
  });

  async function compare(sample: Sample, record: CoordinatorRecord, json: string): Promise<void> {
    const where = `${describeSample(sample)}: ${json}`;
    const theirs = await kafka(sample);
    if (record.kind === 'unknown') {
      assert.ok('refused' in theirs && /UnknownRecord(Type|Version)Exception/.test(theirs.refused), where);
    } else if (record.kind === 'malformed') {
      // What Kafka takes though it is not well formed, it would not have written.
      assert.ok('refused' in theirs || !theirs.canonical, where);
    } else {
      assert.ok(!('refused' in theirs), `${where}: Kafka refuses: ${'refused' in theirs && theirs.refused}`);
      assert.equal(sameDamage(json), sameDamage(theirs.json), where);
      if (record.leftover > 0) assert.ok(!theirs.canonical, where);
    }
  }
});
