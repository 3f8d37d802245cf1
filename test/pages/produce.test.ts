import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ProduceOptions, WriteResult } from '../../src/produce/producer.ts';
import { HumanError } from '../../src/shared/errors.ts';
import { ProduceFeed, type ProduceTarget } from '../../src/ui/panels/produce/produceFeed.ts';
import type { FromProducePage, ProducePageState } from '../../src/ui/panels/produce/protocol.ts';
import { until } from '../support/until.ts';
import { PageHarness, type OpenOptions, type OpenPage } from './harness.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

const shots = process.env['SHOTS'];

/** A cluster with the topic orders, of four partitions, that does what a test says. */
class ScriptedTarget implements ProduceTarget {
  readonly sent: ProduceOptions[] = [];
  answer: (options: ProduceOptions) => Promise<WriteResult[]> = async ({ records }) =>
    records.map(({ timestamp }, index) => ({
      kind: 'written',
      offset: 9_007_199_254_740_993n + BigInt(index),
      timestamp,
    }));

  async partitions(topic: string): Promise<number> {
    if (topic !== 'orders') throw new HumanError(`Topic ${topic} does not exist.`, 'Nothing creates it from here.');
    return 4;
  }

  async produce(options: ProduceOptions): Promise<WriteResult[]> {
    this.sent.push(options);
    return this.answer(options);
  }
}

interface Profile {
  production: boolean;
  readOnly: boolean;
}

interface Screen extends OpenPage {
  readonly feed: ProduceFeed;
  readonly said: FromProducePage[];
  readonly target: ScriptedTarget;
  readonly confirmed: (readonly string[])[];
}

interface More {
  readonly profile?: Partial<Profile>;
  readonly confirms?: boolean;
  readonly refusal?: HumanError;
}

/** The page with the feed that VS Code would give it, over a cluster that a test scripts. */
async function open(options: Partial<OpenOptions<FromProducePage>> = {}, more: More = {}): Promise<Screen> {
  const said: FromProducePage[] = [];
  const target = new ScriptedTarget();
  const confirmed: (readonly string[])[] = [];
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  const feed = new ProduceFeed({
    cluster: 'local',
    open: async () => {
      if (more.refusal !== undefined) throw more.refusal;
      return target;
    },
    profile: () => ({ production: false, readOnly: false, ...more.profile }),
    topics: () => ['orders', 'payments'],
    confirm: async (_topic, sentences) => {
      confirmed.push(sentences);
      return more.confirms ?? true;
    },
    send: (message) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
    onError: (error) => assert.fail(error as Error),
  });
  const page = await harness.open<FromProducePage>({
    page: 'produce',
    target: { cluster: 'local' },
    ...options,
    receive: (message) => {
      said.push(message);
      if (message.type === 'ready') void feed.start(message.draft);
      else if (message.type === 'draft') void feed.draft(message.draft);
      else if (message.type === 'send') void feed.send(message.draft);
      else if (message.type === 'cancel') feed.cancel();
      else if (message.type === 'retry') void feed.retry();
      else if (message.type === 'editHeld') feed.editHeld(message.place, message.id);
      else if (message.type === 'dropLines') void feed.dropLines();
    },
  });
  opened.resolve(page);
  await page.page.locator('#topic').waitFor();
  return { ...page, feed, said, target, confirmed };
}

async function says(screen: Screen, pattern: RegExp): Promise<void> {
  await until(`the plan says ${pattern}`, async () =>
    pattern.test((await screen.page.locator('.action').textContent())!),
  );
}

const canSend = (screen: Screen): Promise<boolean> => screen.page.locator('.send').isEnabled();

