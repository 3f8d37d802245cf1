/**
 * `npm test [-- WORD...]`: all checks and tests, or those of the kinds named (format, lint, types, unit, pages, broker, host), or the test files whose name
 * holds one of the other words. Prints `N passed, N failed` as its last line.
 */
import { join } from 'node:path';
import { messageOf } from '../src/shared/errors.ts';
import { repositoryRoot } from '../tools/installOnce.ts';
import { startKafka, kafkaHome } from '../tools/kafka.ts';
import { makeClassArchive } from '../tools/kafkaClasses.ts';
import { runTests, testFiles } from '../tools/nodeTests.ts';
import { runProcess } from '../tools/processes.ts';
import { Tally } from '../tools/tally.ts';
import { vscodeHome } from '../tools/vscodeHome.ts';
import { buildExtensionFolder, packVsix } from '../tools/vsix.ts';

/** Commands whose exit code is the verdict: program of node_modules, arguments. */
const checks: Readonly<Record<string, readonly (readonly string[])[]>> = {
  format: [['prettier/bin/prettier.cjs', '--check', '.', '--log-level', 'warn']],
  lint: [['eslint/bin/eslint.js', '.']],
  types: [
    ['typescript/bin/tsc', '--noEmit', '-p', '.'],
    ['typescript/bin/tsc', '--noEmit', '-p', 'webview'],
    ['typescript/bin/tsc', '--noEmit', '-p', 'test/pages'],
  ],
};
const testKinds = ['unit', 'pages', 'broker', 'host'];
const kinds = [...Object.keys(checks), ...testKinds];

const words = process.argv.slice(2);
const wantedKinds = words.filter((word) => kinds.includes(word));
const nameParts = words.filter((word) => !kinds.includes(word));
const wanted = wantedKinds.length > 0 ? wantedKinds : nameParts.length > 0 ? testKinds : kinds;
const files = new Map(testKinds.map((kind) => [kind, wanted.includes(kind) ? testFiles(kind, nameParts) : []]));
const filesOf = (kind: string): readonly string[] => files.get(kind) ?? [];

if (nameParts.length > 0 && [...files.values()].every((each) => each.length === 0)) {
  const names = testKinds
    .flatMap((kind) => testFiles(kind))
    .map((file) => file.slice(join(repositoryRoot, 'test/').length));
  console.error(
    `No test file is named like ${nameParts.join(', ')}. Kinds: ${kinds.join(', ')}. Files:\n${names.join('\n')}`,
  );
  process.exit(2);
}

const tally = new Tally();
const started = performance.now();
const needsKafka = filesOf('broker').length + filesOf('host').length > 0;
const needsEditor = filesOf('host').length > 0;

// The process that started this one is gone; what we started goes with us.
process.on('disconnect', () => process.exit(129));

// Goes on beside the checks; awaited where it is needed.
const kafka = settled(needsKafka ? startBroker() : Promise.resolve(undefined));
const editor = settled(needsEditor ? prepareEditor() : Promise.resolve(undefined));

await runChecks();
await runKind('unit', 2);
await runKind('pages', 2);
if (await stands('Kafka', kafka)) {
  await runKind('broker', 2);
  // One after the other: what they look at takes both processors.
  if (await stands('VS Code', editor)) await runKind('host', 1);
}
await (await kafka).value?.stop();
console.log(`\nTook ${Math.round((performance.now() - started) / 1000)} s.`);
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed === 0 ? 0 : 1);

/** One broker for all, whose address each test file finds in its environment. */
async function startBroker() {
  process.env['KAFKA_HOME'] = await kafkaHome();
  process.env['KAFKA_QUICK_START'] = '1';
  await makeClassArchive();
  const broker = await startKafka({ heap: '1g' });
  process.env['KAFKA_BOOTSTRAP'] = broker.bootstrap;
  return broker;
}

async function prepareEditor(): Promise<undefined> {
  const folder = join(repositoryRoot, 'out', 'test', 'extension');
  const vsix = join(repositoryRoot, 'out', 'test', 'extension.vsix');
  await Promise.all([vscodeHome(), buildExtensionFolder(folder).then(() => packVsix(folder, vsix))]);
  process.env['EXTENSION_FOLDER'] = folder;
  process.env['EXTENSION_VSIX'] = vsix;
}

/** A set-up that fails is found when it is needed, not as an unhandled rejection before. */
function settled<T>(work: Promise<T>): Promise<{ readonly value?: T; readonly error?: unknown }> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

async function stands(what: string, setUp: Promise<{ readonly error?: unknown }>): Promise<boolean> {
  const { error } = await setUp;
  if (error === undefined) return true;
  console.error(`\n${what} could not be set up; the tests that need it count as one that failed.\n${messageOf(error)}`);
  tally.add(0, 1);
  return false;
}

async function runChecks(): Promise<void> {
  const queue = Object.entries(checks).flatMap(([kind, commands]) =>
    wanted.includes(kind) ? commands.map((command) => ({ kind, command })) : [],
  );
  const results = queue.map(() => '');
  let next = 0;
  const work = async () => {
    for (let index = next++; index < queue.length; index = next++) {
      const { kind, command } = queue[index] ?? { kind: '', command: [] };
      const [program = '', ...args] = command;
      const { code, stdout, stderr } = await runProcess(
        process.execPath,
        [join(repositoryRoot, 'node_modules', program), ...args],
        { cwd: repositoryRoot },
      );
      tally.add(code === 0 ? 1 : 0, code === 0 ? 0 : 1);
      results[index] = `${code === 0 ? '✔' : '✖'} ${kind}\n${code === 0 ? '' : `${stdout}${stderr}\n`}`;
    }
  };
  await Promise.all([work(), work()]);
  process.stdout.write(results.join(''));
}

async function runKind(kind: string, concurrency: number): Promise<void> {
  if (filesOf(kind).length === 0) return;
  console.log(`\n${kind}`);
  await runTests(filesOf(kind), tally, concurrency);
}
