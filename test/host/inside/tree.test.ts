import assert from 'node:assert/strict';
import { connect, createServer, type Server } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension.ts';
import type { Outline } from '../../../src/ui/tree/outline.ts';
import { until } from '../../support/until.ts';

const bootstrap = process.env['KAFKA_BOOTSTRAP']!;
const topic = 'tree-in-host';
const groups = ['tree-in-host-behind', 'tree-in-host-even'] as const;

function setClusters(clusters: unknown): Thenable<void> {
  const configuration = vscode.workspace.getConfiguration();
  return configuration.update('kafkaDebugger.clusters', clusters, vscode.ConfigurationTarget.Global);
}

/** All rows on show, a line each. */
function lines(outlines: readonly Outline[]): string[] {
  return outlines.flatMap((one) => (typeof one === 'string' ? [one] : lines(one)));
}

describe('the tree in VS Code', () => {
  let api: ExtensionApi;
  const shown = (): string[] => lines(api.tree());
  const untilShown = (what: RegExp): Promise<void> =>
    until(`${what} is shown`, () => shown().some((line) => what.test(line)), 60_000).catch((error: unknown) => {
      throw new Error(`Shown was:\n${shown().join('\n')}`, { cause: error });
    });

  before(async () => {
    const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2 }] });
    const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    const messages = Array.from({ length: 20 }, (_, index) => ({ partition: index % 2, value: `${index}` }));
    await producer.send({ topic, messages });
    await producer.disconnect();
    for (const [groupId, offset] of [
      [groups[0], '3'],
      [groups[1], '10'],
    ] as const) {
      await admin.setOffsets({ groupId, topic, partitions: [0, 1].map((partition) => ({ partition, offset })) });
    }
    await admin.disconnect();
    const extension = vscode.extensions.getExtension<ExtensionApi>('kafka-consumer-debugger.kafka-consumer-debugger');
    api = await extension!.activate();
    await setClusters(undefined);
    await vscode.commands.executeCommand('workbench.view.extension.kafkaDebugger');
  });

  after(async () => {
    await setClusters(undefined);
    api.options.set({ filter: '' });
  });

  it('is empty, for the welcome to show, without clusters', async () => {
    await until('the tree is empty', () => api.tree().length === 0);
  });

  it('shows the groups of a cluster that was written into the settings, without being asked', async () => {
    await setClusters([{ name: 'here', bootstrapServers: [bootstrap] }]);
    await untilShown(/^here: 1 broker, Kafka \d/);
    await untilShown(/^tree-in-host-behind: Empty, lag 14$/);
    await untilShown(/^tree-in-host-even: Empty, lag 0$/);
  });

  it('shows what is below a group when it is expanded, and not before', async () => {
    assert.ok(!shown().some((line) => line.startsWith('Unassigned')));
    await api.clusters.reveal('group/here/tree-in-host-behind');
    await untilShown(/^Unassigned: lag 14, 2 partitions$/);
    await api.clusters.reveal('unassigned/here/tree-in-host-behind');
    await untilShown(/^tree-in-host-0: lag 7, at 3 of 10$/);
  });

  it('copies what is selected, by name and as JSON with exact figures', async () => {
    await api.clusters.reveal('group/here/tree-in-host-behind');
    await until('the group is selected', () => api.clusters.selection.some((ref) => ref.kind === 'group'));
    await vscode.commands.executeCommand('kafkaDebugger.copyName');
    assert.equal(await vscode.env.clipboard.readText(), 'tree-in-host-behind');
    await vscode.commands.executeCommand('kafkaDebugger.copyJson');
    const copied = JSON.parse(await vscode.env.clipboard.readText()) as { lag: number; partitions: unknown[] };
    assert.equal(copied.lag, 14);
    assert.equal(copied.partitions.length, 2);
  });

  it('reads the offsets of a topic that nobody reads when it is expanded', async () => {
    await api.clusters.reveal('topics/here');
    await untilShown(/^tree-in-host: 2 partitions, 2 groups$/);
    await api.clusters.reveal('topic/here/tree-in-host');
    await untilShown(/^Partition 1: offsets 0 to 10, leader \d+$/);
  });

  it('leaves what the filter wants, and all again when it is cleared', async () => {
    api.options.set({ filter: 'HOST even' });
    await until('one group is left', () => {
      const groupRows = shown().filter((line) => line.startsWith('tree-in-host-'));
      return groupRows.length === 1 && groupRows[0]!.startsWith('tree-in-host-even');
    });
    await untilShown(/^Consumer groups: 1 of \d+/);
    await vscode.commands.executeCommand('kafkaDebugger.clearFilter');
    await untilShown(/^tree-in-host-behind/);
  });

  it('shows an entry of the settings that is wrong beside the good ones', async () => {
    await setClusters([{ name: 'here', bootstrapServers: [bootstrap] }, { name: 'wrong' }]);
    await untilShown(/^wrong: invalid in the settings: .*bootstrapServers/);
    await untilShown(/^tree-in-host-behind/);
  });

  it('takes a cluster away, and its rows, when it is disconnected', async () => {
    await vscode.commands.executeCommand('kafkaDebugger.disconnect', { cluster: 'here' });
    await untilShown(/^here: not connected$/);
    assert.ok(!shown().some((line) => line.startsWith('tree-in-host')));
    await vscode.commands.executeCommand('kafkaDebugger.connect', { cluster: 'here' });
    await untilShown(/^here: 1 broker/);
  });

  it('says why a cluster cannot be reached, and shows it by itself once it can be', async () => {
    const [host, port] = [bootstrap.replace(/:\d+$/, ''), Number(bootstrap.replace(/^.*:/, ''))];
    const door = createServer((socket) => {
      const through = connect(port, host);
      socket.pipe(through).pipe(socket);
      socket.on('error', () => through.destroy());
      through.on('error', () => socket.destroy());
    });
    const closed = await closedPort();
    try {
      await setClusters([{ name: 'later', bootstrapServers: [`127.0.0.1:${closed}`] }]);
      await vscode.commands.executeCommand('kafkaDebugger.connect', { cluster: 'later' });
      await untilShown(/^later: not reachable$/);
      await untilShown(new RegExp(`127\\.0\\.0\\.1:${closed}`));
      await new Promise<void>((resolve) => door.listen(closed, '127.0.0.1', resolve));
      await untilShown(/^later: 1 broker/);
      await untilShown(/^tree-in-host-behind/);
      assert.ok(!shown().some((line) => line.includes(String(closed))));
    } finally {
      door.close();
    }
  });
});

/** A port on which nothing listens now. */
async function closedPort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
