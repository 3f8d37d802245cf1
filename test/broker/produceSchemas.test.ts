import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeBySchema } from '../../src/formats/encode/index.ts';
import { createDecoder, SchemaRegistry } from '../../src/formats/index.ts';
import { parseSchema } from '../../src/formats/registry/parsedSchema.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { partitionCount } from '../../src/produce/placing.ts';
import { produceRecords } from '../../src/produce/producer.ts';
import { readForReplay } from '../../src/produce/replay.ts';
import { emptyDraft, ProduceFeed } from '../../src/ui/panels/produce/produceFeed.ts';
import type { Draft, DraftField, DraftSchema, Plan, ToProducePage } from '../../src/ui/panels/produce/protocol.ts';
import { startRegistry, type Registry } from '../../tools/registry.ts';
import { createTopicWith } from '../support/recordsCalls.ts';
import { encodeAll } from '../support/schemaEncoder.ts';

const address = '{"type":"record","name":"Address","namespace":"shop","fields":[{"name":"city","type":"string"}]}';
const order = JSON.stringify({
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'to', type: 'shop.Address' },
    { name: 'note', type: ['null', 'string'] },
    { name: 'total', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    { name: 'state', type: { type: 'enum', name: 'State', symbols: ['NEW', 'PAID'] } },
    { name: 'weights', type: { type: 'array', items: ['float', 'double', 'null'] } },
    { name: 'tags', type: { type: 'map', values: ['string', 'int', 'Address'] } },
    { name: 'hash', type: { type: 'fixed', name: 'Hash', size: 2 } },
    { name: 'raw', type: 'bytes' },
    { name: 'next', type: ['null', 'Order'] },
  ],
});
const orderDatum = {
  id: 1,
  to: { city: 'Köln 🚲' },
  note: { string: 'x' },
  total: '\u0000\u00ff',
  at: 1714564800123456,
  day: 19844,
  state: 'PAID',
  weights: [{ float: 0.1 }, { double: 0.1 }, null],
  tags: { a: { string: 'x' }, b: { int: -7 }, c: { 'shop.Address': { city: '' } } },
  hash: '\u00ff\u0001',
  raw: '\u0000\u00ff',
  next: null,
};
const big = (text: string): string => text.replace('"id":1,', '"id":9007199254740993,');
/** In Avro's JSON encoding, and as people write the same. */
const strict = big(JSON.stringify(orderDatum));
const easy = big(
  JSON.stringify({
    ...orderDatum,
    note: 'x',
    total: '2.55',
    at: '2024-05-01T12:00:00.123456Z',
    day: '2024-05-01',
    tags: { a: 'x', b: -7, c: { city: '' } },
    hash: '0xff01',
    raw: '0x00ff',
  }),
);

const proto = `syntax = "proto3"; package shop; import "google/protobuf/timestamp.proto";
  message First { string a = 1; }
  message Outer { message Other { int32 x = 1; } message Inner {
    sint64 units = 1; repeated int64 many = 2; map<string, double> shares = 3; bytes raw = 4; google.protobuf.Timestamp at = 5;
    oneof choice { fixed64 big = 6; float small = 7; } bool yes = 8; repeated string texts = 9; uint64 unsigned = 10; Other other = 11;
  } }`;
