/** What host tests stand on: made once by `npm test`, or here where a file is run by itself. */
import { join } from 'node:path';
import { after } from 'node:test';
import { repositoryRoot } from '../../tools/installOnce.ts';
import { startKafka } from '../../tools/kafka.ts';
import { buildExtensionFolder, packVsix } from '../../tools/vsix.ts';

const alone = join(repositoryRoot, 'out', `test-${process.pid}`);
let built: Promise<string> | undefined;
let broker: Promise<string> | undefined;

/** The folder of the built extension. */
export async function extensionFolder(): Promise<string> {
  return process.env['EXTENSION_FOLDER'] ?? join(await (built ??= build()), 'extension');
}

/** The packed extension. */
export async function extensionVsix(): Promise<string> {
  return process.env['EXTENSION_VSIX'] ?? join(await (built ??= build()), 'extension.vsix');
}

/** Where a real broker listens, host:port. */
export async function kafkaBootstrap(): Promise<string> {
  return process.env['KAFKA_BOOTSTRAP'] ?? (await (broker ??= start()));
}

async function build(): Promise<string> {
  await buildExtensionFolder(join(alone, 'extension'));
  await packVsix(join(alone, 'extension'), join(alone, 'extension.vsix'));
  return alone;
}

async function start(): Promise<string> {
  const kafka = await startKafka();
  after(() => kafka.stop());
  return kafka.bootstrap;
}
