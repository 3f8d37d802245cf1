import * as vscode from 'vscode';
import { visibleText } from '../../shared/visibleText.ts';
import { partitionCount } from '../../shared/counted.ts';
import { t } from '../../shared/l10n.ts';
import { askSome, askText } from '../ask.ts';
import type { ClusterWatch } from '../../watch/clusterWatch.ts';
import { offerGroups } from '../commands/offerGroups.ts';
import { pickCluster } from '../commands/pickTopic.ts';
import { clusterOf } from '../commands/targets.ts';
import { pickGroup } from '../commands/viewCommands.ts';
import type { Connections } from '../connections/connections.ts';
import { notConnected } from '../connections/notConnected.ts';
import type { ChangeRequest, CommitsOf, MemberName } from '../panels/change/protocol.ts';
import { committedTopics, commitsOf, groupsOf, membersOf } from './changeTargets.ts';
import { refuseReadOnly } from './confirm.ts';

export interface ChangeCommandsOptions {
  readonly connections: Connections;
  readonly open: (request: ChangeRequest) => void;
}

/** Copies a group's offsets: asks for the group to copy to, a new one or one that is empty. */
export async function copyOffsets({ connections, open }: ChangeCommandsOptions, clicked: unknown): Promise<void> {
  const [known] = groupsOf(clicked, undefined);
  const from =
    known === undefined ? await pickGroup(connections, clusterOf(clicked)) : { cluster: known[0], group: known[1][0]! };
  if (from === undefined) return;
  refuseReadOnly(connections, from.cluster);
  const to = await pickTarget(connections.watchOf(from.cluster), from.group);
  if (to !== undefined) open({ kind: 'copy', cluster: from.cluster, from: from.group, to });
}

/** Deletes commits: of the chosen partitions; of groups, the topics that are asked for. */
export async function deleteOffsets(
  { connections, open }: ChangeCommandsOptions,
  clicked: unknown,
  selected: unknown,
): Promise<void> {
  const commits = commitsOf(clicked, selected);
  if (commits.size > 0) {
    for (const [cluster, groups] of commits) {
      refuseReadOnly(connections, cluster);
      open({ kind: 'delete-offsets', cluster, groups });
    }
    return;
  }
  for (const [cluster, groups] of await groupsFor(connections, clicked, selected, true)) {
    const chosen = await pickTopics(connections.watchOf(cluster), groups);
    if (chosen === undefined) return;
    open({ kind: 'delete-offsets', cluster, groups: chosen });
  }
}

export async function deleteGroups(
  { connections, open }: ChangeCommandsOptions,
  clicked: unknown,
  selected: unknown,
): Promise<void> {
  for (const [cluster, groups] of await groupsFor(connections, clicked, selected, true)) {
    open({ kind: 'delete-groups', cluster, groups });
  }
}

/** Removes members, with a reason that stands in the broker's log. */
export async function removeMember(
  { connections, open }: ChangeCommandsOptions,
  clicked: unknown,
  selected: unknown,
): Promise<void> {
  let chosen = membersOf(clicked, selected, (cluster) => connections.watchOf(cluster)?.snapshot);
  if (chosen.size === 0) {
    const [known] = groupsOf(clicked, undefined);
    const at =
      known === undefined
        ? await pickGroup(connections, clusterOf(clicked))
        : { cluster: known[0], group: known[1][0]! };
    if (at === undefined) return;
    refuseReadOnly(connections, at.cluster);
    const members = await pickMembers(connections.watchOf(at.cluster), at.group);
    if (members === undefined) return;
    chosen = new Map([[at.cluster, members]]);
  }
  for (const cluster of chosen.keys()) refuseReadOnly(connections, cluster);
  const reason = await askText({
    title: t('Remove Member'),
    prompt: t('Why? It stands in the log of the coordinator (Kafka 3.2 and newer). Can be left empty.'),
  });
  if (reason === undefined) return;
  for (const [cluster, members] of chosen) open({ kind: 'remove-members', cluster, members, reason });
}

/**
 * The groups of the rows; where there are none, asks for some. Empty where the person gave up.
 *
 * @param willChange they are to be changed. @throws {HumanError} the cluster is read only, or cannot be asked.
 */
