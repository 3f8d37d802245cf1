import { deleteGroups } from '../../changes/deleteGroups.ts';
import { readCommits } from '../../changes/gather.ts';
import { groupNow, isEmpty } from '../../changes/groupNow.ts';
import { membersText } from '../../changes/preconditions.ts';
import { optionText } from '../../groups/plan/command.ts';
import type { Commit, GroupType } from '../../groups/snapshot.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { inTurns } from '../../kafka/fanOut.ts';
import type { TopicPartition } from '../../kafka/facts.ts';
import { commitCount } from '../../shared/counted.ts';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import { visibleText } from '../../shared/visibleText.ts';
import type { ChangeItem } from '../panels/change/protocol.ts';
import { itemKey, type Executed, type ExecuteContext, type ItemResult, type PlannedChange } from './planned.ts';

interface Doomed {
  readonly group: string;
  readonly type: GroupType | undefined;
  /** Why it cannot be deleted. */
  readonly error: string | undefined;
  readonly commits: readonly (TopicPartition & { readonly commit: Commit })[];
}

/** Groups asked about at once. */
const width = 8;

/** Deleting groups as a change: what goes with each of them, and who is in the way. */
export async function planGroupDeletion(
  cluster: Cluster,
  groups: readonly string[],
  { name, bootstrap }: { readonly name: string; readonly bootstrap: string },
  signal?: AbortSignal,
): Promise<PlannedChange> {
  const found = new Map<string, Doomed>();
  await inTurns(new Set(groups), width, async (group) => {
    found.set(group, await look(cluster, group, signal));
  });
  const all = groups.map((group) => found.get(group)!);
  const usable = all.filter(({ error }) => error === undefined);
  const commits = usable.reduce((sum, each) => sum + each.commits.length, 0);
  const [first] = all;
  const subject = groups.length === 1 ? groups[0]! : name;
  return {
    of: 'offsets',
    isMany: all.length > 1,
    action: t('Delete'),
    subject,
    question:
      groups.length === 1
        ? t('Delete group {0} on {1}?', groups[0]!, name)
        : t('Delete {0} groups on {1}?', formatCount(usable.length), name),
    sentences: [
      usable.length === 1
        ? t('Deletes group {0} with {1}.', visibleText(usable[0]!.group), commitCount(commits))
        : t('Deletes {0} groups with {1}.', formatCount(usable.length), commitCount(commits)),
      ...(usable.length < all.length
        ? [t('{0} cannot be deleted and will be left as they are.', formatCount(all.length - usable.length))]
        : []),
      t('A consumer that starts under this name begins where its auto.offset.reset says.'),
      ...(usable.some(({ type }) => type === 'streams')
        ? [t('The internal topics of a streams group stay, and its state with them.')]
        : []),
      ...(usable.some(({ type }) => type === 'share')
        ? [t('A share group cannot be made again from here: only its consumers make one.')]
        : []),
    ],
    refusal:
      usable.length > 0 ? undefined : all.length === 1 ? first!.error! : t('None of these groups can be deleted.'),
    members: undefined,
    command: commandFor(usable, bootstrap),
    items: all.flatMap(itemsOf),
    execute: (context) => execute(usable, name, context),
  };
}

async function look(cluster: Cluster, group: string, signal: AbortSignal | undefined): Promise<Doomed> {
  const now = await groupNow(cluster, group, signal);
  const none = { group, type: undefined, commits: [] };
  if ('failure' in now) return { ...none, error: now.failure.message };
  const { type, state, members } = now.value;
  if (type === undefined) return { ...none, error: t('Group {0} does not exist.', group) };
  const read = await readCommits(cluster, type, group, signal);
  const commits =
    'failure' in read
      ? []
      : [...read.value].flatMap(([topic, partitions]) =>
          [...partitions].flatMap(([partition, fact]) =>
            'value' in fact ? [{ topic, partition, commit: fact.value }] : [],
          ),
        );
  const unreadable = 'failure' in read ? read.failure.message : undefined;
  const inUse = members.length === 0 ? t('The group is {0}.', state) : t('It has members: {0}.', membersText(members));
  return { group, type, commits, error: isEmpty(now.value) ? unreadable : inUse };
}

function itemsOf({ group, commits, error }: Doomed): ChangeItem[] {
  if (commits.length === 0) {
    return [{ key: itemKey(group), group, warning: t('It has no commits.'), error }];
  }
  return commits
    .toSorted((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
    .map(({ topic, partition, commit }) => ({
      key: itemKey(group, topic, partition),
      group,
      topic,
      partition,
      before: String(commit.offset),
      after: error === undefined ? null : undefined,
      error,
    }));
}

function commandFor(groups: readonly Doomed[], bootstrap: string): string | undefined {
  const line = (tool: string, some: readonly Doomed[]): string[] =>
    some.length === 0
      ? []
      : [
          [
            `${tool} ${optionText('--bootstrap-server', bootstrap)} --delete`,
            ...some.map(({ group }) => optionText('--group', group)),
          ].join(' '),
        ];
  const lines = [
    ...line(
      'kafka-consumer-groups',
      groups.filter(({ type }) => type === 'classic' || type === 'consumer'),
    ),
    ...line(
      'kafka-share-groups',
      groups.filter(({ type }) => type === 'share'),
    ),
    ...line(
      'kafka-streams-groups',
      groups.filter(({ type }) => type === 'streams'),
    ),
  ];
  return lines.length === 0 ? undefined : lines.join('\n');
}

async function execute(groups: readonly Doomed[], name: string, context: ExecuteContext): Promise<Executed> {
  const { cluster, journal, signal } = context;
  const done = await deleteGroups(
    cluster,
    groups.map(({ group }) => group),
    { cluster: name, journal, signal },
  );
  const results = new Map<string, ItemResult>();
  for (const [index, { outcome, message }] of done.entries()) {
    for (const { key } of itemsOf(groups[index]!)) {
      results.set(key, { outcome, message, ...(outcome === 'done' ? { found: null } : {}) });
    }
  }
  const entries = done.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const canUndo = groups.some(({ type, commits }) => type !== 'share' && commits.length > 0) && entries.length > 0;
  return { results, entries, canUndo, unrecorded: undefined };
}
