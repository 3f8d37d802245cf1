/** What the commands plan and make, on a real broker: copies, deletions, removals, the way back, and interrupted changes. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { describeConfigs } from '../../src/changes/configs.ts';
import { executeConfigs } from '../../src/changes/configsExecute.ts';
import { planConfigs } from '../../src/changes/configsPlan.ts';
import type { NewEntry } from '../../src/changes/journal/entry.ts';
import { readCommits } from '../../src/changes/gather.ts';
import { groupNow } from '../../src/changes/groupNow.ts';
import { snapshotOffsets } from '../../src/changes/undo.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { planChange } from '../../src/ui/changes/planChange.ts';
import type { Executed, PlannedChange } from '../../src/ui/changes/planned.ts';
import type { ChangeRequest } from '../../src/ui/panels/change/protocol.ts';
import { readInterrupted } from '../../src/ui/panels/journal/interrupted.ts';
import { spawnTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { pastEntry, temporaryJournal } from '../support/journals.ts';
import { createTopicWith, deleteTopic, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';

const topic = 'journal-changes';
const name = 'test';

describe('the commands that change groups', { timeout: 240_000 }, () => {
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
    await createTopicWith(cluster, topic, 3);
    for (const partition of [0, 1, 2]) await fill(topic, partition);
    await firstCommit(cluster, 'jc-first', topic, { 0: 1n });
  });

  after(async () => {
    await kept?.remove();
    cluster?.close();
    await own?.stop();
  });

  async function fill(of: string, partition: number): Promise<void> {
    const records = Array.from({ length: 10 }, (_, index) => ({ value: `${index}` }));
    await produceBatch(cluster, of, partition, writeBatch({ records, baseTimestamp: BigInt(Date.now()) }));
  }

  const plan = (request: ChangeRequest): Promise<PlannedChange> =>
    planChange(cluster, request, {
      journal: () => Promise.resolve(kept.journal),
      snapshot: () => collectSnapshot(cluster),
      bootstrap,
    });

  function execute({ execute: make }: PlannedChange): Promise<Executed> {
    const { signal } = new AbortController();
    return make({ cluster, journal: kept.journal, signal, wait: false, onWaiting: () => {}, onProgress: () => {} });
  }

  async function offsets(group: string): Promise<Record<string, bigint>> {
    const commits = await readCommits(cluster, 'consumer', group);
    assert.ok('value' in commits);
    return Object.fromEntries(
      [...commits.value].flatMap(([of, partitions]) =>
        [...partitions].map(([partition, fact]) => [`${of}-${partition}`, 'value' in fact ? fact.value.offset : -1n]),
      ),
    );
  }

  const outcomes = ({ results }: Executed): (string | undefined)[] =>
    [...results.values()].map(({ outcome }) => outcome);

  it('copy to a new group, and say what they replace in one that has commits', async () => {
    await commitOffsets(cluster, 'jc-from', topic, { 0: 3n, 2: 7n });
    const copy: ChangeRequest = { kind: 'copy', cluster: name, from: 'jc-from', to: 'jc-to' };
    const fresh = await plan(copy);
    assert.match(fresh.sentences[0]!, /^Makes group jc-to/);
    assert.match(fresh.command!, /--reset-offsets --from-file/);
    assert.deepEqual(
      fresh.items.map(({ partition, before: was, after: goal }) => [partition, was, goal]),
      [
        [0, null, '3'],
        [2, null, '7'],
      ],
    );
    assert.deepEqual(outcomes(await execute(fresh)), ['done', 'done']);
    assert.deepEqual(await offsets('jc-to'), { [`${topic}-0`]: 3n, [`${topic}-2`]: 7n });
    await commitOffsets(cluster, 'jc-to', topic, { 0: 9n });
    const again = await plan(copy);
    assert.match(again.sentences.join(' '), /It has commits of its own: those of 2 partitions are replaced/);
  });

  it('delete the commits of a topic that is gone, and bring back those of one that is there', async () => {
    const gone = 'journal-changes-gone';
    await createTopicWith(cluster, gone, 2);
    await commitOffsets(cluster, 'jc-ghost', gone, { 0: 0n, 1: 0n });
    await commitOffsets(cluster, 'jc-ghost', topic, { 1: 4n });
    await deleteTopic(cluster, gone);
    // The controller answers before the broker has heard of it.
    await until('the broker knows that it is gone', async () => {
      const { topics } = await cluster.metadata({ topics: [gone] });
      return topics.get(gone)?.failure?.kind === 'missing';
    });
    const ghost = await plan({
      kind: 'delete-offsets',
      cluster: name,
      groups: [{ group: 'jc-ghost', topics: [{ topic: gone }] }],
    });
    // The coordinator takes the commits of a deleted topic along a moment later; OffsetDelete refuses them until then.
    assert.match(ghost.refusal!, /has no commits there|deletes commits only of topics that exist/);
    await until('its commits are gone, too', async () => Object.keys(await offsets('jc-ghost')).length === 1);
    assert.deepEqual(await offsets('jc-ghost'), { [`${topic}-1`]: 4n });

    const all = await plan({
      kind: 'delete-offsets',
      cluster: name,
      groups: [{ group: 'jc-ghost', topics: [{ topic }] }],
    });
    assert.equal(all.items.length, 1, 'partitions without a commit are no matter');
    const done = await execute(all);
    assert.deepEqual(await offsets('jc-ghost'), {});
    const undone = await execute(await plan({ kind: 'undo', cluster: name, entries: done.entries }));
    assert.deepEqual(outcomes(undone), ['done']);
    assert.deepEqual(await offsets('jc-ghost'), { [`${topic}-1`]: 4n });
  });

  it('delete several groups, leave the one with members, and bring them all back', async () => {
    await commitOffsets(cluster, 'jc-a', topic, { 0: 1n });
    await commitOffsets(cluster, 'jc-b', topic, { 1: 2n, 2: 3n });
    await commitOffsets(cluster, 'jc-live', topic, { 0: 5n });
    const child = await consumer('jc-live', 'jc-live-1');
    try {
      const planned = await plan({
        kind: 'delete-groups',
        cluster: name,
        groups: ['jc-a', 'jc-b', 'jc-live', 'jc-none'],
      });
      assert.match(planned.sentences[0]!, /Deletes 2 groups with 3 commits/);
      const errors = new Map(planned.items.map(({ group, error }) => [group, error]));
      assert.match(errors.get('jc-live')!, /It has members: /);
      assert.match(errors.get('jc-none')!, /does not exist/);
      assert.match(planned.command!, /--delete --group jc-a --group jc-b$/);
      const done = await execute(planned);
      assert.deepEqual(outcomes(done), ['done', 'done', 'done']);
      assert.deepEqual([await offsets('jc-a'), await offsets('jc-b')], [{}, {}]);
      await execute(await plan({ kind: 'undo', cluster: name, entries: done.entries }));
      assert.deepEqual(
        [await offsets('jc-a'), await offsets('jc-b')],
        [{ [`${topic}-0`]: 1n }, { [`${topic}-1`]: 2n, [`${topic}-2`]: 3n }],
      );

      const removal = await plan({
        kind: 'remove-members',
        cluster: name,
        members: [
          { group: 'jc-live', id: 'whatever', instanceId: 'jc-live-1' },
          { group: 'jc-live', id: 'nobody' },
        ],
        reason: 'a test',
      });
      assert.deepEqual([removal.items[0]!.error, removal.items[0]!.member!.partitions], [undefined, 3]);
      assert.match(removal.items[1]!.error!, /has left the group already/);
      assert.deepEqual(outcomes(await execute(removal)), ['done']);
      const [entry] = kept.journal.list();
      assert.deepEqual([entry!.kind, entry!.subject, entry!.state], ['remove-members', 'jc-live', 'done']);
    } finally {
      await endProcess(child);
    }
  });

  it('restore a snapshot to another group, and say what moved since as they undo', async () => {
    await commitOffsets(cluster, 'jc-snap', topic, { 0: 2n });
    const id = await snapshotOffsets(cluster, 'jc-snap', { cluster: name, name: 'mine', journal: kept.journal });
    const planned = await plan({ kind: 'restore', cluster: name, entry: id, group: 'jc-other' });
    assert.match(planned.sentences.join(' '), /Back to the snapshot "mine" .*They were those of group jc-snap/);
    const done = await execute(planned);
    assert.deepEqual(await offsets('jc-other'), { [`${topic}-0`]: 2n });
    await commitOffsets(cluster, 'jc-other', topic, { 0: 8n });
    const back = await plan({ kind: 'undo', cluster: name, entries: done.entries });
    assert.match(back.sentences.join(' '), /1 partition moved since/);
    assert.match(back.items[0]!.warning!, /left at 2 and is at 8 now/);
    await execute(back);
    assert.deepEqual(await offsets('jc-other'), {});
  });

  it('wait until the members have left, and set what these have committed meanwhile', async () => {
    const group = 'jc-waits';
    await commitOffsets(cluster, group, topic, { 0: 5n });
    const id = await snapshotOffsets(cluster, group, { cluster: name, name: 'before', journal: kept.journal });
    const child = await consumer(group);
    try {
      const planned = await plan({ kind: 'restore', cluster: name, entry: id, group });
      assert.match(planned.members!, /^jc-waits: /);
      const seen = (await offsets(group))[`${topic}-0`];
      await fill(topic, 0);
      await until('it has committed since', async () => (await offsets(group))[`${topic}-0`] !== seen);
      let ending: Promise<unknown> | undefined;
      const done = await planned.execute({
        cluster,
        journal: kept.journal,
        signal: new AbortController().signal,
        wait: true,
        onWaiting: () => void (ending ??= endProcess(child)),
        onProgress: () => {},
      });
      assert.deepEqual(outcomes(done), ['done']);
      assert.equal((await offsets(group))[`${topic}-0`], 5n);
    } finally {
      await endProcess(child);
    }
  });

  it('take back a change of configurations from the journal', async () => {
    const resource = { kind: 'topic', name: topic } as const;
    const own = async (): Promise<unknown> =>
      (await describeConfigs(cluster, resource)).find((config) => config.name === 'max.message.bytes')!.value;
    const was = await own();
    const made = await planConfigs(cluster, resource, [{ name: 'max.message.bytes', value: '4321' }]);
    const { id } = await executeConfigs(cluster, made, { cluster: name, journal: kept.journal });
    assert.equal(await own(), '4321');
    const back = await plan({ kind: 'undo', cluster: name, entries: [id!] });
    assert.deepEqual([back.of, back.refusal, back.items.length], ['configs', undefined, 1]);
    const undone = await execute(back);
    assert.deepEqual(outcomes(undone), ['done']);
    assert.equal(await own(), was);
    assert.equal(kept.journal.get(undone.entries[0]!)!.undoes, id);
    assert.match((await plan({ kind: 'undo', cluster: name, entries: [id!] })).refusal!, /as it was before already/);
  });

  it('tell what an interrupted change has reached', async () => {
    await commitOffsets(cluster, 'jc-cut', topic, { 0: 5n, 1: 1n, 2: 9n });
    const at = (offset: bigint): { offset: bigint; leaderEpoch: number; metadata: string } => ({
      offset,
      leaderEpoch: -1,
      metadata: '',
    });
    const entry = pastEntry(
      'cut',
      Date.now(),
      {
        cluster: name,
        clusterId: cluster.clusterId,
        kind: 'reset',
        subject: 'jc-cut',
        groupType: 'classic',
        positions: [0, 1, 2].map((partition) => ({
          topic,
          partition,
          before: at(1n),
          after: { kind: 'commit', ...at(5n) },
        })),
      },
      [],
    );
    const { examined, results, state } = await readInterrupted(cluster, entry);
    assert.equal(
      examined.sentence,
      'Of 3 partitions: 1 are where the change was to put them, 1 where they were before, 1 elsewhere: somebody has moved them since.',
    );
    assert.deepEqual([state, results.map(({ outcome }) => outcome)], ['failed', ['done', 'not-sent', 'unknown']]);
    kept.journal.add([entry]);
    kept.journal.finish('cut', state, results);
    const back = await plan({ kind: 'undo', cluster: name, entries: ['cut'] });
    assert.deepEqual(
      back.items.map(({ partition, after: goal }) => [partition, goal]),
      [
        [0, '1'],
        [2, '1'],
      ],
      'what was not reached stays',
    );
  });

  it('tell what an interrupted change of something else has reached', async () => {
    const look = async (entry: Partial<NewEntry> & Pick<NewEntry, 'kind' | 'subject'>): Promise<[string, string]> => {
      const base = { cluster: name, clusterId: cluster.clusterId, groupType: undefined, positions: [] };
      const { examined, state } = await readInterrupted(
        cluster,
        pastEntry('other', Date.now(), { ...base, ...entry }, []),
      );
      return [examined.sentence, state];
    };
    const config = (after: string, isOwn: boolean): ReturnType<typeof look> =>
      look({
        kind: 'alter-configs',
        subject: topic,
        details: {
          resource: { kind: 'topic', name: topic },
          configs: [{ name: 'retention.ms', before: '77', wasOwn: !isOwn, after, isOwn, isSensitive: false }],
        },
      });
    const plan = await planConfigs(cluster, { kind: 'topic', name: topic }, [
      { name: 'retention.ms', value: '777777777' },
    ]);
    await executeConfigs(cluster, plan, { cluster: name, journal: kept.journal });
    assert.deepEqual(await config('777777777', true), [
      'All of it is there: every configuration is as it was to be.',
      'done',
    ]);
    assert.deepEqual(await config('5', true), ['Changed since by somebody: retention.ms.', 'failed']);
    assert.match(
      (await look({ kind: 'create-topic', subject: topic })).join(),
      /is there now, with 3 partitions.*done/,
    );
    assert.match(
      (await look({ kind: 'delete-topic', subject: topic })).join(),
      /was not deleted, or was made anew.*failed/,
    );
    assert.match((await look({ kind: 'delete-topic', subject: 'jc-never' })).join(), /does not exist now.*done/);
    assert.deepEqual(await look({ kind: 'add-partitions', subject: topic, details: { from: 2, to: 3 } }), [
      `Topic ${topic} has 3 partitions now; it had 2, and was to have 3.`,
      'done',
    ]);
    const partitions = [
      { partition: 0, start: '0', to: '0' },
      { partition: 1, start: '0', to: '5' },
    ];
    assert.deepEqual(await look({ kind: 'delete-records', subject: topic, details: { partitions } }), [
      'Of 2 partitions, 1 begin where they were to.',
      'failed',
    ]);
    assert.match((await look({ kind: 'delete-group', subject: 'jc-nobody' })).join(), /does not exist now.*done/);
    const members = { members: [{ id: 'gone-1', instanceId: null }] };
    assert.match(
      (await look({ kind: 'remove-members', subject: 'jc-from', details: members })).join(),
      /None of.*done/,
    );
    assert.match((await look({ kind: 'add-partitions', subject: topic })).join(), /does not say what.*failed/);
  });

  it('empty, widen and delete topics: the rows say whom they touch, and each topic has its result', async () => {
    const [full, doomed] = ['jc-full', 'jc-doomed'];
    await createTopicWith(cluster, full, 2);
    await createTopicWith(cluster, doomed, 1);
    for (const partition of [0, 1]) await fill(full, partition);
    await commitOffsets(cluster, 'jc-slow', full, { 0: 3n, 1: 10n });

    const empty = await plan({
      kind: 'delete-records',
      cluster: name,
      topic: full,
      before: [{ partition: 0, offset: '8' }, { partition: 1 }],
    });
    assert.deepEqual(
      empty.items.map(({ partition, before: was, after: goal, skipped, warning }) => [
        partition,
        was,
        goal,
        skipped,
        warning,
      ]),
      [
        [0, '0', '8', '8', 'jc-slow has not read 5 of them.'],
        [1, '0', '10', '10', undefined],
      ],
    );
    const emptied = await execute(empty);
    assert.deepEqual(
      [...emptied.results.values()].map(({ outcome, found }) => [outcome, found]),
      [
        ['done', '8'],
        ['done', '10'],
      ],
    );
    assert.deepEqual(emptied.said, { good: true, text: 'Done, and looked at again.' });

    const widen = await plan({ kind: 'add-partitions', cluster: name, topic: full, to: 3 });
    assert.deepEqual(
      widen.items.map(({ group, reader }) => [group, reader]),
      [['jc-slow', { state: 'Empty', members: 0, commits: 2, lag: '7' }]],
    );
    assert.deepEqual(outcomes(await execute(widen)), ['done']);
    assert.match(
      (await plan({ kind: 'add-partitions', cluster: name, topic: full, to: 3 })).refusal!,
      /take none away/,
    );

    const gone = await plan({ kind: 'delete-topics', cluster: name, topics: [full, doomed, 'jc-never'] });
    assert.match(gone.sentences[0]!, /^Deletes 2 topics with all records of 4 partitions/);
    assert.match(gone.command!, /--delete --topic jc-full\n.*--delete --topic jc-doomed$/);
    assert.deepEqual(
      gone.items.map(({ topic: of, group, error }) => [of, group, error === undefined]),
      [
        [full, 'jc-slow', true],
        [doomed, '', true],
        ['jc-never', '', false],
      ],
    );
    const deleted = await execute(gone);
    assert.deepEqual(outcomes(deleted), ['done', 'done']);
    assert.equal(deleted.entries.length, 2);
    await until('both are gone', async () => {
      const { topics } = await cluster.metadata({ topics: [full, doomed] });
      return [full, doomed].every((each) => topics.get(each)?.failure?.kind === 'missing');
    });
  });

  /** A real static member with partitions. */
  async function consumer(group: string, instance?: string): Promise<ChildProcess> {
    const args = ['--bootstrap-server', bootstrap, '--topic', topic, '--group-id', group];
    if (instance !== undefined) args.push('--group-instance-id', instance);
    const child = await spawnTool('org.apache.kafka.tools.VerifiableConsumer', args, {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    await until(
      `${group} has a member with partitions`,
      async () => {
        const now = await groupNow(cluster, group);
        return (
          'value' in now &&
          now.value.members.some(({ assignment }) => 'value' in assignment && assignment.value.length > 0)
        );
      },
      90_000,
    );
    return child;
  }
});
