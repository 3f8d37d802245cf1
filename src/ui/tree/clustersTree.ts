import * as vscode from 'vscode';
import type { Disposable } from '../../shared/event.ts';
import type { ClusterWatch } from '../../watch/clusterWatch.ts';
import type { Connections } from '../connections/connections.ts';
import { contextKeys, views } from '../contributions.ts';
import { t } from '../../shared/l10n.ts';
import type { SelectionModel } from '../selection.ts';
import { ClustersProvider } from './clustersProvider.ts';
import type { NodeRef } from './node.ts';
import type { OptionsStore } from './optionsStore.ts';
import type { Element } from './renderedTree.ts';
import { selectionOf } from './selectionOf.ts';
import { attentionCount, optionsWords } from './viewWords.ts';

/** Changes that come together, as when several clusters answer at once, are shown together. */
const gatherMs = 30;
/**
 * VS Code takes a tooltip away when any row changes. Figures wait so long for somebody who has begun to read one, but
 * never longer than that after the first that waits.
 */
const readingMs = 8_000;
const longestWaitMs = 15_000;

/** The view itself: keeps clusters polled while they are on show, and says what the rows do not. */
export class ClustersTree implements Disposable {
  readonly provider: ClustersProvider;
  readonly #connections: Connections;
  readonly #options: OptionsStore;
  readonly #view: vscode.TreeView<Element>;
  readonly #looks = new Map<string, { readonly watch: ClusterWatch; readonly look: Disposable }>();
  readonly #disposables: Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #said = '';
  /** Ids of what is selected, and of what was when it went away. */
  #selected: string | undefined;
  #selectAgain: string | undefined;

  constructor(
    connections: Connections,
    options: OptionsStore,
    selection: SelectionModel,
    onError: (error: unknown) => void,
  ) {
    this.#connections = connections;
    this.#options = options;
    this.provider = new ClustersProvider(
      connections,
      () => options.current,
      () => this.#lookAtWhatIsShown(),
      onError,
    );
    this.#view = vscode.window.createTreeView(views.clusters, {
      treeDataProvider: this.provider,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#disposables = [
      this.#view,
      this.provider,
      connections.onDidChange(() => this.#scheduleUpdate()),
      connections.onDidChangeClusters(() => this.#update()),
      options.onDidChange(() => this.#update()),
      this.#view.onDidChangeVisibility(() => this.#update()),
      this.#view.onDidExpandElement(({ element }) => this.provider.expanded(element)),
      this.#view.onDidCollapseElement(({ element }) => {
        this.provider.collapsed(element);
        this.#lookAtWhatIsShown();
      }),
      this.#view.onDidChangeSelection(({ selection: [first] }) => {
        // What was selected can be away for a while, as members are while their group rebalances.
        if (first === undefined) this.#selectAgain = this.#selected;
        else selection.set(selectionOf(first.node.ref));
        this.#selected = first?.id;
      }),
    ];
    this.#update();
  }

  get selection(): readonly NodeRef[] {
    return this.#view.selection.map(({ node }) => node.ref);
  }

  /** Shows a row that is on show already, with what is below it. */
  async reveal(id: string): Promise<void> {
    const element = this.provider.rendered.find(id);
    if (element !== undefined) await this.#view.reveal(element, { expand: true, select: true, focus: false });
  }

  /** Brings the view up to date now instead of with the next change. */
  #update(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lookAtWhatIsShown();
    // A hidden view keeps its rows as they were; it catches up when it is shown.
    if (this.#view.visible) {
      this.provider.update();
      this.#reselect();
    }
    this.#sayWhatRowsDoNot();
  }

  #reselect(): void {
    if (this.#selectAgain === undefined) return;
    const element = this.#selected === undefined ? this.provider.rendered.find(this.#selectAgain) : undefined;
    if (element === undefined && this.#selected === undefined) return;
    this.#selectAgain = undefined;
    if (element !== undefined) void this.#view.reveal(element, { select: true, focus: false });
  }

  #scheduleUpdate(): void {
    if (this.#timer !== undefined) return;
    const first = Date.now();
    const whenRead = (): void => {
      const now = Date.now();
      const wait = Math.min(this.provider.readSince + readingMs, first + longestWaitMs) - now;
      if (wait <= 0) this.#update();
      else this.#timer = setTimeout(whenRead, wait);
    };
    this.#timer = setTimeout(whenRead, gatherMs);
  }

  #lookAtWhatIsShown(): void {
    const wanted = new Map<string, ClusterWatch>();
    for (const { name } of this.#view.visible ? this.#connections.entries : []) {
      const watch = this.#connections.watchOf(name);
      if (watch !== undefined && this.provider.isShown(name)) wanted.set(name, watch);
    }
    for (const [name, { watch, look }] of this.#looks) {
      if (wanted.get(name) === watch) continue;
      look.dispose();
      this.#looks.delete(name);
    }
    for (const [name, watch] of wanted) {
      if (!this.#looks.has(name)) this.#looks.set(name, { watch, look: watch.look() });
    }
  }

  #sayWhatRowsDoNot(): void {
    const options = this.#options.current;
    const clusterViews = this.provider.views();
    const { description, message } = optionsWords(options, clusterViews);
    const attention = attentionCount(clusterViews);
    const filtered = options.filter !== '' || options.hideEmptyGroups;
    const said = JSON.stringify([description, message, attention, filtered]);
    // VS Code draws the view anew with each of these, whether it differs or not.
    if (said === this.#said) return;
    this.#said = said;
    this.#view.description = description;
    this.#view.message = message;
    const tooltip =
      attention === 1 ? t('{0} group needs attention', attention) : t('{0} groups need attention', attention);
    this.#view.badge = attention === 0 ? undefined : { value: attention, tooltip };
    void vscode.commands.executeCommand('setContext', contextKeys.filtered, filtered);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const { look } of this.#looks.values()) look.dispose();
    this.#looks.clear();
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
