/**
 * `npm run test:desktop`: the tests of the extension host in VS Code's desktop edition, which is downloaded the first time, on a
 * Kafka of their own. Needs a display.
 */
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { repositoryRoot } from '../tools/installOnce.ts';
import { bundleInsideTests } from '../tools/insideTests.ts';
import { startKafka } from '../tools/kafka.ts';
import { reportAndExit } from '../tools/progress.ts';
import { buildExtensionFolder } from '../tools/vsix.ts';

const extensionDevelopmentPath = join(repositoryRoot, 'out', 'test-desktop');
try {
  const [kafka, extensionTestsPath] = await Promise.all([
    startKafka(),
    bundleInsideTests(),
    buildExtensionFolder(extensionDevelopmentPath),
  ]);
  try {
    process.exitCode = await runTests({
      extensionDevelopmentPath,
      extensionTestsPath,
      extensionTestsEnv: { KAFKA_BOOTSTRAP: kafka.bootstrap },
      launchArgs: ['--disable-extensions', '--disable-workspace-trust'],
    });
  } finally {
    await kafka.stop();
  }
} catch (error) {
  reportAndExit(error);
}
