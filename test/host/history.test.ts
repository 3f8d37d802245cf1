/** What a fresh editor tells of hours in which it was not open: real members, their own events against the page, and a broker's log laid on it. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Kafka as Client, logLevel, type Producer } from 'kafkajs';
import type { Frame, Page } from 'playwright-core';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { until } from '../support/until.ts';
import { VerifiableConsumer, type MemberEvent, type VerifiableOptions } from '../support/verifiableConsumer.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import { openSideBar, shows } from './screen.ts';
import { choose, pick, saveAs } from './tailScreen.ts';

const quickInput = '.quick-input-widget .quick-input-box input';
const partitions = 4;
/** Longer than a static member's restart takes on a busy machine. */
const sessionTimeoutMs = 9_000;
const words = /session timed out|static member came back|joined|left|cause unknown|poll timed out/;

describe('history of real members in a fresh editor', { timeout: 400_000 }, () => {
  let broker: Kafka;
  let producer: Producer;
  let producing: NodeJS.Timeout;
  let folder: string;
  let workbench: Workbench;
  let page: Page;
  let history: Frame;
  const members: VerifiableConsumer[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'history-host-'));
    broker = await startKafka({
      properties: {
        'offsets.topic.num.partitions': '5',
        'group.consumer.min.session.timeout.ms': '6000',
        'group.consumer.session.timeout.ms': '6000',
        'group.consumer.min.heartbeat.interval.ms': '500',
        'group.consumer.heartbeat.interval.ms': '500',
      },
    });
    const client = new Client({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({
      topics: ['classic', 'modern'].map((topic) => ({ topic, numPartitions: partitions })),
    });
    await admin.disconnect();
    producer = client.producer();
    await producer.connect();
    // Members that read commit, which is how one knows that they lived.
    producing = setInterval(() => {
      const messages = Array.from({ length: partitions }, (_, partition) => ({ partition, value: 'x' }));
      producer
        .sendBatch({ topicMessages: ['classic', 'modern'].map((topic) => ({ topic, messages })) })
        .catch(() => undefined);
    }, 300);
    await Promise.all([classicMembers(), modernMembers()]);
    // Only now is there an editor.
    workbench = await openWorkbench({
      clusters: [{ name: 'local', bootstrapServers: [broker.bootstrap] }],
      settings: { 'kafkaDebugger.refreshIntervalSeconds': 1 },
    });
    page = workbench.page;
    await openSideBar(workbench);
    for (const group of ['g-classic', 'g-modern']) await shows(page, new RegExp(`^${group}, `));
  });

  after(async () => {
    await workbench?.close();
    clearInterval(producing);
    await Promise.all(members.map((member) => member.kill()));
    await producer?.disconnect();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Scaled up, one crashed and restarted, scaled down, one with an instance id restarted. */
  async function classicMembers(): Promise<void> {
    const assignor = 'org.apache.kafka.clients.consumer.RangeAssignor';
    const one = await joined('classic', 'one', { assignor });
    await shared(one);
    const two = await joined('classic', 'two', { assignor });
    await shared(one, two);
    // One that dies before its first commits cannot be told from one that left.
    await until('the second one commits', () => two.events.filter(committed).length > 5, 60_000);
    await two.kill();
    await shared(one);
    const restarted = await joined('classic', 'two', { assignor });
    await shared(one, restarted);
    await restarted.close();
    await shared(one);
    const pod = await joined('classic', 'pod', { assignor, instanceId: 'pod-1' });
    await shared(one, pod);
    await pod.close();
    const again = await joined('classic', 'pod', { assignor, instanceId: 'pod-1' });
    await shared(one, again);
  }

  async function modernMembers(): Promise<void> {
    const one = await joined('modern', 'one', { protocol: 'CONSUMER' });
    await shared(one);
    const two = await joined('modern', 'two', { protocol: 'CONSUMER' });
    await shared(one, two);
    await two.close();
    await shared(one);
  }

  async function joined(
    topic: string,
    clientId: string,
    more: Partial<VerifiableOptions>,
  ): Promise<VerifiableConsumer> {
    const own = { bootstrap: broker.bootstrap, topic, group: `g-${topic}`, clientId: `${topic}-${clientId}`, folder };
    const member = await VerifiableConsumer.start({ ...own, sessionTimeoutMs, ...more });
    members.push(member);
    return member;
  }

  /** All partitions are owned by these, evenly. */
  async function shared(...by: VerifiableConsumer[]): Promise<void> {
    const each = partitions / by.length;
    const names = by.map(({ clientId }) => clientId).join(', ');
    await until(`${names} own all`, () => by.every(({ owned }) => owned.size === each), 60_000);
  }

  it('tells what classic members did before it was opened, in order, each with its cause', async () => {
    history = await opened('g-classic');
    await until('all rebalances are listed', async () => (await causes()).length >= 7);
    await workbench.screenshot('history-classic');
    assert.deepEqual(await causes(), [
      'joined',
      'joined',
      'session timed out',
      'joined',
      'left',
      'joined',
      'static member came back',
    ]);
  });

  it('says who owned what as the members say it themselves', async () => {
    assert.deepEqual(await toldByExport('g-classic'), toldByMembers('classic'));
  });

  it('does so for members of KIP-848', async () => {
    history = await opened('g-modern');
    await until('all rebalances are listed', async () => (await causes()).length >= 3);
    await workbench.screenshot('history-modern');
    assert.deepEqual(await causes(), ['joined', 'joined', 'left']);
    assert.deepEqual(await toldByExport('g-modern'), toldByMembers('modern'));
  });

  it("lays a broker's log on it, and goes from a rebalance to the line that tells of it", async () => {
    const [node] = broker.nodes;
    await workbench.runCommand('Kafka: Open Broker or Client Log');
    const name = page.locator(quickInput);
    await until('files are asked for', async () => (await name.inputValue()).includes('/'));
    await until('the file is taken', async () => {
      await name.fill(node!.logFile);
      await page.keyboard.press('Enter');
      return name.waitFor({ state: 'hidden', timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    });
    const told = page.locator('.notification-toast', { hasText: /kafka\.log: [\d,]+ lines of 2 groups between/ });
    await told.waitFor();
    await workbench.screenshot('history-log');
    await told.getByRole('button', { name: 'Open Assignment History' }).click();
    await pick(page, 'g-classic');
    history = await shown('g-classic');
    const crash = history.locator('.rebalances .lines > .line', { hasText: 'session timed out' });
    await until('the log makes it a fact', async () => !(await crash.innerText()).includes('inference'));
    await crash.click();
    const line = history.locator('.rebalance-details .log-line').first();
    await line.waitFor();
    await workbench.screenshot('history-log-details');
    const number = Number((/Line ([\d,]+) of/.exec(await line.innerText())?.[1] ?? '').replaceAll(',', ''));
    const text = (await line.locator('code').innerText()).trim();
    assert.match(text, /g-classic/);
    assert.equal((await readFile(node!.logFile, 'utf8')).split('\n')[number - 1]?.startsWith(text.slice(0, 60)), true);
    await line.getByRole('button').click();
    await page.locator('.tab.active', { hasText: 'kafka.log' }).waitFor();
    await page.locator('.statusbar-item', { hasText: `Ln ${number}, Col 1` }).waitFor();
  });

  /** The words of the causes in the list, oldest first; steps that only follow from another are left out. */
  async function causes(): Promise<string[]> {
    const lines = await history.locator('.rebalances .lines > .line').all();
    const rows = await Promise.all(
      lines.map(async (line) => ({
        index: Number(await line.getAttribute('data-index')),
        text: await line.innerText(),
      })),
    );
    return rows
      .sort((a, b) => b.index - a.index)
      .filter(({ text }) => !text.includes('second step'))
      .map(({ text }) => words.exec(text)?.[0] ?? text);
  }

  async function opened(group: string): Promise<Frame> {
    await workbench.runCommand('Kafka: Open Assignment History');
    await pick(page, group);
    return shown(group);
  }

  async function shown(group: string): Promise<Frame> {
    const frame = await workbench.webview(`kafka-assignments-page .crumbs[aria-label$=" > ${group}"]`);
    await frame.locator('.lanes-base').waitFor();
    return frame;
  }

  /** Partition to client ids in the order in which they owned it, as the page's export has it. */
  async function toldByExport(group: string): Promise<Record<string, string[]>> {
    await choose(history, 'Export', 'JSON, the whole history');
    const file = join(folder, `${group}.json`);
    await saveAs(page, `${group}-assignments.json`, file);
    await page.locator('.notification-toast', { hasText: `Written to ${group}.json.` }).waitFor();
    const read = JSON.parse(await readFile(file, 'utf8')) as Exported;
    const clients = new Map(read.members.map(({ id, clientId }) => [id, clientId]));
    const owners: Record<string, string[]> = {};
    for (const { partition, member } of read.spans) {
      if (member !== undefined) add(owners, partition, clients.get(member)!);
    }
    return owners;
  }

  function toldByMembers(topic: string): Record<string, string[]> {
    const all = members
      .filter(({ clientId }) => clientId.startsWith(topic))
      .flatMap(({ clientId, events }) => events.map((event) => ({ clientId, ...event })));
    const owners: Record<string, string[]> = {};
    for (const { clientId, name, partitions: given = [] } of all.sort((a, b) => a.timestamp - b.timestamp)) {
      if (name === 'partitions_assigned') for (const { partition } of given) add(owners, partition, clientId);
    }
    return owners;
  }

  function add(owners: Record<string, string[]>, partition: number, clientId: string): void {
    const own = (owners[partition] ??= []);
    if (own.at(-1) !== clientId) own.push(clientId);
  }
});

function committed({ name }: MemberEvent): boolean {
  return name === 'offsets_committed';
}

interface Exported {
  readonly members: readonly { readonly id: string; readonly clientId: string }[];
  readonly spans: readonly { readonly partition: number; readonly member?: string }[];
}