/** The same file as Protobuf's own compiler would describe it. */
const descriptor = `name: "main.proto" package: "shop" syntax: "proto3" dependency: "google/protobuf/timestamp.proto"
  message_type { name: "Outer" nested_type { name: "Other" field { name: "x" number: 1 type: TYPE_INT32 label: LABEL_OPTIONAL } }
   nested_type { name: "Inner"
    nested_type { name: "SharesEntry" options { map_entry: true }
      field { name: "key" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
      field { name: "value" number: 2 type: TYPE_DOUBLE label: LABEL_OPTIONAL } }
    field { name: "units" number: 1 type: TYPE_SINT64 label: LABEL_OPTIONAL }
    field { name: "many" number: 2 type: TYPE_INT64 label: LABEL_REPEATED }
    field { name: "shares" number: 3 type: TYPE_MESSAGE type_name: ".shop.Outer.Inner.SharesEntry" label: LABEL_REPEATED }
    field { name: "raw" number: 4 type: TYPE_BYTES label: LABEL_OPTIONAL }
    field { name: "at" number: 5 type: TYPE_MESSAGE type_name: ".google.protobuf.Timestamp" label: LABEL_OPTIONAL }
    field { name: "big" number: 6 type: TYPE_FIXED64 label: LABEL_OPTIONAL oneof_index: 0 }
    field { name: "small" number: 7 type: TYPE_FLOAT label: LABEL_OPTIONAL oneof_index: 0 }
    field { name: "yes" number: 8 type: TYPE_BOOL label: LABEL_OPTIONAL }
    field { name: "texts" number: 9 type: TYPE_STRING label: LABEL_REPEATED }
    field { name: "unsigned" number: 10 type: TYPE_UINT64 label: LABEL_OPTIONAL }
    field { name: "other" number: 11 type: TYPE_MESSAGE type_name: ".shop.Outer.Other" label: LABEL_OPTIONAL }
    oneof_decl { name: "choice" } } }`;
const inner =
  '{"units":"-9007199254740993","many":["1","-2"],"shares":{"k":0.25},"raw":"/wA=","at":"2024-05-01T12:00:00.5Z","small":0.1,"yes":true,"texts":["a","b"],"unsigned":"18446744073709551615","other":{}}';

