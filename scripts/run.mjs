/**
 * Runs `scripts/<task>.ts` with the project's own Node 24, whichever Node (20 or newer) started this file; first installs the
 * packages where they are missing or where package-lock.json has changed. All npm scripts that need TypeScript go through here.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const windows = process.platform === 'win32';
const node24 = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}

function npm(/** @type {string[]} */ ...args) {
  return spawnSync('npm', args, { cwd: root, shell: windows, encoding: 'utf8' });
}

/** Whether node_modules holds what package-lock.json names; npm notes what it installed in a lock of its own. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(node24) || !existsSync(installed)) return false;
  const read = (/** @type {string} */ file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const found = read(installed);
  return Object.entries(read(join(root, 'package-lock.json'))).every(
    // Optional ones are those of other systems; '' is the project itself.
    ([path, entry]) => path === '' || entry.optional || found[path]?.version === entry.version,
  );
}

function install() {
  if (isInstalled()) return;
  console.log('Installing packages (npm ci), about 15 s...');
  const result = npm('ci', '--no-audit', '--no-fund');
  if (result.error) fail(`npm was not found (${result.error.message}). It comes with Node: https://nodejs.org`);
  // Quiet unless it fails: what it prints otherwise are warnings about the Node that started it.
  if (result.status !== 0) fail(`npm ci failed:\n${result.stdout}${result.stderr}`);
  if (existsSync(node24)) return;
  // The package's install script fetches Node itself; an npm told to ignore scripts has not run it.
  const rebuilt = npm('rebuild', 'node', '--ignore-scripts=false');
  if (!existsSync(node24)) fail(`Node 24 could not be installed from npm:\n${rebuilt.stdout}${rebuilt.stderr}`);
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node ${process.versions.node} is too old: 20 or newer is needed. See https://nodejs.org`);
}
const [task = '', ...args] = process.argv.slice(2);
const tasks = readdirSync(join(root, 'scripts')).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
if (!tasks.includes(task)) fail(`Unknown task "${task}". Tasks: ${tasks.join(', ')}.`);
install();

const child = spawn(node24, [join(root, 'scripts', `${task}.ts`), ...args], {
  cwd: root,
  // The channel tells the child when this process is gone, however it went.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
});
// A terminal's Ctrl-C reaches the child by itself, and npm passes the same signal on; the child tells a repetition
// from a second press.
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
// npm passes a signal to the shell that it runs a script with; a shell that ends by it leaves us behind.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  child.kill('SIGTERM');
}, 500);
child.on('exit', (code, signal) => {
  clearInterval(watch);
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
});
