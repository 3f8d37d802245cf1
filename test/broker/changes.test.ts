/** Changes on a real broker: groups with members, of all types, and what is refused. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { deleteGroups } from '../../src/changes/deleteGroups.ts';
import { executePlan, type Execution } from '../../src/changes/execute.ts';
import { planFor, readCommits } from '../../src/changes/gather.ts';
import { groupNow } from '../../src/changes/groupNow.ts';
import type { ChangeKind, Journal } from '../../src/changes/journal/entry.ts';
import { openJournal } from '../../src/changes/journal/sqliteJournal.ts';
import { GroupInUseError } from '../../src/changes/preconditions.ts';
import { removeMembers } from '../../src/changes/removeMembers.ts';
import { examine, restoreFor, snapshotOffsets, undoFor } from '../../src/changes/undo.ts';
import type { OffsetPlan, PlanRequest } from '../../src/groups/plan/plan.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { isCancelled } from '../../src/shared/errors.ts';
import { spawnTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { createTopicWith, deleteTopic, moveLogStart, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';

const topic = 'changes';

describe('changes of offsets', { timeout: 240_000 }, () => {
  let own: Kafka | undefined;
  let bootstrap: string;
  let cluster: Cluster;
  let journal: Journal;
  let folder: string;

  before(async () => {
    const shared = process.env['KAFKA_BOOTSTRAP'];
    if (shared === undefined) own = await startKafka();
    bootstrap = shared ?? own!.bootstrap;
    cluster = await Cluster.connect({ bootstrapServers: bootstrap.split(',') });
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    journal = await openJournal({ file: join(folder, 'journal.sqlite') });
    await createTopicWith(cluster, topic, 3);
    for (const partition of [0, 1, 2]) await fill(topic, partition);
    await firstCommit(cluster, 'changes-first', topic, { 0: 0n });
  });

  after(async () => {
    journal?.close();
    cluster?.close();
    await own?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  async function fill(name: string, partition: number): Promise<void> {
    const records = Array.from({ length: 10 }, (_, index) => ({ value: `${index}` }));
    // Of now: what is years old a broker begins to delete half a minute after its start.
    await produceBatch(cluster, name, partition, writeBatch({ records, baseTimestamp: BigInt(Date.now()) }));
  }

  const latest = (group: string): PlanRequest => ({
    group,
    scope: { kind: 'topics', topics: [{ topic }] },
    strategy: { kind: 'latest' },
  });

  async function plan(request: PlanRequest): Promise<OffsetPlan> {
    return (await planFor(cluster, request)).plan;
  }

  function execute(made: OffsetPlan, kind: ChangeKind = 'reset'): Promise<Execution> {
    return executePlan(cluster, made, { kind, cluster: 'test', journal });
  }

  async function offsets(group: string): Promise<Record<string, bigint>> {
    const { value } = await groupNow(cluster, group).then((now) => {
      assert.ok('value' in now);
      return now;
    });
    const commits = await readCommits(cluster, value.type, group);
    assert.ok('value' in commits);
    return Object.fromEntries(
      [...commits.value].flatMap(([name, partitions]) =>
        [...partitions].map(([partition, fact]) => [`${name}-${partition}`, 'value' in fact ? fact.value.offset : -1n]),
      ),
    );
  }

  /** A real consumer; resolves when it owns partitions. */
  async function consumer(
    group: string,
    protocol: 'classic' | 'consumer' | 'share',
    instance?: string,
    name = topic,
  ): Promise<ChildProcess> {
    const main = protocol === 'share' ? 'VerifiableShareConsumer' : 'VerifiableConsumer';
    const args = ['--bootstrap-server', bootstrap, '--topic', name, '--group-id', group];
    const more = protocol === 'share' ? [] : ['--group-protocol', protocol, '--reset-policy', 'earliest'];
    const static_ = instance === undefined ? [] : ['--group-instance-id', instance];
    const child = await spawnTool(`org.apache.kafka.tools.${main}`, [...args, ...more, ...static_], {
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

  it('are written down before, read back, and undone, also where there was no commit', async () => {
    const group = 'changes-undo';
    await commitOffsets(cluster, group, topic, { 0: 3n, 1: 4n });
    const { id, results } = await execute(await plan(latest(group)));
    assert.deepEqual(
      results.map(({ outcome, found }) => [outcome, found]),
      Array(3).fill(['done', 10n]),
    );
    const entry = journal.get(id!)!;
    assert.deepEqual([entry.state, entry.positions.map(({ before }) => before?.offset)], ['done', [3n, 4n, undefined]]);
    assert.deepEqual([...(await examine(cluster, entry)).values()], ['reached', 'reached', 'reached']);

    await commitOffsets(cluster, group, topic, { 1: 9n });
    const { plan: back } = await undoFor(cluster, entry);
    assert.deepEqual(
      back.rows.map(({ warning }) => warning?.slice(0, 21)),
      [undefined, 'It has moved since: i', 'It had no commit: the'],
    );
    await execute(back, 'undo');
    assert.deepEqual(await offsets(group), { 'changes-0': 3n, 'changes-1': 4n });
    assert.deepEqual([...(await examine(cluster, entry)).values()], ['as-before', 'as-before', 'as-before']);
  });

  it('leave alone what has moved since the plan was made', async () => {
    const group = 'changes-moved';
    await commitOffsets(cluster, group, topic, { 0: 1n, 1: 1n });
    const made = await plan(latest(group));
    await commitOffsets(cluster, group, topic, { 1: 5n });
    const { results, id } = await execute(made);
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['done', 'moved', 'done'],
    );
    assert.match(results[1]!.message!, /moved to 5 since the plan was made/);
    assert.equal(journal.get(id!)!.state, 'failed');
    const anyway = await executePlan(cluster, made, { kind: 'reset', cluster: 'test', journal, evenIfMoved: true });
    assert.ok(anyway.results.every(({ outcome }) => outcome === 'done'));
    assert.equal(journal.get(anyway.id!)!.positions[1]!.before!.offset, 5n);
  });

  it('keep a snapshot by hand, and restore it to another group too', async () => {
    await commitOffsets(cluster, 'changes-snapshot', topic, { 0: 2n, 2: 6n });
    const id = await snapshotOffsets(cluster, 'changes-snapshot', {
      cluster: 'test',
      name: 'before the release',
      journal,
    });
    await execute(await plan(latest('changes-snapshot')));
    const entry = journal.get(id)!;
    assert.equal(entry.name, 'before the release');
    for (const group of ['changes-snapshot', 'changes-restored']) {
      await execute((await restoreFor(cluster, entry, group)).plan, 'restore');
      const now = await offsets(group);
      assert.deepEqual([now['changes-0'], now['changes-2']], [2n, 6n]);
    }
  });

  for (const protocol of ['classic', 'consumer'] as const) {
    it(`refuse a ${protocol} group with members, say who, and wait for them`, async () => {
      const group = `changes-live-${protocol}`;
      await commitOffsets(cluster, group, topic, { 0: 1n, 1: 1n, 2: 1n });
      const child = await consumer(group, protocol);
      try {
        // What it commits after a plan was made would have moved.
        await until('it has committed all', async () =>
          Object.values(await offsets(group)).every((offset) => offset === 10n),
        );
        const made = await plan({ ...latest(group), strategy: { kind: 'earliest' } });
        const before = journal.list().length;
        await assert.rejects(execute(made), (error) => {
          assert.ok(error instanceof GroupInUseError);
          assert.equal(error.members.length, 1);
          assert.match(error.message, /has members: \S+ at \/127\.0\.0\.1\./);
          return true;
        });
        assert.equal(journal.list().length, before, 'nothing was tried');

        const abort = new AbortController();
        const waits = { kind: 'reset', cluster: 'test', journal, waitUntilEmpty: true } as const;
        const cancelled = executePlan(cluster, made, {
          ...waits,
          signal: abort.signal,
          onWaiting: () => abort.abort(),
        });
        await assert.rejects(cancelled, isCancelled);

        // What it subscribes to cannot be deleted; the broker says so for each partition.
        const { results } = await execute(
          await plan({ ...latest(group), strategy: { kind: 'delete' } }),
          'delete-offsets',
        );
        assert.ok(results.every(({ outcome, code }) => outcome === 'refused' && code === 'GROUP_SUBSCRIBED_TO_TOPIC'));

        let waited = 0;
        const done = executePlan(cluster, made, {
          ...waits,
          evenIfMoved: true,
          onWaiting: ({ members }) => {
            if (waited++ === 0) void endProcess(child);
            assert.equal(members.length, 1);
          },
        });
        assert.ok((await done).results.every(({ outcome }) => outcome === 'done'));
        assert.ok(waited > 0);
        assert.deepEqual(new Set(Object.values(await offsets(group))), new Set([0n]));
      } finally {
        await endProcess(child);
      }
    });
  }

  it('say for each partition that members came back in between', async () => {
    const group = 'changes-race';
    await commitOffsets(cluster, group, topic, { 0: 1n, 1: 1n, 2: 1n });
    const made = await plan({ ...latest(group), strategy: { kind: 'earliest' } });
    // The journal is written between the last look and the first request.
    let child: ChildProcess | undefined;
    const race = await consumerBetween(async () => (child = await consumer(group, 'classic')), made);
    try {
      assert.deepEqual(
        new Set(race.results.map(({ outcome, code }) => `${outcome} ${code}`)),
        new Set(['refused UNKNOWN_MEMBER_ID']),
      );
      assert.match(race.results[0]!.message!, /has members \(again\).*UNKNOWN_MEMBER_ID/);
      assert.equal(journal.get(race.id!)!.state, 'failed');
      await assert.rejects(undoFor(cluster, journal.get(race.id!)!), /moved no offsets/);
    } finally {
      if (child !== undefined) await endProcess(child);
    }
  });

  /** Runs `meanwhile` when the plan has passed all checks, by a cluster that makes its first write wait. */
  async function consumerBetween(meanwhile: () => Promise<unknown>, made: OffsetPlan): Promise<Execution> {
    const slow = await Cluster.connect({ bootstrapServers: bootstrap.split(',') });
    const send = slow.toCoordinators.bind(slow);
    let isFirst = true;
    slow.toCoordinators = (async (keys: readonly string[], call: Parameters<typeof send>[1]) => {
      if (call.api.name === 'OffsetCommit' && isFirst) {
        isFirst = false;
        await meanwhile();
      }
      return send(keys, call);
    }) as typeof slow.toCoordinators;
    try {
      return await executePlan(slow, made, { kind: 'reset', cluster: 'test', journal });
    } finally {
      slow.close();
    }
  }

  it('move the start of a share group, and delete its offsets topic by topic', async () => {
    const group = 'changes-share';
    const name = 'changes-shared';
    await createTopicWith(cluster, name, 3);
    const child = await consumer(group, 'share', undefined, name);
    const request: PlanRequest = {
      group,
      scope: { kind: 'topics', topics: [{ topic: name }] },
      strategy: { kind: 'earliest' },
    };
    try {
      await assert.rejects(execute(await plan(request)), GroupInUseError);
      // A leader writes down a first start of its own when records are acknowledged: later than ours it would undo it.
      await until('the share group has a start in each partition', async () => {
        for (const partition of [0, 1, 2]) await fill(name, partition);
        return Object.values(await offsets(group)).filter((offset) => offset >= 0n).length === 3;
      });
    } finally {
      await endProcess(child);
    }
    await until(
      'the share group is empty',
      async () => {
        const now = await groupNow(cluster, group);
        return 'value' in now && now.value.state === 'Empty';
      },
      90_000,
    );
    const made = await plan({ ...request, strategy: { kind: 'offset', offset: 4n } });
    assert.equal(made.type, 'share');
    const was = await offsets(group);
    const { results, id } = await execute(made);
    assert.deepEqual(
      results.map(({ outcome, message }) => [outcome, message]),
      Array(3).fill(['done', undefined]),
    );
    assert.deepEqual(new Set(Object.values(await offsets(group))), new Set([4n]));
    await execute((await undoFor(cluster, journal.get(id!)!)).plan, 'undo');
    assert.deepEqual(await offsets(group), was);
    await execute(await plan({ ...request, strategy: { kind: 'offset', offset: 4n } }));
    const deleted = await execute(await plan({ ...request, strategy: { kind: 'delete' } }), 'delete-offsets');
    assert.ok(
      deleted.results.every(({ outcome }) => outcome === 'done'),
      deleted.results[0]?.message,
    );
    assert.deepEqual(await offsets(group), {});
  });

  it('delete groups, one result each, and bring one back', async () => {
    await commitOffsets(cluster, 'changes-delete', topic, { 0: 8n });
    const live = await consumer('changes-delete-live', 'classic');
    try {
      const results = await deleteGroups(cluster, ['changes-delete', 'changes-delete-live', 'changes-nobody'], {
        cluster: 'test',
        journal,
      });
      assert.deepEqual(
        results.map(({ outcome }) => outcome),
        ['done', 'refused', 'refused'],
      );
      assert.match(results[1]!.message!, /has members: .*Stop them first/);
      assert.match(results[2]!.message!, /does not exist/);
      const entry = journal.get(results[0]!.id!)!;
      assert.deepEqual([entry.kind, entry.state], ['delete-group', 'done']);
      const { plan: back } = await undoFor(cluster, entry);
      await execute(back, 'undo');
      assert.deepEqual(await offsets('changes-delete'), { 'changes-0': 8n });
    } finally {
      await endProcess(live);
    }
  });

  it('remove members, static and dynamic, of both protocols', async () => {
    for (const [protocol, instance] of [
      ['classic', undefined],
      ['classic', 'instance-1'],
      ['consumer', undefined],
    ] as const) {
      const group = `changes-member-${protocol}-${instance}`;
      const child = await consumer(group, protocol, instance);
      try {
        const now = await groupNow(cluster, group);
        assert.ok('value' in now);
        const member = now.value.members[0]!;
        assert.equal(member.instanceId, instance);
        const removal = await removeMembers(cluster, group, [member], 'it hangs', { cluster: 'test', journal });
        const [result] = removal.results;
        assert.equal(result!.outcome, 'done', result!.message);
        // By its next heartbeat it comes back, as another member or in a newer epoch.
        const later = await groupNow(cluster, group);
        assert.ok('value' in later);
        assert.ok(!later.value.members.some(({ id, epoch }) => id === member.id && epoch === member.epoch));
        const [line] = journal.list(1);
        assert.deepEqual([line!.id, line!.kind, line!.state], [removal.id, 'remove-members', 'done']);
      } finally {
        await endProcess(child);
      }
    }
  });

  it('say what became of the offsets of a topic that is gone', async () => {
    await createTopicWith(cluster, 'changes-ghost', 1);
    await fill('changes-ghost', 0);
    const group = 'changes-ghosts';
    await commitOffsets(cluster, group, 'changes-ghost', { 0: 5n });
    await commitOffsets(cluster, group, topic, { 0: 5n });
    const made = await plan({ group, scope: { kind: 'committed' }, strategy: { kind: 'latest' } });
    await deleteTopic(cluster, 'changes-ghost');
    await until('the topic is gone', async () => {
      const about = (await cluster.metadata({ topics: ['changes-ghost'] })).topics.get('changes-ghost');
      return about?.failure !== undefined;
    });
    const { results } = await execute(made);
    assert.equal(results[0]!.outcome, 'done');
    // The coordinator drops the commits of deleted topics itself, sooner or later.
    assert.ok(['refused', 'moved'].includes(results[1]!.outcome), results[1]!.outcome);
  });

  it('restore an offset that the log has lost, as it was', async () => {
    await createTopicWith(cluster, 'changes-lost', 1);
    await fill('changes-lost', 0);
    const group = 'changes-lost';
    await commitOffsets(cluster, group, 'changes-lost', { 0: 2n });
    const scope = { kind: 'committed' } as const;
    const { id } = await execute(await plan({ group, scope, strategy: { kind: 'latest' } }));
    await moveLogStart(cluster, 'changes-lost', 0, 6n);
    const { plan: back } = await undoFor(cluster, journal.get(id!)!);
    assert.match(back.rows[0]!.warning!, /log starts at 6 by now/);
    await execute(back, 'undo');
    assert.deepEqual(await offsets(group), { 'changes-lost-0': 2n });
  });
});