describe('Producing with schemas', { timeout: 300_000 }, () => {
  let registry: Registry;
  let cluster: Cluster;
  let schemas: SchemaRegistry;
  const topic = 'produce-schemas';

  before(async () => {
    registry = await startRegistry();
    schemas = new SchemaRegistry({ url: registry.url, auth: async () => ({ kind: 'none' }), timeoutMs: 60_000 });
    cluster = await Cluster.connect({ bootstrapServers: process.env['KAFKA_BOOTSTRAP']!.split(',') });
    await createTopicWith(cluster, topic, 1);
    await register('address', address);
    ids.old = await register(`${topic}-value`, '"string"');
    // An order is no text: it is not compatible.
    await put(`config/${topic}-value`, { compatibility: 'NONE' });
    ids.order = await register(`${topic}-value`, order, 'AVRO', [
      { name: 'shop.Address', subject: 'address', version: 1 },
    ]);
    ids.proto = await register('outer', proto, 'PROTOBUF');
    ids.json = await register(
      `${topic}-key`,
      '{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"]}',
      'JSON',
    );
  });

  after(async () => {
    schemas?.dispose();
    cluster?.close();
    await registry?.stop();
  });

  const ids = { old: 0, order: 0, proto: 0, json: 0 };

  async function call(path: string, method: string, body: unknown): Promise<{ id?: number }> {
    const response = await fetch(`${registry.url}/${path}`, {
      method,
      headers: { 'Content-Type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify(body),
    });
    assert.ok(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
    return (await response.json()) as { id?: number };
  }

  const put = (path: string, body: unknown): Promise<unknown> => call(path, 'PUT', body);

  async function register(
    subject: string,
    schema: string,
    schemaType = 'AVRO',
    references: unknown[] = [],
  ): Promise<number> {
    return (await call(`subjects/${subject}/versions`, 'POST', { schema, schemaType, references })).id!;
  }

  /** The page's own feed over the real cluster and registry. */
  function open(): { feed: ProduceFeed; said: ToProducePage[]; plan: () => Plan } {
    const said: ToProducePage[] = [];
    const feed = new ProduceFeed({
      cluster: 'local',
      open: async () => ({
        partitions: (name) => partitionCount(cluster, name),
        produce: (options) => produceRecords(cluster, options),
      }),
      profile: () => ({ production: false, readOnly: false }),
      topics: () => [topic],
      registry: () => schemas,
      confirm: () => assert.fail('it is no production'),
      send: (message) => said.push(message),
      onError: (error) => assert.fail(error as Error),
    });
    return { feed, said, plan: () => said.findLast((message) => message.type === 'plan')!.plan };
  }

  const schema: DraftSchema = { subject: '', version: '', id: '', message: '', inHeader: false };
  const draftOf = (value: DraftField, more: Partial<Draft> = {}): Draft => ({ ...emptyDraft, topic, value, ...more });

  /** Sends the draft, and reads back what stands in Kafka. */
  async function written(draft: Draft): Promise<{ key: Buffer | null; value: Buffer | null; said: readonly string[] }> {
    const { feed, said, plan } = open();
    await feed.send(draft);
    const { sentences, problems } = plan();
    assert.deepEqual(problems, {});
    const results = said.findLast((message) => message.type === 'results')!.results;
    assert.equal(results[0]?.kind, 'written', JSON.stringify(results));
    const { key, value } = await readForReplay(cluster, { topic, partition: 0 }, BigInt(results[0].offset!));
    return { key, value, said: sentences };
  }

  const prefix = (id: number): string => Buffer.from([0, id >> 24, id >> 16, id >> 8, id]).toString('hex');

  async function decoded(bytes: Buffer | null, part: 'key' | 'value' = 'value'): Promise<string> {
    const found = await createDecoder(schemas).decode(bytes, { topic, part, format: 'auto', headers: () => [] });
    assert.ok(found.kind === 'value', JSON.stringify(found));
    return found.preview(2000);
  }

  it("writes Avro as Avro's own library does, by the latest schema of the topic's subject, with its references", async () => {
    const [theirs] = await encodeAll([{ kind: 'avro', json: strict, schemas: [address, order] }]);
    for (const text of [strict, easy]) {
      const { value, said } = await written(draftOf({ format: 'avro', text }));
      assert.equal(value!.toString('hex'), prefix(ids.order) + theirs!.toString('hex'));
      assert.match(
        said.join(' '),
        new RegExp(`The value is Avro, schema ${ids.order} \\(produce-schemas-value, version 2\\)`),
      );
      assert.match(
        await decoded(value),
        /^\{"id": 9007199254740993, .*"total": 2\.55, "at": "2024-05-01T12:00:00\.123456Z"/,
      );
    }
  });

  it('writes by another version, by another subject and by an id, each with its own schema', async () => {
    const one = await written(draftOf({ format: 'avro', text: '"a"', schema: { ...schema, version: '1' } }));
    assert.equal(one.value!.toString('hex'), `${prefix(ids.old)}0261`);
    const other = await written(
      draftOf({ format: 'avro', text: '{"city": "a"}', schema: { ...schema, subject: 'address' } }),
    );
    assert.equal(await decoded(other.value), '{"city": "a"}');
    const byId = await written(draftOf({ format: 'avro', text: '"b"', schema: { ...schema, id: String(ids.old) } }));
    assert.equal(byId.value!.toString('hex'), `${prefix(ids.old)}0262`);
  });

  it("writes a nested Protobuf message as Protobuf's own library does, its indexes before it", async () => {
    const [theirs] = await encodeAll([
      { kind: 'protobuf', json: inner, message: ['Outer', 'Inner'], files: [descriptor] },
    ]);
    const chosen = { ...schema, subject: 'outer', message: 'shop.Outer.Inner' };
    const { value } = await written(draftOf({ format: 'protobuf', text: inner, schema: chosen }));
    assert.equal(value!.toString('hex'), `${prefix(ids.proto)}040202${theirs!.toString('hex')}`);
    assert.match(await decoded(value), /"units": -9007199254740993/);
    // What is read may be edited and written again.
    const { feed, said } = open();
    feed.replay({ key: null, value, headers: [], timestamp: 1n }, { topic, partition: 0, offset: 0n });
    const { draft } = said.findLast((message) => message.type === 'full')!;
    await feed.editHeld('value', draft!.value.held!.id);
    const { field } = said.findLast((message) => message.type === 'field')!;
    assert.equal(field.format, 'protobuf');
    assert.deepEqual((await written(draftOf(field))).value, value);
  });

  it('writes JSON that fits its schema, and refuses what does not before anything is sent', async () => {
    const key: DraftField = { format: 'jsonSchema', text: '{ "id": 12345678901234567890 }' };
    const good = await written(draftOf({ format: 'null', text: '' }, { key }));
    assert.equal(good.key!.toString('latin1'), Buffer.from(prefix(ids.json), 'hex').toString('latin1') + key.text);
    const { feed, said, plan } = open();
    await feed.send(
      draftOf(
        { format: 'avro', text: big(JSON.stringify({ ...orderDatum, day: 'today' })) },
        { key: { ...key, text: '{}' } },
      ),
    );
    assert.match(plan().problems.key!, /required/);
    assert.match(plan().problems.value!, /^\$\.day: "today" is no date/);
    assert.ok(!said.some((message) => message.type === 'results'));
  });

  it('says what of the choice is wrong', async () => {
    const { feed, plan } = open();
    const problem = async (field: DraftField): Promise<string> => {
      await feed.draft(draftOf(field));
      assert.equal(plan().canSend, false);
      return plan().problems['value schema'] ?? '';
    };
    assert.match(
      await problem({ format: 'avro', text: '1', schema: { ...schema, subject: 'nope' } }),
      /has no subject nope/,
    );
    assert.match(
      await problem({ format: 'avro', text: '1', schema: { ...schema, version: '7' } }),
      /no version 7 of produce-schemas-value/,
    );
    assert.match(
      await problem({ format: 'avro', text: '1', schema: { ...schema, id: '999999' } }),
      /has no schema 999999/,
    );
    assert.match(await problem({ format: 'avro', text: '1', schema: { ...schema, id: 'x' } }), /number from 1 on/);
    assert.match(
      await problem({ format: 'avro', text: '{}', schema: { ...schema, subject: 'outer' } }),
      /^outer, version 1, is Protobuf\. Choose Protobuf/,
    );
  });

  it('says that a record is replayed to where its schema is not at home', async () => {
    const { feed, said: told, plan } = open();
    const value = Buffer.from(`${prefix(ids.proto)}00`, 'hex');
    const from = { topic: 'elsewhere', partition: 0, offset: 0n };
    const record = { key: Buffer.from(`${prefix(ids.json)}7b7d`, 'hex'), value, headers: [], timestamp: 1n };
    feed.replay(record, from);
    const { key, value: held } = told.findLast((message) => message.type === 'full')!.draft!;
    await feed.draft({ ...emptyDraft, topic, key, value: held });
    assert.deepEqual(
      plan().sentences.filter((sentence) => sentence.includes('is none of')),
      [
        `Its value is written with schema ${ids.proto}, which is none of ${topic}-value: its readers may not expect it.`,
      ],
    );
  });

  it("writes the same bytes as the libraries' own encoders of 300 values by chance", async () => {
    const random = seeded(7);
    const avro = Array.from({ length: 150 }, () => randomOrder(random));
    const protobuf = Array.from({ length: 150 }, () => randomInner(random));
    const theirs = await encodeAll([
      ...avro.map((json) => ({ kind: 'avro', json, schemas: [address, order] }) as const),
      ...protobuf.map(
        (json) => ({ kind: 'protobuf', json, message: ['Outer', 'Inner'], files: [descriptor] }) as const,
      ),
    ]);
    const references = [{ name: 'shop.Address', schema: address, schemaType: 'AVRO', references: [] }];
    const avroSchema = await parseSchema({ schema: order, schemaType: 'AVRO', references: [] }, references);
    const protoSchema = await parseSchema({ schema: proto, schemaType: 'PROTOBUF', references: [] }, []);
    for (const [index, json] of avro.entries()) {
      assert.equal(encodeBySchema(json, avroSchema).payload.toString('hex'), theirs[index]!.toString('hex'), json);
    }
    for (const [index, json] of protobuf.entries()) {
      const { payload } = encodeBySchema(json, protoSchema, 'shop.Outer.Inner');
      assert.equal(payload.toString('hex'), theirs[150 + index]!.toString('hex'), json);
    }
  });
});

type Random = () => number;

/** The same numbers from 0 to 1 in each run (mulberry32). */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function whole(random: Random, bits: number): bigint {
  const size = Math.floor(random() * bits);
  const value = (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32));
  return BigInt.asIntN(bits, BigInt.asUintN(size + 1, value) * (random() < 0.5 ? 1n : -1n));
}

function text(random: Random): string {
  const signs = ['a', 'ö', '€', '🚲', '"', '\\', '\n', '\u0000'];
  return Array.from({ length: Math.floor(random() * 6) }, () => signs[Math.floor(random() * signs.length)]).join('');
}

function latin1(random: Random, length = Math.floor(random() * 5)): string {
  return Array.from({ length }, () => String.fromCharCode(Math.floor(random() * 256))).join('');
}

function list<T>(random: Random, make: () => T): T[] {
  return Array.from({ length: Math.floor(random() * 4) }, make);
}

/** JSON whose bigints are numbers. */
function json(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `<${each}>` : each)).replace(
    /"<(-?\d+)>"/g,
    '$1',
  );
}

