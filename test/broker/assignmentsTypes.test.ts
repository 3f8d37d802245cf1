import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import type { GroupHistory, OwnerSpan, Rebalance } from '../../src/groups/assignmentHistory.ts';
import { readLogFile } from '../../src/history/logs/openLogFile.ts';
import { withLogEvents } from '../../src/history/logs/withLogEvents.ts';
import { lagOf } from '../../src/groups/lag.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { loadGroupHistory } from '../../src/watch/assignments.ts';
import { collectSnapshot } from '../../src/watch/collect/collectSnapshot.ts';
import { spawnTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { endProcess } from '../../tools/processes.ts';
import { freeze } from '../support/freeze.ts';
import { createTopicWith, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';
import { until } from '../support/until.ts';

/** Longer than a busy machine stops a member. */
const sessionTimeoutMs = 15_000;
/** Whoever is closed on a busy machine is not to be killed before it has said goodbye. */
const closingMs = 60_000;
const jvm = ['-Xmx128m'];

describe('assignment history of share and streams members', { timeout: 400_000, concurrency: true }, () => {
  let broker: Kafka;
  let cluster: Cluster;
  const processes: ChildProcess[] = [];

  before(async () => {
    const ofType = (type: string): [string, string][] => [
      [`group.${type}.min.session.timeout.ms`, `${sessionTimeoutMs}`],
      [`group.${type}.session.timeout.ms`, `${sessionTimeoutMs}`],
      [`group.${type}.min.heartbeat.interval.ms`, '500'],
      [`group.${type}.heartbeat.interval.ms`, '500'],
    ];
    broker = await startKafka({
      properties: {
        'offsets.topic.num.partitions': '3',
        'group.streams.initial.rebalance.delay.ms': '0',
        ...Object.fromEntries([...ofType('share'), ...ofType('streams')]),
      },
    });
    cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
    await createTopicWith(cluster, 'shared', 2);
    await createTopicWith(cluster, 'streamed', 4);
  });
  after(async () => {
    await Promise.all(processes.map((process) => endProcess(process, 0)));
    cluster?.close();
    await broker?.stop();
  });

  async function started(file: string, args: readonly string[]): Promise<ChildProcess> {
    const process = await spawnTool(file, [...args], { stdio: 'ignore', jvm });
    processes.push(process);
    return process;
  }

  const shareMember = (): Promise<ChildProcess> =>
    started('org.apache.kafka.tools.VerifiableShareConsumer', [
      ...['--bootstrap-server', broker.bootstrap, '--topic', 'shared', '--group-id', 'g-share'],
      ...['--offset-reset-strategy', 'earliest'],
    ]);

  const streamsApp = fileURLToPath(new URL('../support/StreamsApp.java', import.meta.url));
  const streamsMember = (): Promise<ChildProcess> => started(streamsApp, [broker.bootstrap, 'g-streams', 'streamed']);

  /** So many members that have what they are to have. */
  async function settled(group: string, count: number): Promise<void> {
    await until(
      `${group} has ${count} members`,
      async () => {
        const found = (await collectSnapshot(cluster)).groups.get(group);
        const owned = found?.members.map(({ assignment }) => ('value' in assignment ? assignment.value.length : 0));
        return found?.state === 'Stable' && owned?.length === count && owned.every((one) => one > 0);
      },
      90_000,
    );
  }

  /** Each partition's newest record is read and committed: whoever owns it is at work. */
  async function readsAll(group: string, topic: string, partitions: number): Promise<void> {
    const record = writeBatch({ records: [{ value: 'x' }], baseTimestamp: BigInt(Date.now()) });
    for (let partition = 0; partition < partitions; partition++) await produceBatch(cluster, topic, partition, record);
    await until(
      `${group} has read all of ${topic}`,
      async () => {
        const snapshot = await collectSnapshot(cluster);
        const rows = snapshot.groups.get(group)!.partitions.filter((row) => row.topic === topic);
        const lags = rows.map(
          ({ commit, partition }) =>
            lagOf(commit, snapshot.offsets.get(topic)?.get(partition), snapshot.topics.get(topic), partition).lag,
        );
        return lags.length === partitions && lags.every((lag) => lag === 0n);
      },
      90_000,
    );
  }

  /** One crashes, one is closed, one is paused past its session time-out and goes on. `isAtWork`: so far that it bears to be paused. */
  async function scenario(
    group: string,
    start: () => Promise<ChildProcess>,
    isAtWork: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    await start();
    await settled(group, 1);
    const two = await start();
    await settled(group, 2);
    await endProcess(two, 0);
    await settled(group, 1);
    const three = await start();
    await settled(group, 2);
    await endProcess(three, closingMs);
    await settled(group, 1);
    const four = await start();
    await settled(group, 2);
    await isAtWork();
    await freeze(four.pid!);
    await settled(group, 1);
    four.kill('SIGCONT');
    await settled(group, 2);
  }

  async function history(group: string): Promise<GroupHistory> {
    let last: GroupHistory | undefined;
    for await (const portion of loadGroupHistory(cluster, group, {})) last = portion.history;
    assert.ok(last !== undefined);
    return last;
  }

  /** Causes with members as letters, by their first appearance; who left and who died is one, since the topic cannot always tell. */
  function causes({ members }: GroupHistory, { causes: all }: Rebalance, isExact = false): string {
    const letters = new Map<string, string>();
    for (const { id } of members) if (!letters.has(id)) letters.set(id, 'abcdef'[letters.size]!);
    const word = (cause: string): string => (isExact || !/left|gone|session/.test(cause) ? cause : 'went');
    return all
      .map(({ cause, members: ids }) => `${word(cause)} ${ids.map((id) => letters.get(id)).join()}`.trim())
      .join('; ');
  }

  /** What is owned at the end, such as `shared-1 <member>`. */
  function ownedNow({ spans }: GroupHistory): string[] {
    const open = spans.filter(({ to, member }) => to === undefined && member !== undefined);
    return open.map(({ topic, partition, member }: OwnerSpan) => `${topic}-${partition} ${member}`).sort();
  }

  async function ownedByBroker(group: string): Promise<string[]> {
    const members = (await collectSnapshot(cluster)).groups.get(group)!.members;
    return members
      .flatMap(({ id, assignment }) => ('value' in assignment ? assignment.value : []).map((at) => ({ id, ...at })))
      .map(({ id, topic, partition }) => `${topic}-${partition} ${id}`)
      .sort();
  }

  /** The scenario in the words of the history. */
  const expected = ['joined a', 'joined b', 'went b', 'joined c', 'went c', 'joined d', 'went d', 'joined d'];

  /** Rebalances that members' coming and going made. */
  function told(found: GroupHistory): string[] {
    return found.rebalances
      .map((one) => causes(found, one))
      .filter((text) => text !== 'partitions-changed')
      .map((text) => text.replace(/^member-/, ''));
  }

  async function withLog(found: GroupHistory): Promise<GroupHistory> {
    const { events } = await readLogFile(broker.nodes[0]!.logFile, { zone: 'local' });
    return withLogEvents(found, events);
  }

  it('of a share group, whose members own partitions together', async () => {
    await scenario('g-share', shareMember);
    // More members than partitions: some partitions have several owners.
    await shareMember();
    await settled('g-share', 3);
    await until(
      'what is told is settled',
      async () => (await history('g-share')).rebalances.at(-1)?.ended !== undefined,
    );
    const found = await history('g-share');
    assert.equal(found.type, 'share');
    assert.deepEqual(told(found), [...expected, 'joined e']);
    assert.deepEqual(ownedNow(found), await ownedByBroker('g-share'));
    const sharers = new Map<string, number>();
    for (const owned of ownedNow(found)) {
      const partition = owned.split(' ')[0]!;
      sharers.set(partition, (sharers.get(partition) ?? 0) + 1);
    }
    assert.deepEqual([...sharers.keys()], ['shared-0', 'shared-1']);
    assert.ok([...sharers.values()].some((count) => count > 1));
    // What they own together is no conflict, and nothing of it was moved from one to another.
    const conflicts = found.findings.filter(({ kind }) => kind === 'shared-identity' || kind === 'skew');
    assert.deepEqual(conflicts, []);
    assert.ok(found.rebalances.every(({ moves }) => moves.every(({ needless }) => !needless)));
    const epochs = found.epochs.map(({ number }) => number);
    assert.deepEqual(
      epochs,
      [...epochs].sort((a, b) => a - b),
    );
    assert.deepEqual(await departures(found), ['session-timeout b', 'member-left c', 'session-timeout d']);
  });

  /** How members went, by the broker's log: the facts. */
  async function departures(found: GroupHistory): Promise<string[]> {
    const full = await withLog(found);
    return full.rebalances.map((one) => causes(full, one, true)).filter((text) => /left|gone|session/.test(text));
  }

  it('of a streams group, whose tasks are partitions', async () => {
    // A program that is paused while it takes up its tasks ends itself when it goes on (OffsetFetch: UNKNOWN_MEMBER_ID).
    await scenario('g-streams', streamsMember, () => readsAll('g-streams', 'streamed', 4));
    await until(
      'what is told is settled',
      async () => (await history('g-streams')).rebalances.at(-1)?.ended !== undefined,
    );
    const found = await history('g-streams');
    assert.equal(found.type, 'streams');
    assert.deepEqual(told(found), expected);
    assert.deepEqual(ownedNow(found), await ownedByBroker('g-streams'));
    assert.ok(found.spans.every(({ topic }) => topic === 'streamed'));
    assert.deepEqual(await departures(found), ['session-timeout b', 'member-left c', 'session-timeout d']);
  });
});
