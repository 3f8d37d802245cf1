import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { GroupHistory } from '../../src/groups/assignmentHistory.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { findCoordinator } from '../../src/kafka/protocol/generated/findCoordinator.ts';
import type { Disposable } from '../../src/shared/event.ts';
import { loadGroupHistory } from '../../src/watch/assignments.ts';
import { followGroupHistory } from '../../src/watch/assignmentsFollow.ts';
import { ClusterWatch } from '../../src/watch/clusterWatch.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { spawnTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { addPartitions, createTopic } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { freeze } from '../support/freeze.ts';
import { until } from '../support/until.ts';

/** What the brokers and their topics do to a group, and not its members. */
describe('causes of rebalances outside the group', { timeout: 300_000 }, () => {
  let kafka: Kafka;
  let cluster: Cluster;
  let folder: string;
  const consumers: ChildProcess[] = [];
  const following: Disposable[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'causes-'));
    kafka = await startKafka({ brokers: 3, deadAfterMs: 4_000, properties: { 'offsets.topic.num.partitions': '3' } });
    cluster = await Cluster.connect({ bootstrapServers: kafka.bootstrap.split(',') });
    await createTopic(cluster, 'first', 1, 3);
    await firstCommit(cluster, 'first', 'first', { 0: 0n });
  });
  after(async () => {
    for (const each of following) each.dispose();
    await Promise.all(consumers.map((consumer) => endProcess(consumer, 0)));
    cluster?.close();
    await kafka?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Kafka's own consumer, which looks for new topics and partitions twice a second. */
  async function consume(group: string, include: string, settings: readonly string[] = []): Promise<ChildProcess> {
    const all = ['metadata.max.age.ms=500', 'heartbeat.interval.ms=500', 'session.timeout.ms=90000', ...settings];
    const consumer = await spawnTool(
      'org.apache.kafka.tools.consumer.ConsoleConsumer',
      [
        ...['--bootstrap-server', kafka.bootstrap, '--group', group, '--include', include],
        ...all.flatMap((setting) => ['--command-property', setting]),
      ],
      { stdio: 'ignore', jvm: ['-Xmx128m'] },
    );
    consumers.push(consumer);
    return consumer;
  }

  /** While the consumer stands still: if it asked a broker that knows of it, and then one that does not yet, it would rebalance twice. */
  async function unseenBy(consumer: ChildProcess, work: () => Promise<void>): Promise<void> {
    await freeze(consumer.pid!);
    try {
      await work();
    } finally {
      consumer.kill('SIGCONT');
    }
  }

  async function load(group: string): Promise<GroupHistory> {
    let last: GroupHistory | undefined;
    for await (const { history } of loadGroupHistory(cluster, group, {})) last = history;
    return last!;
  }

  const causes = ({ rebalances }: GroupHistory): string[] =>
    rebalances.flatMap((rebalance) => rebalance.causes.map(({ cause }) => cause));

  /** The members of the newest generation, and what they own. */
  function owned({ epochs }: GroupHistory): { readonly members: number; readonly partitions: number } {
    const members = epochs.at(-1)?.members ?? [];
    return { members: members.length, partitions: members.reduce((sum, { assigned }) => sum + assigned.length, 0) };
  }

  async function owns(group: string, members: number, partitions: number): Promise<void> {
    await until(
      `${members} members of ${group} own ${partitions} partitions`,
      async () => {
        const now = owned(await load(group));
        return now.members === members && now.partitions === partitions;
      },
      90_000,
    );
  }

  it('a topic that a pattern matches, and partitions that are added', async () => {
    await createTopic(cluster, 'grow-a', 2, 3);
    const consumer = await consume('growing', 'grow-.*');
    await owns('growing', 1, 2);
    await unseenBy(consumer, () => createTopic(cluster, 'grow-b', 1, 3));
    await owns('growing', 1, 3);
    await unseenBy(consumer, () => addPartitions(cluster, 'grow-a', 4));
    await owns('growing', 1, 5);
    const history = await load('growing');
    assert.deepEqual(causes(history), ['member-joined', 'subscription-changed', 'partitions-changed']);
    const [, subscribed, grown] = history.rebalances;
    assert.match(subscribed!.causes[0]!.evidence[0]!, /Before: grow-a\. Now: .*grow-b/);
    assert.match(grown!.causes[0]!.text, /Partitions were added to grow-a/);
    assert.equal(grown!.causes[0]!.certainty, 'inference');
  });

  it('a coordinator that moves makes no rebalance, and is not blamed for the next one', async () => {
    await createTopic(cluster, 'moving', 2, 3);
    await consume('moved', 'moving');
    await owns('moved', 1, 2);
    // Asked of a broker each time: the cluster keeps what it was told.
    const coordinator = async (): Promise<number | undefined> => {
      const request = { coordinatorKeys: ['moved'], keyType: 0 };
      const [found] = (await cluster.send('any', findCoordinator, request)).coordinators;
      return found?.errorCode === 0 ? found.nodeId : undefined;
    };
    const first = (await coordinator())!;
    await kafka.kill(first);
    await until('another broker coordinates', async () => ![first, undefined].includes(await coordinator()), 60_000);
    await consume('moved', 'moving');
    await owns('moved', 2, 2);
    await kafka.startNode(first);
    const history = await load('moved');
    assert.deepEqual(causes(history), ['member-joined', 'member-joined']);
    assert.equal(history.members.filter(({ to }) => to === undefined).length, 2);
  });

  it('a rebalance that a member holds up is found as stuck', async () => {
    await createTopic(cluster, 'stuck', 2, 3);
    const held = await consume('held', 'stuck');
    await owns('held', 1, 2);
    const watch = new ClusterWatch({ collect: (signal) => collectSnapshot(cluster, signal), intervalMs: () => 500 });
    let last: GroupHistory | undefined;
    // As it would be two minutes later.
    const now = (): number => Date.now() + 120_000;
    following.push(
      watch,
      followGroupHistory({
        kafka: async () => cluster,
        group: 'held',
        watch,
        now,
        tell: ({ history }) => (last = history ?? last),
      }),
    );
    await until('it is followed', () => last?.rebalances.length === 1);
    await freeze(held.pid!);
    await consume('held', 'stuck');
    // Before its session ends.
    await until('it is told', () => last?.findings.some(({ kind }) => kind === 'stuck-rebalance') === true, 80_000);
    const finding = last!.findings[0]!;
    assert.equal(finding.kind, 'stuck-rebalance');
    assert.equal(last!.rebalances.at(-1)!.ended, undefined);
    process.kill(held.pid!, 'SIGCONT');
    // A poll may see it done before its record is read: then what is told last is the one before.
    await until('it is done', () => last?.rebalances.length === 2 && last.rebalances[1]!.ended !== undefined, 60_000);
    assert.ok(!last!.findings.some(({ kind }) => kind === 'stuck-rebalance'));
    assert.notEqual(last!.rebalances.at(-1)!.began, undefined);
  });
});
