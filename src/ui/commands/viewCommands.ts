import * as vscode from 'vscode';
import type { Connections } from '../connections/connections.ts';
import { commands, views } from '../contributions.ts';
import { t } from '../../shared/l10n.ts';
import { askOne } from '../ask.ts';
import { offerGroups } from './offerGroups.ts';
import type { Log } from '../log.ts';
import type { ClustersTree } from '../tree/clustersTree.ts';
import type { SortKey } from '../tree/options.ts';
import type { OptionsStore } from '../tree/optionsStore.ts';
import { jsonOf, nameOfRef, plainOf } from '../tree/plainData.ts';
import type { NodeRef } from '../tree/node.ts';
import { registerCommands } from './registerCommands.ts';
import { pickName } from './steps.ts';
import { clusterOf, groupOf, refsOf } from './targets.ts';

export interface ViewCommandsOptions {
  readonly connections: Connections;
  readonly options: OptionsStore;
  readonly tree: ClustersTree;
  readonly openLag: (target: { cluster: string; group: string; topic?: string; partition?: number }) => void;
  readonly log: Log;
}

/** What changes the look of the tree, and what only reads from it. */
export function registerViewCommands({
  connections,
  options,
  tree,
  openLag,
  log,
}: ViewCommandsOptions): vscode.Disposable {
  const refresh = (cluster: string | undefined): Thenable<void> =>
    vscode.window.withProgress({ location: { viewId: views.clusters } }, async () => {
      const names = cluster === undefined ? connections.entries.map(({ name }) => name) : [cluster];
      // What fails is a row of the tree, with its reason.
      await Promise.allSettled(names.map(async (name) => connections.watchOf(name)?.refresh()));
    });

  const chosen = (clicked: unknown, selected: unknown): readonly NodeRef[] => {
    const refs = refsOf(clicked, selected);
    return refs.length > 0 ? refs : tree.selection;
  };

  return registerCommands(
    {
      [commands.refresh]: (clicked) => refresh(clusterOf(clicked)),
      [commands.retry]: (clicked) => refresh(clusterOf(clicked)),
      [commands.filter]: () => askFilter(options),
      [commands.clearFilter]: () => options.set({ filter: '', hideEmptyGroups: false }),
      [commands.sort]: () => askSort(options),
      [commands.toggleEmptyGroups]: () => options.set({ hideEmptyGroups: !options.current.hideEmptyGroups }),
      [commands.toggleInternalTopics]: () => options.set({ showInternalTopics: !options.current.showInternalTopics }),
      [commands.copyName]: async (clicked, selected) => {
        const names = chosen(clicked, selected).map(nameOfRef);
        await copy(names.filter((name) => name !== undefined).join('\n'));
      },
      [commands.copyJson]: async (clicked, selected) => {
        const clusterViews = tree.provider.views();
        const values = chosen(clicked, selected)
          .map((ref) => {
            const view = 'cluster' in ref ? clusterViews.find(({ entry }) => entry.name === ref.cluster) : undefined;
            return view && plainOf(ref, view);
          })
          .filter((value) => value !== undefined);
        if (values.length > 0) await copy(jsonOf(values.length === 1 ? values[0] : values));
      },
      [commands.openLag]: async (clicked) => {
        const target = groupOf(clicked) ?? (await pickGroup(connections, clusterOf(clicked)));
        if (target !== undefined) openLag(target);
      },
      [commands.showLog]: () => log.show(),
    },
    log,
  );
}

async function copy(text: string): Promise<void> {
  if (text !== '') await vscode.env.clipboard.writeText(text);
}

/** Filters while typing; giving up brings back what was before. */
function askFilter(options: OptionsStore): void {
  const before = options.current.filter;
  const box = vscode.window.createInputBox();
  box.title = t('Filter groups and topics');
  box.prompt = t('Words of a name: of a group, of a client id of its members, or of a topic. Empty shows all.');
  box.value = before;
  let accepted = false;
  box.onDidChangeValue((filter) => options.set({ filter }));
  box.onDidAccept(() => {
    accepted = true;
    box.hide();
  });
  box.onDidHide(() => {
    if (!accepted) options.set({ filter: before });
    box.dispose();
  });
  box.show();
}

async function askSort(options: OptionsStore): Promise<void> {
  const items: (vscode.QuickPickItem & { value: SortKey })[] = [
    { label: t('State'), detail: t('What needs attention first, then by name.'), value: 'state' },
    { label: t('Lag'), detail: t('Most behind first.'), value: 'lag' },
    { label: t('Name'), value: 'name' },
  ];
  const shown = items.map((item) => ({
    ...item,
    ...(item.value === options.current.sort ? { description: t('current') } : {}),
  }));
  const picked = await askOne(shown, { title: t('Sort groups, members and partitions') });
  if (picked !== undefined) options.set({ sort: picked.value });
}

export async function pickGroup(
  connections: Connections,
  cluster: string | undefined,
): Promise<{ cluster: string; group: string } | undefined> {
  const connected = connections.entries
    .map(({ name }) => name)
    .filter((name) => connections.watchOf(name) !== undefined);
  const name = cluster ?? (await pickName(connected, t('Cluster'), t('No cluster is connected.')));
  const watch = name === undefined ? undefined : connections.watchOf(name);
  if (name === undefined || watch === undefined) return undefined;
  const groups = await offerGroups(watch, (all) => all.map(({ id, state }) => ({ label: id, description: state })));
  if (groups === undefined) {
    void vscode.window.showInformationMessage(t('{0} has no groups.', name));
    return undefined;
  }
  const picked = await askOne(groups, { placeHolder: t('Group'), title: name });
  return picked && { cluster: name, group: picked.label };
}
