import type { ChildProcess } from 'node:child_process';
import { openSync, closeSync, existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { javaCommand } from '../../tools/java.ts';
import { kafkaHome, quickStartOptions } from '../../tools/kafkaHome.ts';
import { endProcess, startProcess } from '../../tools/processes.ts';

export interface LoggingOptions {
  readonly version: string;
  readonly bootstrap: string;
  readonly topic: string;
  readonly group: string;
  readonly clientId: string;
  /** For its settings and its log. */
  readonly folder: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Nobody reads what it prints, so that it stands still as soon as the pipe is full. */
  readonly isBlocked?: boolean;
}

const layout = '[%d] %p %m (%c)%n';

/** Kafka's console consumer with its log, from INFO on, in a file. */
export class LoggingConsumer {
  readonly file: string;
  readonly #child: ChildProcess;

  static async start(options: LoggingOptions): Promise<LoggingConsumer> {
    const { version, bootstrap, topic, group, clientId, folder, settings = {}, isBlocked = false } = options;
    const [log4j1, log4j2] = [join(folder, 'log4j1.properties'), join(folder, 'log4j2.properties')];
    await writeFile(
      log4j1,
      `log4j.rootLogger=INFO, out\nlog4j.appender.out=org.apache.log4j.ConsoleAppender\nlog4j.appender.out.Target=System.err\n` +
        `log4j.appender.out.layout=org.apache.log4j.PatternLayout\nlog4j.appender.out.layout.ConversionPattern=${layout}\n`,
    );
    await writeFile(
      log4j2,
      `appender.out.type=Console\nappender.out.name=out\nappender.out.target=SYSTEM_ERR\nappender.out.layout.type=PatternLayout\n` +
        `appender.out.layout.pattern=${layout}\nrootLogger.level=INFO\nrootLogger.appenderRef.out.ref=out\n`,
    );
    const main = version.startsWith('2.')
      ? 'kafka.tools.ConsoleConsumer'
      : 'org.apache.kafka.tools.consumer.ConsoleConsumer';
    const properties = Object.entries({ 'client.id': clientId, ...settings });
    const file = join(folder, `${clientId}.log`);
    const log = openSync(file, 'a');
    const home = await kafkaHome(version);
    const child = startProcess(
      await javaCommand(),
      [
        '-Xmx128m',
        ...quickStartOptions(home),
        `-Dlog4j2.configurationFile=${log4j2}`,
        `-Dlog4j.configuration=file:${log4j1}`,
        '-cp',
        join(home, 'libs', '*'),
        main,
        ...['--bootstrap-server', bootstrap, '--topic', topic, '--group', group, '--from-beginning'],
        ...properties.flatMap(([name, value]) => ['--consumer-property', `${name}=${value}`]),
      ],
      { stdio: ['ignore', isBlocked ? 'pipe' : 'ignore', log] },
    );
    closeSync(log);
    return new LoggingConsumer(file, child);
  }

  private constructor(file: string, child: ChildProcess) {
    this.file = file;
    this.#child = child;
  }

  /** What it has logged so far. */
  get text(): string {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
  }

  /** Says goodbye to the group. */
  close(): Promise<void> {
    return endProcess(this.#child);
  }

  /** As a crash ends it. */
  kill(): Promise<void> {
    return endProcess(this.#child, 0);
  }
}
