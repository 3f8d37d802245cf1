import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MalformedError } from '../../src/kafka/protocol/malformed.ts';
import { readInt32, readString, Reader, type Tagged } from '../../src/kafka/protocol/reader.ts';
import { TagWriter, Writer, writeInt32 } from '../../src/kafka/protocol/writer.ts';

function written(write: (writer: Writer) => void): string {
  const writer = new Writer(1);
  write(writer);
  return Buffer.from(writer.finish()).toString('hex');
}

function reader(hex: string): Reader {
  return new Reader(Buffer.from(hex, 'hex'));
}

function malformed(read: (from: Reader) => unknown, hex: string, problem: RegExp, position: number): void {
  assert.throws(
    () => read(reader(hex)),
    (error) => {
      assert.ok(error instanceof MalformedError);
      assert.match(error.message, problem);
      assert.equal(error.position, position);
      return true;
    },
  );
}

describe('primitive types', () => {
  it('have the bytes that Kafka gives them', () => {
    assert.equal(
      written((w) => w.int8(-128)),
      '80',
    );
    assert.equal(
      written((w) => w.int16(-2)),
      'fffe',
    );
    assert.equal(
      written((w) => w.uint16(65_535)),
      'ffff',
    );
    assert.equal(
      written((w) => w.int32(-2_147_483_648)),
      '80000000',
    );
    assert.equal(
      written((w) => w.uint32(4_294_967_295)),
      'ffffffff',
    );
    assert.equal(
      written((w) => w.int64(-9_223_372_036_854_775_808n)),
      '8000000000000000',
    );
    assert.equal(
      written((w) => w.float64(-1.5)),
      'bff8000000000000',
    );
    assert.equal(
      written((w) => w.bool(true)),
      '01',
    );
    assert.equal(
      written((w) => w.string(false, 'é😀')),
      '0006c3a9f09f9880',
    );
    assert.equal(
      written((w) => w.string(true, 'é😀')),
      '07c3a9f09f9880',
    );
    assert.equal(
      written((w) => w.nullableString(false, null)),
      'ffff',
    );
    assert.equal(
      written((w) => w.nullableString(true, null)),
      '00',
    );
    assert.equal(
      written((w) => w.nullableBytes(false, null)),
      'ffffffff',
    );
    assert.equal(
      written((w) => w.bytes(true, Buffer.of(7))),
      '0207',
    );
    assert.equal(
      written((w) => w.array(true, [1], writeInt32, 0)),
      '0200000001',
    );
    assert.equal(
      written((w) => w.nullableArray(false, null, writeInt32, 0)),
      'ffffffff',
    );
    assert.equal(
      written((w) => w.uuid('AAAAAAAAAAAAAAAAAAAAAQ')),
      `${'00'.repeat(15)}01`,
    );
    assert.equal(
      written((w) => w.nullableStruct(null, () => undefined, 0)),
      'ff',
    );
  });

  it('are read back exactly', () => {
    assert.equal(reader('7fffffffffffffff').int64(), 9_223_372_036_854_775_807n);
    assert.equal(reader('0020000000000001').int64(), 9_007_199_254_740_993n);
    assert.equal(reader('ffffffff').uint32(), 4_294_967_295);
    assert.equal(reader('bff8000000000000').float64(), -1.5);
    assert.equal(reader(`${'00'.repeat(15)}01`).uuid(), 'AAAAAAAAAAAAAAAAAAAAAQ');
    assert.equal(reader('0006c3a9f09f9880').string(false), 'é😀');
    assert.equal(reader('04efbbbf').string(true), '\uFEFF', 'a byte order mark is a character like others');
  });

  it('replace what is not UTF-8, as Kafka does', () => {
    assert.equal(reader('0361ff').string(true), 'a\uFFFD');
  });

  it('give bytes as views', () => {
    const bytes = Buffer.from('03aabb', 'hex');
    const view = new Reader(bytes).bytes(true);
    bytes[1] = 0xcc;
    assert.deepEqual([...view], [0xcc, 0xbb]);
  });

  it('read from the middle of a buffer', () => {
    const bytes = Buffer.from('ffff00000007ffff', 'hex').subarray(2, 6);
    const from = new Reader(bytes);
    assert.equal(from.int32(), 7);
    from.finish();
  });

  it('keep what was written while the buffer grows', () => {
    const writer = new Writer(1);
    for (let i = 0; i < 10_000; i++) writer.int32(i);
    const from = new Reader(writer.finish());
    for (let i = 0; i < 10_000; i++) assert.equal(from.int32(), i);
    from.finish();
  });

  it('refuse to write what does not fit', () => {
    for (const write of [
      (w: Writer) => w.int8(128),
      (w: Writer) => w.int16(-32_769),
      (w: Writer) => w.uint16(-1),
      (w: Writer) => w.int32(2_147_483_648),
      (w: Writer) => w.int32(0.5),
      (w: Writer) => w.int32(NaN),
      (w: Writer) => w.uint32(4_294_967_296),
      (w: Writer) => w.int64(9_223_372_036_854_775_808n),
      (w: Writer) => w.unsignedVarint(-1),
      (w: Writer) => w.string(true, 'a'.repeat(32_768)),
      (w: Writer) => w.nullableString(true, null, false),
      (w: Writer) => w.uuid('too-short'),
    ]) {
      assert.throws(() => write(new Writer()), RangeError, write.toString());
    }
  });
});

