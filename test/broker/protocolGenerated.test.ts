import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { generatedFiles } from '../../scripts/generate/files.ts';
import { KAFKA_VERSION } from '../../tools/kafka.ts';

const folder = join(import.meta.dirname, '../../src/kafka/protocol/generated');

it("the generated code is what npm run generate makes of Kafka's jars", async () => {
  const files = await generatedFiles(KAFKA_VERSION);
  assert.deepEqual(readdirSync(folder).sort(), [...files.keys()].sort());
  for (const [name, text] of files) {
    assert.equal(readFileSync(join(folder, name), 'utf8'), text, `${name} is stale: npm run generate`);
  }
});
