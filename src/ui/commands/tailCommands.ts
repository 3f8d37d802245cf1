import * as vscode from 'vscode';
import { partitionCount } from '../../shared/counted.ts';
import { t } from '../../shared/l10n.ts';
import { askOne } from '../ask.ts';
import type { Connections } from '../connections/connections.ts';
import { commands } from '../contributions.ts';
import type { Log } from '../log.ts';
import type { StartSpec, TailTarget } from '../panels/tail/protocol.ts';
import { isStartSpec, startOf } from '../panels/tail/specs.ts';
import { pickCluster, topicOf } from './pickTopic.ts';
import { registerCommands } from './registerCommands.ts';
import { askTextStep, pickName } from './steps.ts';
import { clusterOf, groupOf, refsOf } from './targets.ts';

export interface TailCommandsOptions {
  readonly connections: Connections;
  readonly openTail: (target: TailTarget) => Promise<void>;
  readonly log: Log;
}

/** What a tail shows first where nobody says otherwise: enough to see what is in the topic, and then what comes. */
const recent = { at: 'last', count: 100, of: 'partition' } as const satisfies StartSpec;
/** Records that such a tail reads at most before it waits for what comes. */
const mostRecent = 10_000;
/** Records before a committed offset that are shown with it: the last ones that the group has done. */
const before = 5n;

/** "Tail Topic": from a row that knows what and where, or by asking for it. */
export function registerTailCommands({ connections, openTail, log }: TailCommandsOptions): vscode.Disposable {
  return registerCommands(
    {
      [commands.tailTopic]: async (clicked, selected) => {
        const target = targetOf(connections, clicked, selected) ?? (await ask(connections, clicked));
        if (target !== undefined) await openTail(target);
      },
    },
    log,
  );
}

function recentOf(connections: Connections, cluster: string, topic: string): StartSpec & { readonly at: 'last' } {
  const partitions = connections.watchOf(cluster)?.snapshot?.topics.get(topic)?.partitions.length ?? 1;
  return { ...recent, count: Math.max(1, Math.min(recent.count, Math.floor(mostRecent / Math.max(1, partitions)))) };
}

/** undefined where the row, or whoever called, does not say which topic. */
function targetOf(connections: Connections, clicked: unknown, selected: unknown): TailTarget | undefined {
  const named = topicOf(clicked);
  if (named === undefined) return undefined;
  const { cluster, topic, partition, offset } = named;
  const start = typeof clicked === 'object' && clicked !== null && 'start' in clicked ? clicked.start : undefined;
  const base = { cluster, topic, ...(partition === undefined ? {} : { partitions: partitionsOf(named, selected) }) };
  if (isStartSpec(start)) return { ...base, start };
  if (offset !== undefined) return { ...base, start: { at: 'offset', offset: String(offset) } };
  const group = groupOf(clicked);
  if (group?.partition !== undefined)
    return { ...base, partitions: [group.partition], start: around(connections, group) };
  return { ...base, start: recentOf(connections, cluster, topic) };
}

/** All partitions of that topic that are selected with the one that was clicked. */
function partitionsOf(
  { cluster, topic, partition }: { cluster: string; topic: string; partition?: number | undefined },
  selected: unknown,
): number[] {
  const also = refsOf(undefined, selected).flatMap((ref) =>
    ref.kind === 'topicPartition' && ref.cluster === cluster && ref.topic === topic ? [ref.partition] : [],
  );
  return also.includes(partition!) ? also.sort((a, b) => a - b) : [partition!];
}

/** A little before what the group committed, so that its next record stands among its neighbours; the last records where it has no commit. */
function around(
  connections: Connections,
  { cluster, group, topic, partition }: ReturnType<typeof groupOf> & object,
): StartSpec {
  const snapshot = connections.watchOf(cluster)?.snapshot;
  const at = snapshot?.groups
    .get(group)
    ?.partitions.find((each) => each.topic === topic && each.partition === partition);
  const committed = at !== undefined && 'value' in at.commit ? at.commit.value?.offset : undefined;
  if (committed === undefined) return recent;
  const log = snapshot?.offsets.get(topic!)?.get(partition!)?.start;
  const start = log !== undefined && 'value' in log ? log.value : 0n;
  const offset = committed - before;
  return { at: 'offset', offset: String(committed < start ? committed : offset > start ? offset : start) };
}

async function ask(connections: Connections, clicked: unknown): Promise<TailTarget | undefined> {
  const cluster = await pickCluster(connections, clicked);
  if (cluster === undefined) return undefined;
  const member = refsOf(clicked, undefined).find((ref) => ref.kind === 'member');
  if (member !== undefined) return ofMember(connections, member);
  const topic = await askTopic(connections, clusterOf(clicked) ?? cluster);
  if (topic === undefined) return undefined;
  const start = await askStart(connections, cluster, topic);
  return start && { cluster, topic, start };
}

