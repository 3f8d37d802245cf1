import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import {
  createDecoder,
  SchemaRegistry,
  type Decoded,
  type Header,
  type RegistryAuth,
} from '../../src/formats/index.ts';
import { DecodedPresenter } from '../../src/tail/decodedPresenter.ts';
import { parseFilter } from '../../src/tail/filter/parseFilter.ts';
import type { FilterContext } from '../../src/tail/filter/predicate.ts';
import { RecordStore } from '../../src/tail/recordStore.ts';
import { javaCommand } from '../../tools/java.ts';
import { freePort } from '../../tools/ports.ts';
import { startRegistry, type Registry } from '../../tools/registry.ts';
import { describedOrder } from '../support/describedOrder.ts';
import { encodeAll } from '../support/schemaEncoder.ts';
import { sliceOf } from '../support/tailSlices.ts';

const address = '{"type":"record","name":"Address","namespace":"shop","fields":[{"name":"city","type":"string"}]}';
const order = JSON.stringify({
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'to', type: 'shop.Address' },
    { name: 'from', type: ['null', 'Address'] },
    { name: 'total', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    { name: 'state', type: { type: 'enum', name: 'State', symbols: ['NEW', 'PAID'] } },
    {
      name: 'lines',
      type: { type: 'array', items: { type: 'record', name: 'Line', fields: [{ name: 'n', type: 'int' }] } },
    },
    { name: 'tags', type: { type: 'map', values: ['string', 'double'] } },
    { name: 'hash', type: { type: 'fixed', name: 'Hash', size: 2 } },
    { name: 'next', type: ['null', 'Order'] },
    {
      name: 'payment',
      type: ['null', { type: 'record', name: 'Card', fields: [] }, { type: 'record', name: 'Cash', fields: [] }],
    },
  ],
});
const orderDatum = {
  id: 9007199254740993n,
  to: { city: 'Köln' },
  from: null,
  total: '\u0000\u00ff',
  at: 1714564800123456,
  day: 19844,
  state: 'PAID',
  lines: [{ n: -1 }, { n: 2147483647 }],
  tags: { a: { string: 'x' }, b: { double: 0.5 } },
  hash: '\u00ff\u0001',
  next: null,
  payment: { 'shop.Cash': {} },
};
const orderJson = JSON.stringify(orderDatum, (_key, value: unknown) =>
  typeof value === 'bigint' ? 'BIG' : value,
).replace('"BIG"', '9007199254740993');

const common = `syntax = "proto3"; package shop.common; message Money { sint64 units = 1; string currency = 2; } enum Level { LOW = 0; HIGH = 1; }`;
const middle = `syntax = "proto3"; package shop.mid; import "shop/common/common.proto"; message Wrapped { shop.common.Money money = 1; }`;
const proto = `syntax = "proto3"; package shop; import "shop/mid/middle.proto"; import "shop/common/common.proto"; import "google/protobuf/timestamp.proto";
  message First { string a = 1; }
  message Outer {
    message Other { int32 x = 1; }
    message Inner {
      shop.mid.Wrapped wrapped = 1; repeated int64 many = 2; map<string, shop.common.Level> levels = 3; bytes raw = 4;
      google.protobuf.Timestamp at = 5; oneof choice { fixed64 big = 6; float small = 7; } bool yes = 8; repeated string texts = 9; uint64 unsigned = 10;
    }
  }`;

