import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { javaCommand } from './java.ts';
import { loggingOptions, quickStartOptions } from './kafkaHome.ts';
import { endProcess, isRunning, runProcess, startProcess } from './processes.ts';

/** How long a node may take to come up or to go down, on a machine that is busy with others. */
const PATIENCE_MS = 120_000;
/** Any; nodes find one another by their ports. */
const CLUSTER_ID = 'bG9jYWwta2Fma2EtZGVidQ';
/** What a node logs, in either order, when it serves; the first alone comes too early on Kafka 2.8. */
const SERVES = ['Kafka Server started', 'The broker has been unfenced'];

/** Where a node is and keeps its things. */
export interface NodePlace {
  /** From 1. */
  readonly id: number;
  readonly host: string;
  /** Where clients connect. */
  readonly port: number;
  readonly controllerPort: number;
  /** Its data, log and properties. */
  readonly folder: string;
}

/** One Kafka process that can be stopped and started again. */
export class KafkaNode implements NodePlace {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly folder: string;
  readonly logFile: string;
  readonly #home: string;
  readonly #properties: Readonly<Record<string, string>>;
  readonly #jvm: readonly string[];
  #child: ChildProcess | undefined;

  /** @param jvm Java's options for the broker itself. */
  constructor(home: string, place: NodePlace, properties: Readonly<Record<string, string>>, jvm: readonly string[]) {
    this.id = place.id;
    this.host = place.host;
    this.port = place.port;
    this.controllerPort = place.controllerPort;
    this.folder = place.folder;
    this.logFile = join(place.folder, 'kafka.log');
    this.#home = home;
    this.#properties = properties;
    this.#jvm = jvm;
  }

  /** Of the Java process; 0 while there is none. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Writes the node's properties, and prepares its data folder where it is new. */
  async format(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    // A properties file reads a backslash as an escape.
    const lines = Object.entries(this.#properties).map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}`);
    await writeFile(this.#propertiesFile, `${lines.join('\n')}\n`);
    if (existsSync(join(this.folder, 'data', 'meta.properties'))) return;
    const args = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', this.#propertiesFile];
    const output = await runProcess(await javaCommand(), [...this.#javaArgs('tool'), ...args]);
    if (output.code !== 0) throw new Error(`Kafka's storage could not be formatted:\n${output.stdout}${output.stderr}`);
  }

  /** Resolves when the node serves. */
  async start(): Promise<void> {
    if (this.#child !== undefined) throw new Error(`Node ${this.id} runs already.`);
    const before = existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').length : 0;
    // Straight into a file: a broker must not block on a pipe because the one who started it is busy.
    const log = openSync(this.logFile, 'a');
    const args = [...this.#javaArgs('broker'), 'kafka.Kafka', this.#propertiesFile];
    const child = startProcess(await javaCommand(), args, { stdio: ['ignore', log, log], cwd: this.folder });
    closeSync(log);
    this.#child = child;
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const text = readFileSync(this.logFile, 'utf8').slice(before);
      if (SERVES.every((line) => text.includes(line))) return;
      if (!isRunning(child) || Date.now() > deadline) {
        await this.kill();
        throw new Error(`Kafka node ${this.id} did not start. The end of its log:\n${text.slice(-3000)}`);
      }
      await delay(50);
    }
  }

  /** Shuts it down in good order. */
  async stop(): Promise<void> {
    await this.#end(PATIENCE_MS);
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#end(0);
  }

  async #end(graceMs: number): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    await endProcess(child, graceMs);
    this.#child = undefined;
  }

  get #propertiesFile(): string {
    return join(this.folder, 'server.properties');
  }

  #javaArgs(logging: 'broker' | 'tool'): string[] {
    return [
      ...quickStartOptions(this.#home),
      ...(logging === 'broker' ? this.#jvm : []),
      ...loggingOptions(logging),
      '-cp',
      join(this.#home, 'libs', '*'),
    ];
  }
}
