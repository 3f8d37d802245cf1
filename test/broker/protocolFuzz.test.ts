import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { apis, data, readMessages, records } from '../../scripts/generate/messages.ts';
import { MalformedError } from '../../src/kafka/protocol/malformed.ts';
import { kafkaHome } from '../../tools/kafka.ts';
import { codecOf, randomValue, type Codec } from '../oracle/messages.ts';
import { Random } from '../oracle/random.ts';

const names = [
  ...apis.flatMap((name) => [`${name}Request`, `${name}Response`]),
  ...data,
  ...records.flatMap((name) => [`${name}Key`, `${name}Value`]),
];
const seed = Number(process.env['PROTOCOL_SEED'] ?? 20_260_802);
const valuesPerVersion = 4;
const mutationsPerValue = 150;

/** The bytes with one thing wrong; the most harmful ones are lengths that claim too much. */
function mutate(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.length);
  const before = bytes.subarray(0, at);
  const harmful = random.pick(['7fffffff', 'ffffffff', 'ffffffff0f', 'ffffffffffffffffff', '7fff', '8000', '80', '00']);
  switch (random.below(4)) {
    case 0:
      return Buffer.concat([before, Buffer.of((bytes[at] ?? 0) ^ (1 << random.below(8))), bytes.subarray(at + 1)]);
    case 1:
      return Buffer.concat([before, Buffer.from(harmful, 'hex'), bytes.subarray(at + harmful.length / 2)]);
    case 2:
      return Buffer.concat([before, random.bytes(1 + random.below(4)), bytes.subarray(at)]);
    default:
      return Buffer.concat([before, bytes.subarray(at + 1 + random.below(4))]);
  }
}

/** A value, or undefined where the bytes were refused as they should be. */
function decode(codec: Codec, bytes: Uint8Array, version: number): ReturnType<Codec['decode']> | undefined {
  try {
    return codec.decode(bytes, version);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    assert.ok(error.position >= 0 && error.position <= bytes.length, `position ${error.position}`);
    assert.equal(error.version, version);
    return undefined;
  }
}

describe(`bytes that are cut off or corrupted (PROTOCOL_SEED=${seed})`, () => {
  let message: ReturnType<typeof readMessages>;
  before(async () => {
    message = readMessages(join(await kafkaHome(), 'libs'));
  });

  for (const [index, name] of names.entries()) {
    it(`${name}: an error or a value that can be written`, async () => {
      const definition = message(name);
      const codec = await codecOf(definition);
      const random = new Random(seed + index);
      const { low, high } = definition.versions;
      let refused = 0;
      for (let version = low; version <= high; version++) {
        // Zeros, ones and the like are counts and lengths of everything at once.
        for (const byte of [0x00, 0x01, 0x02, 0x7f, 0x80, 0xff]) decode(codec, Buffer.alloc(65_536, byte), version);
        for (let count = 0; count < valuesPerVersion; count++) {
          const bytes = codec.encode(randomValue(random, definition, definition, version), version);
          checkCut(bytes, version);
          for (let round = 0; bytes.length > 0 && round < mutationsPerValue; round++) {
            refused += checkCorrupted(bytes, version) ? 0 : 1;
          }
        }
      }
      if (high > low) assert.ok(refused > 0, 'no mutation was refused');

      function checkCut(whole: Uint8Array, version: number): void {
        for (let length = 0; length < whole.length; length++) {
          const cut = decode(codec, whole.subarray(0, length), version);
          assert.equal(cut, undefined, `${name} version ${version} cut to ${length} of ${whole.length} bytes was read`);
        }
        const longer = decode(codec, Buffer.concat([whole, Buffer.of(0)]), version);
        assert.equal(longer, undefined, `${name} version ${version} was read with a byte left over`);
      }

      /** Whether the corrupted bytes were read: as a value that can be written and is read again as the same. */
      function checkCorrupted(whole: Uint8Array, version: number): boolean {
        let bytes = whole;
        for (let count = random.pick([1, 1, 2, 4]); count > 0 && bytes.length > 0; count--)
          bytes = mutate(random, bytes);
        const value = decode(codec, bytes, version);
        if (value === undefined) return false;
        assert.deepEqual(codec.decode(codec.encode(value, version), version), value, `${name} version ${version}`);
        return true;
      }
    });
  }
});
