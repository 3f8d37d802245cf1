import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HumanError } from '../src/shared/errors.ts';
import { installOnce } from './installOnce.ts';
import { installHint, mavenCommand } from './java.ts';
import { runProcess } from './processes.ts';

/** The Kafka that everything runs with where no other is named; `tools/kafka/pom.xml` names the same. */
export const KAFKA_VERSION = '4.3.1';

const pom = fileURLToPath(new URL('kafka/pom.xml', import.meta.url));

/**
 * The folder of a Kafka: `libs/` with all its jars. Fetched with Maven the first time (about 55 MB). @throws {HumanError} where Maven is missing or cannot fetch.
 */
export function kafkaHome(
  version: string = KAFKA_VERSION,
  progress: (text: string) => void = () => undefined,
): Promise<string> {
  // One lock for all versions: Maven's local repository does not bear two writers.
  return installOnce(`kafka-${version}`, (folder) => fetchJars(folder, version, progress), 'maven');
}

async function fetchJars(folder: string, version: string, progress: (text: string) => void): Promise<void> {
  const maven = await mavenCommand();
  let downloads = 0;
  const output = await runProcess(
    maven,
    [
      '-B',
      `-Dkafka.version=${version}`,
      `-DoutputDirectory=${join(folder, 'libs')}`,
      '-f',
      pom,
      'dependency:copy-dependencies',
    ],
    {
      shell: process.platform === 'win32',
      onLine: (line) => {
        if (/\bDownloaded from\b/.test(line)) progress(`${(downloads += 1)} files`);
      },
    },
  );
  if (output.code !== 0) {
    const errors = output.stdout.split('\n').filter((line) => line.startsWith('[ERROR]'));
    throw new HumanError(
      `Maven could not fetch Kafka ${version}: ${errors[0]?.replace('[ERROR] ', '') ?? output.stderr}`,
      `Check the network and Maven's settings (proxy, mirror). ${installHint}`,
    );
  }
  const jars = await readdir(join(folder, 'libs'));
  if (!jars.some((jar) => jar.startsWith('kafka-clients-'))) throw new Error(`No Kafka in ${folder}`);
}

/** Java's options for where the log goes: a broker's (from INFO) to stdout, a tool's (from WARN) to stderr. */
export function loggingOptions(kind: 'broker' | 'tool'): string[] {
  const file = (version: 1 | 2) => fileURLToPath(new URL(`kafka/${kind}.log4j${version}.properties`, import.meta.url));
  // Kafka 4 logs by log4j 2, those before it by log4j 1.
  return [`-Dlog4j2.configurationFile=${file(2)}`, `-Dlog4j.configuration=file:${file(1)}`];
}