/** The same three files as Protobuf's own compiler would describe them. */
const descriptors = [
  `name: "shop/common/common.proto" package: "shop.common" syntax: "proto3"
  message_type { name: "Money" field { name: "units" number: 1 type: TYPE_SINT64 label: LABEL_OPTIONAL }
    field { name: "currency" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL } }
  enum_type { name: "Level" value { name: "LOW" number: 0 } value { name: "HIGH" number: 1 } }`,
  `name: "shop/mid/middle.proto" package: "shop.mid" syntax: "proto3" dependency: "shop/common/common.proto"
  message_type { name: "Wrapped" field { name: "money" number: 1 type: TYPE_MESSAGE type_name: ".shop.common.Money" label: LABEL_OPTIONAL } }`,
  `name: "main.proto" package: "shop" syntax: "proto3" dependency: "shop/mid/middle.proto" dependency: "shop/common/common.proto"
  dependency: "google/protobuf/timestamp.proto"
  message_type { name: "Outer" nested_type { name: "Inner"
    nested_type { name: "LevelsEntry" options { map_entry: true }
      field { name: "key" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
      field { name: "value" number: 2 type: TYPE_ENUM type_name: ".shop.common.Level" label: LABEL_OPTIONAL } }
    field { name: "wrapped" number: 1 type: TYPE_MESSAGE type_name: ".shop.mid.Wrapped" label: LABEL_OPTIONAL }
    field { name: "many" number: 2 type: TYPE_INT64 label: LABEL_REPEATED }
    field { name: "levels" number: 3 type: TYPE_MESSAGE type_name: ".shop.Outer.Inner.LevelsEntry" label: LABEL_REPEATED }
    field { name: "raw" number: 4 type: TYPE_BYTES label: LABEL_OPTIONAL }
    field { name: "at" number: 5 type: TYPE_MESSAGE type_name: ".google.protobuf.Timestamp" label: LABEL_OPTIONAL }
    field { name: "small" number: 7 type: TYPE_FLOAT label: LABEL_OPTIONAL }
    field { name: "yes" number: 8 type: TYPE_BOOL label: LABEL_OPTIONAL }
    field { name: "texts" number: 9 type: TYPE_STRING label: LABEL_REPEATED }
    field { name: "unsigned" number: 10 type: TYPE_UINT64 label: LABEL_OPTIONAL } } }`,
];

