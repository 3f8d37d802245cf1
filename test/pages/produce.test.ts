import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SchemaRegistry } from '../../src/formats/index.ts';
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
  readonly confirms?: boolean | Promise<boolean>;
  readonly refusal?: HumanError;
  readonly registry?: SchemaRegistry;
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
    registry: () => more.registry,
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
      else if (message.type === 'editHeld') void feed.editHeld(message.place, message.id);
      else if (message.type === 'example') void feed.example(message.place, message.draft);
      else if (message.type === 'dropLines') void feed.dropLines();
    },
  });
  opened.resolve(page);
  await page.page.locator('#topic').waitFor();
  return { ...page, feed, said, target, confirmed };
}

const orderSchema = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
  ],
};
const proto =
  'syntax = "proto3"; package shop; message Paid { int64 cents = 1; } message Refund { message Reason { string text = 1; } Reason reason = 1; }';
const guid = 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6';
/** What the registry has: `orders-value` is Avro in three versions, `orders-key` JSON Schema, `payments-value` Protobuf. */
const stored: Record<string, unknown> = {
  '/subjects': ['payments-value', 'orders-value', 'orders-key'],
  '/subjects/orders-value/versions': [1, 2, 3],
  '/subjects/orders-value/versions/latest': { version: 3, id: 12, guid },
  '/subjects/orders-value/versions/1': { version: 1, id: 7 },
  '/subjects/orders-key/versions': [1],
  '/subjects/orders-key/versions/latest': { version: 1, id: 8 },
  '/subjects/payments-value/versions': [1],
  '/subjects/payments-value/versions/latest': { version: 1, id: 9 },
  '/schemas/ids/9/versions': [{ subject: 'payments-value', version: 1 }],
  '/schemas/ids/7': { schema: '"string"' },
  '/schemas/ids/8': { schema: '{"type": "object", "properties": {"id": {"type": "integer"}}}', schemaType: 'JSON' },
  '/schemas/ids/9': { schema: proto, schemaType: 'PROTOBUF' },
  '/schemas/ids/12': { schema: JSON.stringify(orderSchema) },
};
const registryServer = createServer((from, to) => {
  const found = stored[from.url ?? ''];
  to.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? { error_code: 40401 }));
});
let registry: SchemaRegistry;
before(async () => {
  await new Promise<void>((resolve) => registryServer.listen(0, '127.0.0.1', resolve));
  const { port } = registryServer.address() as AddressInfo;
  registry = new SchemaRegistry({ url: `http://127.0.0.1:${port}`, auth: async () => ({ kind: 'none' }) });
});
after(() => {
  registry.dispose();
  registryServer.close();
  registryServer.closeAllConnections();
});

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
    await until('it is asked for', () => screen.said.at(-1)?.type === 'openBatches');
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

  it('asks once, and writes once, however often it is sent', async () => {
    const { promise: confirms, resolve } = Promise.withResolvers<boolean>();
    const screen = await open({}, { profile: { production: true }, confirms });
    const { page, said, confirmed, target } = screen;
    await page.locator('#topic').fill('orders');
    await says(screen, /Writes 1 record/);
    await page.locator('.send').click();
    await page.locator('.send').click();
    await until('it was sent twice', () => said.filter(({ type }) => type === 'send').length === 2);
    resolve(true);
    await page.locator('.lines > .line').first().waitFor();
    assert.deepEqual([confirmed.length, target.sent.length], [1, 1]);
    // What comes after that is asked for anew.
    await page.locator('.send').click();
    await until('it is written, too', () => target.sent.length === 2);
    assert.equal(confirmed.length, 2);
    await screen.close();
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

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`writes by a schema, and says what does not fit, in the ${theme} theme`, async () => {
      const screen = await open({ theme }, { registry });
      const { page } = screen;
      await page.locator('#topic').fill('orders');
      await page.getByLabel('Format of Value').selectOption('avro');
      await page.getByRole('button', { name: 'Insert example' }).click();
      await says(screen, /The value is Avro, schema 12 \(orders-value, version 3\)\./);
      await page.getByLabel('Format of Key').selectOption('jsonSchema');
      await page.getByLabel('Key', { exact: true }).fill('{"id": "x"}');
      await page.getByText(/^\$\.id: /).waitFor();
      if (shots !== undefined) await page.screenshot({ path: `${shots}/produce-schema-${theme}.png` });
      assert.equal(await canSend(screen), false);
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('writes by the latest schema of the topic, another version, an id, and with a header', async () => {
    const screen = await open({}, { registry });
    const { page, target } = screen;
    const value = page.getByLabel('Value', { exact: true });
    await page.locator('#topic').fill('orders');
    await page.getByLabel('Format of Value').selectOption('avro');
    await page.getByText('Empty is no JSON').waitFor();
    await page.getByRole('button', { name: 'Insert example' }).click();
    await until('the example is there', async () => (await value.inputValue()).includes('"day": "2024-05-01"'));
    await value.fill('{"id": 9007199254740993, "day": "2024-13-01"}');
    await page.getByText(/^\$\.day: "2024-13-01" is no date/).waitFor();
    assert.equal(await canSend(screen), false);
    await value.fill('{"id": 9007199254740993, "day": "1970-01-02"}');
    await says(screen, /schema 12 \(orders-value, version 3\)/);
    await page.locator('.send').click();
    await until('it is sent', () => target.sent.length === 1);
    const payload = '82808080808080200002';
    assert.equal(target.sent[0]!.records[0]!.value!.toString('hex'), `000000000c${payload}`);

    await page.locator('.outcome.good').waitFor();
    await page.getByLabel('schema in a header').check();
    await page.locator('.outcome.good').waitFor();
    await until('it is said', async () =>
      screen.said.some((message) => message.type === 'draft' && message.draft.value.schema?.inHeader === true),
    );
    await page.locator('.send').click();
    await until('it is sent', () => target.sent.length === 2);
    const [record] = target.sent[1]!.records;
    assert.equal(record!.value!.toString('hex'), payload);
    assert.deepEqual(record!.headers, [
      { key: '__value_schema_id', value: Buffer.from(`01${guid.replaceAll('-', '')}`, 'hex') },
    ]);

    await page.getByLabel('Version of the schema of the value').selectOption('1');
    await page.getByText(/^\$: A text is wanted, not an object/).waitFor();
    await value.fill('"a"');
    await says(screen, /schema 7 \(orders-value, version 1\)/);
    const state = (await screen.state()) as ProducePageState;
    await screen.close();

    const again = await open({ state }, { registry });
    await says(again, /schema 7 \(orders-value, version 1\)/);
    await again.page.getByLabel('Id of the schema of the value').fill('9');
    await again.page.getByText('Schema 9 is Protobuf. Choose Protobuf as the format.').waitFor();
    assert.equal(await canSend(again), false);
    await again.close();
  });

  it('writes the Protobuf message that is chosen, from a subject that is', async () => {
    const screen = await open({ width: 420, height: 700 }, { registry });
    const { page, target } = screen;
    await page.locator('#topic').fill('orders');
    await page.getByLabel('Format of Value').selectOption('protobuf');
    await page.getByText('orders-value, version 3, is Avro. Choose Avro as the format.').waitFor();
    await page.getByLabel('Subject of the value').fill('payments-value');
    await page.getByLabel('Message of the value').selectOption('shop.Refund.Reason');
    await page.getByRole('button', { name: 'Insert example' }).click();
    await says(screen, /The value is Protobuf, schema 9/);
    await page.getByLabel('Value', { exact: true }).fill('{"text": "a"}');
    await until('it is looked at', async () =>
      screen.said.some((message) => message.type === 'draft' && message.draft.value.text === '{"text": "a"}'),
    );
    if (shots !== undefined) await page.screenshot({ path: `${shots}/produce-schema-narrow.png` });
    await page.locator('.send').click();
    await until('it is sent', () => target.sent.length === 1);
    assert.equal(target.sent[0]!.records[0]!.value!.toString('hex'), '0000000009' + '040200' + '0a0161');
    // Fields are closed while it is sent: what is typed then goes nowhere.
    await page.locator('.outcome.good').waitFor();
    await page.getByLabel('Subject of the value').fill('nope');
    await page.getByText(/has no subject nope/).waitFor();
    await screen.close();
  });

  it('warns of a value without a schema in a topic that has one', async () => {
    const screen = await open({}, { registry });
    const { page } = screen;
    await page.locator('#topic').fill('orders');
    await page.getByLabel('Value', { exact: true }).fill('{"id": 1}');
    await says(
      screen,
      /has a schema for the values of this topic \(orders-value\), and this one is written without it/,
    );
    assert.equal(await canSend(screen), true);
    await page.getByLabel('Format of Value').selectOption('hex');
    await page.getByLabel('Value', { exact: true }).fill('00');
    await says(screen, /Writes 1 record of 1 bytes to orders, partition \d \(it has no key\)\.\s*$/);
    await screen.close();
  });

  it('offers to set a registry where there is none', async () => {
    const screen = await open();
    const { page } = screen;
    await page.locator('#topic').fill('orders');
    await page.getByLabel('Format of Value').selectOption('jsonSchema');
    await page.getByText('No Schema Registry is set for this cluster.').waitFor();
    // The page says that by itself; the plan comes from its host.
    await until('it cannot be sent', async () => !(await canSend(screen)));
    await page.getByRole('button', { name: 'Set Schema Registry...' }).click();
    // What was chosen is told a moment after it was, so perhaps after this.
    await until('it is asked for', () => screen.said.some(({ type }) => type === 'setRegistry'));
    await screen.close();
  });

  it('says that a record is replayed to where its schema is not at home', async () => {
    const screen = await open({}, { registry });
    const { page, feed } = screen;
    const value = Buffer.from('0000000009000801', 'hex');
    feed.replay({ key: null, value, headers: [], timestamp: 1n }, { topic: 'payments', partition: 0, offset: 12n });
    // Else the record would come after what is typed, and take its place.
    await until('it is there', async () => (await page.locator('#topic').inputValue()) === 'payments');
    await page.locator('#topic').fill('orders');
    await says(screen, /Its value is written with schema 9, which is none of orders-value/);
    assert.equal(await canSend(screen), true);
    await screen.close();
  });

  it('edits a value that is replayed by its schema', async () => {
    const screen = await open({}, { registry });
    const { page, feed } = screen;
    const value = Buffer.from('000000000c' + '0e0002', 'hex');
    feed.replay({ key: null, value, headers: [], timestamp: 1n }, { topic: 'orders', partition: 3, offset: 12n });
    await page.getByRole('button', { name: 'Edit' }).click();
    await until('it is JSON', async () =>
      (await page.getByLabel('Value', { exact: true }).inputValue()).includes('"id": 7'),
    );
    assert.equal(await page.getByLabel('Format of Value').inputValue(), 'avro');
    assert.equal(await page.getByLabel('Id of the schema of the value').inputValue(), '12');
    await says(screen, /Writes 1 record of 8 bytes .*The value is Avro, schema 12\./);
    // A field that the schema does not know would be lost.
    const unknown = Buffer.from('0000000009' + '00' + '0802' + '5007', 'hex');
    feed.replay(
      { key: null, value: unknown, headers: [], timestamp: 1n },
      { topic: 'orders', partition: 3, offset: 13n },
    );
    await page.getByRole('button', { name: 'Edit' }).click();
    await until(
      'it is hex',
      async () => (await page.getByLabel('Value', { exact: true }).inputValue()) === unknown.toString('hex'),
    );
    await screen.close();
  });
});
