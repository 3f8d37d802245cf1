import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from './html.ts';

/** Where the pages' files are. */
export function pagesFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

export interface WebviewPageOptions<In> {
  readonly webview: vscode.Webview;
  readonly extensionUri: vscode.Uri;
  /** File name in dist/webview without its ending. */
  readonly page: string;
  readonly title: string;
  readonly target?: Readonly<Record<string, string>>;
  readonly receive: (message: In) => void;
}

/** Fills a webview with one of our pages. What the page says arrives at `receive`; returns the subscription. */
export function showPage<In>(options: WebviewPageOptions<In>): vscode.Disposable {
  const { webview, extensionUri, page, title, target = {}, receive } = options;
  const folder = pagesFolder(extensionUri);
  webview.options = { enableScripts: true, localResourceRoots: [folder], enableForms: false, enableCommandUris: false };
  const subscription = webview.onDidReceiveMessage(receive);
  webview.html = pageHtml({
    page,
    title,
    language: vscode.env.language,
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
    uri: (file) => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString(),
    texts: textsOf(vscode.l10n.bundle),
    target,
  });
  return subscription;
}

function textsOf(bundle: typeof vscode.l10n.bundle): Record<string, string> {
  return Object.fromEntries(
    Object.entries((bundle ?? {}) as Record<string, string | { message: string }>).map(([english, text]) => [
      english,
      typeof text === 'string' ? text : text.message,
    ]),
  );
}
