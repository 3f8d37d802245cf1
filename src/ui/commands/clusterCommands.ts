import * as vscode from 'vscode';
import { CancelledError, isCancelled, messageOf } from '../../shared/errors.ts';
import type { ClusterProfile } from '../connections/profile.ts';
import { changeClusterSettings, openClusterSettings } from '../connections/clusterSettings.ts';
import type { Connections } from '../connections/connections.ts';
import { withoutProfile, withProfile, type ProfileScope } from '../connections/profiles.ts';
import { commands } from '../contributions.ts';
import { t } from '../../shared/l10n.ts';
import type { Log } from '../log.ts';
import { askProfile, draftOf, emptyDraft, profileOf, type Draft } from './profileSteps.ts';
import { registerCommands } from './registerCommands.ts';
import { pickName } from './steps.ts';
import { clusterOf, refsOf } from './targets.ts';

/** Connects and leaves again; rejects with what is wrong. */
export type TestConnection = (profile: ClusterProfile, signal: AbortSignal) => Promise<void>;

export interface ClusterCommandsOptions {
  readonly connections: Connections;
  readonly test: TestConnection;
  readonly log: Log;
}

/** Add, edit, remove, connect, disconnect: from the tree, or from the palette, which asks for the cluster. */
export function registerClusterCommands({ connections, test, log }: ClusterCommandsOptions): vscode.Disposable {
  const names = (which: (name: string) => boolean): vscode.QuickPickItem[] =>
    connections.entries.flatMap((entry) =>
      entry.kind === 'profile' && which(entry.name)
        ? [{ label: entry.name, description: entry.profile.bootstrapServers.join(', ') }]
        : [],
    );
  const pick = async (
    clicked: unknown,
    placeholder: string,
    none: string,
    which: (name: string) => boolean = () => true,
  ): Promise<string | undefined> => clusterOf(clicked) ?? (await pickName(names(which), placeholder, none));
  const isOpen = (name: string): boolean => connections.watchOf(name) !== undefined;
  const noCluster = t('There is no cluster yet. Add one first.');

  const add = async (): Promise<void> => {
    const draft = await askAndTest(t('Add Cluster'), emptyDraft, undefined, hasFolder());
    if (draft === undefined) return;
    const profile = profileOf(draft);
    await changeClusterSettings(draft.scope, (list) => withProfile(list, undefined, profile));
    connections.reload();
    connections.connect(profile.name);
  };

  const edit = async (clicked: unknown): Promise<void> => {
    const name = await pick(clicked, t('Cluster to edit'), noCluster);
    const entry = name === undefined ? undefined : connections.entry(name);
    if (name === undefined || entry === undefined) return;
    const draft = await askAndTest(t('Edit Cluster'), draftOf(entry.profile, entry.scope), name, false);
    if (draft === undefined) return;
    const profile = profileOf(draft);
    const wasOpen = isOpen(name);
    await changeClusterSettings(entry.scope, (list) => withProfile(list, name, profile));
    connections.reload();
    if (profile.name !== name) connections.disconnect(name);
    if (wasOpen) connections.connect(profile.name);
  };

  const askAndTest = async (
    title: string,
    first: Draft,
    own: string | undefined,
    asksScope: boolean,
  ): Promise<Draft | undefined> => {
    const taken = connections.entries.map(({ name }) => name).filter((name) => name !== own);
    let draft: Draft | undefined = first;
    for (;;) {
      draft = await askProfile(title, draft, taken, asksScope);
      if (draft === undefined) return undefined;
      const problem = await tryOut(profileOf(draft), test, log);
      if (problem === undefined) return draft;
      const saveAnyway = t('Save Anyway');
      const change = t('Edit');
      const message = t('{0} was not saved yet.', draft.name.trim());
      const options = { modal: true, detail: problem };
      const answer = await vscode.window.showWarningMessage(message, options, change, saveAnyway);
      if (answer === saveAnyway) return draft;
      if (answer === undefined) return undefined;
    }
  };

  const remove = async (clicked: unknown): Promise<void> => {
    const name = await pick(clicked, t('Cluster to remove'), noCluster);
    const entry = name === undefined ? undefined : connections.entry(name);
    if (name === undefined || entry === undefined) return;
    const confirm = t('Remove');
    const detail =
      entry.scope === 'workspace'
        ? t('It is taken out of the workspace settings, for everybody who shares them. Nothing changes in Kafka.')
        : t('It is taken out of your settings. Nothing changes in Kafka.');
    const answer = await vscode.window.showWarningMessage(
      t('Remove cluster {0}?', name),
      { modal: true, detail },
      confirm,
    );
    if (answer !== confirm) return;
    connections.disconnect(name);
    await changeClusterSettings(entry.scope, (list) => withoutProfile(list, name));
    connections.reload();
  };

  return registerCommands(
    {
      [commands.addCluster]: add,
      [commands.editCluster]: edit,
      [commands.removeCluster]: remove,
      [commands.connect]: async (clicked) => {
        const none = t('All clusters are connected.');
        const name = await pick(clicked, t('Cluster to connect'), none, (one) => !isOpen(one));
        if (name !== undefined) connections.connect(name);
      },
      [commands.disconnect]: async (clicked) => {
        const name = await pick(clicked, t('Cluster to disconnect'), t('No cluster is connected.'), isOpen);
        if (name !== undefined) connections.disconnect(name);
      },
      [commands.openSettings]: (clicked) => openClusterSettings(scopeOf(clicked, connections)),
    },
    log,
  );
}

function scopeOf(clicked: unknown, connections: Connections): ProfileScope {
  const [ref] = refsOf(clicked, undefined);
  if (ref?.kind === 'invalid') return ref.scope;
  if (ref?.kind === 'cluster') return connections.entry(ref.cluster)?.scope ?? 'user';
  return clicked === 'workspace' ? 'workspace' : 'user';
}

function hasFolder(): boolean {
  return vscode.workspace.workspaceFolders !== undefined && vscode.workspace.isTrusted;
}

/** What keeps a cluster from being reached, a text to show; undefined where nothing does. */
async function tryOut(profile: ClusterProfile, test: TestConnection, log: Log): Promise<string | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('Connecting to {0}', profile.bootstrapServers.join(', ')),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort(new CancelledError()));
    try {
      await test(profile, controller.signal);
      return undefined;
    } catch (error) {
      log.error(error, 'Test of a new connection');
      return isCancelled(error) || controller.signal.aborted ? t('The connection was not tested.') : messageOf(error);
    }
  });
}
