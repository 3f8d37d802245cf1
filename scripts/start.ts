/** `npm start`: a real Kafka, consumers in trouble, and a real VS Code with the extension that looks at them. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { HumanError, messageOf } from '../src/shared/errors.ts';
import { startDesktop } from '../tools/desktop.ts';
import { repositoryRoot, toolsFolder } from '../tools/installOnce.ts';
import { startKafka } from '../tools/kafka.ts';
import { hasDocker, startKafkaInDocker } from '../tools/kafkaDocker.ts';
import { javaCommand } from '../tools/java.ts';
import { kafkaHome } from '../tools/kafkaHome.ts';
import { openInBrowser } from '../tools/openInBrowser.ts';
import { freePort } from '../tools/ports.ts';
import { endProcess, isRunning, startProcess } from '../tools/processes.ts';
import { Progress, reportAndExit } from '../tools/progress.ts';
import { startOptions, usage, type StartOptions } from '../tools/startOptions.ts';
import { startVsCode, type VsCode } from '../tools/vscode.ts';
import { vscodeHome } from '../tools/vscodeHome.ts';
import { buildExtensionFolder, packVsix } from '../tools/vsix.ts';

const demoFolder = join(repositoryRoot, 'demo');
const progress = new Progress();
/** What to end, the last started first. */
const started: (() => Promise<void>)[] = [];
let ending: Promise<void> | undefined;
let endedAt = 0;

/** Ends all that was started; asked again, it does not wait any longer. What is left then ends with this process. */
function end(code: number): void {
  if (ending !== undefined) {
    // One press of Ctrl-C may arrive twice: from the terminal, and passed on by npm.
    if (performance.now() - endedAt > 300) process.exit(code);
    return;
  }
  endedAt = performance.now();
  progress.close();
  progress.print('Ending all that was started...');
  ending = (async () => {
    for (const stop of started.reverse()) await stop().catch((error: unknown) => console.error(error));
    process.exit(code);
  })();
}

async function startBroker(port: number): Promise<void> {
  const local = await progress.step('Fetching Kafka', fetchKafka);
  const kafka = await progress.step(local ? 'Starting Kafka' : 'Starting Kafka in Docker', (report) =>
    local
      ? startKafka({ ports: [port], properties: { 'log.retention.hours': '168' } })
      : startKafkaInDocker(port, report),
  );
  started.push(() => kafka.stop());
}

/** False where Java or Maven is missing, and Docker is there to take their place. */
async function fetchKafka(report: (detail: string) => void): Promise<boolean> {
  try {
    await javaCommand();
    await kafkaHome(undefined, report);
    return true;
  } catch (error) {
    if (error instanceof HumanError && hasDocker()) return false;
    throw error;
  }
}

/** Starts the demo's programs, which go on by themselves. */
function startDemo(bootstrap: string): void {
  const logFile = join(toolsFolder, 'demo.log');
  const child = startProcess(process.execPath, [join(demoFolder, 'run.mjs'), '--bootstrap', bootstrap], {
    cwd: demoFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(() => endProcess(child));
  const log = createWriteStream(logFile);
  child.stderr?.pipe(log, { end: false });
  child.stdout?.pipe(log, { end: false });
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (/^demo ready$/m.test(text)) resolve();
    });
    child.once('exit', () => reject(new HumanError(`The demo ended; ${logFile} says why.`)));
  });
  progress
    .step('Starting the demo', () => ready)
    .catch((error: unknown) => {
      if (ending === undefined) progress.print(messageOf(error));
    });
}

/** Kept, as the port is where it is free: a tab that was open before goes on with the next start. */
async function keptToken(): Promise<string> {
  const file = join(toolsFolder, 'vscode-token');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== '') return kept;
  const token = randomUUID();
  await mkdir(toolsFolder, { recursive: true });
  await writeFile(file, token, { mode: 0o600 });
  return token;
}

async function run(options: StartOptions): Promise<void> {
  const port = await freePort(19_092);
  const bootstrapServers = options.bootstrap ?? [`127.0.0.1:${port}`];
  const name = options.bootstrap === undefined ? 'local' : bootstrapServers.join(', ');
  const userSettings = { 'kafkaDebugger.clusters': [{ name, bootstrapServers }] };
  const [editor] = await Promise.all([
    options.desktop ? buildExtension().then((extension) => ({ extension })) : startEditor(userSettings),
    options.bootstrap ?? startBroker(port),
  ]);
  // Its last case shows some 15 s later; there is much to look at before.
  if (options.bootstrap === undefined) startDemo(bootstrapServers.join());
  if ('url' in editor) {
    progress.print(`\nOpen ${editor.url()}\nCtrl-C ends everything.`);
    if (options.open) openInBrowser(editor.url());
    return;
  }
  const desktop = await startDesktop({ ...editor, folder: demoFolder, userSettings });
  started.push(() => endProcess(desktop));
  progress.print('VS Code is open. Close its window, or press Ctrl-C, to end everything.');
  if (isRunning(desktop)) await once(desktop, 'exit');
  end(0);
}

async function buildExtension(): Promise<string> {
  const folder = join(repositoryRoot, 'out', 'start', 'extension');
  await progress.step('Building the extension', () => buildExtensionFolder(folder));
  return folder;
}

/** VS Code in the browser, with the extension as users get it. */
async function startEditor(userSettings: Readonly<Record<string, unknown>>): Promise<VsCode> {
  const extensionVsix = join(repositoryRoot, 'out', 'start', 'extension.vsix');
  await Promise.all([
    progress.step('Fetching VS Code', vscodeHome),
    buildExtension().then((folder) => progress.step('Packing the extension', () => packVsix(folder, extensionVsix))),
  ]);
  const vscode = await progress.step('Starting VS Code', async () =>
    startVsCode({
      folder: demoFolder,
      extensionVsix,
      connectionToken: await keptToken(),
      userSettings,
      port: await freePort(18_080),
      dataDir: join(toolsFolder, 'vscode-data'),
    }),
  );
  started.push(() => vscode.stop());
  return vscode;
}

const options = startOptions(process.argv.slice(2));
if (options === 'help') {
  console.log(usage);
} else if (options instanceof HumanError) {
  reportAndExit(options);
} else {
  process.on('SIGINT', () => end(130));
  process.on('SIGTERM', () => end(143));
  process.on('SIGHUP', () => end(129));
  // The process that started this one is gone.
  process.on('disconnect', () => end(129));
  run(options).catch((error: unknown) => {
    // What fails because everything is ending is no news.
    if (ending === undefined) reportAndExit(error);
  });
}
