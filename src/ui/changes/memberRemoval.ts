import { groupNow } from '../../changes/groupNow.ts';
import { removeMembers } from '../../changes/removeMembers.ts';
import type { Member } from '../../groups/snapshot.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { HumanError, isCancelled, messageOf, throwIfCancelled } from '../../shared/errors.ts';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import { visibleText } from '../../shared/visibleText.ts';
import type { ChangeItem, MemberName } from '../panels/change/protocol.ts';
import { itemKey, type Executed, type ExecuteContext, type ItemResult, type PlannedChange } from './planned.ts';

interface Leaving {
  readonly item: ChangeItem;
  readonly member: Member | undefined;
}

/** Removing members as a change. There is no way back, but a member that runs joins again by itself. */
export async function planMemberRemoval(
  cluster: Cluster,
  names: readonly MemberName[],
  { name, reason }: { readonly name: string; readonly reason: string },
  signal?: AbortSignal,
): Promise<PlannedChange> {
  const leaving: Leaving[] = [];
  const groups = [...new Set(names.map(({ group }) => group))];
  for (const group of groups) {
    const now = await groupNow(cluster, group, signal);
    for (const wanted of names.filter((each) => each.group === group)) leaving.push(lookFor(wanted, now));
  }
  const usable = leaving.filter(({ member }) => member !== undefined);
  const statics = usable.filter(({ member }) => member?.instanceId !== undefined).length;
  const [first] = leaving;
  return {
    of: 'members',
    isMany: groups.length > 1,
    action: t('Remove'),
    subject: groups.length === 1 ? groups[0]! : name,
    question:
      usable.length === 1
        ? t('Remove member {0} of {1} on {2}?', usable[0]!.item.member!.name, usable[0]!.item.group, name)
        : t('Remove {0} members on {1}?', formatCount(usable.length), name),
    sentences: [
      usable.length === 1
        ? t('The coordinator drops 1 member, and the group rebalances.')
        : t('The coordinator drops {0} members, and the group rebalances.', formatCount(usable.length)),
      t('One that still runs notices at its next heartbeat, and joins again as a new member.'),
      ...(statics > 0
        ? [t('Of a static one the group.instance.id is free at once, without waiting for its session to end.')]
        : []),
      t('This cannot be undone. Offsets stay as they are.'),
    ],
    refusal:
      usable.length > 0
        ? undefined
        : leaving.length === 1
          ? first!.item.error!
          : t('None of these members can be removed.'),
    members: undefined,
    // Kafka's own tools have none for it, but for all members of a streams application.
    command: undefined,
    items: leaving.map(({ item }) => item),
    execute: (context) => execute(usable, { name, reason }, context),
  };
}

function lookFor({ group, id, instanceId }: MemberName, now: Awaited<ReturnType<typeof groupNow>>): Leaving {
  const key = itemKey(group, id);
  const without = (error: string): Leaving => ({
    item: { key, group, member: { name: instanceId ?? id, id, host: '' }, error },
    member: undefined,
  });
  if ('failure' in now) return without(now.failure.message);
  const { type, members } = now.value;
  if (type === 'share' || type === 'streams') {
    return without(
      t('Kafka has no way to remove a member of a {0} group: stop the application, and the broker drops it.', type),
    );
  }
  const member = members.find((each) => (instanceId === undefined ? each.id === id : each.instanceId === instanceId));
  if (member === undefined) return without(t('It has left the group already.'));
  const { assignment } = member;
  return {
    item: {
      key,
      group,
      member: {
        name: member.instanceId ?? member.clientId,
        id: member.id,
        host: member.host.replace(/^\//, ''),
        partitions: 'value' in assignment ? assignment.value.length : undefined,
      },
      ...(member.instanceId === undefined ? {} : { warning: t('static: {0}', visibleText(member.instanceId)) }),
    },
    member,
  };
}

async function execute(
  leaving: readonly Leaving[],
  { name, reason }: { readonly name: string; readonly reason: string },
  { cluster, journal, signal, onProgress }: ExecuteContext,
): Promise<Executed> {
  throwIfCancelled(signal);
  const results = new Map<string, ItemResult>();
  const entries: string[] = [];
  let unrecorded: string | undefined;
  const groups = [...new Set(leaving.map(({ item }) => item.group))];
  for (const [index, group] of groups.entries()) {
    if (groups.length > 1) onProgress(t('Group {0} of {1}', formatCount(index + 1), formatCount(groups.length)));
    const own = leaving.filter(({ item }) => item.group === group);
    try {
      throwIfCancelled(signal);
      const done = await removeMembers(
        cluster,
        group,
        own.map(({ member }) => member!),
        reason,
        { cluster: name, journal, signal },
      );
      if (done.id !== undefined) entries.push(done.id);
      unrecorded ??= done.unrecorded;
      for (const [at, { outcome, message }] of done.results.entries())
        results.set(own[at]!.item.key, { outcome, message });
    } catch (error) {
      if (groups.length === 1 && (error instanceof HumanError || isCancelled(error))) throw error;
      const message = isCancelled(error) ? t('It was cancelled before.') : messageOf(error);
      for (const { item } of own) results.set(item.key, { outcome: 'not-sent', message });
    }
  }
  return { results, entries, canUndo: false, unrecorded };
}
