import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { Kafka as KafkaClient, logLevel, type Consumer } from 'kafkajs';
import { Cluster } from '../../src/kafka/cluster.ts';
import type { Fact } from '../../src/kafka/facts.ts';
import type { LoggedCommit } from '../../src/offsetsTopic/commit.ts';
import { CommitLog } from '../../src/offsetsTopic/commits.ts';
import { commitFindings } from '../../src/offsetsTopic/commitsFindings.ts';
import type { ReadingProgress } from '../../src/offsetsTopic/commitsReader.ts';
import { isCancelled } from '../../src/shared/errors.ts';
import { commitsSource } from '../../src/ui/panels/commits/commitsSource.ts';
import { runTool, spawnTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { commitOffsets, endOffsets, partitionsOf } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { ToolShell } from '../support/offsetsTool.ts';
import { createTopicWith, deleteTopic, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { aSnapshot, aTopic } from '../support/snapshots.ts';
import { openFeed } from '../support/tailFeeds.ts';
import { until } from '../support/until.ts';

/** What real clients and Kafka's own tools commit, and what is told of it. */
describe('the commit log', { timeout: 400_000 }, () => {
  let broker: Kafka;
  let cluster: Cluster;
  let shell: ToolShell;
  const ending = new AbortController();

  before(async () => {
    broker = await startKafka({
      properties: {
        'offsets.topic.num.partitions': '5',
        'offsets.retention.minutes': '2880',
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
      },
    });
    cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
    shell = await ToolShell.open();
    await createTopicWith(cluster, 'orders', 2);
    const values = Array.from({ length: 2_000 }, (_, index) => ({ value: `order ${index}` }));
    for (const partition of [0, 1]) await produceBatch(cluster, 'orders', partition, writeBatch({ records: values }));
    await firstCommit(cluster, 'first', 'orders', { 0: 1n });
  });

  after(async () => {
    ending.abort();
    await shell?.close();
    cluster?.close();
    await broker?.stop();
  });

  /** A log that follows the group from now on. */
  async function follow(group: string): Promise<{
    log: CommitLog;
    retention: Fact<number>;
    progress: () => ReadingProgress | undefined;
    ended: Promise<Fact<never> | undefined>;
  }> {
    const { names, retention, follow: read } = await commitsSource(cluster, group, ending.signal);
    const log = new CommitLog({
      group,
      names,
      retention: () => ('value' in retention ? retention.value : undefined),
    });
    let progress: ReadingProgress | undefined;
    const onProgress = (now: ReadingProgress): void => void (progress = now);
    const reading = read({ group, log, signal: ending.signal, onProgress, onTrouble: () => {} });
    const ended = reading.catch((error: unknown) => {
      if (!isCancelled(error)) throw error;
      return undefined;
    });
    return { log, retention, progress: () => progress, ended };
  }

  function found(log: CommitLog, kind: LoggedCommit['kind']): LoggedCommit[] {
    return log.entries.filter((entry) => entry.kind === kind);
  }

  it('tells rewinds of a member, resets by a tool, deletions, and what the group was then', async () => {
    const group = 'rewinding';
    const client = new KafkaClient({ clientId: 'report-0', brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });
    const { log, retention } = await follow(group);
    assert.deepEqual(retention, { value: 2_880 * 60_000 });
    let consumer: Consumer | undefined = client.consumer({ groupId: group });
    try {
      await consumer.connect();
      await consumer.subscribe({ topic: 'orders', fromBeginning: true });
      await consumer.run({ autoCommitInterval: 200, eachMessage: async () => {} });
      const atEnd = (partition: number): boolean =>
        log.entries.some((entry) => entry.partition === partition && entry.offset === 2_000n);
      await until('it has read all', () => atEnd(0) && atEnd(1));
      // What follows would be lost among what it does on its way.
      assert.equal(found(log, 'rewind').length, 0);
      consumer.seek({ topic: 'orders', partition: 1, offset: '500' });
      consumer.pause([{ topic: 'orders' }]);
      await consumer.commitOffsets([{ topic: 'orders', partition: 1, offset: '500' }]);
      await until('the rewind is seen', () => found(log, 'rewind').length === 1);
      const [rewind] = found(log, 'rewind');
      assert.deepEqual([rewind?.partition, rewind?.step, rewind?.offset], [1, -1_500n, 500n]);
      assert.deepEqual([rewind?.reason?.cause, rewind?.reason?.by?.name], ['sought', 'report-0']);
      assert.equal(rewind?.group, 'members');
    } finally {
      await consumer.disconnect();
      consumer = undefined;
    }
    await until('the group is empty', () => log.owners.state === 'empty');
    assert.notEqual(log.owners.retainedFrom, undefined);

    // Its own patience of 5 s is too little where the machine is busy.
    const tool = `kafka-consumer-groups --bootstrap-server ${broker.bootstrap} --timeout 60000 --group ${group}`;
    await shell.run(`${tool} --topic orders --reset-offsets --to-earliest --execute`);
    await until('the reset is seen', () => found(log, 'rewind').length === 3);
    const resets = found(log, 'rewind').slice(1);
    assert.deepEqual(
      resets.map(({ reason }) => [reason?.cause, reason?.certainty]),
      [
        ['reset', 'fact'],
        ['reset', 'fact'],
      ],
    );
    await shell.run(`${tool} --topic orders:0 --reset-offsets --to-offset 1200 --execute`);
    await until('the jump is seen', () => found(log, 'jump').length === 1);
    assert.deepEqual([found(log, 'jump')[0]?.step, found(log, 'jump')[0]?.reason?.cause], [1_200n, 'reset']);
    await shell.run(`${tool} --topic orders:1 --delete-offsets`);
    await until('the deletion is seen, and why', () => found(log, 'deleted')[0]?.deletion?.cause === 'offsets-deleted');

    const texts = commitFindings({
      entries: log.entries,
      partitions: log.partitions(),
      group: log.owners.state,
      emptySince: log.owners.emptySince,
      waiting: () => undefined,
      expiresAt: () => undefined,
      now: Date.now(),
      time: (at) => new Date(at).toISOString(),
    }).map(({ text }) => text);
    assert.match(
      texts[0]!,
      /^orders-1 was committed back from 2,000 to 500 at .*: 1,500 records are processed twice\.$/,
    );
    assert.ok(
      texts.some((text) => /^2 partitions of orders were committed back at .*: 2,500 records in all/.test(text)),
    );
    assert.ok(texts.some((text) => /^orders-0 was committed ahead from 0 to 1,200 at/.test(text)));

    // The same to whoever comes later.
    const again = await follow(group);
    await until('it is read again', () => again.log.count === log.count);
    assert.deepEqual(
      again.log.entries.map(({ kind, step, reason }) => [kind, step, reason?.cause]),
      log.entries.map(({ kind, step, reason }) => [kind, step, reason?.cause]),
    );
  });

  it('knows the owners of a KIP-848 group', async () => {
    const { log } = await follow('modern');
    const args = ['--bootstrap-server', broker.bootstrap, '--topic', 'orders', '--group-id', 'modern'];
    const protocol = ['--group-protocol', 'consumer', '--reset-policy', 'earliest'];
    const member: ChildProcess = await spawnTool('org.apache.kafka.tools.VerifiableConsumer', [...args, ...protocol]);
    try {
      await until('it has committed', () => log.entries.some(({ offset }) => offset === 2_000n), 150_000);
      const last = log.entries.at(-1)!;
      assert.equal(last.group, 'members');
      assert.match(last.owner!.name, /^consumer-modern-1$/);
      assert.deepEqual([...log.owners.subscribed!], ['orders']);
      assert.equal(
        log.entries.some(({ notOwned }) => notOwned),
        false,
      );
    } finally {
      await endProcess(member);
    }
  });

  it('tells a deleted topic, and does not take a consumer of its own for resets', async () => {
    await createTopicWith(cluster, 'gone', 1);
    const { log } = await follow('simple');
    for (let offset = 1n; offset <= 6n; offset++) await commitOffsets(cluster, 'simple', 'gone', { 0: offset * 10n });
    await until('they are seen', () => log.count === 6);
    assert.deepEqual([found(log, 'jump').length, found(log, 'forward').length], [0, 5]);
    await deleteTopic(cluster, 'gone');
    await until('its commits are deleted', () => found(log, 'deleted').length === 1);
    // It was there when the log was opened: what counts is what is there now.
    await until('it is known why', () => found(log, 'deleted')[0]?.deletion?.cause === 'topic-deleted');
  });

  it("shows a group's records of __consumer_offsets in a tail, and follows them", async () => {
    const connected = cluster;
    const opened = await follow('rewinding');
    await until('it is known where', () => opened.progress() !== undefined);
    const { partition } = opened.progress()!;
    const tail = openFeed(
      () => Promise.resolve(connected),
      {
        topic: '__consumer_offsets',
        partitions: [partition],
        filter: '$.group == "rewinding"',
      },
      { watchOf: () => ({ snapshot: aSnapshot({ topics: [aTopic('orders', 2)] }) }) },
    );
    try {
      await tail.feed.receive({ type: 'ready' });
      await tail.feed.receive({ type: 'window', first: 0, count: 200, follow: true });
      await until('the tombstone is there', () =>
        tail.rows().some((row) => row.kind === 'record' && /deleted/.test(row.value.text)),
      );
      assert.deepEqual(
        tail.model().extraColumns.map(({ id }) => id),
        ['type', 'group'],
      );
      assert.equal(tail.model().filter.text, '$.group == "rewinding"');
      const texts = tail.rows().map((row) => (row.kind === 'record' ? row.value.text : ''));
      assert.ok(texts.some((text) => /committed orders-1 at 500, -1,500 since .* before: back/.test(text)));
      assert.ok(
        texts.some((text) => /^generation \d+: 1 member, leader report-0, \S+, 2 partitions assigned$/.test(text)),
      );
      assert.ok(texts.includes('commit of orders-1 deleted (most likely: by hand)'), texts.join('\n'));
      assert.equal(
        tail.rows().every((row) => row.kind === 'record' && row.cells?.[1] === 'rewinding'),
        true,
      );
      await commitOffsets(cluster, 'rewinding', 'orders', { 0: 1_300n });
      await until('it follows', () =>
        tail.rows().some((row) => row.kind === 'record' && /at 1,300, \+100 since/.test(row.value.text)),
      );
    } finally {
      tail.feed.dispose();
    }
  });

  it('says that the topic is denied', async () => {
    const { code, stderr } = await runTool('org.apache.kafka.tools.AclCommand', [
      ...['--bootstrap-server', broker.bootstrap, '--add', '--deny-principal', 'User:ANONYMOUS', '--force'],
      ...['--operation', 'Read', '--topic', '__consumer_offsets'],
    ]);
    assert.equal(code, 0, stderr);
    await until('the broker denies it', async () => {
      const offsetsTopic = partitionsOf('__consumer_offsets', 1);
      const end = (await endOffsets(cluster, offsetsTopic)).get('__consumer_offsets')!.get(0)!;
      return 'failure' in end && end.failure.kind === 'denied';
    });
    const { log, ended } = await follow('rewinding');
    const failed = await ended;
    assert.ok(failed !== undefined && 'failure' in failed);
    assert.equal(failed.failure.kind, 'denied');
    assert.equal(log.count, 0);
  });
});