function randomOrder(random: Random, depth = 0): string {
  const value = (): unknown => {
    const kind = Math.floor(random() * 3);
    if (kind === 0) return { string: text(random) };
    return kind === 1 ? { int: whole(random, 32) } : { 'shop.Address': { city: text(random) } };
  };
  const weight = (): unknown => {
    const number = (random() - 0.5) * 10 ** Math.floor(random() * 30 - 15);
    const kind = Math.floor(random() * 3);
    return kind === 0 ? null : kind === 1 ? { float: number } : { double: number };
  };
  const made = json({
    id: whole(random, 64),
    to: { city: text(random) },
    note: random() < 0.5 ? null : { string: text(random) },
    // A byte that nobody types, so that it is no text.
    total: `\u0000${latin1(random, 2)}`,
    at: whole(random, 64),
    day: whole(random, 32),
    state: random() < 0.5 ? 'NEW' : 'PAID',
    weights: list(random, weight),
    // One at most: a HashMap has no order.
    tags: random() < 0.5 ? {} : { [text(random)]: value() },
    hash: latin1(random, 2),
    raw: latin1(random),
    next: null,
  });
  if (depth > 2 || random() < 0.5) return made;
  return made.replace(/"next":null\}$/, () => `"next":{"shop.Order":${randomOrder(random, depth + 1)}}}`);
}

function randomInner(random: Random): string {
  const made: Record<string, unknown> = {
    units: String(whole(random, 64)),
    many: list(random, () => String(whole(random, 64))),
    shares: random() < 0.5 ? {} : { [text(random)]: random() },
    raw: Buffer.from(latin1(random), 'latin1').toString('base64'),
    at: new Date(Math.floor((random() - 0.3) * 1e13)).toISOString(),
    yes: random() < 0.5,
    texts: list(random, () => text(random)),
    unsigned: BigInt.asUintN(64, whole(random, 64)),
    other: { x: whole(random, 32) },
    ...(random() < 0.5 ? { big: String(BigInt.asUintN(64, whole(random, 64))) } : { small: Math.fround(random()) }),
  };
  return json(Object.fromEntries(Object.entries(made).filter(() => random() < 0.7)));
}
