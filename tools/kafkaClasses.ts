import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { javaCommand } from './java.ts';
import { startKafka } from './kafka.ts';
import { classArchive, kafkaHome } from './kafkaHome.ts';
import { runTool } from './kafkaTool.ts';
import { runProcess } from './processes.ts';
import { withLock } from './installOnce.ts';

/**
 * Makes the archive of Kafka's classes (class data sharing, JEP 310) with which each Java that runs them starts in less than half the time. It holds what a
 * broker and two tools load as they run. Worth its ten seconds where many are started. Where Java cannot make one, none is used.
 */
export async function makeClassArchive(): Promise<void> {
  const home = await kafkaHome();
  const archive = classArchive(home);
  await withLock(`${archive}.lock`, async () => {
    if (existsSync(archive)) return;
    const folder = await mkdtemp(join(tmpdir(), 'kafka-classes-'));
    try {
      const list = join(folder, 'all');
      await writeFile(list, (await loadedClasses(folder)).join('\n'));
      // It appears whole or not at all.
      const made = `${archive}.part`;
      const dump = ['-Xshare:dump', `-XX:SharedClassListFile=${list}`, `-XX:SharedArchiveFile=${made}`];
      await runProcess(await javaCommand(), [...dump, '-cp', join(home, 'libs', '*')]);
      if (existsSync(made)) await rename(made, archive);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function loadedClasses(folder: string): Promise<string[]> {
  const jvm = (name: string): string[] => [`-XX:DumpLoadedClassList=${join(folder, `${name}.classes`)}`];
  const kafka = await startKafka({ jvm: jvm('broker') });
  const server = ['--bootstrap-server', kafka.bootstrap];
  try {
    await Promise.all([
      runTool(
        'org.apache.kafka.tools.consumer.ConsoleConsumer',
        [...server, '--topic', 'any', '--group', 'any', '--timeout-ms', '100'],
        { jvm: jvm('consumer') },
      ),
      runTool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [...server, '--describe', '--all-groups'], {
        jvm: jvm('tool'),
      }),
    ]);
  } finally {
    await kafka.stop();
  }
  const files = (await readdir(folder)).filter((file) => file.endsWith('.classes'));
  const lists = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  // Lines that begin so are comments and lambdas.
  return [...new Set(lists.flatMap((list) => list.split('\n')).filter((line) => /^[^#@]/.test(line)))];
}
