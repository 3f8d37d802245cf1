import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DecodedValue } from '../../src/formats/index.ts';
import { decodeFramed } from '../../src/formats/registry/decodeFramed.ts';
import { parseSchema } from '../../src/formats/registry/parsedSchema.ts';
import { framedByHeader, framedByPrefix } from '../../src/formats/registry/schemaRef.ts';
import { describedOrder } from '../support/describedOrder.ts';
import { fastest } from '../support/fastest.ts';

async function read(schemaType: string, schema: string, bytes: string | Buffer, indexes = [0]): Promise<DecodedValue> {
  const parsed = await parseSchema({ schema, schemaType, references: [] }, []);
  const payload = typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(' ', ''), 'hex') : bytes;
  const decoded = decodeFramed({ ref: { id: 7 }, payload, from: 'prefix', indexes }, parsed, true, true);
  assert.ok(decoded.kind === 'value', JSON.stringify(decoded));
  return decoded;
}

describe('Avro', () => {
  const logical: [type: unknown, bytes: string, text: string][] = [
    [{ type: 'int', logicalType: 'date' }, '01', '"1969-12-31"'],
    [{ type: 'int', logicalType: 'time-millis' }, '02', '"00:00:00.001"'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, '01', '"1969-12-31T23:59:59.999Z"'],
    [{ type: 'long', logicalType: 'local-timestamp-nanos' }, '02', '"1970-01-01T00:00:00.000000001"'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, 'ffffffffffffffffff01', '-9223372036854775808'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 }, '02 ff', '-0.01'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 }, '00', '0.00'],
    [{ type: 'fixed', name: 'F', size: 2, logicalType: 'decimal', precision: 4 }, '0100', '256'],
    [{ type: 'bytes', logicalType: 'big-decimal' }, '06 02 7b 04', '1.23'],
    [
      { type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' },
      'f81d4fae7dec41d0a76500a0c91e6bf6',
      '"f81d4fae-7dec-41d0-a765-00a0c91e6bf6"',
    ],
    [{ type: 'fixed', name: 'D', size: 12, logicalType: 'duration' }, '010000000200000003000000', '"P1M2DT0.003S"'],
    // Logical types on the wrong type are to be ignored.
    [{ type: 'string', logicalType: 'decimal' }, '02 61', '"a"'],
    ['float', 'cdcccc3d', '0.1'],
    ['double', '000000000000f07f', '"Infinity"'],
    // As Confluent's serializers write it, without its length; but within others it has one.
    ['bytes', '04 ff00', '"0x04ff00"'],
    ['bytes', '', '"0x"'],
    [['null', 'bytes'], '02 04 ff00', '"0xff00"'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 8, scale: 2 }, '3a98', '150.00'],
    // Blocks with their size in bytes, as some writers make them.
    [{ type: 'array', items: 'int' }, '03 04 02 04 00', '[1, 2]'],
    [['null', 'string'], '00', 'null'],
    [['null', 'string'], '02 02 61', '"a"'],
  ];
  for (const [type, bytes, text] of logical) {
    it(`prints ${JSON.stringify(type)} as ${text}`, async () => {
      assert.equal((await read('AVRO', JSON.stringify(type), bytes)).preview(100), text);
    });
  }

  it('finds types by their namespace, and records in themselves', async () => {
    const schema = {
      type: 'record',
      name: 'a.b.Node',
      fields: [
        { name: 'v', type: { type: 'enum', name: 'E', symbols: ['X'] } },
        { name: 'w', type: 'a.b.E' },
        { name: 'next', type: ['null', 'Node'] },
      ],
    };
    const decoded = await read('AVRO', JSON.stringify(schema), '00 00 02 00 00 00');
    assert.equal(decoded.preview(100), '{"v": "X", "w": "X", "next": {"v": "X", "w": "X", "next": null}}');
    assert.equal(decoded.label, 'Avro, schema 7 (a.b.Node)');
    assert.equal(decoded.pretty().text.split('\n')[1], '  "v": "X",');
  });
});

