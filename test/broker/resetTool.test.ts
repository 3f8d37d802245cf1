/** Each strategy against Kafka's own tool, which runs the command that we would show, on a twin group. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { executePlan } from '../../src/changes/execute.ts';
import { planFor, readCommits } from '../../src/changes/gather.ts';
import { commandOf, shellQuoted } from '../../src/groups/plan/command.ts';
import { formatOffsetsCsv, parseOffsetsCsv } from '../../src/groups/plan/csv.ts';
import type { OffsetPlan, Scope, Strategy } from '../../src/groups/plan/plan.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { commitOffsets } from '../support/clusterCalls.ts';
import { firstCommit } from '../support/firstCommit.ts';
import { ToolShell } from '../support/offsetsTool.ts';
import { createTopicWith, moveLogStart, produceBatch } from '../support/recordsCalls.ts';
import { writeBatch } from '../support/recordsWriter.ts';

const topic = 'reset-tool';
const base = 1_700_000_000_000n;
const minute = 60_000;
const three: Scope = { kind: 'topics', topics: [{ topic, partitions: [0, 1, 2] }] };
const all: Scope = { kind: 'topics', topics: [{ topic }] };
const missing: Scope = { kind: 'topics', topics: [{ topic, partitions: [0, 9] }] };
const now = BigInt(Date.now());
/** Blanks, quotes and a comma: what quoting in the shell and in CSV must bear. */
const prefix = `reset "it's", a`;

/** The command, with more patience than the tool's own 5 s, which are too little where the machine is busy. */
function patient(command: string): string {
  return command.replaceAll(/^kafka-consumer-groups /gm, '$&--timeout 60000 ');
}

