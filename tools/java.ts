import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HumanError } from '../src/shared/errors.ts';
import { runProcess } from './processes.ts';

const howTo: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'brew install openjdk@21 maven',
  win32: 'winget install EclipseAdoptium.Temurin.21.JDK, and Maven from https://maven.apache.org/download.cgi',
};

/** The line that installs Java and Maven on this system. */
export const installHint = `Install both with: ${howTo[process.platform] ?? 'sudo apt install openjdk-17-jdk-headless maven (or the like of your system)'}`;

let found: Promise<string> | undefined;

/** Runs with JAVA_HOME's Java, else that of the PATH. @throws {HumanError} where there is none, or none of 17 or newer. */
export function javaCommand(): Promise<string> {
  return (found ??= findJava());
}

async function findJava(): Promise<string> {
  const home = process.env['JAVA_HOME'];
  const inHome = home ? join(home, 'bin', process.platform === 'win32' ? 'java.exe' : 'java') : '';
  const command = inHome && existsSync(inHome) ? inHome : 'java';
  const output = await runProcess(command, ['-version']).catch(() => undefined);
  const version = /version "(?:1\.)?(\d+)/.exec(`${output?.stderr}${output?.stdout}`)?.[1];
  if (version === undefined) {
    throw new HumanError(
      'Java was not found, neither in JAVA_HOME nor on the PATH; Kafka needs Java 17 or newer.',
      installHint,
    );
  }
  if (Number(version) < 17) {
    throw new HumanError(`Java ${version} ("${command}") is too old; Kafka needs Java 17 or newer.`, installHint);
  }
  return command;
}

/** Maven's command. @throws {HumanError} where it is missing. */
export async function mavenCommand(): Promise<string> {
  // On Windows it is a command script, which only a shell starts.
  const shell = process.platform === 'win32';
  const output = await runProcess('mvn', ['--version'], { shell }).catch(() => undefined);
  if (output?.code !== 0) {
    throw new HumanError('Maven (mvn) was not found on the PATH; it downloads Kafka.', installHint);
  }
  return 'mvn';
}