describe('Schema Registry', { timeout: 300_000 }, () => {
  let registry: Registry;
  let encoded: Buffer[];
  const servers: Pick<Server, 'close' | 'closeAllConnections'>[] = [];

  before(async () => {
    registry = await startRegistry();
    encoded = await encodeAll([
      { kind: 'avro', json: orderJson, schemas: [address, order] },
      {
        kind: 'protobuf',
        json: '{"wrapped":{"money":{"units":"-9007199254740993","currency":"EUR"}},"many":["1","-2"],"levels":{"k":"HIGH"},"raw":"/wA=","at":"2024-05-01T12:00:00.5Z","small":0.1,"yes":true,"texts":["a","b"],"unsigned":"18446744073709551615"}',
        message: ['Outer', 'Inner'],
        files: descriptors,
      },
      { kind: 'avro', json: '"key"', schemas: ['"string"'] },
    ]);
  });

  after(async () => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    await registry?.stop();
  });

  interface Reference {
    readonly name: string;
    readonly subject: string;
    readonly version: number;
  }

  /** Registers a schema as Confluent's clients do; returns its id. */
  async function register(
    subject: string,
    schema: string,
    schemaType = 'AVRO',
    references: Reference[] = [],
  ): Promise<number> {
    const response = await fetch(`${registry.url}/subjects/${encodeURIComponent(subject)}/versions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema, schemaType, references }),
    });
    const body = (await response.json()) as { id?: number };
    assert.ok(body.id !== undefined, JSON.stringify(body));
    return body.id;
  }

  /** Passes on to the registry what `answer` does not answer itself. */
  async function front(
    answer: (path: string, authorization: string) => { status: number; body?: string } | string | undefined,
  ): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const server = createServer((from, to) => {
      asked.push(from.url!);
      const found = answer(from.url!, from.headers.authorization ?? '');
      if (typeof found === 'object') return to.writeHead(found.status).end(found.body);
      request(`${registry.url}${found ?? from.url!}`, (passed) => {
        to.writeHead(passed.statusCode!, passed.headers);
        passed.pipe(to);
      }).end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  const open = (url = registry.url, auth: RegistryAuth = { kind: 'none' }, timeoutMs = 60_000): SchemaRegistry =>
    new SchemaRegistry({ url, auth: () => Promise.resolve(auth), timeoutMs });

  async function decode(
    bytes: Buffer,
    from: SchemaRegistry,
    headers: readonly Header[] = [],
    part: 'key' | 'value' = 'value',
  ): Promise<Decoded> {
    return createDecoder(from).decode(bytes, { topic: 't', part, format: 'auto', headers: () => headers });
  }

  const prefix = (id: number): Buffer => Buffer.concat([Buffer.from([0]), int32(id)]);
  function int32(number: number): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(number);
    return bytes;
  }

  async function registerOrder(): Promise<number> {
    await register('address', address);
    return register('order', order, 'AVRO', [{ name: 'shop.Address', subject: 'address', version: 1 }]);
  }

  async function registerProto(): Promise<number> {
    await register('shop/common/common.proto', common, 'PROTOBUF');
    const commonRef = { name: 'shop/common/common.proto', subject: 'shop/common/common.proto', version: 1 };
    await register('shop/mid/middle.proto', middle, 'PROTOBUF', [commonRef]);
    return register('outer', proto, 'PROTOBUF', [
      { name: 'shop/mid/middle.proto', subject: 'shop/mid/middle.proto', version: 1 },
      commonRef,
    ]);
  }

  const expectedOrder =
    '{"id": 9007199254740993, "to": {"city": "Köln"}, "from": null, "total": 2.55, "at": "2024-05-01T12:00:00.123456Z", "day": "2024-05-01", ' +
    '"state": "PAID", "lines": [{"n": -1}, {"n": 2147483647}], "tags": {"a": "x", "b": 0.5}, "hash": "0xff01", "next": null, "payment": {"shop.Cash": {}}}';
  const expectedInner =
    '{"wrapped": {"money": {"units": -9007199254740993, "currency": "EUR"}}, "many": [1, -2], "levels": {"k": "HIGH"}, "raw": "0xff00", ' +
    '"at": "2024-05-01T12:00:00.500000000Z", "small": 0.1, "yes": true, "texts": ["a", "b"], "unsigned": 18446744073709551615}';

  it('reads Avro with a reference, by the id before the value', async () => {
    const id = await registerOrder();
    const decoded = await decode(Buffer.concat([prefix(id), encoded[0]!]), open());
    assert.ok(decoded.kind === 'value', JSON.stringify(decoded));
    assert.equal(decoded.label, `Avro, schema ${id} (shop.Order)`);
    assert.equal(decoded.preview(1000), expectedOrder);
    assert.equal((decoded.plain() as { id: bigint }).id, 9007199254740993n);
    const short = await decode(Buffer.concat([prefix(id), encoded[0]!.subarray(0, -1)]), open());
    assert.ok(short.kind === 'failed' && /ends too early/.test(short.reason), JSON.stringify(short));
    const long = await decode(Buffer.concat([prefix(id), encoded[0]!, Buffer.from('zz')]), open());
    assert.ok(long.kind === 'failed' && /2 bytes are left over/.test(long.reason), JSON.stringify(long));
  });

  it('reads a nested Protobuf message, its indexes before it, with references of references', async () => {
    const id = await registerProto();
    const decoded = await decode(Buffer.concat([prefix(id), Buffer.from([4, 2, 2]), encoded[1]!]), open());
    assert.ok(decoded.kind === 'value', JSON.stringify(decoded));
    assert.equal(decoded.label, `Protobuf, schema ${id} (shop.Outer.Inner)`);
    assert.equal(decoded.preview(1000), expectedInner);
    // The first message is a single 0.
    const first = await decode(Buffer.concat([prefix(id), Buffer.from([0, 0x0a, 1, 0x61, 0x50, 7])]), open());
    assert.ok(first.kind === 'value', JSON.stringify(first));
    assert.equal(first.preview(100), '{"a": "a", "#10": 7}');
    const none = await decode(Buffer.concat([prefix(id), Buffer.from([2, 18]), encoded[1]!]), open());
    assert.ok(none.kind === 'failed' && /no message at 9/.test(none.reason), JSON.stringify(none));
  });

  it('reads Protobuf whose schema was registered as a file descriptor, as clients for Python do', async () => {
    const id = await register('described', describedOrder.schema, 'PROTOBUF');
    const decoded = await decode(Buffer.concat([prefix(id), Buffer.alloc(1), describedOrder.bytes]), open());
    assert.ok(decoded.kind === 'value', JSON.stringify(decoded));
    assert.equal(decoded.preview(1000), describedOrder.text);
  });

  it('reads JSON though the registry is down', async () => {
    const from = open(`http://127.0.0.1:${await freePort()}`);
    const decoded = await decode(Buffer.concat([prefix(12), Buffer.from('{"a":1}')]), from);
    assert.ok(decoded.kind === 'value' && decoded.label === 'JSON, schema 12', JSON.stringify(decoded));
  });

  it('reads JSON with a schema', async () => {
    const id = await register('json', '{"type":"object","properties":{"a":{"type":"integer"}}}', 'JSON');
    const decoded = await decode(Buffer.concat([prefix(id), Buffer.from('{"a":12345678901234567890}')]), open());
    assert.ok(decoded.kind === 'value');
    assert.deepEqual(
      [decoded.label, decoded.preview(100)],
      [`JSON Schema, schema ${id}`, '{"a": 12345678901234567890}'],
    );
  });

  it('reads schemas named in headers, by id and by GUID, with the message indexes there', async () => {
    const id = await registerProto();
    const guid = 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6';
    // The registry at hand does not know GUIDs yet: what stands before it names them, as Confluent's 8.0 does.
    const { url } = await front((path) => (path === `/schemas/guids/${guid}` ? `/schemas/ids/${id}` : undefined));
    const header = (bytes: Buffer): Header[] => [{ key: '__value_schema_id', value: bytes }];
    const guidHeader = header(
      Buffer.concat([Buffer.from([1]), Buffer.from(guid.replaceAll('-', ''), 'hex'), Buffer.from([4, 2, 2])]),
    );
    const byGuid = await decode(encoded[1]!, open(url), guidHeader);
    assert.ok(byGuid.kind === 'value', JSON.stringify(byGuid));
    assert.equal(byGuid.label, `Protobuf, schema ${guid} (shop.Outer.Inner)`);
    assert.equal(byGuid.preview(1000), expectedInner);
    const byId = await decode(encoded[1]!, open(url), header(Buffer.concat([prefix(id), Buffer.from([4, 2, 2])])));
    assert.ok(byId.kind === 'value' && byId.preview(1000) === expectedInner);
    const key = await register('key', '"string"');
    const keyHeader: Header[] = [{ key: '__key_schema_id', value: prefix(key) }];
    const text = await decode(encoded[2]!, open(url), keyHeader, 'key');
    assert.ok(text.kind === 'value' && text.preview(20) === '"key"');
  });

  it('finds and shows what a schema in a header makes of bytes that look like text, or of none', async () => {
    const id = await register('printable', '{"type":"record","name":"P","fields":[{"name":"s","type":"string"}]}');
    const none = await register('none', '{"type":"record","name":"N","fields":[]}');
    const decoder = createDecoder(open());
    const presenter = new DecodedPresenter({ topic: 't', decoder, format: () => 'auto' });
    const context: FilterContext = {
      partitions: () => 1,
      now: 0,
      plain: (record) => presenter.plain(record),
      shownText: (record, part) => presenter.shownText(record, part),
    };
    // A length of 16 or more is a printable byte in Avro.
    const value = Buffer.concat([Buffer.from([32]), Buffer.from('sixteen "quoted"')]);
    const headers = (schema: number): Record<string, Buffer> => ({ __value_schema_id: prefix(schema) });
    const store = new RecordStore({ maxRecords: 10, maxBytes: 1 << 20 });
    store.append(
      sliceOf({
        records: [
          { key: 'a', value, headers: headers(id) },
          { key: 'b', value: Buffer.alloc(0), headers: headers(none) },
          { key: 'c', value: Buffer.alloc(0) },
        ],
      }),
    );
    const found = async (filter: string): Promise<number[]> => {
      const test = parseFilter(filter).test(context);
      const seqs: number[] = [];
      for (let seq = 0; seq < store.endSeq; seq++) if (await test(store.at(seq)!)) seqs.push(seq);
      return seqs;
    };
    // As the cell shows it, which is not how it stands in the bytes.
    assert.deepEqual(await found('/"s": "sixteen/'), [0]);
    assert.deepEqual(await found('value:/^\\{\\}$/'), [1]);
    const cells = await Promise.all([0, 1, 2].map(async (seq) => (await presenter.cells(store.at(seq)!)).value));
    assert.deepEqual(
      cells.map(({ kind, text }) => [kind, text]),
      [
        ['text', '{"s": "sixteen \\"quoted\\""}'],
        ['text', '{}'],
        ['empty', ''],
      ],
    );
    assert.equal((await presenter.document(store.at(1)!, 'value')).kind, 'text');
  });

  it('says so where a rule of the schema encrypts the payload', async () => {
    const rules = { encodingRules: [{ name: 'pii', kind: 'TRANSFORM', type: 'ENCRYPT_PAYLOAD' }] };
    const body = JSON.stringify({ schema: address, ruleSet: { migrationRules: null, ...rules } });
    const { url } = await front((path) => (path === '/schemas/ids/900' ? { status: 200, body } : undefined));
    const decoded = await decode(Buffer.concat([prefix(900), Buffer.from('f516d9ff', 'hex')]), open(url));
    assert.ok(decoded.kind === 'failed');
    assert.match(decoded.reason, /encrypted by the rule pii/);
  });

  it('asks once for each schema, also when many ask at the same time', async () => {
    const id = await registerOrder();
    const { url, asked } = await front(() => undefined);
    const from = open(url);
    const bytes = Buffer.concat([prefix(id), encoded[0]!]);
    const all = await Promise.all(Array.from({ length: 50 }, () => decode(bytes, from)));
    assert.ok(all.every(({ kind }) => kind === 'value'));
    const decoder = createDecoder(from);
    const again = decoder.decode(bytes, { topic: 't', part: 'value', format: 'auto', headers: () => [] });
    assert.ok(!(again instanceof Promise));
    assert.deepEqual(asked, [`/schemas/ids/${id}`, '/subjects/address/versions/1?deleted=true']);
  });

  it('lets in with a name and password or a token, and says who was refused', async () => {
    const id = await registerOrder();
    const bytes = Buffer.concat([prefix(id), encoded[0]!]);
    const basic = `Basic ${Buffer.from('me:sécret:x').toString('base64')}`;
    const { url } = await front((_path, given) =>
      given === basic || given === 'Bearer token' ? undefined : { status: 401 },
    );
    const right: RegistryAuth[] = [
      { kind: 'basic', username: 'me', password: 'sécret:x' },
      { kind: 'bearer', token: 'token' },
    ];
    for (const auth of right) {
      await open(url, auth).test();
      assert.equal((await decode(bytes, open(url, auth))).kind, 'value');
    }
    await assert.rejects(open(url).test(), /wants to know who asks \(status 401\).*Set Schema Registry/);
    const refused = await decode(bytes, open(url, { kind: 'basic', username: 'me', password: 'wrong' }));
    assert.ok(refused.kind === 'failed' && /refused the credentials/.test(refused.reason), JSON.stringify(refused));
    assert.doesNotMatch(refused.reason, /wrong/);
  });

  it('says that an id is unknown, that a schema is none, and that a reference is missing', async () => {
    const unknown = await decode(Buffer.concat([prefix(999_999), encoded[0]!]), open());
    assert.ok(unknown.kind === 'failed' && /has no schema 999999/.test(unknown.reason), JSON.stringify(unknown));
    const answers: Record<string, string> = {
      '/schemas/ids/1': JSON.stringify({
        schema: '{"type":"record","name":"R","fields":[{"name":"a","type":"Nope"}]}',
      }),
      '/schemas/ids/2': JSON.stringify({ schema: 'message {', schemaType: 'PROTOBUF' }),
      '/schemas/ids/3': JSON.stringify({ schema: '"X"', references: [{ name: 'X', subject: 'gone', version: 3 }] }),
      '/schemas/ids/4': '<html>',
      '/schemas/ids/5': JSON.stringify({ schema: '{}', schemaType: 'XML' }),
    };
    const { url } = await front((path) =>
      answers[path] === undefined ? undefined : { status: 200, body: answers[path] },
    );
    const reasons = [/does not define: Nope/, /cannot be parsed/, /version 3 of gone.*404/, /no JSON/, /type XML/];
    for (const [index, reason] of reasons.entries()) {
      const decoded = await decode(Buffer.concat([prefix(index + 1), encoded[0]!]), open(url));
      assert.ok(decoded.kind === 'failed' && reason.test(decoded.reason), JSON.stringify(decoded));
    }
  });

  it('does not wait for a registry that is down or hangs, and asks it again later', async () => {
    const id = await registerOrder();
    const bytes = Buffer.concat([prefix(id), encoded[0]!]);
    const down = await decode(bytes, open(`http://127.0.0.1:${await freePort()}`));
    assert.ok(down.kind === 'failed' && /cannot be reached: .*ECONNREFUSED/.test(down.reason), JSON.stringify(down));
    const hanging = createServer(() => undefined);
    servers.push(hanging);
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const late = await decode(
      bytes,
      open(`http://127.0.0.1:${(hanging.address() as AddressInfo).port}`, { kind: 'none' }, 300),
    );
    assert.ok(late.kind === 'failed' && /did not answer within 0\.3 s/.test(late.reason), JSON.stringify(late));

    let time = 0;
    let up = false;
    const { url, asked } = await front(() => (up ? undefined : { status: 401 }));
    const from = new SchemaRegistry({
      url,
      auth: () => Promise.resolve({ kind: 'none' }),
      timeoutMs: 60_000,
      now: () => time,
    });
    for (let other = 0; other < 5; other++)
      assert.equal((await decode(Buffer.concat([prefix(id + other), encoded[0]!]), from)).kind, 'failed');
    assert.equal(asked.length, 1);
    up = true;
    time = 10_001;
    assert.equal((await decode(bytes, from)).kind, 'value');
  });

  it('says what is wrong with TLS', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'registry-tls-'));
    try {
      const keystore = join(folder, 'server.p12');
      await promisify(execFile)(join(dirname(await javaCommand()), 'keytool'), [
        ...['-genkeypair', '-alias', 'server', '-keyalg', 'RSA', '-dname', 'CN=localhost', '-storetype', 'PKCS12'],
        ...['-keystore', keystore, '-storepass', 'only-for-tests', '-validity', '2'],
      ]);
      const secure = createSecureServer({ pfx: await readFile(keystore), passphrase: 'only-for-tests' }, (_from, to) =>
        to.end('[]'),
      );
      servers.push(secure);
      await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
      const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
      await assert.rejects(open(url).test(), /certificate of the Schema Registry .* is not trusted: .*self-signed/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    await assert.rejects(open(registry.url.replace('http:', 'https:')).test(), /does not speak TLS/);
  });

  it('takes numbers that begin like a schema id for numbers', async () => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(1_714_564_800_000n);
    const decoded = await decode(bytes, open());
    assert.ok(decoded.kind === 'value' && decoded.preview(20) === '1714564800000');
  });
});
