/** Random changes of offsets on three brokers, with connections that break and brokers that die in between. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { executePlan, type ExecuteOptions } from '../../src/changes/execute.ts';
import { planFor, readCommits } from '../../src/changes/gather.ts';
import type { Journal } from '../../src/changes/journal/entry.ts';
import { openJournal } from '../../src/changes/journal/sqliteJournal.ts';
import { undoFor } from '../../src/changes/undo.ts';
import type { PlanRequest, Strategy } from '../../src/groups/plan/plan.ts';
import type { Commit } from '../../src/groups/snapshot.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { offsetCommit } from '../../src/kafka/protocol/generated/offsetCommit.ts';
import { offsetDelete } from '../../src/kafka/protocol/generated/offsetDelete.ts';
import { offsetFetch } from '../../src/kafka/protocol/generated/offsetFetch.ts';
import { HumanError } from '../../src/shared/errors.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { freePorts } from '../../tools/ports.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { FaultyProxy, type Fault } from '../support/faultyProxy.ts';
import { createTopicWith, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';

/** More where somebody has the time. */
const runs = Number(process.env['CHANGES_RUNS'] ?? 60);
const kills = 2;
const topic = 'changes-faults';
const partitions = 4;
const records = 50;
const groups = Array.from({ length: 12 }, (_, index) => `changes-faults-${index}`);
const writeKeys = [offsetCommit.key, offsetDelete.key];

/** partition -> commit; as the broker must have it, since nobody else writes. */
type Commits = Readonly<Record<number, Commit>>;

const timeout = Math.max(240_000, runs * 6_000);