export async function groupsFor(
  connections: Connections,
  clicked: unknown,
  selected: unknown,
  willChange: boolean,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const known = groupsOf(clicked, selected);
  if (willChange) for (const name of known.keys()) refuseReadOnly(connections, name);
  if (known.size > 0) return known;
  const cluster = await pickCluster(connections, clicked);
  if (cluster === undefined) return new Map();
  if (willChange) refuseReadOnly(connections, cluster);
  const watch = connections.watchOf(cluster);
  if (watch === undefined) throw notConnected(cluster);
  const groups = await offerGroups(watch, (all) =>
    all.map(({ id, state }) => ({ label: visibleText(id), description: state, id })),
  );
  if (groups === undefined) {
    void vscode.window.showInformationMessage(t('{0} has no groups.', cluster));
    return new Map();
  }
  const picked = await askSome(groups, { placeHolder: t('Groups'), title: cluster, matchOnDescription: true });
  return picked === undefined || picked.length === 0 ? new Map() : new Map([[cluster, picked.map(({ id }) => id)]]);
}

/** An empty group, or a new one by the name that is typed. */
function pickTarget(watch: ClusterWatch | undefined, from: string): Promise<string | undefined> {
  type Item = vscode.QuickPickItem & { readonly group: string };
  const groups = [...(watch?.snapshot?.groups.values() ?? [])].filter(({ id }) => id !== from);
  const empty = groups
    .filter(({ state, type }) => (state === 'Empty' || state === 'Dead') && type !== 'share' && type !== 'streams')
    .map(({ id, state }): Item => ({ label: visibleText(id), description: state, group: id }));
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = t('Copy the offsets of {0} to', visibleText(from));
  pick.placeholder = t('Name of a new group, or one that is empty');
  pick.ignoreFocusOut = true;
  const fill = (): void => {
    const name = pick.value;
    const taken = groups.find(({ id }) => id === name);
    const fresh: Item[] =
      name === '' || name === from || taken !== undefined
        ? []
        : [{ label: t('New group {0}', visibleText(name)), alwaysShow: true, group: name }];
    // The plan says what stands in the way of a group with members.
    const inUse: Item[] =
      taken === undefined || empty.some(({ group }) => group === name)
        ? []
        : [{ label: visibleText(name), description: taken.state, alwaysShow: true, group: name }];
    pick.items = [...fresh, ...inUse, ...empty];
  };
  pick.onDidChangeValue(fill);
  fill();
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item === undefined) return;
      resolve(item.group);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

async function pickTopics(
  watch: ClusterWatch | undefined,
  groups: readonly string[],
): Promise<CommitsOf[] | undefined> {
  if (watch === undefined) return undefined;
  if (watch.snapshot === undefined) await watch.refresh();
  const { snapshot } = watch;
  const topics = snapshot === undefined ? [] : committedTopics(snapshot, groups);
  if (snapshot === undefined || topics.length === 0) {
    void vscode.window.showInformationMessage(t('{0} has no commits.', groups.map(visibleText).join(', ')));
    return undefined;
  }
  const items = topics.map(({ topic, partitions, isGhost }) => ({
    label: visibleText(topic),
    description: [partitionCount(partitions), ...(isGhost ? [t('the topic is gone')] : [])].join(', '),
    topic,
  }));
  const picked = await askSome(items, {
    title: t('Delete the offsets of {0}', groups.map(visibleText).join(', ')),
    placeHolder: t('Topics'),
  });
  if (picked === undefined || picked.length === 0) return undefined;
  const chosen = new Set(picked.map(({ topic }) => topic));
  return groups.flatMap((group) => {
    const own = committedTopics(snapshot, [group]).filter(({ topic }) => chosen.has(topic));
    return own.length === 0 ? [] : [{ group, topics: own.map(({ topic }) => ({ topic })) }];
  });
}

async function pickMembers(watch: ClusterWatch | undefined, group: string): Promise<MemberName[] | undefined> {
  if (watch !== undefined && watch.snapshot === undefined) await watch.refresh();
  const members = watch?.snapshot?.groups.get(group)?.members ?? [];
  if (members.length === 0) {
    void vscode.window.showInformationMessage(t('{0} has no members.', visibleText(group)));
    return undefined;
  }
  const items = members.map(({ id, instanceId, clientId, host }) => ({
    label: visibleText(instanceId ?? clientId),
    description: visibleText(host.replace(/^\//, '')),
    detail: visibleText(id),
    name: { group, id, ...(instanceId === undefined ? {} : { instanceId }) },
  }));
  const picked = await askSome(items, {
    title: t('Remove members of {0}', visibleText(group)),
    placeHolder: t('Members'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked === undefined || picked.length === 0 ? undefined : picked.map(({ name }) => name);
}