/** The partitions of a topic that a member owns. */
async function ofMember(
  connections: Connections,
  { cluster, group, member }: { readonly cluster: string; readonly group: string; readonly member: string },
): Promise<TailTarget | undefined> {
  const snapshot = connections.watchOf(cluster)?.snapshot;
  const own = snapshot?.groups.get(group)?.members.find(({ id }) => id === member)?.assignment;
  const assigned = own !== undefined && 'value' in own ? own.value : [];
  const topics = [...new Set(assigned.map(({ topic }) => topic))].sort();
  const topic = await pickName(topics, t('Topic'), t('This member has no partitions.'));
  if (topic === undefined) return undefined;
  const partitions = assigned
    .filter((each) => each.topic === topic)
    .map(({ partition }) => partition)
    .sort((a, b) => a - b);
  return { cluster, topic, partitions, start: recent };
}

/** A topic of the list, or a name that is typed. Undefined where the person gave up. */
async function askTopic(connections: Connections, cluster: string): Promise<string | undefined> {
  const watch = connections.watchOf(cluster);
  const pick = vscode.window.createQuickPick();
  pick.title = t('Tail a topic of {0}', cluster);
  pick.ignoreFocusOut = true;
  pick.placeholder = t('Name of the topic');
  const show = (): void => {
    // Kafka's own are seldom what is looked for.
    const topics = [...(watch?.snapshot?.topics.values() ?? [])].sort(
      (a, b) => Number(a.internal) - Number(b.internal),
    );
    const items: vscode.QuickPickItem[] = topics.map(({ name, partitions: { length }, internal }) => ({
      label: name,
      description: [partitionCount(length), ...(internal ? [t('internal')] : [])].join(', '),
    }));
    const typed = pick.value.trim();
    // A name that this connection may read need not be one that it may list.
    if (typed !== '' && !items.some(({ label }) => label === typed)) {
      items.push({ label: typed, description: t('not listed'), alwaysShow: true });
    }
    pick.items = items;
  };
  show();
  if (watch !== undefined && watch.snapshot === undefined) {
    pick.busy = true;
    void watch.refresh().then(
      () => {
        pick.busy = false;
        show();
      },
      () => (pick.busy = false),
    );
  }
  return new Promise((resolve) => {
    pick.onDidChangeValue(show);
    pick.onDidAccept(() => {
      resolve(pick.activeItems[0]?.label);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

type StartItem = vscode.QuickPickItem & {
  readonly start: () => StartSpec | undefined | Promise<StartSpec | undefined>;
};

/** Where to begin. Undefined where the person gave up. */
async function askStart(connections: Connections, cluster: string, topic: string): Promise<StartSpec | undefined> {
  const groups = [...(connections.watchOf(cluster)?.snapshot?.groups.values() ?? [])].filter(({ partitions }) =>
    partitions.some((each) => each.topic === topic && 'value' in each.commit && each.commit.value !== undefined),
  );
  const newest = recentOf(connections, cluster, topic);
  const items: StartItem[] = [
    { label: t('End'), detail: t('What comes from now on.'), start: () => ({ at: 'end' }) },
    {
      label: t('Last {0} of each partition', newest.count),
      detail: t('The newest records, and what comes.'),
      start: () => newest,
    },
    {
      label: t('Last {0} in all', newest.count),
      detail: t('The newest records by their time, wherever they are.'),
      start: () => ({ ...newest, of: 'topic' }),
    },
    { label: t('Beginning'), detail: t('Everything that is kept.'), start: () => ({ at: 'beginning' }) },
    {
      label: t('Offset...'),
      start: () => askSpec(topic, t('Offset, in each partition'), '0', (offset) => ({ at: 'offset', offset })),
    },
    {
      label: t('Time...'),
      start: () => {
        const prompt = t('Such as "10 minutes ago", 12:30, yesterday 14:00 or 2026-03-01 12:00');
        return askSpec(topic, prompt, t('10 minutes ago'), (text) => ({ at: 'time', text }));
      },
    },
    ...groups.map(({ id }): StartItem => ({
      label: t('Where {0} stands', id),
      detail: t('Its committed offsets.'),
      start: () => ({ at: 'group', group: id }),
    })),
  ];
  const picked = await askOne(items, { title: topic, placeHolder: t('Where to start') });
  return picked?.start();
}

async function askSpec(
  title: string,
  prompt: string,
  value: string,
  specOf: (text: string) => StartSpec,
): Promise<StartSpec | undefined> {
  const problem = (text: string): string | undefined => {
    try {
      startOf(specOf(text.trim()), Date.now());
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const answer = await askTextStep({ title, step: 1, totalSteps: 1, value, prompt, problem });
  return typeof answer === 'object' ? specOf(answer.value.trim()) : undefined;
}
