import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { spawnTool } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';

export interface VerifiableOptions {
  readonly bootstrap: string;
  readonly topic: string;
  readonly group: string;
  readonly clientId: string;
  readonly instanceId?: string;
  readonly protocol?: 'CLASSIC' | 'CONSUMER';
  /** Full class name of an assignor, of the classic protocol. */
  readonly assignor?: string;
  /** A folder for its settings. */
  readonly folder: string;
  readonly sessionTimeoutMs?: number;
  readonly settings?: Readonly<Record<string, string>>;
}

/** What a member says of itself, on its own clock, which is this machine's. */
export interface MemberEvent {
  readonly name: string;
  readonly timestamp: number;
  readonly partitions?: readonly { readonly topic: string; readonly partition: number }[];
}

/** Kafka's own VerifiableConsumer: a real Java member that prints what it is given and what it gives up. */
export class VerifiableConsumer {
  readonly clientId: string;
  readonly events: MemberEvent[] = [];
  readonly #child: ChildProcess;

  static async start(options: VerifiableOptions): Promise<VerifiableConsumer> {
    const { bootstrap, topic, group, clientId, instanceId, protocol = 'CLASSIC', assignor, folder } = options;
    const file = join(folder, `${clientId}.properties`);
    const settings = { 'client.id': clientId, 'heartbeat.interval.ms': '500', ...options.settings };
    // The new protocol takes the broker's interval.
    const lines = Object.entries(settings).filter(
      ([name]) => protocol === 'CLASSIC' || name !== 'heartbeat.interval.ms',
    );
    await writeFile(file, lines.map(([name, value]) => `${name}=${value}\n`).join(''));
    const args = ['--bootstrap-server', bootstrap, '--topic', topic, '--group-id', group, '--consumer.config', file];
    args.push('--group-protocol', protocol, '--reset-policy', 'earliest');
    if (protocol === 'CLASSIC') args.push('--session-timeout', String(options.sessionTimeoutMs ?? 6_000));
    if (assignor !== undefined) args.push('--assignment-strategy', assignor);
    if (instanceId !== undefined) args.push('--group-instance-id', instanceId);
    const child = await spawnTool('org.apache.kafka.tools.VerifiableConsumer', args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      jvm: ['-Xmx128m'],
    });
    return new VerifiableConsumer(clientId, child);
  }

  private constructor(clientId: string, child: ChildProcess) {
    this.clientId = clientId;
    this.#child = child;
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.startsWith('{')) this.events.push(JSON.parse(line) as MemberEvent);
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** What it has been given and has not given up, as it says, such as `orders-3`. */
  get owned(): ReadonlySet<string> {
    const owned = new Set<string>();
    for (const { name, partitions = [] } of this.events) {
      for (const { topic, partition } of partitions) {
        if (name === 'partitions_assigned') owned.add(`${topic}-${partition}`);
        if (name === 'partitions_revoked' || name === 'partitions_lost') owned.delete(`${topic}-${partition}`);
      }
    }
    return owned;
  }

  /** As an orderly deployment ends it: a dynamic member says goodbye, for which a busy machine is given time. */
  close(): Promise<void> {
    return endProcess(this.#child, 60_000);
  }

  /** As a crash ends it. */
  kill(): Promise<void> {
    return endProcess(this.#child, 0);
  }
}