describe('the produce page', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`runs under its content security policy without a word in the ${theme} theme`, async () => {
      const screen = await open({ theme }, { profile: { production: true } });
      await screen.page.locator('#topic').fill('orders');
      await screen.page.getByLabel('Key', { exact: true }).fill('order 7');
      await screen.page.getByLabel('Value', { exact: true }).fill('{"id": 7}');
      await screen.page.locator('.add-header').click();
      await screen.page.getByLabel('Key of header 1').fill('trace');
      await says(screen, /Writes 1 record of 16 bytes to orders, partition \d \(by its key, murmur2\)/);
      await screen.page.locator('.send').click();
      await screen.page.locator('.lines > .line').first().waitFor();
      if (shots !== undefined) await screen.page.screenshot({ path: `${shots}/produce-${theme}.png` });
      assert.deepEqual(screen.problems, []);
      assert.equal(screen.confirmed.length, 1);
      await screen.close();
    });
  }

  it('writes what was typed, and shows where it went', async () => {
    const screen = await open();
    const { page, target } = screen;
    assert.equal(await canSend(screen), false);
    await page.locator('#topic').fill('orders');
    await page.locator('#partition').fill('2');
    await page.getByLabel('Format of Value').selectOption('json');
    await page.getByLabel('Value', { exact: true }).fill('{"id": }');
    await page.getByText(/^No JSON/).waitFor();
    assert.equal(await canSend(screen), false);
    await page.getByLabel('Value', { exact: true }).fill('{"id": 12345678901234567890}');
    await page.locator('.add-header').click();
    await page.getByLabel('Key of header 1').fill('n');
    await page.getByLabel('Format of Value of header 1').selectOption('null');
    await page.locator('#timestamp').fill('2026-03-01T12:00:00Z');
    await page.getByLabel('Compression').selectOption('zstd');
    await says(screen, /Writes 1 record of 28 bytes to orders, partition 2\./);
    await page.keyboard.press('Control+Enter');
    await page.getByText('Written to orders-2 at offset 9,007,199,254,740,993.').first().waitFor();
    const [options] = target.sent;
    assert.equal(options!.compression, 'zstd');
    assert.deepEqual(options!.records, [
      {
        key: null,
        value: Buffer.from('{"id": 12345678901234567890}'),
        headers: [{ key: 'n', value: null }],
        partition: 2,
        timestamp: BigInt(Date.parse('2026-03-01T12:00:00Z')),
      },
    ]);
    assert.equal(screen.confirmed.length, 0, 'only production is asked for');
    await page.locator('.lines > .line').first().dblclick();
    assert.deepEqual(screen.said.at(-1), {
      type: 'openBatches',
      topic: 'orders',
      partition: 2,
      offset: '9007199254740993',
    });
    const state = (await screen.state()) as ProducePageState;
    await screen.close();

    const again = await open({ state });
    assert.equal(await again.page.getByLabel('Value', { exact: true }).inputValue(), '{"id": 12345678901234567890}');
    await says(again, /partition 2/);
    await again.close();
  });

  it('takes the key for what it is typed to be, and names a tombstone', async () => {
    const screen = await open();
    const { page } = screen;
    await page.locator('#topic').fill('orders');
    await says(screen, /it has no key/);
    await page.getByLabel('Key', { exact: true }).fill('k');
    assert.equal(await page.getByLabel('Format of Key').inputValue(), 'text');
    await page.getByLabel('Format of Value').selectOption('null');
    await says(screen, /It is a tombstone/);
    await page.locator('#count').fill('3');
    await says(screen, /Writes 3 records/);
    await page.locator('#count').fill('0');
    await page.getByText('A number from 1 to 100,000 is wanted.').waitFor();
    await page.locator('#count').fill('1');
    await page.locator('#partition').fill('4');
    await page.getByText('The topic has 4 partitions, from 0 on.').waitFor();
    await page.locator('#topic').fill('nowhere');
    await page.getByText('Topic nowhere does not exist. Nothing creates it from here.').waitFor();
    if (shots !== undefined) await page.screenshot({ path: `${shots}/produce-problems.png` });
    assert.equal(await canSend(screen), false);
    await screen.close();
  });

  it('replays a record in its very bytes, and lets them be edited', async () => {
    const screen = await open();
    const { page, target, feed } = screen;
    const record = {
      key: Buffer.alloc(0),
      value: Buffer.from([0, 255, 10]),
      headers: [
        { key: 'b', value: null },
        { key: 'a', value: Buffer.from('text') },
      ],
      timestamp: 1_700_000_000_000n,
    };
    feed.replay(record, { topic: 'orders', partition: 3, offset: 12n });
    await says(
      screen,
      /Writes 1 record of 3 bytes to orders, partition 3\. As it was read from orders-3, offset 12, with the timestamp above\./,
    );
    await page.getByText('0x00ff0a').waitFor();
    if (shots !== undefined) await page.screenshot({ path: `${shots}/produce-replay.png` });
    await page.locator('.send').click();
    await page.locator('.outcome.good').waitFor();
    assert.deepEqual(target.sent[0]!.records, [{ ...record, partition: 3 }]);
    await page.locator('.field', { hasText: '0x00ff0a' }).getByRole('button', { name: 'Edit' }).click();
    await until('it is hex', async () => (await page.getByLabel('Value', { exact: true }).inputValue()) === '00ff0a');
    await page.getByRole('button', { name: 'Now' }).click();
    // What was changed is not as it was read any more.
    await says(screen, /to orders, partition 3\.\s*$/m);
    await page.locator('.send').click();
    await until('it is sent again', () => target.sent.length === 2);
    assert.ok(target.sent[1]!.records[0]!.timestamp > 1_700_000_000_000n);
    assert.deepEqual(target.sent[1]!.records[0]!.value, record.value);
    await screen.close();
  });

  it('sends the records of a file, and names the lines that are none', async () => {
    const screen = await open({ width: 420 });
    const { page, target, feed } = screen;
    await page.locator('#topic').fill('orders');
    await feed.setLines(
      'some.jsonl',
      '{"key": "a", "value": 1, "partition": 1}\n{"value":\n{"value": {"base64": "AP8="}}\n',
    );
    await page.getByText(/1 line is left out\.\s+Line 2:/).waitFor();
    await says(screen, /Writes 2 records of 4 bytes/);
    if (shots !== undefined) await page.screenshot({ path: `${shots}/produce-narrow.png` });
    await page.locator('.send').click();
    await page.getByText('2 records were written.').first().waitFor();
    assert.equal(target.sent[0]!.records[0]!.partition, 1);
    assert.deepEqual(target.sent[0]!.records[1]!.value, Buffer.from([0, 255]));
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByLabel('Value', { exact: true }).waitFor();
    await screen.close();
  });

  it('says what failed and what is not known, record by record', async () => {
    const screen = await open({ theme: 'light' });
    const { page, target } = screen;
    const failure = { kind: 'error', message: 'Topic orders, partition 0: the record is too large.' } as const;
    target.answer = async () => [
      { kind: 'written', offset: 5n, timestamp: 1n },
      { kind: 'failed', failure },
      { kind: 'unknown', failure: { kind: 'unreachable', message: 'Broker 1 did not answer.' } },
      { kind: 'not-sent', failure: { kind: 'error', message: 'Not sent.' } },
    ];
    await page.locator('#topic').fill('orders');
    await page.locator('#count').fill('4');
    await says(screen, /Writes 4 records/);
    await page.locator('.send').click();
    await page
      .getByText(/1 of 4 records were written\. Of 1 it is not known/)
      .first()
      .waitFor();
    const words = await page.locator('.lines .row-state').allTextContents();
    assert.deepEqual(words.map((word) => word.trim()).sort(), ['not known', 'not sent', 'not written', 'written']);
    if (shots !== undefined) await page.screenshot({ path: `${shots}/produce-failures.png` });
    await screen.close();
  });

  it('can be cancelled, asks on production, and writes nothing where that is refused', async () => {
    const screen = await open();
    const { page, target } = screen;
    const cancelled = Promise.withResolvers<void>();
    target.answer = async ({ signal }) => {
      await new Promise<void>((resolve) => signal!.addEventListener('abort', () => resolve()));
      cancelled.resolve();
      return [{ kind: 'unknown', failure: { kind: 'error', message: 'Cancelled before Kafka had answered.' } }];
    };
    await page.locator('#topic').fill('orders');
    await says(screen, /Writes 1 record/);
    await page.locator('.send').click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await cancelled.promise;
    await page
      .getByText(/Cancelled before Kafka had answered/)
      .first()
      .waitFor();
    await screen.close();

    const production = await open({}, { profile: { production: true }, confirms: false });
    await production.page.locator('#topic').fill('orders');
    await says(production, /Writes 1 record/);
    await production.page.locator('.send').click();
    await until('it was asked', () => production.confirmed.length === 1);
    assert.match(production.confirmed[0]![0]!, /^Writes 1 record/);
    assert.equal(production.target.sent.length, 0);
    await production.close();
  });

  it('writes nothing on a cluster that is read only, nor where it is not connected', async () => {
    const readOnly = await open({}, { profile: { readOnly: true } });
    await readOnly.page.getByText('read only by its settings').waitFor();
    await readOnly.page.locator('#topic').fill('orders');
    await says(readOnly, /Writes 1 record/);
    assert.equal(await canSend(readOnly), false);
    await readOnly.page.keyboard.press('Control+Enter');
    await readOnly.feed.send({ ...readOnly.said.findLast((message) => message.type === 'draft')!.draft });
    assert.equal(readOnly.target.sent.length, 0);
    await readOnly.close();

    const away = await open({}, { refusal: new HumanError('local is not connected.') });
    await away.page.locator('#topic').fill('orders');
    await away.page.getByText('local is not connected.').first().waitFor();
    assert.equal(await canSend(away), false);
    await away.close();
  });
});