describe(`${runs} random changes with faults`, { timeout }, () => {
  let kafka: Kafka;
  let direct: Cluster;
  let faulty: Cluster;
  let journal: Journal;
  let folder: string;
  const proxies: FaultyProxy[] = [];
  const model = new Map<string, Commits>();
  // Told in the failure, so that a run can be repeated.
  const seed = Number(process.env['CHANGES_SEED'] ?? Date.now() % 1_000_000);
  const random = randomOf(seed);

  before(async () => {
    const ports = await freePorts(3);
    for (const port of ports) proxies.push(await FaultyProxy.start(port));
    kafka = await startKafka({
      brokers: 3,
      deadAfterMs: 4_000,
      properties: ({ id, host, port, controllerPort }) => ({
        listeners: `PLAINTEXT://${host}:${port},PROXIED://${host}:${ports[id - 1]},CONTROLLER://${host}:${controllerPort}`,
        'advertised.listeners': `PLAINTEXT://${host}:${port},PROXIED://${host}:${proxies[id - 1]!.port}`,
        'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT',
        'inter.broker.listener.name': 'PLAINTEXT',
        'offsets.topic.num.partitions': '6',
      }),
    });
    direct = await Cluster.connect({ bootstrapServers: kafka.bootstrap.split(',') });
    faulty = await Cluster.connect({ bootstrapServers: proxies.map(({ port }) => `127.0.0.1:${port}`) });
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    journal = await openJournal({ file: join(folder, 'journal.sqlite') });
    await createTopicWith(direct, topic, partitions, { 'retention.ms': '-1' }, 3);
    for (let partition = 0; partition < partitions; partition++) {
      const values = Array.from({ length: records }, (_, index) => ({ value: `${index}`, timestampDelta: index }));
      await produceBatch(direct, topic, partition, writeBatch({ records: values }));
    }
    await firstCommit(direct, 'changes-faults-first', topic, { 0: 0n });
    for (const group of groups) {
      // One partition has no commit.
      model.set(group, {});
      for (let partition = 1; partition < partitions; partition++) await moveOn(group, partition);
    }
  });

  after(async () => {
    journal?.close();
    direct?.close();
    faulty?.close();
    for (const proxy of proxies) proxy.stop();
    await kafka?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  /** Somebody commits, with metadata and a leader epoch, which an undo has to bring back too. */
  async function moveOn(group: string, partition: number): Promise<void> {
    const [metadata, leaderEpoch] = [`by hand ${random(1_000)}`, random(3) - 1];
    const offset = BigInt(random(records));
    await commitOffsets(direct, group, topic, { [partition]: offset }, { metadata, leaderEpoch });
    model.set(group, { ...model.get(group), [partition]: { offset, metadata, leaderEpoch } });
  }

  async function commitsOf(group: string): Promise<Commits | undefined> {
    const commits = await readCommits(direct, 'consumer', group);
    if ('failure' in commits) return undefined;
    const found = [...(commits.value.get(topic) ?? [])].flatMap(([partition, fact]) =>
      'value' in fact ? [[partition, fact.value] as const] : [],
    );
    return Object.fromEntries(found);
  }

  /** A coordinator that has just taken over says what is committed only when its replicas have followed. */
  function untilAt(group: string, expected: Commits, what: string): Promise<void> {
    return until(`${what} (seed ${seed})`, async () => textOf(await commitsOf(group)) === textOf(expected), 90_000);
  }

  function someStrategy(): Strategy {
    const strategies: readonly Strategy[] = [
      { kind: 'earliest' },
      { kind: 'latest' },
      { kind: 'offset', offset: BigInt(random(2 * records)) },
      { kind: 'shift-by', by: BigInt(random(records)) - BigInt(records / 2) },
      { kind: 'datetime', at: 1_700_000_000_000n + BigInt(random(records)) },
      { kind: 'delete' },
      { kind: 'group', group: groups[random(groups.length)]! },
    ];
    return strategies[random(strategies.length)]!;
  }

  async function oneRun(run: number, victim: number | undefined): Promise<string> {
    const group = groups[random(groups.length)]!;
    const was = model.get(group)!;
    const strategy = someStrategy();
    const all = random(2) === 0 ? {} : { partitions: [random(partitions), random(partitions)] };
    const request: PlanRequest = { group, scope: { kind: 'topics', topics: [{ topic, ...all }] }, strategy };
    const faults: readonly (Fault | 'read' | undefined)[] = ['cut-before', 'cut-half', 'cut-after', 'read', undefined];
    const fault = faults[random(faults.length)];
    const what = `run ${run}: ${strategy.kind} of ${group} with ${fault ?? 'no fault'}, killing ${victim ?? 'none'}, seed ${seed}`;

    // A broker that another run killed may have taken over again just now: neither the plan nor its execution could know better.
    await untilAt(group, was, `${what}: it is where it was left`);
    const { plan } = await planFor(faulty, request);
    const options: ExecuteOptions = { kind: 'reset', cluster: 'test', journal };
    for (const proxy of proxies) {
      if (fault === 'read') proxy.arm('cut-after', [offsetFetch.key]);
      else proxy.arm(fault, writeKeys);
    }
    const killed = victim === undefined ? undefined : kafka.kill(victim);
    let id: string | undefined;
    try {
      const execution = await executePlan(faulty, plan, options);
      id = execution.id;
      const now = Object.fromEntries(execution.results.map(({ partition, found }) => [partition, found]));
      for (const { partition, outcome, isRead, message } of execution.results) {
        const after = plan.rows.find((row) => row.partition === partition)!.after!;
        const target = after.kind === 'commit' ? after.offset : undefined;
        if (outcome === 'done') assert.equal(now[partition], target, what);
        else assert.ok(message !== undefined && message.length > 0, what);
        if (victim === undefined) assert.equal(outcome, 'done', `${what}: ${message}`);
        if (outcome === 'refused' && isRead) assert.equal(now[partition], was[partition]?.offset, what);
      }
    } catch (error) {
      // Nothing was changed, and it says why.
      if (!(error instanceof HumanError)) throw error;
    }
    for (const proxy of proxies) proxy.arm(undefined, []);
    await killed;
    if (victim !== undefined) await kafka.startNode(victim);
    if (id === undefined) {
      await untilAt(group, was, `${what}: nothing was changed`);
      return 'refused';
    }

    const entry = journal.get(id)!;
    for (const { partition, before } of entry.positions) assert.deepEqual(before, was[partition], what);
    assert.notEqual(entry.state, 'executing', what);
    // A journal that was read again knows the same way back.
    const { plan: back } = await untilPlanned(what, () => undoFor(direct, entry));
    const undone = await executePlan(direct, back, { kind: 'undo', cluster: 'test', journal, undoes: id });
    for (const { outcome, message } of undone.results) assert.equal(outcome, 'done', `${what}: ${message}`);
    await untilAt(group, was, `${what}: undone`);

    // The next run starts elsewhere.
    await moveOn(group, 1 + random(partitions - 1));
    await untilAt(group, model.get(group)!, `${what}: moved on`);
    return entry.state;
  }

  async function untilPlanned<T extends { readonly plan: { readonly totals: { readonly errors: number } } }>(
    what: string,
    plan: () => Promise<T>,
  ): Promise<T> {
    let made: T | undefined;
    await until(`${what}: all can be planned`, async () => (made = await plan()).plan.totals.errors === 0, 90_000);
    return made!;
  }

  it('goes to the coordinator that has taken over since the plan', async () => {
    const [group = ''] = groups;
    const was = model.get(group)!;
    const { plan } = await planFor(direct, {
      group,
      scope: { kind: 'committed' },
      strategy: { kind: 'offset', offset: 7n },
    });
    const found = (await direct.findCoordinators([group])).get(group);
    assert.ok(found !== undefined && 'value' in found);
    const victim = found.value;
    await kafka.kill(victim);
    try {
      // Until its place is taken nobody can say who is in the group: that changes nothing, and says so.
      let execution: Awaited<ReturnType<typeof executePlan>> | undefined;
      await until(
        'another coordinator makes it',
        async () => {
          try {
            execution = await executePlan(direct, plan, { kind: 'reset', cluster: 'test', journal });
            return true;
          } catch (error) {
            if (!(error instanceof HumanError)) throw error;
            return false;
          }
        },
        90_000,
      );
      assert.deepEqual(
        execution!.results.map(({ partition, outcome, found }) => [partition, outcome, found]),
        Object.keys(was).map((partition) => [Number(partition), 'done', 7n]),
      );
      const entry = journal.get(execution!.id!)!;
      assert.deepEqual(Object.fromEntries(entry.positions.map(({ partition, before }) => [partition, before])), was);
      const { plan: back } = await untilPlanned('the way back', () => undoFor(direct, entry));
      const undone = await executePlan(direct, back, { kind: 'undo', cluster: 'test', journal, undoes: entry.id });
      assert.ok(undone.results.every(({ outcome }) => outcome === 'done'));
    } finally {
      await kafka.startNode(victim);
    }
    await untilAt(group, was, 'undone');
  });

  it('always has in the journal what the broker had before, and brings it back', { timeout }, async () => {
    const states: string[] = [];
    for (let run = 0; run < runs; run++) {
      const isKill = (run + 1) % Math.ceil(runs / (kills + 1)) === 0;
      states.push(await oneRun(run, isKill ? 1 + random(3) : undefined));
    }
    assert.ok(states.filter((state) => state === 'done').length > runs / 2, `seed ${seed}: ${states.join()}`);
  });
});

/** Numbers below n that are the same for the same seed (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function textOf(commits: Commits | undefined): string {
  if (commits === undefined) return 'unread';
  return Object.entries(commits)
    .map(([partition, { offset, leaderEpoch, metadata }]) => `${partition}:${offset}/${leaderEpoch}/${metadata}`)
    .sort()
    .join(' ');
}
