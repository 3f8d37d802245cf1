import * as vscode from 'vscode';
import { t } from '../../../shared/l10n.ts';
import type { RecordView } from '../../../stuck/facts.ts';

const scheme = 'kafka-stuck';

/** Values as read-only editor documents, kept as long as they are open. */
export class ValueDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #subscriptions = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#texts.delete(uri.toString())),
  );

  /** `name`: of its tab. */
  async show(name: string, { value }: RecordView): Promise<void> {
    const path = `/${name.replace(/[/\\?#]+/g, '_')}${value?.language === 'json' ? '.json' : '.txt'}`;
    const uri = vscode.Uri.from({ scheme, path });
    const cut = value?.isCut === true ? `\n${t('... its beginning only')}\n` : '';
    this.#texts.set(uri.toString(), `${value === null ? 'null' : value.text}${cut}`);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? t('This value is not kept any more. Open it again from its page.');
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#texts.clear();
  }
}
