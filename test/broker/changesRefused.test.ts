/** Changes that a broker denies, leaves without an answer, or is too old for. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { deleteGroups } from '../../src/changes/deleteGroups.ts';
import { executePlan } from '../../src/changes/execute.ts';
import { planFor } from '../../src/changes/gather.ts';
import type { Journal } from '../../src/changes/journal/entry.ts';
import { openJournal } from '../../src/changes/journal/sqliteJournal.ts';
import { examine, undoFor } from '../../src/changes/undo.ts';
import type { PlanRequest } from '../../src/groups/plan/plan.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { HumanError } from '../../src/shared/errors.ts';
import { runTool, startKafka } from '../../tools/kafka.ts';
import { commitOffsets, createTopic } from '../support/clusterCalls.ts';
import { freeze } from '../support/freeze.ts';
import { until } from '../support/until.ts';

describe('changes of offsets where the broker does not play along', { timeout: 240_000 }, () => {
  let folder: string;
  let journal: Journal;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    journal = await openJournal({ file: join(folder, 'journal.sqlite') });
  });

  after(async () => {
    journal.close();
    await rm(folder, { recursive: true });
  });

  const request = (group: string): PlanRequest => ({
    group,
    scope: { kind: 'committed' },
    strategy: { kind: 'latest' },
  });

  it('tell a partition that is denied from those that are done', async () => {
    const kafka = await startKafka({
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
      },
    });
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    try {
      for (const topic of ['open', 'secret']) {
        await createTopic(cluster, topic, 1, 1);
        for (const group of ['readers', 'hidden']) {
          await until('commits succeed', () =>
            commitOffsets(cluster, group, topic, { 0: 5n }).then(
              () => true,
              () => false,
            ),
          );
        }
      }
      const { plan } = await planFor(cluster, request('readers'));
      const { plan: hidden } = await planFor(cluster, request('hidden'));
      const user = 'User:ANONYMOUS';
      for (const acl of [
        ['--allow-principal', user, '--operation', 'Describe', '--topic', 'secret'],
        ['--deny-principal', user, '--operation', 'Read', '--topic', 'secret'],
        ['--deny-principal', user, '--operation', 'All', '--group', 'hidden'],
      ]) {
        const args = ['--bootstrap-server', kafka.bootstrap, '--add', '--force', ...acl];
        const { code, stderr } = await runTool('org.apache.kafka.tools.AclCommand', args);
        assert.equal(code, 0, stderr);
      }
      const options = { kind: 'reset', cluster: 'test', journal } as const;
      await until('the group is hidden', () =>
        executePlan(cluster, hidden, options).then(
          () => false,
          () => true,
        ),
      );
      await assert.rejects(executePlan(cluster, hidden, options), /GROUP_AUTHORIZATION_FAILED.*nothing was changed/);
      const { plan: denied } = await planFor(cluster, request('hidden'));
      assert.match(denied.refusal!, /GROUP_AUTHORIZATION_FAILED/);

      const { results, id } = await executePlan(cluster, plan, options);
      assert.deepEqual(
        results.map(({ topic, outcome, found }) => [topic, outcome, found]),
        [
          ['open', 'done', 0n],
          ['secret', 'refused', 5n],
        ],
      );
      assert.match(results[1]!.message!, /not allowed to commit offsets of topic secret/);
      const { plan: back } = await undoFor(cluster, journal.get(id!)!);
      assert.deepEqual(
        back.rows.map(({ topic }) => topic),
        ['open'],
        'only what was changed is taken back',
      );
    } finally {
      cluster.close();
      await kafka.stop();
    }
  });

  it('say unknown where no answer comes, and find out later what became of it', async () => {
    // Longer than it stands still: it would lose its partitions, and the coordinator its groups, before it does what it was sent.
    const kafka = await startKafka({ deadAfterMs: 300_000 });
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    // Long enough for a busy machine to answer in, until nothing does.
    const impatient = await Cluster.connect({ bootstrapServers: [kafka.bootstrap], requestTimeoutMs: 8_000 });
    const { pid } = kafka.nodes[0]!;
    try {
      await createTopic(cluster, 'hangs', 1, 1);
      await until('the coordinator is there', () =>
        commitOffsets(cluster, 'hanging', 'hangs', { 0: 5n }).then(
          () => true,
          () => false,
        ),
      );
      const { plan } = await planFor(cluster, request('hanging'));
      assert.deepEqual([plan.refusal, plan.totals.writes], [undefined, 1]);

      // The broker stands still from the moment when the first request leaves.
      const send = impatient.toCoordinators.bind(impatient);
      impatient.toCoordinators = (async (keys: readonly string[], call: Parameters<typeof send>[1]) => {
        if (call.api.name === 'OffsetCommit') await freeze(pid);
        return send(keys, call);
      }) as typeof impatient.toCoordinators;
      const options = { kind: 'reset', cluster: 'test', journal } as const;
      const { results, id } = await executePlan(impatient, plan, options);
      assert.deepEqual(
        results.map(({ outcome, isRead }) => [outcome, isRead]),
        [['unknown', false]],
      );
      assert.match(results[0]!.message!, /could not be read back/);
      const entry = journal.get(id!)!;
      assert.deepEqual([entry.state, entry.positions[0]!.before!.offset], ['failed', 5n]);
      await assert.rejects(executePlan(impatient, plan, options), (error) => error instanceof HumanError);

      process.kill(pid, 'SIGCONT');
      await until(
        'it has been done after all',
        async () => [...(await examine(cluster, entry)).values()].join() === 'reached',
      );
      const { plan: back } = await undoFor(cluster, entry);
      assert.deepEqual(
        back.rows.map(({ after }) => after?.kind === 'commit' && after.offset),
        [5n],
      );
    } finally {
      process.kill(pid, 'SIGCONT');
      impatient.close();
      cluster.close();
      await kafka.stop();
    }
  });

  it('work with the oldest Kafka that is supported', async () => {
    const kafka = await startKafka({ version: '2.8.2' });
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    try {
      await createTopic(cluster, 'old', 2, 1);
      await until('commits succeed', () =>
        commitOffsets(cluster, 'old', 'old', { 0: 5n }).then(
          () => true,
          () => false,
        ),
      );
      const whole: PlanRequest = { ...request('old'), scope: { kind: 'topics', topics: [{ topic: 'old' }] } };
      const { plan } = await planFor(cluster, whole);
      assert.deepEqual(
        plan.rows.map(({ before }) => 'value' in before && before.value?.offset),
        [5n, undefined],
      );
      const { results, id } = await executePlan(cluster, plan, { kind: 'reset', cluster: 'test', journal });
      assert.deepEqual(
        results.map(({ outcome, found }) => [outcome, found]),
        Array(2).fill(['done', 0n]),
      );
      const { plan: back } = await undoFor(cluster, journal.get(id!)!);
      const undone = await executePlan(cluster, back, { kind: 'undo', cluster: 'test', journal });
      assert.deepEqual(
        undone.results.map(({ outcome, found }) => [outcome, found]),
        [
          ['done', 5n],
          ['done', undefined],
        ],
      );
      const [deleted, nobody] = await deleteGroups(cluster, ['old', 'nobody'], { cluster: 'test', journal });
      assert.deepEqual([deleted!.outcome, nobody!.outcome], ['done', 'refused']);
    } finally {
      cluster.close();
      await kafka.stop();
    }
  });
});
