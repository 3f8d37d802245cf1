/** Protobuf without a schema reads no more of a large value than a line of it takes, however its fields and groups are laid out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDecoder } from '../../src/formats/createDecoder.ts';
import type { DecodedValue } from '../../src/formats/decoder.ts';
import { readFields } from '../../src/formats/protobuf/wire.ts';
import { fastest } from '../support/fastest.ts';

const startGroup = Buffer.from([0x0b]);
const endGroup = Buffer.from([0x0c]);

/** Field 1 as a varint, so many times. */
function varints(count: number): Buffer {
  return Buffer.alloc(count * 2, Buffer.from([0x08, 0x07]));
}

function decoded(bytes: Buffer): DecodedValue {
  const result = createDecoder(undefined).decode(bytes, {
    topic: 'orders',
    part: 'value',
    format: 'protobuf',
    headers: () => [],
    whole: false,
  });
  assert.ok(!(result instanceof Promise) && result.kind === 'value', JSON.stringify(result));
  return result;
}

describe('a large value of Protobuf without a schema', () => {
  it('is read as far as the limit says, in bytes and in fields', () => {
    const bytes = varints(1_000_000);
    assert.deepEqual([readFields(bytes, 1000).fields.length, readFields(bytes, 1000).more], [501, true]);
    assert.equal(readFields(bytes, 1000, { mostFields: 10 }).fields.length, 10);
    assert.deepEqual([readFields(varints(10), 1000).fields.length, readFields(varints(10), 1000).more], [10, false]);
  });

  it('of which a group is cut at the limit, and the groups in it with it', () => {
    const inner = Buffer.concat([startGroup, varints(1_000_000), endGroup]);
    const [only, ...others] = readFields(Buffer.concat([startGroup, inner, endGroup]), 1000).fields;
    assert.deepEqual(others, []);
    assert.ok(only?.value.type === 'group' && only.value.isCut && only.value.bytes.length < 1010);
    const { fields, more } = readFields(only.value.bytes, 1000, { isCut: true });
    assert.equal(more, true);
    assert.ok(fields[0]?.value.type === 'group' && fields[0].value.isCut);
  });

  it('is the same line as that of its beginning', () => {
    for (const wrap of [
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => Buffer.concat([startGroup, bytes, endGroup]),
      (bytes: Buffer) => Buffer.concat([startGroup, startGroup, bytes, endGroup, varints(3), endGroup, varints(3)]),
    ]) {
      // Groups that end on either side of where the check and the lines stop, and far behind it.
      for (const count of [4000, 4090, 4096, 4100, 8000, 100_000]) {
        for (const chars of [200, 1000, 5000]) {
          const line = decoded(wrap(varints(count))).preview(chars);
          const whole = decoded(wrap(varints(count)))
            .pretty()
            .text.replace(/\n\s*/g, ' ')
            .replace(/([{[]) /g, '$1');
          assert.equal(line.length, chars);
          assert.equal(line.at(-1), '…');
          assert.ok(whole.startsWith(line.slice(0, -1)), `${count} in ${chars}: ${line.slice(0, 60)}`);
        }
      }
    }
  });

  it('costs as much as a small one', () => {
    const least = (bytes: Buffer): number => fastest(() => void decoded(bytes).preview(200));
    const wrapped = (count: number): Buffer => Buffer.concat([startGroup, varints(count), endGroup]);
    least(wrapped(10_000));
    const small = least(wrapped(10_000));
    const large = least(wrapped(10_000_000));
    // A thousand times the bytes.
    assert.ok(large < small * 20 + 2, `${large} ms, and ${small} ms for the small one`);
  });
});
