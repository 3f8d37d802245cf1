/** What the page of a change of offsets is told and does, over a real broker: groups with members of both new kinds, and the commits of a time. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { readCommits } from '../../src/changes/gather.ts';
import { groupNow } from '../../src/changes/groupNow.ts';
import { createDecoder } from '../../src/formats/createDecoder.ts';
import type { GroupType } from '../../src/groups/snapshot.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { emptyForm } from '../../src/ui/panels/reset/formRequest.ts';
import { targetOf } from '../../src/ui/panels/reset/openTarget.ts';
import { undoTask } from '../../src/ui/panels/reset/planTask.ts';
import type { ResetForm, ResetModel } from '../../src/ui/panels/reset/protocol.ts';
import { ResetFeed } from '../../src/ui/panels/reset/resetFeed.ts';
import { spawnTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { temporaryJournal } from '../support/journals.ts';
import { createTopicWith, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';
import { scriptedClusters } from '../unit/panelsFixtures.ts';

const topic = 'reset-feed';

describe('the feed of the page of a change of offsets', { timeout: 240_000 }, () => {
  let own: Kafka | undefined;
  let bootstrap: string;
  let cluster: Cluster;
  let kept: Awaited<ReturnType<typeof temporaryJournal>>;

  before(async () => {
    const shared = process.env['KAFKA_BOOTSTRAP'];
    if (shared === undefined) own = await startKafka();
    bootstrap = shared ?? own!.bootstrap;
    cluster = await Cluster.connect({ bootstrapServers: bootstrap.split(',') });
    kept = await temporaryJournal();
    await createTopicWith(cluster, topic, 2);
    await fill();
  });

  after(async () => {
    await kept?.remove();
    cluster?.close();
    await own?.stop();
  });

  async function fill(): Promise<void> {
    const records = Array.from({ length: 10 }, (_, index) => ({ value: `${index}` }));
    // Of now: what is years old a broker begins to delete half a minute after its start.
    const batch = writeBatch({ records, baseTimestamp: BigInt(Date.now()) });
    for (const partition of [0, 1]) await produceBatch(cluster, topic, partition, batch);
  }

  interface Page {
    readonly feed: ResetFeed;
    readonly model: () => ResetModel;
    readonly plan: (form: Partial<ResetForm>) => Promise<void>;
  }

  /** A page that is open for a group, whose person agrees to all. */
  function open(group: string): Page {
    let model: ResetModel | undefined;
    let edits = 0;
    const feed = new ResetFeed({
      cluster: 'test',
      group,
      services: scriptedClusters({}),
      open: async () => targetOf(cluster, 'test', () => createDecoder(undefined)),
      profile: () => ({ production: false, readOnly: false, bootstrapServers: bootstrap.split(',') }),
      confirm: async () => true,
      journal: async () => kept.journal,
      undoOf: async (id) => undoTask(kept.journal, id),
      onWritten: () => {},
      send: (message) => {
        if (message.type === 'full' || message.type === 'model') model = message.model;
      },
      onError: (error) => assert.fail(error as Error),
    });
    feed.start(undefined);
    return {
      feed,
      model: () => model!,
      plan: (form) =>
        feed.form({ ...emptyForm, scope: 'topics', topics: [{ topic, partitions: '' }], ...form }, ++edits),
    };
  }

  async function offsets(group: string, type: GroupType = 'consumer'): Promise<(bigint | undefined)[]> {
    const commits = await readCommits(cluster, type, group);
    assert.ok('value' in commits);
    return [0, 1].map((partition) => {
      const fact = commits.value.get(topic)?.get(partition);
      return fact !== undefined && 'value' in fact ? fact.value.offset : undefined;
    });
  }

  /** A real member; resolves when it owns partitions. */
  async function member(group: string, main: string, ...more: readonly string[]): Promise<ChildProcess> {
    const args = ['--bootstrap-server', bootstrap, '--topic', topic, '--group-id', group, ...more];
    const child = await spawnTool(`org.apache.kafka.tools.${main}`, args, { stdio: ['ignore', 'ignore', 'ignore'] });
    await until(
      `${group} has a member with partitions`,
      async () => {
        const now = await groupNow(cluster, group);
        if (!('value' in now)) return false;
        return now.value.members.some(({ assignment }) => 'value' in assignment && assignment.value.length > 0);
      },
      90_000,
    );
    return child;
  }

  it('takes a KIP-848 group: says who is in the way, waits until they have left, and takes it back', async () => {
    const group = 'reset-feed-848';
    const more = ['--group-protocol', 'consumer', '--reset-policy', 'earliest'];
    const child = await member(group, 'VerifiableConsumer', ...more);
    const { feed, model, plan } = open(group);
    try {
      await until('it has read all', async () => (await offsets(group)).every((offset) => offset === 10n));
      await plan({ strategy: 'offset', offset: '4' });
      assert.equal(model().memberCount, 1);
      assert.match(model().members[0]!.host, /^127\.0\.0\.1$/);
      assert.match(model().howTo!.code, /seek/);
      await feed.execute(false);
      assert.match(model().outcome!.text, /Not done\. Group reset-feed-848 has members: /);
      assert.deepEqual(await offsets(group), [10n, 10n]);

      const done = feed.execute(true);
      await until('it waits', () => model().doing?.kind === 'waiting');
      await endProcess(child);
      await done;
      assert.deepEqual([model().outcome!.good, model().outcome!.text], [true, 'Done and read back: 2 partitions.']);
      assert.deepEqual(await offsets(group), [4n, 4n]);
      assert.equal(kept.journal.get(feed.changeId!)!.groupType, 'consumer');

      await feed.undo();
      assert.equal(model().task!.title, 'Undo');
      await feed.execute(false);
      assert.equal(model().outcome!.good, true, model().outcome!.text);
      assert.deepEqual(await offsets(group), [10n, 10n]);
    } finally {
      feed.dispose();
      await endProcess(child);
    }
  });

  it('takes a share group by its own API, and knows no commits of a time of it', async () => {
    const group = 'reset-feed-share';
    const child = await member(group, 'VerifiableShareConsumer');
    const { feed, model, plan } = open(group);
    try {
      // The topic of their coordinators is made with the first group of all: until then their starts cannot be read.
      await until(
        'it has a start in each partition',
        async () => {
          await fill();
          const starts = await readCommits(cluster, 'share', group);
          return (
            'value' in starts && [0, 1].every((partition) => 'value' in (starts.value.get(topic)?.get(partition) ?? {}))
          );
        },
        90_000,
      );
      await plan({ strategy: 'offset', offset: '4' });
      assert.deepEqual([model().isShare, model().memberCount, model().howTo], [true, 1, undefined]);
      await plan({ strategy: 'as-of', time: '1 second ago' });
      assert.match(model().problems.time!, /no positions of share groups/);
      assert.equal(model().plan, undefined);
      await plan({ strategy: 'offset', offset: '4' });
      const done = feed.execute(true);
      await until('it waits', () => model().doing?.kind === 'waiting');
      await endProcess(child);
      await done;
      assert.equal(model().outcome!.good, true, model().outcome!.text);
      assert.deepEqual(await offsets(group, 'share'), [4n, 4n]);
    } finally {
      feed.dispose();
      await endProcess(child);
    }
  });

  it('goes back to the commits of a time, as the commit log has them', async () => {
    const group = 'reset-feed-then';
    await commitOffsets(cluster, group, topic, { 0: 3n });
    // The coordinator's clock is this machine's: its commits are before and after.
    const between = Date.now() + 1;
    await until('the moment is over', () => Date.now() > between + 1);
    await commitOffsets(cluster, group, topic, { 0: 9n, 1: 8n });
    const { feed, model, plan } = open(group);
    try {
      await plan({ strategy: 'as-of', time: new Date(between).toISOString(), scope: 'committed' });
      assert.equal(model().failure, undefined);
      const rows = feed.plan!.rows.map(({ partition, after, error }) => [
        partition,
        after?.kind === 'commit' ? after.offset : error?.slice(0, 23),
      ]);
      assert.equal(model().notes[0]!.slice(0, 28), 'Read from __consumer_offsets');
      assert.deepEqual(rows[0], [0, 3n]);
      // Where the topic is whole it had none; where it has been compacted before, nobody can know.
      assert.match(String(rows[1]![1]), /^(It had no commit then: |Where it was then is no)/);
      await feed.execute(false);
      assert.equal(model().outcome!.good, true, model().outcome!.text);
      assert.deepEqual(await offsets(group), [3n, 8n]);
      await plan({ strategy: 'as-of', time: '2001-01-01', scope: 'topics' });
      assert.equal(model().plan!.writes, 0);
    } finally {
      feed.dispose();
    }
  });

  it('says so where the commit log has nothing of the group', async () => {
    const { feed, model, plan } = open('reset-feed-nobody');
    try {
      await plan({ strategy: 'as-of', time: 'yesterday' });
      assert.match(model().failure!, /has no commits of group reset-feed-nobody/);
    } finally {
      feed.dispose();
    }
  });
});