describe('Protobuf', () => {
  it('prints unknown fields and enum numbers, packed and unpacked lists, maps and groups', async () => {
    const schema = `syntax = "proto2"; message M { enum E { A = 1; } repeated E e = 1; repeated sint32 p = 2 [packed = true];
      map<int64, bool> m = 3; optional group G = 4 { optional int32 x = 1; } optional fixed32 f = 5; optional uint32 u = 6; }`;
    const bytes = '0801 0809 1202 0102 1a04 0803 1001 23 0805 24 2d ffffffff 30ffffffff0f 7a0161 8001 01';
    assert.equal(
      (await read('PROTOBUF', schema, bytes)).preview(300),
      '{"e": ["A", 9], "p": [-1, 1], "m": {"3": true}, "g": {"x": 5}, "f": 4294967295, "u": 4294967295, "#15": "a", "#16": 1}',
    );
  });

  it('reads files with comments, options, services, extensions, oneofs and options of all shapes', async () => {
    const schema = `// first
      edition = "2023"; package a.b; option java_package = "x;{"; import public "other.proto";
      option (my.opt) = { a: [1, 2] b { c: "}" } };
      extend google.protobuf.FieldOptions { string mine = 50000; }
      service S { rpc Call (M) returns (stream M) { option deprecated = true; } }
      message M { /* ; } */ reserved 5, 10 to max; reserved "old"; extensions 100 to 199 [verification = UNVERIFIED];
        oneof choice { option (x) = 1; string text = 1 [(my.opt).list = {v: ["]"]}, deprecated = true]; .a.b.M.N inner = 0x2; }
        message N { enum Level { option allow_alias = true; NONE = 0; LOW = -1 [deprecated = true]; } Level o = 1 [default = LOW]; N n = 2; }; }`;
    const decoded = await read('PROTOBUF', schema, '0a0161 12 0f 08 ffffffffffffffffff01 12 02 0800');
    assert.equal(decoded.preview(100), '{"text": "a", "inner": {"o": "LOW", "n": {"o": "NONE"}}}');
    assert.match(decoded.label, /a\.b\.M/);
    const parse = (text: string) => parseSchema({ schema: text, schemaType: 'PROTOBUF', references: [] }, []);
    await assert.rejects(parse('message M {\n string s 1;\n}'), /line 2: = is expected, not 1/);
    await assert.rejects(parse('message M { string s = 1;'), /ends too early/);
  });

  it('says which field does not fit its schema', async () => {
    const parsed = await parseSchema(
      { schema: 'syntax = "proto3"; message M { string s = 1; }', schemaType: 'PROTOBUF', references: [] },
      [],
    );
    const decoded = decodeFramed(
      { ref: { id: 7 }, payload: Buffer.from('0801', 'hex'), from: 'prefix', indexes: [0] },
      parsed,
      true,
      true,
    );
    assert.ok(decoded.kind === 'failed');
    assert.match(decoded.reason, /Field s \(1\) is string in the schema, and its bytes are varint/);
  });

  it('shows fields whose message type nobody gave by what their bytes tell', async () => {
    const schema =
      'syntax = "proto3"; import "google/type/money.proto"; message M { google.type.Money m = 1; int32 x = 2; }';
    assert.equal(
      (await read('PROTOBUF', schema, '0a 05 0a 03 455552 10 05')).preview(100),
      '{"m": {"1:text": "EUR"}, "x": 5}',
    );
  });

  it('reads schemas that are file descriptors, as clients for Python, .NET and JavaScript register them', async () => {
    const decoded = await read('PROTOBUF', describedOrder.schema, describedOrder.bytes);
    assert.equal(decoded.preview(500), describedOrder.text);
    assert.match(decoded.label, /shop\.Order/);
    // That client counts what the map is made of.
    assert.equal((await read('PROTOBUF', describedOrder.schema, '0805', [0, 1])).preview(100), '{"sku": 5}');
    const old =
      'CglvbGQucHJvdG8SBHNob3AicQoDT2xkEgoKAmlkGAEgAigJEhwKBGl0ZW0YAiADKAoyDi5zaG9wLk9sZC5JdGVtEhEKBXRpZ2h0GAMgAygFQgIQARIYCgVpbm5lchgEIAEo' +
      'CzIJLnNob3AuT2xkGhMKBEl0ZW0SCwoDc2t1GAEgASgD';
    assert.equal(
      (await read('PROTOBUF', old, '0a0162130807141a0301ac0222030a0163')).preview(200),
      '{"id": "b", "item": [{"sku": 7}], "tight": [1, 300], "inner": {"id": "c"}}',
    );
    const parse = (schema: string) => parseSchema({ schema, schemaType: 'PROTOBUF', references: [] }, []);
    await assert.rejects(parse(describedOrder.schema.slice(0, 40)), /cannot be parsed/);
  });

  it('finds a nested message however what maps are made of is written and counted', async () => {
    const brief = 'syntax = "proto3"; message M { map<string, int32> m = 1; message A { int32 x = 1; } A a = 2; }';
    assert.equal((await read('PROTOBUF', brief, '0805', [0, 0])).preview(100), '{"x": 5}');
    assert.equal((await read('PROTOBUF', brief, '0805', [0, 1])).preview(100), '{"x": 5}');
    const inFull = `syntax = "proto3"; message M { repeated MEntry m = 1; A a = 2;
      message MEntry { option map_entry = true; string key = 1; int32 value = 2; } message A { int32 x = 1; } }`;
    assert.equal((await read('PROTOBUF', inFull, '0805', [0, 1])).preview(100), '{"x": 5}');
    assert.equal((await read('PROTOBUF', inFull, '0805', [0, 0])).preview(100), '{"x": 5}');
    const map = await read('PROTOBUF', inFull, '0a050a016b1007 1202 0801');
    assert.equal(map.preview(100), '{"m": {"k": 7}, "a": {"x": 1}}');
    await assert.rejects(read('PROTOBUF', inFull, '0805', [0, 2]), /no message at 0\.2/);
  });

  it('says of a payload that is encrypted by a rule that it is', async () => {
    const text = {
      schema: '{"type":"record","name":"R","fields":[{"name":"s","type":"string"}]}',
      references: [],
      encryptedBy: 'pii',
    };
    for (const [schemaType, schema] of [
      ['AVRO', text.schema],
      ['JSON', '{}'],
    ] as const) {
      const parsed = await parseSchema({ ...text, schemaType, schema }, []);
      const payload = Buffer.from('f516d9ff45d83f', 'hex');
      const decoded = decodeFramed({ ref: { id: 7 }, payload, from: 'prefix', indexes: undefined }, parsed, true, true);
      assert.ok(decoded.kind === 'failed');
      assert.match(decoded.reason, /schema 7: It is encrypted by the rule pii of its schema/);
    }
    // Who wrote it may not have known of the rule.
    const parsed = await parseSchema({ ...text, schemaType: 'AVRO' }, []);
    const payload = Buffer.from('0261', 'hex');
    const plain = decodeFramed({ ref: { id: 7 }, payload, from: 'prefix', indexes: undefined }, parsed, true, true);
    assert.ok(plain.kind === 'value');
    assert.equal(plain.preview(100), '{"s": "a"}');
  });

  it('makes a line of a large message without reading all of it', async () => {
    const part = Buffer.from('0a0568656c6c6f', 'hex');
    const large = Buffer.alloc(30_000_000, part).subarray(0, 30_000_000 - (30_000_000 % part.length));
    const parsed = await parseSchema(
      { schema: 'message M { repeated string s = 1; }', schemaType: 'PROTOBUF', references: [] },
      [],
    );
    const took = fastest(() => {
      const framed = { ref: { id: 7 }, payload: large, from: 'prefix', indexes: [0] } as const;
      const decoded = decodeFramed(framed, parsed, false, true);
      assert.ok(decoded.kind === 'value');
      assert.match(decoded.preview(100), /^\{"s": \["hello", "hello".*…$/);
    }, 5);
    assert.ok(took < 200, `${took} ms`);
  });
});

describe('schema ids', () => {
  it('are found before the value and in headers', () => {
    const bytes = Buffer.from('000000000c61', 'hex');
    assert.deepEqual(framedByPrefix(bytes), {
      ref: { id: 12 },
      payload: Buffer.from('a'),
      from: 'prefix',
      indexes: undefined,
    });
    assert.equal(framedByPrefix(Buffer.from('0000000000', 'hex')), undefined);
    assert.equal(framedByPrefix(Buffer.from('01000000', 'hex')), undefined);
    const header = { key: '__value_schema_id', value: Buffer.from(`01${'ab'.repeat(16)}00`, 'hex') };
    const guid = 'abababab-abab-abab-abab-abababababab';
    assert.deepEqual(framedByHeader(bytes, 'value', [header]), {
      ref: { guid },
      payload: bytes,
      from: 'header',
      indexes: [0],
    });
    assert.equal(framedByHeader(bytes, 'key', [header]), undefined);
    assert.equal(
      framedByHeader(bytes, 'value', [{ key: '__value_schema_id', value: Buffer.from('0102', 'hex') }]),
      undefined,
    );
  });
});
