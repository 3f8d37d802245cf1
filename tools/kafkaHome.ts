import { existsSync } from 'node:fs';
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

/** Where the archive of a Kafka's classes is, once `makeClassArchive` has made it. */
export function classArchive(home: string): string {
  return join(home, 'classes.jsa');
}

/**
 * Java's options where `KAFKA_QUICK_START` is set, as it is where hundreds of JVMs live for seconds: classes from their archive, if there is one that fits this
 * Java (else Java passes it over), and the compiler that starts fast. What runs for long, or is measured, is better off without.
 */
export function quickStartOptions(home: string): string[] {
  if (process.env['KAFKA_QUICK_START'] === undefined) return [];
  const archive = classArchive(home);
  return [
    ...(existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`, '-Xlog:cds=off'] : []),
    ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
  ];
}