describe("a reset, against Kafka's tool on a twin group", { timeout: 240_000 }, () => {
  let own: Kafka | undefined;
  let bootstrap: string;
  let cluster: Cluster;
  let shell: ToolShell;

  before(async () => {
    const shared = process.env['KAFKA_BOOTSTRAP'];
    if (shared === undefined) own = await startKafka();
    bootstrap = shared ?? own!.bootstrap;
    shell = await ToolShell.open();
    cluster = await Cluster.connect({ bootstrapServers: bootstrap.split(',') });
    // 0: 20 records a minute apart; 1: 10 of which the first 4 are gone; 2: empty; 3: 5, later than all others.
    // The records are years old: a broker would begin to delete them half a minute after its start.
    await createTopicWith(cluster, topic, 4, { 'retention.ms': '-1' });
    const minutes = (count: number, from: bigint): Buffer =>
      writeBatch({
        baseTimestamp: from,
        records: Array.from({ length: count }, (_, index) => ({ value: `${index}`, timestampDelta: index * minute })),
      });
    await produceBatch(cluster, topic, 0, minutes(20, base));
    await produceBatch(cluster, topic, 1, minutes(10, base));
    await produceBatch(cluster, topic, 3, minutes(5, base + 3_600_000n));
    await moveLogStart(cluster, topic, 1, 4n);
    await firstCommit(cluster, 'reset-first', topic, { 0: 1n });
  });

  after(async () => {
    cluster?.close();
    await shell?.close();
    await own?.stop();
  });

  /** Partition 1 is committed below its log start, 2 at 0, 3 not at all. */
  async function twins(name: string): Promise<{ ours: string; theirs: string }> {
    const pair = { ours: `${prefix} ${name} ours`, theirs: `${prefix} ${name} theirs` };
    for (const group of Object.values(pair)) {
      await commitOffsets(cluster, group, topic, { 1: 2n, 2: 0n });
      await commitOffsets(cluster, group, topic, { 0: 7n }, { metadata: 'by hand', leaderEpoch: 0 });
    }
    return pair;
  }

  async function committed(group: string): Promise<unknown> {
    const commits = await readCommits(cluster, 'consumer', group);
    assert.ok('value' in commits);
    return [...(commits.value.get(topic) ?? [])].sort(([a], [b]) => a - b);
  }

  async function sameAsTool(name: string, scope: Scope, strategy: Strategy): Promise<OffsetPlan> {
    const { ours, theirs } = await twins(name);
    const { plan: twin } = await planFor(cluster, { group: theirs, scope, strategy });
    const command = commandOf(twin, { bootstrap, execute: true });
    assert.ok(command !== undefined);
    await shell.run(patient(command));
    const { plan } = await planFor(cluster, { group: ours, scope, strategy });
    const { results } = await executePlan(cluster, plan, { kind: 'reset', cluster: 'test', journal: undefined });
    assert.ok(results.every(({ outcome }) => outcome === 'done'));
    assert.deepEqual(await committed(ours), await committed(theirs));
    return plan;
  }

  const afterOf = ({ rows }: OffsetPlan): unknown[] =>
    rows.map(({ after }) => (after?.kind === 'commit' ? Number(after.offset) : after?.kind));

  const cases: readonly (readonly [name: string, scope: Scope, strategy: Strategy, after: readonly unknown[]])[] = [
    ['earliest', all, { kind: 'earliest' }, [0, 4, 0, 0]],
    ['latest', all, { kind: 'latest' }, [20, 10, 0, 5]],
    ['latest of what is committed', { kind: 'committed' }, { kind: 'latest' }, [20, 10, 0]],
    ['current', all, { kind: 'current' }, [7, 2, 0, 5]],
    ['offset', all, { kind: 'offset', offset: 3n }, [3, 4, 0, 3]],
    ['offset of some', three, { kind: 'offset', offset: 100n }, [20, 10, 0]],
    ['shift-by forward', three, { kind: 'shift-by', by: 3n }, [10, 5, 0]],
    ['shift-by back', three, { kind: 'shift-by', by: -100n }, [0, 4, 0]],
    // Where the tool's own sum runs over, it ends at the other end of the log: not so by our command.
    ['shift-by beyond 64 bits', three, { kind: 'shift-by', by: 2n ** 63n - 1n }, [20, 10, 0]],
    ['shift-by where not all have a commit', all, { kind: 'shift-by', by: 1n }, [8, 4, 0, undefined]],
    ['skip', { kind: 'topics', topics: [{ topic, partitions: [0] }] }, { kind: 'skip', count: 1n }, [8]],
    ['datetime', all, { kind: 'datetime', at: base + 330_000n }, [6, 6, 0, 0]],
    ['datetime after some', all, { kind: 'datetime', at: base + 1_200_000n }, [20, 10, 0, 0]],
    // What the tool asks for then are a broker's words for the end, the start, and others: the command has a file.
    ['datetime a millisecond before 1970', all, { kind: 'datetime', at: -1n }, [0, 4, 0, 0]],
    ['duration into the future', all, { kind: 'duration', milliseconds: -3_600_000n, now }, [20, 10, 0, 5]],
    ['duration', all, { kind: 'duration', milliseconds: 90_061_001n, now }, [20, 10, 0, 5]],
    ['record', { kind: 'given' }, { kind: 'record', topic, partition: 3, offset: 2n }, [2]],
    ['delete', { kind: 'topics', topics: [{ topic, partitions: [0, 2] }] }, { kind: 'delete' }, ['delete', 'delete']],
  ];

  for (const [name, scope, strategy, expected] of cases) {
    it(name, async () => {
      assert.deepEqual(afterOf(await sameAsTool(name, scope, strategy)), expected);
    });
  }

  it('to where another group stands', async () => {
    // Without metadata: those are copied too, which the tool cannot do, and its command says so.
    await commitOffsets(cluster, 'reset-source', topic, { 0: 7n, 1: 2n, 2: 0n });
    const plan = await sameAsTool('copy', { kind: 'given' }, { kind: 'group', group: 'reset-source' });
    assert.deepEqual(afterOf(plan), [7, 4, 0]);
  });

  it('from a file in both forms', async () => {
    const rows = [
      { topic, partition: 0, offset: 9n },
      { topic, partition: 1, offset: 0n },
      { topic, partition: 3, offset: 2n ** 62n },
    ];
    const { ours, theirs } = await twins('file');
    for (const group of [undefined, theirs]) {
      const text = formatOffsetsCsv(rows.map((row) => ({ ...row, group })));
      await writeFile(join(shell.folder, 'both.csv'), text);
      const others = group === undefined ? [] : ['--group', 'nobody'];
      const args = ['--bootstrap-server', bootstrap, '--group', theirs, ...others, '--reset-offsets', '--from-file'];
      const quoted = [...args, 'both.csv', '--execute'].map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`).join(' ');
      const { stdout } = await shell.tryRun(patient(`kafka-consumer-groups ${quoted}`));
      assert.match(stdout, /NEW-OFFSET/);
      const strategy = {
        kind: 'file',
        rows: parseOffsetsCsv(text).map((row) => ({ ...row, group: row.group && ours })),
      } as const;
      const { plan } = await planFor(cluster, { group: ours, scope: { kind: 'given' }, strategy });
      assert.deepEqual(afterOf(plan), [9, 4, 5]);
      await executePlan(cluster, plan, { kind: 'reset', cluster: 'test', journal: undefined });
      assert.deepEqual(await committed(ours), await committed(theirs));
    }
  });

  it('exports byte by byte what the tool exports, of one group and of two', async () => {
    const groups = [`${prefix} file ours`, 'reset-short'];
    await commitOffsets(cluster, 'reset-short', topic, { 0: 1n, 2: 0n });
    const lines = (text: string): string[] => text.split('\n').filter(Boolean).sort();
    for (const some of [groups.slice(0, 1), groups]) {
      const options = some.map((group) => `--group '${group.replaceAll("'", `'\\''`)}'`).join(' ');
      const { stdout } = await shell.run(
        patient(
          `kafka-consumer-groups --bootstrap-server ${bootstrap} ${options} --reset-offsets --all-topics --to-current --export --dry-run`,
        ),
      );
      const plans = await Promise.all(
        some.map((group) => planFor(cluster, { group, scope: { kind: 'committed' }, strategy: { kind: 'current' } })),
      );
      const ours = formatOffsetsCsv(
        plans.flatMap(({ plan }) =>
          plan.rows.flatMap(({ topic, partition, after }) =>
            after?.kind === 'commit'
              ? [{ group: some.length === 1 ? undefined : plan.group, topic, partition, offset: after.offset }]
              : [],
          ),
        ),
      );
      assert.deepEqual(lines(ours), lines(stdout));
      assert.deepEqual(
        formatOffsetsCsv(parseOffsetsCsv(stdout)).split('\n').sort(),
        `${lines(stdout).join('\n')}\n`.split('\n').sort(),
      );
    }
  });

  it('refuses where the tool refuses, but only the partition that is meant', async () => {
    const { ours, theirs } = await twins('refused');
    const errors = async (
      options: string,
      scope: Scope,
      strategy: Strategy,
      says: RegExp,
    ): Promise<(string | undefined)[]> => {
      const group = shellQuoted(theirs);
      const { stdout, stderr } = await shell.tryRun(
        patient(
          `kafka-consumer-groups --bootstrap-server ${bootstrap} --group ${group} --reset-offsets ${options} --execute`,
        ),
      );
      assert.match((stdout + stderr).slice(0, 500), says);
      const { plan } = await planFor(cluster, { group: ours, scope, strategy });
      return plan.rows.map(({ error }) => error);
    };
    assert.deepEqual(
      await errors(`--topic ${topic}:0,9 --to-earliest`, missing, { kind: 'earliest' }, /do not exist/),
      [undefined, `Topic ${topic} has no partition 9.`],
    );
    assert.deepEqual(
      await errors(`--topic ${topic} --shift-by 1`, all, { kind: 'shift-by', by: 1n }, /Cannot shift offset/),
      [undefined, undefined, undefined, 'It has no commit that could be shifted.'],
    );
  });
});
