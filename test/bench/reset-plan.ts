/** A plan for 10,000 partitions whose offsets are looked up by time on the broker, and its execution, against Kafka's own command. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executePlan } from '../../src/changes/execute.ts';
import { planFor, readCommits } from '../../src/changes/gather.ts';
import { openJournal } from '../../src/changes/journal/sqliteJournal.ts';
import { commandOf } from '../../src/groups/plan/command.ts';
import type { PlanRequest } from '../../src/groups/plan/plan.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { startKafka } from '../../tools/kafka.ts';
import { ToolShell } from '../support/offsetsTool.ts';
import { firstTimestamp, makeWideTopics } from '../support/widePartitions.ts';
import type { Line } from './measurement.ts';

export const names = ['reset-plan', 'reset-execute'];

const size = { prefix: 'bench-reset', topics: 100, partitions: 100, records: 20 };
/** Before these, runs that are not counted: an editor has run for hours when somebody resets offsets, and so has a broker. */
const warmUps = 2;
const runs = 5;

export async function run(wanted: ReadonlySet<string>): Promise<readonly Line[]> {
  const kafka = await startKafka({ heap: '1500m' });
  try {
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
    try {
      const partitions = await makeWideTopics(cluster, size);
      const topics = [...new Set(partitions.map(({ topic }) => topic))].map((topic) => ({ topic }));
      const request = (group: string): PlanRequest => ({
        group,
        scope: { kind: 'topics', topics },
        strategy: { kind: 'datetime', at: firstTimestamp + 600_000n },
      });
      const lines: Line[] = [];
      if (wanted.has('reset-plan')) lines.push(await planLine(cluster, request('plan'), partitions.length));
      if (wanted.has('reset-execute')) lines.push(await executeLine(kafka.bootstrap, request));
      return lines;
    } finally {
      cluster.close();
    }
  } finally {
    await kafka.stop();
  }
}

async function planLine(cluster: Cluster, request: PlanRequest, count: number): Promise<Line> {
  const times: number[] = [];
  for (let run = 0; run < warmUps + runs; run++) {
    const start = performance.now();
    const { plan } = await planFor(cluster, request);
    if (run >= warmUps) times.push(performance.now() - start);
    const right = plan.rows.filter(({ after }) => after?.kind === 'commit' && after.offset === 10n);
    if (right.length !== count) throw new Error(`${right.length} rows of ${count} are right.`);
  }
  const own = median(times);
  return { name: 'reset-plan', ours: `${own.toFixed(0)} ms`, goal: '< 1000 ms', ok: own < 1_000 };
}

/** From connecting to the verified result in the journal; theirs is a process, as it is used. */
async function executeLine(bootstrap: string, request: (group: string) => PlanRequest): Promise<Line> {
  const shell = await ToolShell.open();
  const folder = await mkdtemp(join(tmpdir(), 'bench-reset-'));
  const journal = await openJournal({ file: join(folder, 'journal.sqlite') });
  const [ours, theirs]: [number[], number[]] = [[], []];
  try {
    for (let run = 0; run < warmUps + runs; run++) {
      const start = performance.now();
      const cluster = await Cluster.connect({ bootstrapServers: [bootstrap] });
      try {
        const { plan } = await planFor(cluster, request(`ours-${run}`));
        const { results } = await executePlan(cluster, plan, { kind: 'reset', cluster: 'bench', journal });
        const took = performance.now() - start;
        if (!results.every(({ outcome }) => outcome === 'done')) throw new Error(results[0]?.message);
        if (run >= warmUps) ours.push(took);

        const { plan: twin } = await planFor(cluster, request(`theirs-${run}`));
        const command = commandOf(twin, { bootstrap, execute: true })!;
        const theirStart = performance.now();
        await shell.run(command);
        if (run >= warmUps) theirs.push(performance.now() - theirStart);
        const same = await Promise.all(
          ['ours', 'theirs'].map(async (who) => JSON.stringify(await rowsOf(cluster, `${who}-${run}`))),
        );
        if (same[0] !== same[1]) throw new Error(`The groups stand at different offsets: ${differenceOf(same)}`);
      } finally {
        cluster.close();
      }
    }
  } finally {
    journal.close();
    await shell.close();
    await rm(folder, { recursive: true });
  }
  const [own, peer] = [median(ours), median(theirs)];
  const [name, goal] = ['reset-execute', '>= 10x'];
  return {
    name,
    ours: `${own.toFixed(0)} ms`,
    peer: `${peer.toFixed(0)} ms`,
    ratio: peer / own,
    goal,
    ok: peer / own >= 10,
  };
}

async function rowsOf(cluster: Cluster, group: string): Promise<unknown> {
  const commits = await readCommits(cluster, 'consumer', group);
  if ('failure' in commits) throw new Error(commits.failure.message);
  return [...commits.value]
    .map(([topic, partitions]) => [
      topic,
      [...partitions]
        .map(([partition, fact]) => [partition, 'value' in fact ? String(fact.value.offset) : fact.failure])
        .sort(),
    ])
    .sort();
}

function differenceOf([ours = '', theirs = '']: readonly string[]): string {
  const at = [...ours].findIndex((letter, index) => letter !== theirs[index]);
  return `${ours.slice(Math.max(at - 60, 0), at + 60)} and ${theirs.slice(Math.max(at - 60, 0), at + 60)}`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
