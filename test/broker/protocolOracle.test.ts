import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { apis, data, readMessages, records } from '../../scripts/generate/messages.ts';
import { kafkaHome } from '../../tools/kafka.ts';
import { asJsonShows, codecOf, fromJson, randomValue, toJson } from '../oracle/messages.ts';
import { startOracle, type Oracle } from '../oracle/oracle.ts';
import { Random } from '../oracle/random.ts';

const names = [
  ...apis.flatMap((name) => [`${name}Request`, `${name}Response`]),
  ...data,
  ...records.flatMap((name) => [`${name}Key`, `${name}Value`]),
];
const seed = Number(process.env['PROTOCOL_SEED'] ?? 20_260_801);
const valuesPerVersion = 12;

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe(`codecs and Kafka's own, on random contents (PROTOCOL_SEED=${seed})`, () => {
  let oracle: Oracle;
  let message: ReturnType<typeof readMessages>;
  before(async () => {
    message = readMessages(join(await kafkaHome(), 'libs'));
    oracle = await startOracle();
  });
  after(() => oracle.close());

  for (const [index, name] of names.entries()) {
    it(`${name}: every version, both ways`, async () => {
      const definition = message(name);
      const codec = await codecOf(definition);
      const random = new Random(seed + index);
      const checks: Promise<void>[] = [];
      for (let version = definition.versions.low; version <= definition.versions.high; version++) {
        for (let round = 0; round < valuesPerVersion; round++) {
          const value = randomValue(random, definition, definition, version);
          checks.push(check(value, version));
          const other = definition.versions.low + random.below(definition.versions.high - definition.versions.low + 1);
          checks.push(checkOtherVersion(value, version, other));
        }
      }
      await Promise.all(checks);

      async function check(value: ReturnType<typeof randomValue>, version: number): Promise<void> {
        const ours = codec.encode(value, version);
        const [again, ...json] = (await oracle.ask(`decode ${name} ${version} ${hex(ours)}`)).split(' ');
        const where = `${name} version ${version}, round with seed ${seed}`;
        assert.equal(again, hex(ours), `${where}: Kafka writes what it read of ours otherwise`);
        const shown = asJsonShows(value, definition);
        assert.deepEqual(fromJson(json.join(' '), definition, version), shown, `${where}: Kafka reads ours otherwise`);
        assert.deepEqual(codec.decode(ours, version), value, `${where}: we read ours otherwise`);

        const text = toJson(value, definition, version);
        const theirs = Buffer.from(await oracle.ask(`encode ${name} ${version} ${version} ${text}`), 'hex');
        const decoded = codec.decode(theirs, version);
        assert.deepEqual(asJsonShows(decoded, definition), shown, `${where}: we read Kafka's otherwise`);
        assert.equal(hex(codec.encode(decoded, version)), hex(theirs), `${where}: we write Kafka's otherwise`);
      }

      /** What one version can carry, written at another: lost, or refused, exactly where Kafka does so. */
      async function checkOtherVersion(
        value: ReturnType<typeof randomValue>,
        version: number,
        other: number,
      ): Promise<void> {
        const text = toJson(value, definition, version);
        const decoded = codec.decode(
          Buffer.from(await oracle.ask(`encode ${name} ${version} ${version} ${text}`), 'hex'),
          version,
        );
        const theirs = await oracle.ask(`encode ${name} ${version} ${other} ${text}`).catch((error: Error) => error);
        const where = `${name} of version ${version} written at ${other}: ${text}`;
        if (theirs instanceof Error)
          assert.throws(() => codec.encode(decoded, other), RangeError, `${where}: ${theirs}`);
        else assert.equal(hex(codec.encode(decoded, other)), theirs, where);
      }
    });
  }
});
