/**
 * `npm run generate`: writes src/kafka/protocol/generated from the message definitions and error codes in Kafka's jars.
 * `npm run generate -- 4.2.1` takes another Kafka than the usual.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from './generate/files.ts';
import { KAFKA_VERSION } from '../tools/kafka.ts';

const target = join(import.meta.dirname, '../src/kafka/protocol/generated');
const version = process.argv[2] ?? KAFKA_VERSION;

const files = await generatedFiles(version, console.log);
mkdirSync(target, { recursive: true });
for (const file of readdirSync(target).filter((old) => !files.has(old))) rmSync(join(target, file));
for (const [name, text] of files) writeFileSync(join(target, name), text);
console.log(`${files.size} files in src/kafka/protocol/generated, from Kafka ${version}`);
