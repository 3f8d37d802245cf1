import { spawnSync } from 'node:child_process';
import { HumanError } from '../src/shared/errors.ts';
import { KAFKA_VERSION } from './kafkaHome.ts';
import { endProcess, startProcess } from './processes.ts';

/** How long the image may take to be fetched and the broker to come up. */
const PATIENCE_MS = 600_000;

export function hasDocker(): boolean {
  return spawnSync('docker', ['version'], { stdio: 'ignore', windowsHide: true }).status === 0;
}

/**
 * The command line of a single node from the official image. The container's shell waits for the end of its standard input,
 * which is ours: the broker ends with this process, however that ends.
 */
export function dockerArgs(port: number, version: string = KAFKA_VERSION): string[] {
  const settings: Record<string, string> = {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  };
  return [
    ...['run', '--rm', '--interactive', '--publish', `127.0.0.1:${port}:${port}`],
    ...Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...['--entrypoint', 'bash', `apache/kafka:${version}`],
    ...['-c', '/etc/kafka/docker/run & broker=$!; cat >/dev/null; kill $broker; wait $broker'],
  ];
}

/** Starts it; resolves when it serves. */
export async function startKafkaInDocker(
  port: number,
  progress: (text: string) => void,
): Promise<{ readonly bootstrap: string; stop(): Promise<void> }> {
  const child = startProcess('docker', dockerArgs(port), { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string) => {
      void endProcess(child, 0);
      const advice = 'Install Java 17 and Maven instead, or name a Kafka of your own with --bootstrap host:port.';
      reject(new HumanError(`Kafka in Docker ${why}.\n${log.slice(-2000)}`, advice));
    };
    const timer = setTimeout(() => fail(`did not start within ${PATIENCE_MS / 60_000} minutes`), PATIENCE_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-20_000);
        progress(text.trim().split('\n').at(-1)?.slice(0, 60) ?? '');
        if (!log.includes('Kafka Server started')) return;
        clearTimeout(timer);
        resolve();
      });
    }
    child.once('error', (error) => fail(`could not be run (${error.message})`));
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    });
  });
  return {
    bootstrap: `127.0.0.1:${port}`,
    async stop() {
      child.stdin?.end();
      await endProcess(child, 10_000);
    },
  };
}
