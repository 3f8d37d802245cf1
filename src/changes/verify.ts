import type { Commit, GroupType } from '../groups/snapshot.ts';
import type { CommitFacts } from '../groups/plan/plan.ts';
import type { Cluster } from '../kafka/cluster.ts';
import type { Fact, Failure } from '../kafka/facts.ts';
import { t } from '../shared/l10n.ts';
import { readCommits } from './gather.ts';
import { groupNow, isEmpty } from './groupNow.ts';
import { lookUntil } from './lookUntil.ts';
import type { Outcome, RowResult } from './results.ts';
import type { Reply, Write } from './writes.ts';

/**
 * Reads back what was sent. `again`: what certainly was not done, and can be sent once more because nobody else is in the group.
 *
 * @param isLast nothing is sent again: then all is settled.
 */
export async function verify(
  cluster: Cluster,
  group: string,
  type: GroupType | undefined,
  replies: ReadonlyMap<Write, Reply>,
  before: ReadonlyMap<Write, Commit | undefined>,
  isLast: boolean,
): Promise<{ settled: Map<Write, RowResult>; again: Write[] }> {
  const rows = [...replies.keys()];
  const isOpen = [...replies.values()].some(({ kind }) => kind === 'unknown' || kind === 'unsent');
  const commits = await readUntilSeen(cluster, group, type, replies);
  // Only the empty group's offsets are ours to write again.
  const present = isOpen && !isLast ? await groupNow(cluster, group) : undefined;
  const mayRepeat = present !== undefined && 'value' in present && isEmpty(present.value);

  const settled = new Map<Write, RowResult>();
  const again: Write[] = [];
  for (const row of rows) {
    const reply = replies.get(row)!;
    const found = 'value' in commits ? at(commits.value, row) : commits;
    const isUntouched = 'value' in found && isSame(type, before.get(row), found.value);
    const isThere = 'value' in found && isAt(type, row, found.value);
    const isRepeatable = (reply.kind === 'unsent' || (reply.kind === 'unknown' && isUntouched)) && !isThere;
    if (isRepeatable && mayRepeat) again.push(row);
    else settled.set(row, resultOf(row, reply, found, { isThere, isUntouched }));
  }
  return { settled, again };
}

async function readUntilSeen(
  cluster: Cluster,
  group: string,
  type: GroupType | undefined,
  replies: ReadonlyMap<Write, Reply>,
): Promise<Fact<CommitFacts>> {
  const accepted = [...replies].flatMap(([row, { kind }]) => (kind === 'accepted' ? [row] : []));
  return lookUntil(
    () => readCommits(cluster, type, group),
    (commits) =>
      'value' in commits &&
      accepted.every((row) => {
        const found = at(commits.value, row);
        return 'value' in found && isAt(type, row, found.value);
      }),
  );
}

function at(commits: CommitFacts, { topic, partition }: Write): Fact<Commit | undefined> {
  return commits.get(topic)?.get(partition) ?? { value: undefined };
}

function isAt(type: GroupType | undefined, { after }: Write, found: Commit | undefined): boolean {
  return isSame(type, after.kind === 'delete' ? undefined : after, found);
}

/** Of a share group's start only the offset is ours: its leader epoch is the coordinator's. */
function isSame(
  type: GroupType | undefined,
  one: Pick<Commit, 'offset' | 'leaderEpoch' | 'metadata'> | undefined,
  other: Commit | undefined,
): boolean {
  if (one?.offset !== other?.offset) return false;
  return type === 'share' || (one?.leaderEpoch === other?.leaderEpoch && one?.metadata === other?.metadata);
}

function resultOf(
  row: Write,
  reply: Reply,
  found: Fact<Commit | undefined>,
  { isThere, isUntouched }: { readonly isThere: boolean; readonly isUntouched: boolean },
): RowResult {
  const { topic, partition } = row;
  const failure = 'failure' in reply ? reply.failure : undefined;
  const result = (outcome: Outcome, message?: string): RowResult => ({
    topic,
    partition,
    outcome,
    message,
    code: failure?.code,
    isRead: 'value' in found,
    found: 'value' in found ? found.value?.offset : undefined,
  });
  if (reply.kind === 'refused') return result('refused', reply.failure.message);
  if ('failure' in found) {
    if (reply.kind === 'unsent') return result('not-sent', reply.failure.message);
    return result('unknown', unread(reply, found.failure));
  }
  // Without an answer, too: it is there.
  if (isThere) return reply.kind === 'accepted' ? result('done') : result('done', lateButThere());
  if (reply.kind === 'accepted') {
    return result(
      'overtaken',
      t('The broker accepted it, and then somebody else moved it to {0}.', textOf(found.value)),
    );
  }
  if (reply.kind === 'unsent') return result('not-sent', reply.failure.message);
  const message = isUntouched
    ? t('{0} Read back, it is still as before; the request may yet be done.', reply.failure.message)
    : t(
        '{0} Read back, it is at {1}, where neither this change put it nor was before.',
        reply.failure.message,
        textOf(found.value),
      );
  return result('unknown', message);
}

function lateButThere(): string {
  return t('No answer came; read back, it is there.');
}

function unread(reply: Reply, failure: Failure): string {
  return 'failure' in reply
    ? t('{0} It could not be read back: {1}', reply.failure.message, failure.message)
    : t('The broker accepted it. It could not be read back: {0}', failure.message);
}

function textOf(commit: Commit | undefined): string {
  return commit === undefined ? t('no commit') : String(commit.offset);
}
