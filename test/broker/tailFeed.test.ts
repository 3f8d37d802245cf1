import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createDecoder } from '../../src/formats/createDecoder.ts';
import type { Decoder } from '../../src/formats/decoder.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { Emitter } from '../../src/shared/event.ts';
import { commandsFor } from '../../src/ui/panels/tail/copyCommands.ts';
import { exported, exportLine } from '../../src/ui/panels/tail/exportRecords.ts';
import type { TailRow, ToTailPage } from '../../src/ui/panels/tail/protocol.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { createTopicWith, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch, type WrittenRecord } from '../support/recordsWriter.ts';
import { openFeed, type OpenFeed } from '../support/tailFeeds.ts';
import { until } from '../support/until.ts';

describe('TailFeed', { timeout: 300_000 }, () => {
  let own: Kafka | undefined;
  let cluster: Cluster;
  const feeds: OpenFeed[] = [];

  before(async () => {
    const shared = process.env['KAFKA_BOOTSTRAP'];
    if (shared === undefined) own = await startKafka();
    cluster = await Cluster.connect({ bootstrapServers: [shared ?? own!.bootstrap] });
  });

  after(async () => {
    for (const { feed } of feeds) feed.dispose();
    cluster?.close();
    await own?.stop();
  });

  async function open(topic: string, options: Parameters<typeof openFeed>[2] = {}): Promise<OpenFeed> {
    const made = openFeed(() => Promise.resolve(cluster), { topic }, options);
    feeds.push(made);
    await made.feed.receive({ type: 'ready' });
    await made.feed.receive({ type: 'window', first: 0, count: 50, follow: true });
    return made;
  }

  const write = (topic: string, records: readonly WrittenRecord[]): Promise<bigint> =>
    produceBatch(cluster, topic, 0, writeBatch({ records }));
  const valuesOf = (rows: readonly TailRow[]): string[] =>
    rows.map((row) => (row.kind === 'record' ? row.value.text : row.kind));

  it('gives the page all once, then what changes, and nothing while it is hidden', async () => {
    const topic = 'feed-follow';
    await createTopicWith(cluster, topic, 1);
    const { feed, messages, model, rows } = await open(topic);
    assert.equal(messages[0]!.type, 'full');
    await until('it says that nothing has come', () => model().frame.problem?.kind === 'empty');
    await write(topic, [
      { key: 'k1', value: '{"total": 9007199254740993}', headers: { trace: 'abc' } },
      { value: null },
    ]);
    await until('the rows are there', () => rows().length === 2);
    const [first, second] = rows();
    assert.ok(first?.kind === 'record' && second?.kind === 'record');
    assert.deepEqual(first.key, { kind: 'text', text: 'k1', format: 'text' });
    assert.match(first.value.text, /9007199254740993/);
    assert.deepEqual([first.offset, first.headerCount, first.headers], ['0', 1, 'trace=abc']);
    assert.equal(second.value.kind, 'null');
    await until('the figures are there', () => model().positions[0]?.state === 'at-end' && model().kept.records === 2);
    assert.equal(model().frame.problem, undefined);
    assert.equal(messages.filter(({ type }) => type === 'full').length, 1);

    feed.hide();
    assert.equal(feed.session.reading, 'resting');
    const { length } = messages;
    await write(topic, [{ value: 'while hidden' }]);
    await feed.receive({ type: 'ready' });
    await feed.receive({ type: 'window', first: 0, count: 50, follow: true });
    await until('it goes on where it was', () => valuesOf(rows()).at(-1) === 'while hidden');
    assert.equal(messages[length]!.type, 'full');
    assert.equal(rows().length, 3);
  });

  it('reads while its page is being made, says nothing before that is ready, and tries again then what failed', async () => {
    const topic = 'feed-early';
    await createTopicWith(cluster, topic, 1);
    await write(topic, [{ value: 'early' }]);
    const early = openFeed(() => Promise.resolve(cluster), { topic });
    feeds.push(early);
    early.feed.begin();
    await until('it is read', () => early.feed.store.records === 1);
    assert.deepEqual(early.messages, []);
    await early.feed.receive({ type: 'ready' });
    assert.equal(early.model().kept.records, 1);

    let isConnected = false;
    const late = openFeed(() => (isConnected ? Promise.resolve(cluster) : Promise.reject(new Error('not yet'))), {
      topic,
    });
    feeds.push(late);
    late.feed.begin();
    await until('it has failed', () => late.feed.session.reading === 'failed');
    isConnected = true;
    await late.feed.receive({ type: 'ready' });
    await until('it is read', () => late.feed.store.records === 1);
  });

  it('filters as typed, keeps the last good filter, and pauses', async () => {
    const topic = 'feed-filter';
    await createTopicWith(cluster, topic, 1);
    await write(
      topic,
      Array.from({ length: 30 }, (_, index) => ({ key: `key-${index}`, value: `{"n": ${index}}` })),
    );
    const { feed, model, rows } = await open(topic);
    await until('all are there', () => rows().length === 30);
    await feed.receive({ type: 'filter', text: '$.n >= 28' });
    await until('two are left', () => model().view.count === 2 && rows().length === 2);
    await until('the histogram tells them', () => model().histogram.shown?.reduce((a, b) => a + b, 0) === 2);
    await feed.receive({ type: 'filter', text: '$.n >= 28 /(/' });
    assert.match(model().filter.error!.message, /regular expression/);
    assert.equal(model().view.count, 2);
    await feed.receive({ type: 'filter', text: '' });
    await feed.receive({ type: 'pause', paused: true });
    await write(topic, [{ value: 'later' }]);
    await until('one waits', () => model().view.waiting === 1);
    assert.equal(rows().length, 30);
    await feed.receive({ type: 'pause', paused: false });
    await until('it is shown', () => valuesOf(rows()).at(-1) === 'later');
    await feed.receive({ type: 'seek', to: { at: 'time', text: 'some day' } });
    const { messages } = feeds.at(-1)!;
    const problem = messages.find((message) => message.type === 'problem');
    assert.ok(problem?.type === 'problem' && problem.about === 'seek');
    assert.match(problem.message, /"some day" is no time/);
    assert.equal(model().reading, 'running');
  });

  it('searches the topic, and comes back to the tail', async () => {
    const topic = 'feed-search';
    await createTopicWith(cluster, topic, 1);
    await write(
      topic,
      Array.from({ length: 300 }, (_, index) => ({ value: `value ${index}` })),
    );
    const { feed, model, rows } = await open(topic, { limits: () => ({ maxRecords: 10, maxBytes: 1 << 24 }) });
    await until('the last are kept', () => model().kept.records === 10 && model().kept.dropped === 290);
    await feed.receive({ type: 'search', text: 'value:"value 7" -/7$/', from: { at: 'beginning' }, to: { at: 'end' } });
    await until('it is done', () => model().search?.state === 'done' && rows().length === 9);
    assert.deepEqual([model().search!.found, model().search!.records], [9, '300']);
    assert.deepEqual(valuesOf(rows()), [
      ...Array.from({ length: 10 }, (_, index) => `value 7${index}`).filter((value) => !value.endsWith('7')),
    ]);
    await feed.receive({ type: 'closeSearch' });
    await until('the tail is back', () => model().search === undefined && valuesOf(rows()).at(-1) === 'value 299');
  });

  it('tells all of a record, opens nothing that is gone, and exports exactly', async () => {
    const topic = 'feed-details';
    await createTopicWith(cluster, topic, 1);
    await write(topic, [
      { key: '=cmd()', value: '{"big": 12345678901234567890, "t": "a,\\"b"}', headers: { h: 'x' } },
      { key: null, value: Buffer.from([0, 1, 2, 0xff]) },
    ]);
    const { feed, messages, rows } = await open(topic);
    await until('both are there', () => rows().length === 2);
    await feed.receive({ type: 'details', seq: 0 });
    const message = messages.findLast(({ type }) => type === 'details');
    assert.ok(message?.type === 'details' && message.details !== undefined);
    const { value, title, sections, headers } = message.details;
    assert.equal(title, `${topic}-0, offset 0`);
    assert.equal(value!.language, 'json');
    assert.match(value!.formatted, /\n {2}"big": 12345678901234567890,/);
    assert.match(value!.hex, /^00000000 {2}7b 22/);
    assert.deepEqual(headers, [{ name: 'h', value: 'x', kind: 'text' }]);
    assert.deepEqual(
      sections.map((section) => section.title),
      ['Record', 'Batch'],
    );
    await feed.receive({ type: 'details', seq: 99 });
    assert.deepEqual(messages.at(-1), { type: 'details', seq: 99 });

    const { store, presenter } = feed;
    const lines: Record<'jsonl' | 'csv', string[]> = { jsonl: [], csv: [] };
    for await (const { record } of exported({ topic, store, seqs: [0, 1, 2], presenter })) {
      for (const kind of ['jsonl', 'csv'] as const) {
        lines[kind].push([...(await exportLine(record, topic, presenter, kind))].join(''));
      }
    }
    assert.match(lines.jsonl[0]!, /"value":\{"big":12345678901234567890,"t":"a,\\"b"\}/);
    assert.equal((JSON.parse(lines.jsonl[0]!) as { key: string }).key, '=cmd()');
    assert.match(lines.csv[0]!, /^feed-details,0,0,[^,]+,CreateTime,'=cmd\(\),"\{""big"":12345678901234567890/);
    assert.equal(lines.csv.length, 2);
  });

  it('writes the commands that read exactly the chosen records', () => {
    const records = [
      { partition: 1, offset: 8n, isControl: false },
      { partition: 0, offset: 5n, isControl: false },
      { partition: 1, offset: 7n, isControl: false },
      // A marker stands between, and one at the end: no consumer is handed them.
      { partition: 2, offset: 3n, isControl: false },
      { partition: 2, offset: 4n, isControl: true },
      { partition: 2, offset: 5n, isControl: false },
      { partition: 2, offset: 9n, isControl: true },
    ];
    const context = { bootstrapServers: ['a:9092', 'b:9092'], topic: 'orders', isolation: 'both' } as const;
    const kcat = commandsFor('kcat', records, context).split('\n');
    assert.equal(kcat.length, 3);
    assert.match(
      kcat[0]!,
      /^kcat -C -b a:9092,b:9092 -t orders -p 0 -o 5 -c 1 -e -X isolation\.level=read_uncommitted/,
    );
    assert.match(kcat[1]!, /-p 1 -o 7 -c 2 /);
    assert.match(kcat[2]!, /-p 2 -o 3 -c 2 /);
    const [consumer] = commandsFor('console-consumer', records, { ...context, isolation: 'read_committed' }).split(
      '\n',
    );
    assert.match(consumer!, /--partition 0 --offset 5 --max-messages 1 --isolation-level read_committed/);
  });

  it('decodes again what is shown when the registry is another one', async () => {
    const topic = 'feed-registry';
    await createTopicWith(cluster, topic, 1);
    await write(topic, [{ key: 'k', value: 'plain' }]);
    const changed = new Emitter<string>();
    let decoder = createDecoder(undefined);
    const { feed, messages, rows } = await open(topic, {
      decoderOf: () => Promise.resolve(decoder),
      onDidChangeDecoders: changed.event,
    });
    await until('the row is there', () => valuesOf(rows())[0] === 'plain');
    await feed.receive({ type: 'details', seq: rows()[0]!.seq });
    const detailed = (): number => messages.filter(({ type }) => type === 'details').length;
    assert.equal(detailed(), 1);
    decoder = upperCase;
    changed.fire('another cluster');
    changed.fire('local');
    await until('it is shown anew', () => valuesOf(rows())[0] === 'PLAIN');
    await until('so are its details', () => detailed() === 2);
  });

  it('shows in order of time what it jumped to, wherever that is', async () => {
    const topic = 'feed-reveal';
    await createTopicWith(cluster, topic, 1);
    const values = Array.from({ length: 50 }, (_, nth) => ({ value: `v${nth}`, timestampDelta: nth }));
    await write(topic, values);
    const { feed, messages, model } = await open(topic);
    await feed.receive({ type: 'order', order: 'time' });
    await until('all are there', () => model().view.count === 50);
    await feed.receive({ type: 'seek', to: { at: 'offset', offset: '20' } });
    const revealed = (): Extract<ToTailPage, { type: 'reveal' }> | undefined =>
      messages.findLast((message) => message.type === 'reveal');
    await until('it is told where', () => revealed() !== undefined);
    assert.equal(String(feed.store.at(revealed()!.seq)?.offset), '20');
    assert.equal(feed.view.seqAt(revealed()!.position), revealed()!.seq);
    await feed.receive({ type: 'where', seq: revealed()!.seq });
    assert.deepEqual(messages.filter(({ type }) => type === 'reveal').length, 2);
  });
});

/** Tells apart what it has decoded. */
const upperCase: Decoder = {
  decode: (bytes) => ({
    kind: 'value',
    format: 'text',
    label: 'Text',
    detected: true,
    preview: () => String(bytes).toUpperCase(),
    pretty: () => ({ text: String(bytes).toUpperCase(), language: 'plaintext' }),
    plain: () => String(bytes).toUpperCase(),
  }),
};
