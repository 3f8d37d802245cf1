import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Kafka as KafkaJs, logLevel, type Consumer } from 'kafkajs';
import { openAssignmentStore, type AssignmentStore } from '../../src/history/assignments/assignmentStore.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import type { GroupHistory } from '../../src/groups/assignmentHistory.ts';
import { incrementalAlterConfigs } from '../../src/kafka/protocol/generated/incrementalAlterConfigs.ts';
import type { Disposable } from '../../src/shared/event.ts';
import { loadGroupHistory, type GroupStore } from '../../src/watch/assignments.ts';
import { followGroupHistory, type FollowNews } from '../../src/watch/assignmentsFollow.ts';
import { ClusterWatch } from '../../src/watch/clusterWatch.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { runTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { createTopicWith } from '../support/recordsCalls.ts';
import { until } from '../support/until.ts';

describe('following assignment history', { timeout: 300_000 }, () => {
  let broker: Kafka;
  let cluster: Cluster;
  let store: AssignmentStore;
  let folder: string;
  const consumers: Consumer[] = [];
  const following: Disposable[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assignments-'));
    store = await openAssignmentStore({
      file: join(folder, 'history.db'),
      limits: () => ({ maxAgeDays: 30, maxMegabytes: 200 }),
    });
    broker = await startKafka({
      properties: {
        'offsets.topic.num.partitions': '3',
        'log.cleaner.backoff.ms': '200',
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
      },
    });
    cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
    await createTopicWith(cluster, 'orders', 4);
    await firstCommit(cluster, 'first', 'orders', { 0: 0n });
  });
  after(async () => {
    for (const each of following) each.dispose();
    await Promise.all(consumers.map((consumer) => consumer.disconnect()));
    cluster?.close();
    store?.close();
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function joinGroup(groupId: string): Promise<Consumer> {
    const client = new KafkaJs({ clientId: 'c', brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });
    // kafkajs sends a heartbeat only between two fetches, each of which waits for 5 s by default.
    const consumer = client.consumer({ groupId, sessionTimeout: 60_000, heartbeatInterval: 300, maxWaitTimeInMs: 500 });
    consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: ['orders'] });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({ eachMessage: async () => {} });
    await joined;
    return consumer;
  }

  /** What the last telling said. */
  function follow(
    group: string,
    options: { store?: GroupStore; watch?: ClusterWatch },
  ): { news: FollowNews[] } & Disposable {
    const news: FollowNews[] = [];
    const follower = followGroupHistory({
      kafka: async () => cluster,
      group,
      ...options,
      tell: (each) => news.push(each),
    });
    following.push(follower);
    return { news, dispose: () => follower.dispose() };
  }

  function newWatch(): ClusterWatch {
    const watch = new ClusterWatch({ collect: (signal) => collectSnapshot(cluster, signal), intervalMs: () => 300 });
    following.push(watch);
    return watch;
  }

  const kept: GroupStore = {
    read: (group) => store.read('c', group),
    write: (group, events, coverage) => store.write('c', group, events, coverage),
  };
  const reasons = (history: GroupHistory | undefined): string[] =>
    history?.rebalances.flatMap(({ causes }) => causes.map(({ cause }) => cause)) ?? [];

  it('tells what comes as it comes, and stops when nobody looks', async () => {
    await joinGroup('live');
    const live = follow('live', {});
    const { news } = live;
    const told = (): string[] => reasons(news.at(-1)?.history);
    const joined = (): number => told().filter((cause) => cause === 'member-joined').length;
    await until('the first member is told', () => joined() === 1);
    const second = await joinGroup('live');
    await until('the second one is told', () => joined() === 2, 60_000);
    await second.disconnect();
    await until('its going is told', () => told().at(-1) === 'member-left', 60_000);
    assert.equal(told()[0], 'member-joined');
    assert.deepEqual(news.at(-1)?.history?.sources, ['topic']);
    live.dispose();
    const count = news.length;
    await joinGroup('live');
    const history = await load('live');
    assert.ok(history.rebalances.length >= 4);
    assert.equal(news.length, count);
  });

  async function load(group: string, options: { store?: GroupStore } = {}): Promise<GroupHistory> {
    let last: GroupHistory | undefined;
    for await (const { history } of loadGroupHistory(cluster, group, {}, options)) last = history;
    return last!;
  }

  it('knows from the store what compaction has taken, and says what is gone without it', async () => {
    // What is compacted is gone within a moment.
    const configs = Object.entries({ 'segment.ms': '200', 'min.cleanable.dirty.ratio': '0.01' });
    const { responses } = await cluster.send('controller', incrementalAlterConfigs, {
      resources: [
        {
          resourceType: 2,
          resourceName: '__consumer_offsets',
          configs: configs.map(([name, value]) => ({ name, configOperation: 0, value })),
        },
      ],
      validateOnly: false,
    });
    assert.equal(responses[0]?.errorCode, 0);
    const first = await joinGroup('compacted');
    const compacted = follow('compacted', { store: kept });
    const count = (): number => store.read('c', 'compacted')?.events.length ?? 0;
    // Which compaction takes as soon as there is a second one.
    await until('the first generation is kept', () => count() >= 2);
    const second = await joinGroup('compacted');
    await until('both generations are kept', () => count() >= 3);
    compacted.dispose();
    await second.disconnect();
    await first.disconnect();
    const whole = await load('compacted', { store: kept });
    const wholeReasons = reasons(whole);
    assert.deepEqual(whole.lacks, []);
    await until(
      'compaction has taken the first generations',
      async () => {
        for (let index = 0; index < 50; index++) {
          await commitOffsets(cluster, 'compacted', 'orders', { 0: BigInt(index), 1: 0n, 2: 0n, 3: 0n });
        }
        return (await load('compacted')).lacks.length > 0;
      },
      120_000,
    );
    const gone = await load('compacted');
    assert.ok(gone.rebalances.length < whole.rebalances.length);
    assert.match(gone.lacks[0]!, /no longer in the topic/);
    const again = await load('compacted', { store: kept });
    assert.deepEqual(reasons(again), wholeReasons);
    assert.deepEqual(again.lacks, []);
  });

  it('goes by polls where the topic is denied, and says what it cannot know', async () => {
    const deny = ['--add', '--deny-principal', 'User:ANONYMOUS', '--operation', 'Read', '--force'];
    const { code, stderr } = await runTool('org.apache.kafka.tools.AclCommand', [
      ...['--bootstrap-server', broker.bootstrap, ...deny, '--topic', '__consumer_offsets'],
    ]);
    assert.equal(code, 0, stderr);
    await until('it is denied', async () => /may not be read/.test((await load('first')).lacks[0] ?? ''));
    await joinGroup('unread');
    const watch = newWatch();
    const { news } = follow('unread', { watch, store: kept });
    await until('a poll is told', () => news.at(-1)?.history?.epochs.length === 1);
    assert.match(news.at(-1)!.history!.lacks[0]!, /__consumer_offsets may not be read/);
    await joinGroup('unread');
    await until('the second member is told', () => news.at(-1)?.history?.rebalances.at(-1)?.ended !== undefined);
    const history = news.at(-1)!.history!;
    assert.deepEqual(history.sources, ['poll']);
    assert.deepEqual(reasons(history), ['member-joined']);
    assert.equal(history.rebalances[0]!.causes[0]!.source, 'poll');
    assert.ok((store.read('c', 'unread')?.polls.length ?? 0) >= 2);
  });
});
