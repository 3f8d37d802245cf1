import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { javaCommand } from '../../tools/java.ts';
import { kafkaHome, quickStartOptions } from '../../tools/kafkaHome.ts';
import { deleteAtExit, runProcess, type Output } from '../../tools/processes.ts';

const tools = {
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-share-groups': 'org.apache.kafka.tools.consumer.group.ShareGroupCommand',
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-delete-records': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'kafka-console-consumer.sh': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
};

/** A shell in which Kafka's tools are installed, so that a command can be run as a person would paste it. */
export class ToolShell {
  readonly folder: string;

  static async open(): Promise<ToolShell> {
    const folder = await mkdtemp(join(tmpdir(), 'tools-'));
    deleteAtExit(folder);
    const home = await kafkaHome();
    const options = quickStartOptions(home).map((option) => `'${option}'`);
    const java = await javaCommand();
    for (const [name, mainClass] of Object.entries(tools)) {
      const file = join(folder, name);
      await writeFile(
        file,
        `#!/bin/sh\nexec '${java}' -Xmx256m ${options.join(' ')} -cp '${join(home, 'libs', '*')}' ${mainClass} "$@"\n`,
      );
      await chmod(file, 0o755);
    }
    return new ToolShell(folder);
  }

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Throws where the command ends with an error, or prints one as these tools do. */
  async run(command: string): Promise<Output> {
    const output = await this.tryRun(command);
    if (output.code !== 0 || /^Error: /m.test(output.stdout)) {
      throw new Error(`${command}\n${output.stdout}${output.stderr}`);
    }
    return output;
  }

  tryRun(command: string): Promise<Output> {
    const env = { ...process.env, PATH: `${this.folder}${delimiter}${process.env['PATH']}` };
    return runProcess('sh', ['-c', command], { cwd: this.folder, env, timeoutMs: 120_000 });
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
