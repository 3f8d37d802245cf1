import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaHome, KAFKA_VERSION } from './kafkaHome.ts';
import { KafkaNode, type NodePlace } from './kafkaNode.ts';
import { freePorts } from './ports.ts';
import { deleteAtExit } from './processes.ts';

export { kafkaHome, KAFKA_VERSION } from './kafkaHome.ts';
export { runTool, spawnTool } from './kafkaTool.ts';

export interface KafkaOptions {
  /** Of Kafka, 2.8.2 or newer. A node of 2.8.2 cannot be started again: KRaft was a preview there. */
  readonly version?: string;
  /** How many nodes, each of them broker and controller; 1 where left out. */
  readonly brokers?: number;
  /** Added to, or in place of, what is set by default; a function where nodes differ. */
  readonly properties?: Properties | ((node: NodePlace) => Properties);
  /** Kept, and used again the next time; data are temporary where left out. */
  readonly dataDir?: string;
  /** Where clients connect, one a broker; free ones where left out. */
  readonly ports?: readonly number[];
  /**
   * After how many milliseconds a node that says nothing is taken for dead, which costs it its partitions. 30,000 where left out: longer than a
   * busy machine has one stand still. One that was killed may not register again before.
   */
  readonly deadAfterMs?: number;
  /** Java's heap of each broker, 512m where left out. */
  readonly heap?: string;
  /** More options of Java for each broker. */
  readonly jvm?: readonly string[];
  readonly progress?: (text: string) => void;
}

export type Properties = Readonly<Record<string, string>>;

/** A real Apache Kafka (KRaft) on 127.0.0.1. It ends with this process at the latest, however that ends. */
export class Kafka {
  readonly version: string;
  readonly nodes: readonly KafkaNode[];
  readonly #folder: string;
  readonly #temporary: boolean;

  constructor(version: string, nodes: readonly KafkaNode[], folder: string, temporary: boolean) {
    this.version = version;
    this.nodes = nodes;
    this.#folder = folder;
    this.#temporary = temporary;
  }

  /** host:port of every node, joined by commas. */
  get bootstrap(): string {
    return this.nodes.map((node) => `${node.host}:${node.port}`).join(',');
  }

  /** What the node has logged so far, over all its starts. */
  log(id: number): string {
    return readFileSync(this.#node(id).logFile, 'utf8');
  }

  /** Ends the node at once, as a crash would. */
  async kill(id: number): Promise<void> {
    await this.#node(id).kill();
  }

  /** Shuts the node down in good order. */
  async stopNode(id: number): Promise<void> {
    await this.#node(id).stop();
  }

  /** Starts a node that is down, with the port and the data it had; resolves when it serves. */
  async startNode(id: number): Promise<void> {
    await this.#node(id).start();
  }

  /** Ends all nodes. Temporary data are deleted, and not worth an orderly end. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => (this.#temporary ? node.kill() : node.stop())));
    if (this.#temporary) await rm(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #node(id: number): KafkaNode {
    const node = this.nodes.find((each) => each.id === id);
    if (node === undefined) throw new RangeError(`There is no node ${id}.`);
    return node;
  }
}

/** Starts a Kafka, fetching it first where needed; resolves when all its nodes serve. */
export async function startKafka(options: KafkaOptions = {}): Promise<Kafka> {
  const {
    version = KAFKA_VERSION,
    brokers = options.ports?.length ?? 1,
    properties = {},
    heap = '512m',
    jvm = [],
    deadAfterMs = 30_000,
  } = options;
  const home = await kafkaHome(version, options.progress);
  const folder = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'kafka-')));
  if (options.dataDir === undefined) deleteAtExit(folder);
  const ports = options.ports ?? (await freePorts(brokers));
  const controllerPorts = await freePorts(brokers);
  const places = ports.map((port, index): NodePlace => {
    const controllerPort = controllerPorts[index] ?? 0;
    return { id: index + 1, host: '127.0.0.1', port, controllerPort, folder: join(folder, String(index + 1)) };
  });
  const nodes = places.map((place) => {
    const own = typeof properties === 'function' ? properties(place) : properties;
    return new KafkaNode(home, place, { ...defaults(place, places, deadAfterMs), ...own }, [`-Xmx${heap}`, ...jvm]);
  });
  const kafka = new Kafka(version, nodes, folder, options.dataDir === undefined);
  try {
    await mkdir(folder, { recursive: true });
    await Promise.all(nodes.map((node) => node.format()));
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await Promise.all(nodes.map((node) => node.kill()));
    await kafka.stop();
    throw error;
  }
  return kafka;
}

function defaults(place: NodePlace, all: readonly NodePlace[], deadAfterMs: number): Properties {
  const factor = String(Math.min(all.length, 3));
  const minimum = all.length > 1 ? '2' : '1';
  return {
    'process.roles': 'broker,controller',
    'node.id': String(place.id),
    'controller.quorum.voters': all.map((each) => `${each.id}@${each.host}:${each.controllerPort}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${place.host}:${place.port},CONTROLLER://${place.host}:${place.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${place.host}:${place.port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT',
    'log.dirs': join(place.folder, 'data'),
    'offsets.topic.replication.factor': factor,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': minimum,
    'share.coordinator.state.topic.replication.factor': factor,
    'share.coordinator.state.topic.min.isr': minimum,
    'group.initial.rebalance.delay.ms': '0',
    // Tests write records with times of long ago, which a broker deletes half a minute after its start, and each five minutes from then on.
    'log.retention.hours': '-1',
    'broker.session.timeout.ms': String(deadAfterMs),
    'broker.heartbeat.interval.ms': '500',
  };
}
