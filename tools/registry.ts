import { existsSync, openSync, closeSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HumanError } from '../src/shared/errors.ts';
import { installOnce } from './installOnce.ts';
import { mavenCommand } from './java.ts';
import { freePort } from './ports.ts';
import { deleteAtExit, endProcess, isRunning, runProcess, startProcess } from './processes.ts';

/** Apicurio Registry (Apache-2.0), which serves Confluent's API too. It needs Java 21, four more than Kafka does. */
export const REGISTRY_VERSION = '3.3.3';
const registryJava = 21;

const artifact = `io.apicurio:apicurio-registry-app:${REGISTRY_VERSION}:tar.gz:all`;

/** The folder of the registry, fetched with Maven the first time (160 MB). @throws {HumanError} */
export function registryHome(): Promise<string> {
  return installOnce(`apicurio-registry-${REGISTRY_VERSION}`, fetchRegistry, 'maven');
}

async function fetchRegistry(folder: string): Promise<void> {
  const output = await runProcess(
    await mavenCommand(),
    [
      '-B',
      'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack',
      `-Dartifact=${artifact}`,
      `-DoutputDirectory=${folder}`,
    ],
    // Maven notes beside it, in `target`, what it has unpacked, and does not unpack that again.
    { shell: process.platform === 'win32', cwd: folder },
  );
  if (output.code === 0 && existsSync(join(folder, 'quarkus-run.jar'))) return;
  const error = output.stdout.split('\n').find((line) => line.startsWith('[ERROR]'));
  throw new HumanError(
    `Maven could not fetch Apicurio Registry: ${error?.replace('[ERROR] ', '') ?? output.stderr}`,
    "Check the network and Maven's settings (proxy, mirror).",
  );
}

/** A Java that runs the registry, from JAVA_HOME, the PATH or where systems install them; undefined where there is none. */
export async function registryJavaCommand(): Promise<string | undefined> {
  const program = process.platform === 'win32' ? 'java.exe' : 'java';
  const roots = ['/usr/lib/jvm', '/Library/Java/JavaVirtualMachines', 'C:\\Program Files\\Eclipse Adoptium'];
  const installed = await Promise.all(
    roots.map(async (root) =>
      (await readdir(root).catch(() => [])).flatMap((name) => [
        join(root, name, 'bin', program),
        join(root, name, 'Contents', 'Home', 'bin', program),
      ]),
    ),
  );
  const home = process.env['JAVA_HOME'];
  const candidates = [...(home ? [join(home, 'bin', program)] : []), 'java', ...installed.flat()];
  for (const command of candidates) {
    if (command !== 'java' && !existsSync(command)) continue;
    const output = await runProcess(command, ['-version']).catch(() => undefined);
    const version = /version "(\d+)/.exec(`${output?.stderr}${output?.stdout}`)?.[1];
    if (Number(version) >= registryJava) return command;
  }
  return undefined;
}

/** A schema registry with Confluent's API, in memory, on 127.0.0.1. It ends with this process at the latest. */
export interface Registry {
  /** Of Confluent's API, without a slash at its end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a registry, fetching it first where needed; resolves when it serves. @throws {HumanError} where no Java runs it. */
export async function startRegistry(): Promise<Registry> {
  const java = await registryJavaCommand();
  if (java === undefined) {
    throw new HumanError(
      `The schema registry of the tests (Apicurio) needs Java ${registryJava} or newer, and none was found.`,
      'Install one beside the Java that runs Kafka, or set JAVA_HOME to it.',
    );
  }
  const home = await registryHome();
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  deleteAtExit(folder);
  const port = await freePort();
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'w');
  const child = startProcess(
    java,
    [
      '-Xmx400m',
      '-XX:TieredStopAtLevel=1',
      '-Dquarkus.http.host=127.0.0.1',
      `-Dquarkus.http.port=${port}`,
      // Always 9000 otherwise; that it is not wanted can only be said when the registry is built.
      '-Dquarkus.management.host=127.0.0.1',
      '-Dquarkus.management.port=0',
      '-jar',
      join(home, 'quarkus-run.jar'),
    ],
    { cwd: folder, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const stop = async (): Promise<void> => {
    await endProcess(child);
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + 120_000;
  while (!(await serves(url))) {
    if (isRunning(child) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    const text = readFileSync(logFile, 'utf8').slice(-3000);
    await stop();
    throw new Error(`The registry did not start. The end of its log:\n${text}`);
  }
  return { url, stop };
}

async function serves(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}
