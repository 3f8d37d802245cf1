import * as vscode from 'vscode';
import { t } from '../../shared/l10n.ts';

const recordScheme = 'kafka-record';

/** Characters of a document, and of all together: what is beyond is said, not shown. VS Code itself opens up to 50 MB. */
const mostChars = 20_000_000;
const mostOfAll = 100_000_000;

/** Keys and values as read-only editor documents. They are kept as long as they are open, and not beyond a bound. */
export class RecordDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #subscriptions: vscode.Disposable;
  #next = 1;

  constructor() {
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(recordScheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === recordScheme) this.#texts.delete(uri.toString());
      }),
    );
  }

  /** `name`: of its tab. */
  add(name: string, text: string, language: string): vscode.Uri {
    const ending = language === 'json' ? '.json' : language === 'xml' ? '.xml' : '.txt';
    const uri = vscode.Uri.from({
      scheme: recordScheme,
      path: `/${name.replace(/[/\\?#]+/g, '_')}${ending}`,
      query: String(this.#next++),
    });
    const isCut = text.length > mostChars;
    const note = t('... cut here: {0} of {1} characters are shown.', mostChars, text.length);
    this.#texts.set(uri.toString(), isCut ? `${text.slice(0, mostChars)}\n${note}\n` : text);
    let sum = 0;
    for (const [key, each] of [...this.#texts].reverse()) {
      sum += each.length;
      if (sum > mostOfAll && key !== uri.toString()) this.#texts.delete(key);
    }
    return uri;
  }

  /** Opens it in an editor. `name`: of its tab. */
  async show(name: string, text: string, language: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.add(name, text, language));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? t('This record is not kept any more. Open it again from its page.');
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#texts.clear();
  }
}