describe('variable-length integers', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [16_383, 'ff7f'],
    [16_384, '808001'],
    [2_147_483_647, 'ffffffff07'],
    [4_294_967_295, 'ffffffff0f'],
  ];
  for (const [value, hex] of cases) {
    it(`${value} is ${hex}`, () => {
      assert.equal(
        written((w) => w.unsignedVarint(value)),
        hex,
      );
      assert.equal(reader(hex).unsignedVarint(), value);
    });
  }

  it('end after 32 bits', () => {
    malformed((r) => r.unsignedVarint(), 'ffffffff10', /longer than 32 bits/, 0);
    malformed((r) => r.unsignedVarint(), '8080808080808080808000', /longer than 32 bits/, 0);
    malformed((r) => r.unsignedVarint(), 'ffff', /1 bytes expected, 0 left/, 2);
  });
});

describe('malformed bytes', () => {
  it('are refused before anything is made of a count or a length that cannot be true', () => {
    malformed((r) => r.array(false, 4, readInt32, 0), '7fffffff00000000', /2147483647 elements of at least 4 bytes/, 0);
    malformed((r) => r.array(true, 4, readInt32, 0), 'ffffffff0f00000000', /the length 4294967294 is impossible/, 0);
    malformed((r) => r.array(true, 4, readInt32, 0), '03000000010000', /2 elements of at least 4 bytes/, 0);
    malformed((r) => r.bytes(false), '7fffffff00', /2147483647 bytes expected, 1 left/, 4);
    malformed((r) => r.string(false), '7fff00', /32767 bytes expected, 1 left/, 2);
    malformed((r) => r.string(true), '81800200', /the impossible length 32768/, 0);
    malformed((r) => r.string(false), 'fffe', /the impossible length -2/, 0);
    malformed((r) => r.bytes(false), 'fffffffe', /the length -2 is impossible/, 0);
  });

  it('are refused where null must not stand', () => {
    malformed((r) => r.string(true), '00', /null stands where it must not/, 0);
    malformed((r) => r.nullableString(false, false), 'ffff', /null stands where it must not/, 0);
    malformed((r) => r.bytes(true), '00', /null stands where it must not/, 0);
    malformed((r) => r.array(false, 2, readString, 0), 'ffffffff', /null stands where it must not/, 0);
    malformed((r) => r.nullableStruct(readInt32, 0, false), 'ff', /null stands where it must not/, 0);
  });

  it('say what could not be read, and where', () => {
    const from = reader('00000001ff');
    from.begin('MetadataResponse', 9, 0, 13);
    from.int32();
    assert.throws(() => from.int64(), {
      name: 'MalformedError',
      message: 'MetadataResponse version 9 cannot be read: 8 bytes expected, 1 left at byte 4.',
      messageName: 'MetadataResponse',
      version: 9,
      position: 4,
    });
    assert.throws(() => from.finish(), /1 bytes left over/);
  });
});

describe('tagged fields', () => {
  it('stand in the order of their tags, known and unknown together', () => {
    const unknown = [1, 3, 300].map((tag) => ({ tag, data: Buffer.of(0xee) }));
    const hex = written((w) => {
      const tags = new TagWriter(w, unknown);
      tags.begin(0);
      w.int8(0x10);
      tags.end();
      tags.begin(2);
      w.raw(Buffer.alloc(200, 0x22));
      tags.end();
      tags.finish();
    });
    assert.equal(hex, `05 000110 0101ee 02c801${'22'.repeat(200)} 0301ee ac0201ee`.replaceAll(' ', ''));

    const into: Tagged & { known?: number; long?: Uint8Array } = {};
    reader(hex).tags(into, 0, (r, _version, m, tag) => {
      if (tag === 0) m.known = r.int8();
      else if (tag === 2) m.long = r.raw(200);
      else return false;
      return true;
    });
    assert.equal(into.known, 0x10);
    assert.deepEqual(into.long, Buffer.alloc(200, 0x22));
    assert.deepEqual(into.unknownTags, unknown);
  });

  it('are refused where one comes twice, out of order, or is longer or shorter than it says', () => {
    malformed((r) => r.tags({}), '0201000100', /tag 1 follows tag 1/, 3);
    malformed((r) => r.tags({}), '0202000100', /tag 1 follows tag 2/, 3);
    malformed((r) => r.tags({}), '010105aa', /tag 1 has 5 bytes, 1 left/, 1);
    const readKnown = (read: (r: Reader) => unknown) => (from: Reader) => {
      from.tags({}, 0, (inner) => {
        read(inner);
        return true;
      });
    };
    malformed(
      readKnown((r) => r.int8()),
      '010102aabb',
      /1 bytes of tag 1 left over/,
      4,
    );
    malformed(
      readKnown((r) => r.int32()),
      '010102aabbccdd',
      /4 bytes expected, 2 left/,
      3,
    );
    malformed((r) => r.tags({}), 'ffffffff0f', /1 bytes expected, 0 left/, 5);
  });

  it('are not written twice, nor where the version has none', () => {
    const one = [{ tag: 1, data: Buffer.alloc(0) }];
    assert.throws(() => {
      const tags = new TagWriter(new Writer(), one);
      tags.begin(1);
      tags.end();
      tags.finish();
    }, /Tag 1 follows tag 1/);
    assert.throws(() => new Writer().tags(false, one), RangeError);
    assert.equal(
      written((w) => w.tags(false, undefined)),
      '',
    );
    assert.equal(
      written((w) => w.tags(true, undefined)),
      '00',
    );
  });
});
