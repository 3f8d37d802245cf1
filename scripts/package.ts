/** `npm run package`: the extension as users install it, in `kafka-consumer-debugger.vsix`. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '../tools/installOnce.ts';
import { reportAndExit } from '../tools/progress.ts';
import { buildExtensionFolder, packVsix } from '../tools/vsix.ts';

const folder = join(repositoryRoot, 'out', 'package');
const file = join(repositoryRoot, 'kafka-consumer-debugger.vsix');
try {
  await buildExtensionFolder(folder);
  await packVsix(folder, file);
  console.log(`${file} (${Math.ceil((await stat(file)).size / 1000)} KB)`);
} catch (error) {
  reportAndExit(error);
}
