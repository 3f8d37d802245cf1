import * as vscode from 'vscode';
import { HumanError } from '../../shared/errors.ts';
import { settings } from '../contributions.ts';
import { t } from '../../shared/l10n.ts';
import type { ProfileScope, RawProfiles } from './profiles.ts';

const targets: Record<ProfileScope, vscode.ConfigurationTarget> = {
  user: vscode.ConfigurationTarget.Global,
  workspace: vscode.ConfigurationTarget.Workspace,
};

/** `kafkaDebugger.clusters` as both scopes have it: VS Code itself would let the workspace's list hide the user's. */
export function readClusterSettings(): RawProfiles {
  const found = vscode.workspace.getConfiguration().inspect(settings.clusters);
  // A folder that is not trusted must not make the editor connect to anything.
  return { user: found?.globalValue, workspace: vscode.workspace.isTrusted ? found?.workspaceValue : undefined };
}

/** Changes the list of one scope; `change` gets what stands there now. */
export async function changeClusterSettings(scope: ProfileScope, change: (list: unknown) => unknown[]): Promise<void> {
  let list: unknown[];
  try {
    list = change(readClusterSettings()[scope]);
  } catch (error) {
    throw new HumanError(
      t('kafkaDebugger.clusters is not a list, so nothing was changed.'),
      t('Mend it in the settings first.'),
      { cause: error },
    );
  }
  await vscode.workspace
    .getConfiguration()
    .update(settings.clusters, list.length === 0 ? undefined : list, targets[scope]);
}

/** Opens the settings file of a scope at the clusters. */
export async function openClusterSettings(scope: ProfileScope): Promise<void> {
  const command = scope === 'workspace' ? 'openWorkspaceSettingsFile' : 'openSettingsJson';
  await vscode.commands.executeCommand(`workbench.action.${command}`, {
    revealSetting: { key: settings.clusters, edit: false },
  });
}
