import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  encodeBySchema,
  exampleOf,
  schemaHeader,
  UnencodableError,
  withPrefix,
} from '../../src/formats/encode/index.ts';
import { decodeFramed } from '../../src/formats/registry/decodeFramed.ts';
import { parseSchema, type ParsedSchema, type Reference } from '../../src/formats/registry/parsedSchema.ts';
import { framedByHeader, framedByPrefix } from '../../src/formats/registry/schemaRef.ts';

const schemaOf = (schemaType: string, schema: unknown, references: readonly Reference[] = []): Promise<ParsedSchema> =>
  parseSchema(
    {
      schema: typeof schema === 'string' && schemaType === 'PROTOBUF' ? schema : JSON.stringify(schema),
      schemaType,
      references: [],
    },
    references,
  );

async function hex(schemaType: string, schema: unknown, json: string, message?: string): Promise<string> {
  return encodeBySchema(json, await schemaOf(schemaType, schema), message).payload.toString('hex');
}

/** What our own reader makes of what was written. */
async function again(schema: ParsedSchema, json: string, message?: string): Promise<string> {
  const { payload, indexes } = encodeBySchema(json, schema, message);
  const framed = framedByPrefix(withPrefix(7, payload, indexes))!;
  const decoded = decodeFramed(framed, schema, true, true);
  assert.ok(decoded.kind === 'value', JSON.stringify(decoded));
  return decoded.preview(5000);
}

async function refuses(schemaType: string, schema: unknown, json: string, reason: RegExp): Promise<void> {
  const parsed = await schemaOf(schemaType, schema);
  assert.throws(
    () => encodeBySchema(json, parsed),
    (error) => {
      assert.ok(error instanceof UnencodableError, String(error));
      assert.match(error.message, reason);
      return true;
    },
  );
}

/** As Confluent's registry makes text of a file descriptor. */
const withMap = `syntax = "proto3"; message M { repeated MEntry m = 1; message MEntry { option map_entry = true; string key = 1; int32 value = 2; } }`;

const decimal = { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 };
const node = {
  type: 'record',
  name: 'a.Node',
  fields: [
    { name: 'v', type: 'int', default: 5 },
    { name: 'next', type: ['null', 'Node'], default: null },
  ],
};
const shop = {
  type: 'record',
  name: 'Order',
  fields: [
    {
      name: 'items',
      type: { type: 'array', items: { type: 'record', name: 'Item', fields: [{ name: 'price', type: 'double' }] } },
    },
    { name: 'state', type: { type: 'enum', name: 'State', symbols: ['NEW', 'PAID'] }, default: 'NEW' },
  ],
};

