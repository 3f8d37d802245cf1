import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createDecoder,
  ExactNumber,
  formats,
  hexDump,
  type Decoded,
  type DecodedValue,
  type FormatChoice,
  type Header,
} from '../../src/formats/index.ts';
import { fastest } from '../support/fastest.ts';

const decoder = createDecoder(undefined);

function decode(
  bytes: Buffer | string | null,
  format: FormatChoice = 'auto',
  headers: readonly Header[] = [],
): Decoded {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  const decoded = decoder.decode(buffer, { topic: 't', part: 'value', format, headers: () => headers });
  assert.ok(!(decoded instanceof Promise));
  return decoded;
}

function value(bytes: Buffer | string, format: FormatChoice = 'auto', headers: readonly Header[] = []): DecodedValue {
  const decoded = decode(bytes, format, headers);
  assert.ok(decoded.kind === 'value', JSON.stringify(decoded));
  return decoded;
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

function int64(number: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(number);
  return bytes;
}

function float64(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  return bytes;
}

describe('detection of formats', () => {
  const cases: [what: string, bytes: Buffer | string, format: string, preview: string][] = [
    ['digits, which are text', '12345678', 'text', '12345678'],
    ['a word that JSON has too', 'null', 'text', 'null'],
    ['text of several lines', 'one\r\ntwo\tthree', 'text', 'one⏎two three'],
    ['text of four letters, which could be an int32', 'abcd', 'text', 'abcd'],
    ['text beyond ASCII', 'Grüße 😀', 'text', 'Grüße 😀'],
    ['an object', ' {"a": 1}', 'json', '{"a": 1}'],
    ['a list', '[1,2]', 'json', '[1, 2]'],
    ['a JSON string', '"abc"', 'json', '"abc"'],
    ['what only begins like JSON', '{abc}', 'text', '{abc}'],
    ['a log line that begins like JSON', '[2024-01-01] started', 'text', '[2024-01-01] started'],
    ['a UUID in text', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'uuid', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
    ['a UUID of 16 bytes', hex('f81d4fae7dec41d0a76500a0c91e6bf6'), 'uuid', 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6'],
    ['a small long', int64(42n), 'int64', '42'],
    ['a negative long', int64(-1n), 'int64', '-1'],
    ['milliseconds, which begin like a schema id', int64(1_714_564_800_000n), 'int64', '1714564800000'],
    ['a long that no double holds', int64(-9_223_372_036_854_775_807n), 'int64', '-9223372036854775807'],
    ['a double', float64(3.14), 'float64', '3.14'],
    ['a small int', hex('0000002a'), 'int32', '42'],
    ['a boolean', hex('01'), 'boolean', 'true'],
    [
      'MessagePack',
      hex('82 a1 61 cf ffffffffffffffff a1 62 92 c0 c3'),
      'messagePack',
      '{"a": 18446744073709551615, "b": [null, true]}',
    ],
    [
      'protobuf',
      hex('08 96 01 12 05 68656c6c6f 1a 02 08 01'),
      'protobuf',
      '{"1:varint": 150, "2:text": "hello", "3:message": {"1:varint": 1}}',
    ],
    ['protobuf of one text, which begins with a line feed', hex('0a 05 68656c6c6f'), 'protobuf', '{"1:text": "hello"}'],
    [
      'protobuf of one long text without controls',
      Buffer.concat([hex('0a 41'), Buffer.alloc(65, 'x')]),
      'protobuf',
      `{"1:text": "${'x'.repeat(65)}"}`,
    ],
    [
      'a text with a separator, as FIX has',
      '8=FIX.4.2\u00019=178\u000135=8',
      'text',
      '8=FIX.4.2\\u00019=178\\u000135=8',
    ],
    ['gzip', hex('1f8b0800000000000003abca'), 'hex', '1f 8b 08 00 00 00 00 00 00 03 ab ca'],
    ['UTF-8 that is broken', hex('61 62 63 ff fe 80 c3'), 'hex', '61 62 63 ff fe 80 c3'],
  ];
  for (const [what, bytes, format, preview] of cases) {
    it(`takes ${what} for ${format}`, () => {
      const decoded = value(bytes);
      assert.equal(decoded.format, format);
      assert.equal(decoded.preview(100), preview);
      assert.ok(decoded.detected);
    });
  }

  it('tells null from empty', () => {
    assert.deepEqual(decode(null), { kind: 'null' });
    const empty = value('');
    assert.deepEqual([empty.label, empty.preview(10), empty.plain()], ['Empty', '', '']);
  });

  it('says of what was written with a registry that none is set, and reads its JSON all the same', () => {
    const failed = decode(hex('00 0000000c 06 66 6f 6f 7f'));
    assert.ok(failed.kind === 'failed' && failed.format === 'schemaRegistry');
    assert.match(failed.reason, /schema 12 .*none is set/);
    const json = value(Buffer.concat([hex('00 0000000c'), Buffer.from('{"a":1}')]));
    assert.deepEqual([json.label, json.preview(20)], ['JSON, schema 12', '{"a": 1}']);
  });

  it('names CloudEvents and their type', () => {
    const header = (key: string, text: string): Header => ({ key, value: Buffer.from(text) });
    const binary = value('{"a":1}', 'auto', [header('ce_specversion', '1.0'), header('ce_type', 'order.created')]);
    assert.equal(binary.label, 'CloudEvent, order.created, JSON');
    const type = [header('content-type', 'application/cloudevents+json; charset=UTF-8')];
    const structured = value('{"specversion":"1.0","type":"order.paid","data":{}}', 'auto', type);
    assert.equal(structured.label, 'CloudEvent, order.paid, JSON');
  });
});

describe('chosen formats', () => {
  it('reads what was chosen, whatever it looks like', () => {
    assert.equal(value('abcd', 'int32').preview(20), '1633837924');
    assert.equal(value(hex('ff'), 'int8').preview(20), '-1');
    assert.equal(value(hex('8000'), 'int16').preview(20), '-32768');
    assert.equal(value(hex('3dcccccd'), 'float32').preview(20), '0.1');
    assert.equal(value(hex('3dcccccd'), 'float32').plain(), 0.1);
    assert.equal(value('abcd', 'hex').preview(20), '61 62 63 64');
    assert.equal(value('f81d4fae7dec41d0', 'uuid').preview(40), '66383164-3466-6165-3764-656334316430');
    assert.equal(value('{"a":1}', 'text').format, 'text');
    assert.equal(value('12', 'json').plain(), 12);
  });

  it('says why where it does not fit', () => {
    const reasons = Object.fromEntries(
      formats().map(({ id }) => {
        const decoded = decode(hex('ff fe fd'), id);
        return [id, decoded.kind === 'failed' ? decoded.reason : decoded.kind];
      }),
    );
    assert.equal(reasons['hex'], 'value');
    assert.equal(reasons['int64'], 'Int64 has 8 bytes; these are 3.');
    assert.equal(reasons['text'], 'The bytes are not valid UTF-8.');
    assert.equal(reasons['json'], 'The bytes are no text, so they are no JSON.');
    const values = Object.entries(reasons).filter(([, reason]) => reason === 'value');
    assert.equal(values.length, 1, JSON.stringify(reasons));
    const boolean = decode(hex('02'), 'boolean');
    assert.ok(boolean.kind === 'failed' && /this is 2/.test(boolean.reason));
  });
});

describe('JSON', () => {
  it('is printed with every digit, escape and repeated key as it was written', () => {
    const text =
      '{"id":9007199254740993,"price":1.10,"e":1E400,"id":-0.0,"s":"\\u00e9\\"[,","empty":[ ],"o":{},"a":[1,[2]]}';
    const { text: printed, language } = value(text).pretty();
    assert.equal(language, 'json');
    assert.equal(
      printed,
      [
        '{',
        '  "id": 9007199254740993,',
        '  "price": 1.10,',
        '  "e": 1E400,',
        '  "id": -0.0,',
        '  "s": "\\u00e9\\"[,",',
        '  "empty": [],',
        '  "o": {},',
        '  "a": [',
        '    1,',
        '    [',
        '      2',
        '    ]',
        '  ]',
        '}',
      ].join('\n'),
    );
  });

  it('is data with every number exact', () => {
    const plain = value(
      '{"a":9007199254740993,"b":[0.1,12345678901234567.25,1e400,-5],"a2":"9007199254740993"}',
    ).plain();
    assert.deepEqual(
      JSON.parse(JSON.stringify(plain, (_key, each: unknown) => (typeof each === 'bigint' ? `big ${each}` : each))),
      {
        a: 'big 9007199254740993',
        b: [0.1, { text: '12345678901234567.25' }, { text: '1e400' }, -5],
        a2: '9007199254740993',
      },
    );
    assert.ok((plain as { b: unknown[] }).b[1] instanceof ExactNumber);
    assert.equal(
      Object.keys(value('{"__proto__":1,"x":12345678901234567890}').plain() as object).join(),
      '__proto__,x',
    );
  });

  it('reads what is nested deep, and prints it without a million spaces', () => {
    const text = '['.repeat(20_000) + ']'.repeat(20_000);
    const decoded = value(text);
    assert.equal(decoded.format, 'json');
    assert.ok(decoded.pretty().text.length < 20_000 * 210 * 2);
    assert.ok(Array.isArray(decoded.plain()));
  });

  it('makes a line of 50 MB without reading them, and says where only their start was right', () => {
    const large = Buffer.alloc(50_000_000, '{"some key":"some value"},');
    large[0] = 0x5b;
    large.write('{"', 1);
    const took = fastest(() => {
      for (let row = 0; row < 60; row++) assert.match(value(large).preview(200), /^\[\{"/);
    }, 5);
    assert.ok(took < 500, `${took} ms`);
    const decoded = decoder.decode(large, {
      topic: 't',
      part: 'value',
      format: 'json',
      headers: () => [],
      whole: true,
    });
    assert.ok(!(decoded instanceof Promise) && decoded.kind === 'failed');
  });
});

describe('previews', () => {
  it('are one line of no more than what was asked for, without half characters', () => {
    for (const bytes of ['a\u202eb\u0007\n😀😀😀😀', '{"a":"😀😀😀😀😀😀😀\u200b"}', hex('ff00ff00ff00ff00ff00ff00')]) {
      for (let length = 1; length < 60; length++) {
        const line = value(bytes).preview(length);
        assert.ok(line.length <= length, `${line} has ${line.length}`);
        assert.ok(line.isWellFormed());
        assert.doesNotMatch(line, /[\n\u202e\u0007\u200b]/);
      }
    }
    assert.equal(value('abcdef').preview(4), 'abc…');
    assert.equal(value('abcdef').preview(6), 'abcdef');
  });

  it('of a window of 60 rows take less than 10 ms', () => {
    const rows = Array.from({ length: 60 }, (_, index) =>
      Buffer.from(
        JSON.stringify({ id: index, text: 'x'.repeat(1500), list: Array.from({ length: 100 }, (_each, n) => n) }),
      ),
    );
    const best = fastest(() => {
      for (const row of rows) value(row).preview(200);
    });
    assert.ok(best < 10, `${best} ms`);
  });
});

it('dumps bytes as hex and ASCII', () => {
  assert.equal(
    hexDump(Buffer.from('Kafka\u0000consumer lag')),
    '00000000  4b 61 66 6b 61 00 63 6f  6e 73 75 6d 65 72 20 6c  Kafka.consumer l\n' +
      '00000010  61 67                                             ag',
  );
  assert.match(hexDump(Buffer.alloc(64), 32, 16), /^00000020 /);
});
