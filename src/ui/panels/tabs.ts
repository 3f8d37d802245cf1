import type * as vscode from 'vscode';
import type { Disposable } from '../../shared/event.ts';

/** An editor tab, and what feeds its page. */
export interface Tab<Feed> {
  readonly panel: vscode.WebviewPanel;
  readonly feed: Feed;
}

export interface TabOptions<Feed> extends Tab<Feed> {
  /** What ends with the tab, beside the feed. */
  readonly belongings: readonly Disposable[];
  /** A hidden page is thrown away; as it appears again it says that it is ready. */
  readonly onHidden?: () => void;
}

/** The open tabs of one kind of page, by what they show. */
export class Tabs<Feed extends Disposable> implements Disposable {
  readonly #open = new Map<string, Tab<Feed>>();

  get(id: string): Tab<Feed> | undefined {
    return this.#open.get(id);
  }

  /** Keeps a tab until it is closed; then its feed ends, and what belongs to it. */
  add(id: string, { panel, feed, belongings, onHidden }: TabOptions<Feed>): void {
    const disposables = [
      feed,
      ...belongings,
      ...(onHidden === undefined
        ? []
        : [
            panel.onDidChangeViewState(() => {
              if (!panel.visible) onHidden();
            }),
          ]),
    ];
    this.#open.set(id, { panel, feed });
    panel.onDidDispose(() => {
      this.#open.delete(id);
      for (const one of disposables) one.dispose();
    });
  }

  /** Closes them all. */
  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
  }
}
