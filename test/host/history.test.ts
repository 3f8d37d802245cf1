/** What a fresh editor tells of hours in which it was not open: real members, their own events against the page, and a broker's log laid on it. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Kafka as Client, logLevel, type Producer } from 'kafkajs';
import type { Frame, Page } from 'playwright-core';
import { Cluster } from '../../src/kafka/cluster.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { spawnTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { freeze } from '../support/freeze.ts';
import { until } from '../support/until.ts';
import { VerifiableConsumer, type MemberEvent, type VerifiableOptions } from '../support/verifiableConsumer.ts';
import { openWorkbench, type Workbench } from './harness.ts';
import { commandWithChoice, insist, openSideBar, pick, quickInput, reads, shows } from './screen.ts';
import { answerWithPath, choose, saveAs } from './tailScreen.ts';

const partitions = 4;
/** Longer than a static member's restart takes on a busy machine, or than a broker may stand still. */
const sessionTimeoutMs = 15_000;
const words = /session timed out|static member came back|joined|left|cause unknown|poll timed out|partitions changed/;

describe('history of real members in a fresh editor', { timeout: 400_000 }, () => {
  let broker: Kafka;
  let cluster: Cluster;
  let producer: Producer;
  let producing: NodeJS.Timeout;
  let folder: string;
  let workbench: Workbench;
  let page: Page;
  let history: Frame;
  const members: VerifiableConsumer[] = [];
  const sharers: ChildProcess[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'history-host-'));
    broker = await startKafka({
      properties: {
        'offsets.topic.num.partitions': '5',
        'group.consumer.min.session.timeout.ms': '6000',
        // Nobody of that protocol dies here.
        'group.consumer.session.timeout.ms': '45000',
        'group.consumer.min.heartbeat.interval.ms': '500',
        'group.consumer.heartbeat.interval.ms': '500',
        'group.share.min.session.timeout.ms': '6000',
        'group.share.session.timeout.ms': String(sessionTimeoutMs),
        'group.share.min.heartbeat.interval.ms': '500',
        'group.share.heartbeat.interval.ms': '500',
      },
    });
    cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
    const client = new Client({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({
      topics: ['classic', 'modern', 'share'].map((topic) => ({ topic, numPartitions: partitions })),
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
    await Promise.all([classicMembers(), modernMembers(), shareMembers()]);
    // Only now is there an editor.
    workbench = await openWorkbench({
      clusters: [{ name: 'local', bootstrapServers: [broker.bootstrap] }],
      settings: { 'kafkaDebugger.refreshIntervalSeconds': 1 },
    });
    page = workbench.page;
    await openSideBar(workbench);
    for (const group of ['g-classic', 'g-modern', 'g-share']) await shows(page, new RegExp(`^${group}, `));
  });

  after(async () => {
    await workbench?.close();
    clearInterval(producing);
    await Promise.all([...members.map((member) => member.kill()), ...sharers.map((one) => endProcess(one, 0))]);
    await producer?.disconnect();
    cluster?.close();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Scaled up, one crashed and restarted, scaled down, one with an instance id restarted, one paused past its session time-out. */
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
    await until('the static one commits', () => again.events.filter(committed).length > 5, 60_000);
    await freeze(again.pid);
    await shared(one);
    process.kill(again.pid, 'SIGCONT');
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

  /** Two, of which one crashes. What each of them has, nobody but the cluster tells. */
  async function shareMembers(): Promise<void> {
    await sharer();
    const two = await sharer();
    await endProcess(two, 0);
    await described(1);
    await sharer();
  }

  async function sharer(): Promise<ChildProcess> {
    const args = ['--bootstrap-server', broker.bootstrap, '--topic', 'share', '--group-id', 'g-share'];
    const jvm = ['-Xmx128m'];
    const one = await spawnTool('org.apache.kafka.tools.VerifiableShareConsumer', args, { stdio: 'ignore', jvm });
    sharers.push(one);
    await described(sharers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).length);
    return one;
  }

  /** So many share members own something. */
  async function described(count: number): Promise<void> {
    await until(
      `g-share has ${count} members`,
      async () => {
        const owned = (await collectSnapshot(cluster)).groups.get('g-share')?.members.map(({ assignment }) => {
          return 'value' in assignment ? assignment.value.length : 0;
        });
        return owned?.length === count && owned.every((one) => one > 0);
      },
      90_000,
    );
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
    await assertCauses('history-classic', [
      'joined',
      'joined',
      'session timed out',
      'joined',
      'left',
      'joined',
      'static member came back',
      'session timed out',
      'joined',
    ]);
  });

  it('says who owned what as the members say it themselves', async () => {
    assert.deepEqual(await toldByExport('g-classic'), toldByMembers('classic'));
  });

  it('does so for members of KIP-848', async () => {
    history = await opened('g-modern');
    await assertCauses('history-modern', ['joined', 'joined', 'left']);
    assert.deepEqual(await toldByExport('g-modern'), toldByMembers('modern'));
  });

  it('does so for members of a share group, who own partitions together', async () => {
    history = await opened('g-share');
    await assertCauses('history-share', ['joined', 'joined', 'session timed out', 'joined'], ['partitions changed']);
  });

  it("lays a broker's log on it, and goes from a rebalance to the line that tells of it", async () => {
    const [node] = broker.nodes;
    const packed = join(folder, 'packed.log.gz');
    await writeFile(packed, gzipSync(await readFile(node!.logFile)));
    await takeFile('Kafka: Open Broker or Client Log', packed);
    const told = page.locator('.notification-toast', { hasText: /packed\.log\.gz: [\d,]+ lines of 3 groups between/ });
    // What the mouse is over stays.
    await told.hover();
    await workbench.screenshot('history-log');
    await told.getByRole('button', { name: 'Open Assignment History' }).click();
    await pick(page, 'g-classic');
    history = await shown('g-classic');
    const crash = history.locator('.rebalances .lines > .line', { hasText: 'session timed out' }).last();
    await until('the log makes it a fact', async () => !(await crash.innerText()).includes('inference'), 60_000);
    const line = history.locator('.rebalance-details .log-line').first();
    await insist('its details are open', () => crash.click({ timeout: 5_000 }), line);
    await workbench.screenshot('history-log-details');
    const number = Number((/, line ([\d,]+)/.exec(await line.innerText())?.[1] ?? '').replaceAll(',', ''));
    const text = (await line.locator('code').innerText()).trim();
    assert.match(text, /g-classic/);
    assert.equal((await readFile(node!.logFile, 'utf8')).split('\n')[number - 1]?.startsWith(text.slice(0, 60)), true);
    await line.getByRole('button').click();
    // As text, not as the bytes of the packed file.
    await page.locator('.tab.active', { hasText: 'packed.log.gz' }).waitFor();
    await page.locator('.statusbar-item', { hasText: `Ln ${number}, Col 1` }).waitFor();
    await page
      .locator('.view-line', { hasText: text.slice(0, 40).replaceAll(' ', '\u00a0') })
      .first()
      .waitFor();
  });

  it('goes from a line of the log to its rebalance, and lists the lines on the page', async () => {
    const line = page.locator('.view-line', { hasText: 'g-classic\u00a0has\u00a0failed' }).first();
    // The editor draws a link in pieces, and those beside the cursor anew: a click that hits nothing is made on the next one, without the
    // hover that the last one may have left over it, and every other time the link at the cursor is opened by its command.
    const pieces = line.locator('.detected-link');
    await pieces.first().waitFor();
    let tries = 0;
    await until(
      'the line is followed',
      async () => {
        try {
          await page.keyboard.press('Escape');
          await page.mouse.move(5, 5);
          const piece = pieces.nth(tries % (await pieces.count()));
          if (tries++ % 2 === 0) {
            await piece.click({ modifiers: ['ControlOrMeta'], timeout: 3_000 });
          } else {
            await piece.click({ timeout: 3_000 });
            await workbench.runCommand('Open Link');
          }
          await page.locator('.tab.active', { hasText: 'g-classic - Assignment history' }).waitFor({ timeout: 3_000 });
          return true;
        } catch {
          return false;
        }
      },
      60_000,
    );
    history = await shown('g-classic');
    const details = history.locator('.rebalance-details');
    await details.locator('.log-lines li', { hasText: 'has failed, removing it from the group' }).waitFor();
    await reads(details, /session timed out/);
    await history.getByRole('button', { name: 'Lines of logs instead of rebalances' }).click();
    await history
      .locator('.rebalances .line', { hasText: /Assignment received from leader/ })
      .first()
      .waitFor();
    await history.getByRole('button', { name: 'Lines of logs instead of rebalances' }).click();
    await workbench.screenshot('history-log-lines');
  });

  it('reads the log that is in the active editor', async () => {
    await takeFile('File: Open File...', broker.nodes[0]!.logFile);
    await page.locator('.tab.active', { hasText: 'kafka.log' }).waitFor();
    await commandWithChoice(workbench, 'Kafka: Open Broker or Client Log', 'active editor');
    const told = page.locator('.notification-toast', { hasText: /kafka\.log: [\d,]+ lines of 3 groups between/ });
    await told.waitFor();
  });

  /** Runs a command that asks for a file, and names it. */
  async function takeFile(title: string, file: string): Promise<void> {
    const name = quickInput(page);
    await workbench.runCommand(title);
    await until('files are asked for', async () => (await name.inputValue()).includes('/'), 60_000);
    await answerWithPath(page, file, () => name.press('Enter'));
  }

  /** What the list comes to tell; `aside` may stand anywhere between. */
  async function assertCauses(name: string, expected: readonly string[], aside: readonly string[] = []): Promise<void> {
    const told = async (): Promise<string[]> => (await causes()).filter((cause) => !aside.includes(cause));
    // The end of the topic can change what its beginning looked like.
    await until('all is told', async () => isDeepStrictEqual(await told(), expected)).catch(() => undefined);
    await workbench.screenshot(name);
    assert.deepEqual(await told(), expected);
  }

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
    await commandWithChoice(workbench, 'Kafka: Open Assignment History', group);
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
