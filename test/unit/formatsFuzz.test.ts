import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createDecoder, formats, type Decoded, type FormatChoice } from '../../src/formats/index.ts';
import { decodeFramed } from '../../src/formats/registry/decodeFramed.ts';
import { parseSchema, type ParsedSchema } from '../../src/formats/registry/parsedSchema.ts';
import { threadMs } from '../support/blocks.ts';

/** The same numbers in every run (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const seeds: readonly Buffer[] = [
  Buffer.from('{"id": 9007199254740993, "list": [1.10, 1e400, {"a": null}], "s": "\\u00e9\\"\\ud800", "t": true}'),
  Buffer.from('plain text, grüße 😀 \u202e\n'),
  Buffer.from('82a161cfffffffffffffffffa16292c0c3', 'hex'),
  Buffer.from('dd00000003c7050141424344d7ffffffffffffffffffde0001a16bcb7ff8000000000000', 'hex'),
  Buffer.from('089601120568656c6c6f1a0208012b0801' + '2c' + '31ffffffffffffffff', 'hex'),
  Buffer.from('000000000c0a0161', 'hex'),
  Buffer.from('f81d4fae-7dec-11d0-a765-00a0c91e6bf6'),
  Buffer.from('ffffffff0fffffffff', 'hex'),
  Buffer.from('02066b65790806010203047ff0000000000000040a0a00', 'hex'),
];

function mutated(next: (below: number) => number): Buffer {
  if (next(3) === 0) return Buffer.from(Array.from({ length: next(64) }, () => next(256)));
  const seed = seeds[next(seeds.length)]!;
  const other = seeds[next(seeds.length)]!;
  const start = next(seed.length);
  const bytes = Buffer.concat([
    seed.subarray(0, next(4) === 0 ? start : seed.length),
    other.subarray(next(4) === 0 ? 0 : other.length),
  ]);
  for (let change = next(4); change > 0 && bytes.length > 0; change--) bytes[next(bytes.length)] = next(256);
  return bytes.subarray(0, next(3) === 0 ? next(bytes.length + 1) : bytes.length);
}

/** Everything that a page would ask of it. */
function use(decoded: Decoded, chars: number): void {
  if (decoded.kind === 'failed') {
    assert.ok(decoded.reason.length > 0);
  } else if (decoded.kind === 'value') {
    const line = decoded.preview(chars);
    assert.ok(line.length <= chars && line.isWellFormed(), line);
    assert.equal(typeof decoded.pretty().text, 'string');
    assert.notEqual(decoded.plain(), undefined);
  }
}

const rounds = 200_000;

describe('damaged and random bytes', () => {
  it('are decoded in every format without a throw, a hang or an empty reason', () => {
    const next = random(1);
    const decoder = createDecoder(undefined);
    const choices: FormatChoice[] = ['auto', 'auto', ...formats().map(({ id }) => id)];
    let longest = 0;
    for (let round = 0; round < rounds; round++) {
      const bytes = mutated(next);
      const format = choices[round % choices.length]!;
      const started = threadMs();
      const decoded = decoder.decode(bytes, { topic: 't', part: 'value', format, headers: () => [] });
      assert.ok(!(decoded instanceof Promise));
      use(decoded, 1 + next(100));
      longest = Math.max(longest, threadMs() - started);
    }
    assert.ok(longest < 1000, `one took ${longest} ms`);
  });

  describe('with a schema', () => {
    const schemas: ParsedSchema[] = [];

    before(async () => {
      const avro = JSON.stringify({
        type: 'record',
        name: 'R',
        fields: [
          { name: 'n', type: ['null', 'long', 'R'] },
          { name: 's', type: 'string' },
          { name: 'm', type: { type: 'map', values: { type: 'array', items: 'null' } } },
          { name: 'd', type: { type: 'bytes', logicalType: 'decimal', precision: 40, scale: 3 } },
          { name: 't', type: { type: 'long', logicalType: 'timestamp-nanos' } },
          { name: 'e', type: { type: 'array', items: { type: 'record', name: 'Empty', fields: [] } } },
          { name: 'b', type: { type: 'bytes', logicalType: 'big-decimal' } },
        ],
      });
      const proto = `syntax = "proto3"; import "google/protobuf/timestamp.proto"; message M { int64 a = 1; M m = 2; map<string, M> map = 3; repeated double d = 4;
        google.protobuf.Timestamp t = 5; E e = 6; bytes b = 7; enum E { A = 0; } }`;
      const references = { references: [] };
      schemas.push(await parseSchema({ schema: avro, schemaType: 'AVRO', ...references }, []));
      schemas.push(await parseSchema({ schema: proto, schemaType: 'PROTOBUF', ...references }, []));
      schemas.push(await parseSchema({ schema: '{}', schemaType: 'JSON', ...references }, []));
    });

    it('are decoded without a throw or a hang', () => {
      const next = random(2);
      let values = 0;
      let longest = 0;
      for (let round = 0; round < rounds; round++) {
        const bytes = mutated(next);
        const schema = schemas[round % schemas.length]!;
        const started = threadMs();
        const framed = {
          ref: { id: 1 },
          payload: bytes,
          from: 'prefix' as const,
          indexes: next(2) === 0 ? [0] : undefined,
        };
        const decoded = decodeFramed(framed, schema, next(2) === 0, true);
        if (decoded.kind === 'value') values++;
        use(decoded, 1 + next(100));
        longest = Math.max(longest, threadMs() - started);
      }
      assert.ok(values > 100 && values < rounds, `${values} were read`);
      assert.ok(longest < 1000, `one took ${longest} ms`);
    });

    it('that promise a billion items end at once', () => {
      const started = threadMs();
      // Two billion nulls in a map's array.
      const nulls = Buffer.from('00' + '00' + '02' + '026b' + 'feffffff0f', 'hex');
      const decoded = decodeFramed(
        { ref: { id: 1 }, payload: nulls, from: 'prefix', indexes: undefined },
        schemas[0]!,
        true,
        true,
      );
      assert.ok(decoded.kind === 'failed' && /more items/.test(decoded.reason), JSON.stringify(decoded));
      assert.ok(threadMs() - started < 1000);
    });
  });
});