describe('Avro that is written', () => {
  // Bytes as Avro 1.12's specification lays them out.
  const cases: [type: unknown, json: string, bytes: string][] = [
    ['null', 'null', ''],
    ['boolean', 'true', '01'],
    ['int', '-2147483648', 'ffffffff0f'],
    ['int', '1e3', 'd00f'],
    ['long', '9223372036854775807', 'feffffffffffffffff01'],
    ['long', '-9223372036854775808', 'ffffffffffffffffff01'],
    ['long', '9007199254740993', '8280808080808020'],
    ['float', '0.1', 'cdcccc3d'],
    ['double', '"-Infinity"', '000000000000f0ff'],
    ['string', '"Kö"', '064bc3b6'],
    ['bytes', '"\\u00ff\\u0000"', 'ff00'],
    ['bytes', '"0xff00"', 'ff00'],
    [{ type: 'fixed', name: 'F', size: 2 }, '"\\u00ff\\u0001"', 'ff01'],
    [{ type: 'array', items: 'int' }, '[1, 2]', '04020400'],
    [{ type: 'array', items: 'int' }, '[]', '00'],
    [{ type: 'map', values: 'int' }, '{"a": 1}', '0202610200'],
    [['null', 'string'], 'null', '00'],
    [['null', 'string'], '{"string": "a"}', '020261'],
    [['null', 'string'], '"a"', '020261'],
    [['null', 'long', 'string'], '7', '020e'],
    [['int', 'long'], '{"long": 7}', '020e'],
    // 5000000000 fits only one of them.
    [['int', 'long'], '5000000000', '0280c8afa025'],
    [decimal, '12.5', '0404e2'],
    [decimal, '"-0.01"', '02ff'],
    [decimal, '"\\u0004\\u00e2"', '0404e2'],
    [decimal, '1.25e1', '0404e2'],
    [{ type: 'fixed', name: 'F', size: 4, logicalType: 'decimal', precision: 9 }, '-256', 'ffffff00'],
    [{ type: 'bytes', logicalType: 'big-decimal' }, '"1.23"', '06027b04'],
    [{ type: 'int', logicalType: 'date' }, '"1969-12-31"', '01'],
    [{ type: 'int', logicalType: 'time-millis' }, '"00:00:00.001"', '02'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, '"1970-01-01T02:00:00.001+02:00"', '02'],
    [{ type: 'long', logicalType: 'timestamp-micros' }, '"1969-12-31T23:59:59.999999Z"', '01'],
    [{ type: 'long', logicalType: 'local-timestamp-nanos' }, '"1970-01-01T00:00:00.000000001"', '02'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, '1', '02'],
    [
      { type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' },
      '"f81d4fae-7dec-41d0-a765-00a0c91e6bf6"',
      'f81d4fae7dec41d0a76500a0c91e6bf6',
    ],
    [{ type: 'fixed', name: 'D', size: 12, logicalType: 'duration' }, '"P1M2DT0.003S"', '010000000200000003000000'],
    // Defaults, of a union without its branch's name.
    [node, '{}', '0a00'],
    [node, '{"next": {"a.Node": {"v": 1}}}', '0a020200'],
    [node, '{"next": {"Node": {"v": 1}}}', '0a020200'],
    [node, '{"next": {"v": 1}}', '0a020200'],
  ];
  for (const [type, json, bytes] of cases) {
    it(`takes ${json} for ${JSON.stringify(type).slice(0, 80)}`, async () => {
      assert.equal(await hex('AVRO', type, json), bytes);
    });
  }

  it('takes an object for the record that has such a field where no branch of that name fits', async () => {
    const record = { type: 'record', name: 'R', fields: [{ name: 'string', type: 'int' }] };
    assert.equal(await hex('AVRO', ['string', record], '{"string": 1}'), '0202');
    assert.equal(await hex('AVRO', ['string', record], '{"string": "a"}'), '000261');
  });

  const refused: [type: unknown, json: string, reason: RegExp][] = [
    ['int', '2147483648', /^\$: 2147483648 does not fit into 32 bits\.$/],
    ['int', '1.5', /^\$: A whole number is wanted, not 1\.5\.$/],
    ['long', '9223372036854775808', /does not fit into 64 bits/],
    ['long', '"7"', /A whole number is wanted, not "7"/],
    ['float', '1e39', /does not fit into 32 bits/],
    ['string', '7', /A text is wanted, not 7/],
    ['string', 'abc', /No JSON: .*A text stands in quotes/],
    ['string', '"\\ud800"', /lone surrogate/],
    ['bytes', '"€"', /ISO-8859-1/],
    [{ type: 'fixed', name: 'F', size: 2 }, '"abc"', /F has 2 bytes, not 3/],
    [decimal, '1.234', /more than 2 digits behind the point/],
    [decimal, '123.45', /more than 2 digits before the point/],
    [decimal, '"12,50"', /no decimal number/],
    [decimal, '1e99999', /./],
    [{ type: 'int', logicalType: 'date' }, '"2024-02-30"', /no date: .*"2024-05-01"/],
    [{ type: 'long', logicalType: 'timestamp-millis' }, '"2024-05-01T12:00:00.0001Z"', /no timestamp-millis/],
    [{ type: 'long', logicalType: 'timestamp-millis' }, '"2024-05-01T12:00:00"', /no timestamp-millis/],
    [{ type: 'string', logicalType: 'uuid' }, '"x"', /no UUID/],
    [shop, '{"items": [{"price": 1}, {"price": "2"}]}', /^\$\.items\[1\]\.price: A number is wanted, not "2"\.$/],
    [shop, '{"items": [{}]}', /^\$\.items\[0\]\.price: It is missing/],
    [shop, '{"items": [], "state": "GONE"}', /^\$\.state: "GONE" is no symbol of State: NEW, PAID\.$/],
    [shop, '{"items": [], "a b": 1}', /^\$\["a b"\]: Order has no such field; it has: items, state\.$/],
    [['null', shop], '{"items": [{"price": true}]}', /^\$\.items\[0\]\.price: A number/],
    [['null', shop], '{"Order": {"items": [{"price": true}]}}', /^\$\.Order\.items\[0\]\.price: A number/],
    [['null', 'int', 'long'], '7', /^\$: It may be int or long: say which, as \{"int": …\}\.$/],
    [['null', 'int'], '"x"', /^\$: A whole number is wanted/],
    [['int', 'boolean'], '"x"', /^\$: "x" is none of int, boolean\.$/],
    [['int', 'boolean'], 'null', /^\$: null is none of int, boolean\.$/],
    // Of Object.prototype, which no value has by itself.
    [
      { type: 'record', name: 'R', fields: [{ name: 'toString', type: 'string' }] },
      '{}',
      /^\$\.toString: It is missing/,
    ],
    ['null', '', /Empty is no JSON/],
  ];
  for (const [type, json, reason] of refused) {
    it(`refuses ${json} for ${JSON.stringify(type).slice(0, 80)}`, () => refuses('AVRO', type, json, reason));
  }

  it('says so where a text was taken for hexadecimal', async () => {
    const { notes } = encodeBySchema('"0xff"', await schemaOf('AVRO', 'bytes'));
    assert.deepEqual(notes, ['"0xff" was taken for bytes in hexadecimal.']);
  });

  it('is bounded where defaults or unions multiply, and where values are nested', async () => {
    const twice = {
      type: 'record',
      name: 'R',
      fields: ['a', 'b'].map((name) => ({ name, type: ['R', 'null'], default: {} })),
    };
    await refuses('AVRO', twice, '{}', /makes too much|none of the union/);
    const list = { type: 'record', name: 'L', fields: [{ name: 'n', type: ['null', 'L'] }] };
    const deep = `${'{"n":'.repeat(500)}null${'}'.repeat(500)}`;
    await refuses('AVRO', list, deep, /nested too deep/);
    const fork = {
      type: 'record',
      name: 'A',
      fields: [
        {
          name: 'n',
          type: ['null', 'A', { type: 'record', name: 'B', fields: [{ name: 'n', type: ['null', 'A', 'B'] }] }],
        },
      ],
    };
    await refuses('AVRO', fork, `${'{"n":'.repeat(60)}null${'}'.repeat(60)}`, /makes too much|It may be/);
  });

  it('has an example of every schema that fits it', async () => {
    for (const schema of [
      shop,
      node,
      decimal,
      ['null', shop],
      ['int', 'string'],
      { type: 'map', values: node },
      'bytes',
    ]) {
      const parsed = await schemaOf('AVRO', schema);
      encodeBySchema(exampleOf(parsed), parsed);
    }
    const parsed = await schemaOf('AVRO', shop);
    assert.equal(exampleOf(parsed), '{\n  "items": [\n    {\n      "price": 0\n    }\n  ],\n  "state": "NEW"\n}');
    const hostile = await schemaOf('AVRO', { type: 'record', name: 'R', fields: [{ name: '__proto__', type: 'int' }] });
    assert.match(exampleOf(hostile), /"__proto__": 0/);
  });
});

const proto = `syntax = "proto3"; package shop; import "google/protobuf/timestamp.proto"; import "google/protobuf/struct.proto";
  import "google/protobuf/wrappers.proto"; import "google/protobuf/any.proto"; import "google/protobuf/duration.proto"; import "google/protobuf/field_mask.proto";
  message First { string a = 1; }
  message Outer {
    enum Level { LOW = 0; HIGH = 1; ALSO_LOW = 0; }
    message Other { int32 x = 1; }
    message Inner {
      sint64 units = 1; repeated int64 many = 2; map<string, Level> levels = 3; bytes raw = 4; google.protobuf.Timestamp at = 5;
      oneof choice { fixed64 big = 6; float small = 7; } bool yes = 8; repeated string texts = 9; uint64 unsigned_number = 10;
      optional int32 maybe = 11; google.protobuf.Struct free = 12; google.protobuf.Int64Value wrapped = 13; google.protobuf.Any any = 14;
      google.protobuf.Duration took = 15; google.protobuf.FieldMask mask = 16; map<int32, Other> others = 17; Inner self = 18;
      string renamed = 19 [json_name = "other name", deprecated = true]; repeated int32 loose = 20 [packed = false];
    }
  }`;

describe('Protobuf that is written', () => {
  it('takes an object for a map that is written out, which is no message of its own', async () => {
    const schema = await schemaOf('PROTOBUF', withMap);
    assert.equal(await hex('PROTOBUF', withMap, '{"m": {"k": 7}}'), '0a050a016b1007');
    assert.equal(await again(schema, '{"m": {"k": 7}}'), '{"m": {"k": 7}}');
    assert.equal(exampleOf(schema).replace(/\s/g, '').startsWith('{"m":{'), true, exampleOf(schema));
    assert.throws(() => encodeBySchema('{}', schema, 'M.MEntry'), /no message M\.MEntry/);
  });

  const cases: [json: string, bytes: string][] = [
    ['{}', ''],
    ['{"units": "0", "yes": false, "raw": "", "many": []}', ''],
    ['{"units": -1}', '0801'],
    ['{"units": "-9223372036854775808"}', '08ffffffffffffffffff01'],
    ['{"many": ["1", -2]}', '120b01feffffffffffffffff01'],
    ['{"levels": {"k": "HIGH"}}', '1a050a016b1001'],
    ['{"levels": {"k": "ALSO_LOW"}}', '1a050a016b1000'],
    ['{"raw": "/wA="}', '2202ff00'],
    ['{"raw": "_wA"}', '2202ff00'],
    ['{"raw": "0xff00"}', '2202ff00'],
    ['{"at": "1970-01-01T00:00:01.5Z"}', '2a0808011080cab5ee01'],
    ['{"at": "1969-12-31T23:59:59.5Z"}', '2a1108ffffffffffffffffff011080cab5ee01'],
    ['{"big": "0"}', '310000000000000000'],
    ['{"big": "18446744073709551615"}', '31ffffffffffffffff'],
    ['{"small": 0.1}', '3dcdcccc3d'],
    ['{"yes": true}', '4001'],
    ['{"texts": ["", "b"]}', '4a004a0162'],
    ['{"unsignedNumber": "18446744073709551615"}', '50ffffffffffffffffff01'],
    ['{"unsigned_number": 1}', '5001'],
    ['{"maybe": 0}', '5800'],
    ['{"maybe": null}', ''],
    ['{"free": {"a": null, "b": [1]}}', '621d0a070a0161120208000a120a0162120d320b0a0911000000000000f03f'],
    ['{"wrapped": "0"}', '6a00'],
    ['{"wrapped": 7}', '6a020807'],
    ['{"any": {"@type": "x/shop.First", "a": "b"}}', '72130a0c782f73686f702e466972737412030a0162'],
    ['{"took": "-1.5s"}', '7a1608ffffffffffffffffff011080b6ca91feffffffff01'],
    ['{"mask": "aB,c"}', '8201080a03615f620a0163'],
    ['{"others": {"-1": {}}}', '8a010d08ffffffffffffffffff011200'],
    ['{"other name": "x"}', '9a010178'],
    ['{"renamed": "x"}', '9a010178'],
    ['{"loose": [1, 2]}', 'a00101a00102'],
    ['{"yes": true, "units": 1}', '08024001'],
  ];
  for (const [json, bytes] of cases) {
    it(`writes ${json}`, async () => {
      assert.equal(await hex('PROTOBUF', proto, json, 'shop.Outer.Inner'), bytes);
    });
  }

  it('finds the message and says where it stands, in the prefix and in a header', async () => {
    const schema = await schemaOf('PROTOBUF', proto);
    assert.equal(await again(schema, '{"a": "b"}'), '{"a": "b"}');
    assert.equal(await again(schema, '{"x": 9007}', 'shop.Outer.Other'), '{"x": 9007}');
    const inner = encodeBySchema('{"yes": true}', schema, 'shop.Outer.Inner');
    assert.deepEqual(inner.indexes, [1, 1]);
    assert.equal(withPrefix(258, inner.payload, inner.indexes).toString('hex'), '00000001020402024001');
    assert.equal(withPrefix(1, inner.payload, [0]).toString('hex'), '0000000001004001');
    const guid = 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6';
    const header = schemaHeader(guid, 'value', inner.indexes);
    const framed = framedByHeader(inner.payload, 'value', [header]);
    assert.deepEqual(framed, { ref: { guid }, payload: inner.payload, from: 'header', indexes: [1, 1] });
    assert.throws(() => encodeBySchema('{}', schema, 'shop.Nope'), /has no message shop\.Nope/);
  });

  it('writes proto2 and editions by their own rules', async () => {
    const two = `message M { required int32 a = 1; repeated int32 b = 2; repeated int32 c = 3 [packed=true]; optional group G = 4 { optional int32 d = 1; } optional int32 e = 5 [default = 3]; }`;
    assert.equal(
      await hex('PROTOBUF', two, '{"a": 0, "b": [1, 2], "c": [1], "g": {"d": 0}, "e": 0}'),
      '0800' + '10011002' + '1a0101' + '23080024' + '2800',
    );
    await refuses('PROTOBUF', two, '{}', /^\$\.a: It is missing, and the schema requires it\.$/);
    const edition = `edition = "2023"; message M { int32 a = 1; int32 b = 2 [features.field_presence = IMPLICIT]; repeated int32 c = 3; M d = 4 [features.message_encoding = DELIMITED]; }`;
    assert.equal(await hex('PROTOBUF', edition, '{"a": 0, "b": 0, "c": [1], "d": {}}'), '0800' + '1a0101' + '2324');
  });

  const refused: [json: string, reason: RegExp][] = [
    ['[]', /^\$: An object is wanted \(shop\.First\), not an array\.$/],
    ['{"b": 1}', /^\$\.b: shop\.First has no such field; it has: a\.$/],
    ['{"a": 1}', /^\$\.a: A text is wanted, not 1\.$/],
  ];
  for (const [json, reason] of refused) {
    it(`refuses ${json}`, () => refuses('PROTOBUF', proto, json, reason));
  }

  const refusedInner: [json: string, reason: RegExp][] = [
    ['{"units": 1.5}', /^\$\.units: A whole number is wanted/],
    ['{"units": "9223372036854775808"}', /does not fit into sint64/],
    ['{"unsigned_number": -1}', /does not fit into uint64/],
    ['{"maybe": 2147483648}', /does not fit into int32/],
    ['{"big": 1, "small": 1}', /^\$\.small: Only one of choice may be set, and big is\.$/],
    ['{"unsigned_number": 1, "unsignedNumber": 1}', /twice/],
    ['{"levels": {"k": "NOPE"}}', /^\$\.levels\.k: "NOPE" is no value of Level: LOW, HIGH, ALSO_LOW\.$/],
    ['{"raw": "a"}', /base64/],
    ['{"at": "yesterday"}', /no time, such as/],
    ['{"took": "5"}', /no duration, such as "1\.5s"/],
    ['{"texts": ["a", null]}', /^\$\.texts\[1\]: A text is wanted, not null\.$/],
    ['{"others": {"x": {}}}', /^\$\.others\.x: A whole number is wanted, not "x"\.$/],
    ['{"any": {"@type": "nope"}}', /^\$\.any\["@type"\]: The name of a message/],
    [`${'{"self":'.repeat(300)}{}${'}'.repeat(300)}`, /nested too deep/],
  ];
  for (const [json, reason] of refusedInner) {
    it(`refuses ${json.slice(0, 60)} in the inner message`, async () => {
      const schema = await schemaOf('PROTOBUF', proto);
      assert.throws(
        () => encodeBySchema(json, schema, 'shop.Outer.Inner'),
        (error) => reason.test(String((error as Error).message)) || assert.fail(String(error)),
      );
    });
  }

  it('has an example of every message that fits it', async () => {
    const schema = await schemaOf('PROTOBUF', proto);
    for (const message of ['shop.First', 'shop.Outer', 'shop.Outer.Inner']) {
      encodeBySchema(exampleOf(schema, message), schema, message);
    }
    const example = JSON.parse(exampleOf(schema, 'shop.Outer.Inner')) as Record<string, unknown>;
    assert.deepEqual([example['units'], example['levels'], example['self']], ['0', { key: 'LOW' }, undefined]);
    assert.ok('big' in example && !('small' in example));
  });
});

describe('JSON with a schema that is written', () => {
  const order = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    required: ['id'],
    additionalProperties: false,
    properties: {
      id: { type: 'integer' },
      items: { type: 'array', items: { $ref: '#/definitions/item' } },
      at: { type: 'string', format: 'date-time' },
    },
    definitions: { item: { type: 'object', properties: { price: { type: 'number', minimum: 1 } } } },
  };

  it('keeps every character of it', async () => {
    const text = '{ "id": 12345678901234567890 }';
    assert.equal(encodeBySchema(text, await schemaOf('JSON', order)).payload.toString(), text);
  });

  const refused: [json: string, reason: RegExp][] = [
    ['{}', /^\$: .*required.*"id"/],
    ['{"id": "x"}', /^\$\.id: .*"string".*"integer"/],
    ['{"id": 1, "items": [{"price": 2}, {"price": 0}]}', /^\$\.items\[1\]\.price: 0 is less than 1/],
    ['{"id": 1, "at": "today"}', /^\$\.at: .*date-time/],
    ['{"id": 1, "more": 1}', /^\$\.more/],
    ['{"id": }', /^No JSON/],
  ];
  for (const [json, reason] of refused) it(`refuses ${json}`, () => refuses('JSON', order, json, reason));

  it('follows references to other schemas, and says that one is missing', async () => {
    const schema = { type: 'object', properties: { to: { $ref: 'address.json' } } };
    const address = JSON.stringify({ type: 'object', properties: { city: { type: 'string' } } });
    const reference = { name: 'address.json', schema: address, schemaType: 'JSON', references: [] };
    const parsed = await schemaOf('JSON', schema, [reference]);
    encodeBySchema('{"to": {"city": "x"}}', parsed);
    assert.throws(() => encodeBySchema('{"to": {"city": 1}}', parsed), /^.*\$\.to\.city: /);
    await refuses('JSON', schema, '{"to": {}}', /The schema cannot be used: .*address\.json/s);
  });

  it('takes other drafts and schemas that are true or false', async () => {
    const tuple = { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'integer' }] };
    await refuses('JSON', tuple, '["x"]', /^\$\[0\]: /);
    encodeBySchema('1', await schemaOf('JSON', true));
    await refuses('JSON', false, '1', /^\$: /);
    await refuses('JSON', { $ref: '#' }, '1', /The schema cannot be used/);
    await refuses('JSON', { type: 'string', pattern: '(' }, '"a"', /The schema cannot be used/);
  });

  it('has an example that fits', async () => {
    const parsed = await schemaOf('JSON', order);
    assert.deepEqual(JSON.parse(exampleOf(parsed)), { id: 0, items: [{ price: 1 }], at: '2024-05-01T12:00:00Z' });
    encodeBySchema(exampleOf(parsed), parsed);
    const loop = await schemaOf('JSON', { $ref: '#' });
    assert.equal(exampleOf(loop), 'null');
  });
});
