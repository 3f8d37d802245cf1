import * as vscode from 'vscode';
import { SchemaRegistry, type RegistryAuth } from '../../formats/index.ts';
import { CancelledError, isCancelled, messageOf } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';
import { registerCommands } from '../commands/registerCommands.ts';
import { pickName } from '../commands/steps.ts';
import { clusterOf } from '../commands/targets.ts';
import { changeClusterSettings } from '../connections/clusterSettings.ts';
import type { Connections } from '../connections/connections.ts';
import { withRegistry } from '../connections/registryProfile.ts';
import { commands } from '../contributions.ts';
import type { Log } from '../log.ts';
import type { Decoders } from './decoders.ts';
import { forgetSecret, readAuth, storeSecret, withSecret, type Secrets } from './registrySecrets.ts';
import { askRegistry, draftOfRegistry, registryOfDraft, type RegistryDraft } from './registrySteps.ts';

export interface RegistryCommandOptions {
  readonly connections: Connections;
  readonly decoders: Decoders;
  readonly secrets: Secrets;
  readonly log: Log;
}

/** `Set Schema Registry...`: asks for address and credentials, tries them out, and keeps them. */
export function registerRegistryCommand(options: RegistryCommandOptions): vscode.Disposable {
  return registerCommands({ [commands.setSchemaRegistry]: (clicked) => setRegistry(clicked, options) }, options.log);
}

async function setRegistry(clicked: unknown, options: RegistryCommandOptions): Promise<void> {
  const { connections, decoders, secrets } = options;
  const items = connections.entries.flatMap((entry) =>
    entry.kind === 'profile'
      ? [{ label: entry.name, description: entry.profile.schemaRegistry?.url ?? t('no Schema Registry') }]
      : [],
  );
  const none = t('There is no cluster yet. Add one first.');
  const name = clusterOf(clicked) ?? (await pickName(items, t('Cluster whose Schema Registry to set'), none));
  const entry = name === undefined ? undefined : connections.entry(name);
  if (name === undefined || entry === undefined) return;
  const before = entry.profile.schemaRegistry;
  const stored = before === undefined ? undefined : await readAuth(secrets, name, before);
  const draft = await askAndTest(name, draftOfRegistry(before), stored, options.log);
  if (draft === undefined) return;
  const registry = registryOfDraft(draft);
  if (registry !== undefined) {
    const auth = authOfDraft(draft, stored);
    const secret = auth.kind === 'basic' ? auth.password : auth.kind === 'bearer' ? auth.token : '';
    await storeSecret(secrets, name, registry, secret);
  }
  if (before !== undefined && JSON.stringify(before) !== JSON.stringify(registry)) {
    await forgetSecret(secrets, name, before);
  }
  await changeClusterSettings(entry.scope, (list) => withRegistry(list, name, registry));
  connections.reload();
  decoders.forget(name);
}

async function askAndTest(
  cluster: string,
  first: RegistryDraft,
  stored: RegistryAuth | undefined,
  log: Log,
): Promise<RegistryDraft | undefined> {
  const title = t('Schema Registry of {0}', cluster);
  let draft: RegistryDraft | undefined = first;
  for (;;) {
    draft = await askRegistry(title, draft, stored !== undefined && stored.kind !== 'none');
    const registry = draft && registryOfDraft(draft);
    if (draft === undefined || registry === undefined) return draft;
    const problem = await tryOut(registry.url, authOfDraft(draft, stored), log);
    if (problem === undefined) return draft;
    const saveAnyway = t('Save Anyway');
    const change = t('Edit');
    const options = { modal: true, detail: problem };
    const answer = await vscode.window.showWarningMessage(
      t('The Schema Registry was not saved yet.'),
      options,
      change,
      saveAnyway,
    );
    if (answer === saveAnyway) return draft;
    if (answer === undefined) return undefined;
  }
}

/** With the stored secret where none was typed and the way to identify oneself is the same. */
function authOfDraft(draft: RegistryDraft, stored: RegistryAuth | undefined): RegistryAuth {
  const typed = withSecret(registryOfDraft(draft) ?? { url: '' }, draft.secret);
  return draft.secret === '' && stored?.kind === typed.kind && typed.kind !== 'none'
    ? { ...typed, ...(stored.kind === 'basic' ? { password: stored.password } : stored) }
    : typed;
}

/** What keeps the registry from being asked, a text to show; undefined where nothing does. */
async function tryOut(url: string, auth: RegistryAuth, log: Log): Promise<string | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('Asking the Schema Registry {0}', url),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort(new CancelledError()));
    const registry = new SchemaRegistry({ url, auth: () => Promise.resolve(auth) });
    try {
      await registry.test(controller.signal);
      return undefined;
    } catch (error) {
      log.error(error, 'Test of a Schema Registry');
      return isCancelled(error) ? t('The registry was not asked.') : messageOf(error);
    } finally {
      registry.dispose();
    }
  });
}
