import * as vscode from 'vscode';
import type { Disposable } from '../../shared/event.ts';
import type { Connections } from '../connections/connections.ts';
import { commands } from '../contributions.ts';
import type { ClusterView } from './clusterView.ts';
import { childrenOf, rootNodes } from './model.ts';
import type { NodeRef, TreeNode } from './node.ts';
import type { ViewOptions } from './options.ts';
import { RenderedTree, type Element } from './renderedTree.ts';
import { TopicOffsetsLoader } from './topicOffsetsLoader.ts';

/** Gives VS Code the rows that the model makes, and tells it which of them changed. */
export class ClustersProvider implements vscode.TreeDataProvider<Element>, Disposable {
  readonly #connections: Connections;
  readonly #options: () => ViewOptions;
  readonly #changed = new vscode.EventEmitter<Element[] | undefined>();
  readonly #onShow: () => void;
  readonly #expanded = new Set<string>();
  #readSince = 0;
  readonly #offsets: TopicOffsetsLoader;
  readonly #subscription: Disposable;
  readonly rendered = new RenderedTree((ref) => this.#compute(ref));
  readonly onDidChangeTreeData = this.#changed.event;

  /** `onShow`: called when rows below a cluster are shown that were not before. */
  constructor(
    connections: Connections,
    options: () => ViewOptions,
    onShow: () => void,
    onError: (error: unknown) => void,
  ) {
    this.#onShow = onShow;
    this.#connections = connections;
    this.#options = options;
    this.#offsets = new TopicOffsetsLoader(onError);
    this.#subscription = this.#offsets.onDidChange(() => this.update());
  }

  /** Compares what is on show with the newest facts and shows anew what differs. */
  update(): void {
    const changed = this.rendered.update();
    if (changed === 'all') this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed);
  }

  /** A row was expanded, and shall be so again when it comes back after having been away. */
  expanded({ id }: Element): void {
    this.#expanded.add(id);
  }

  /** A row was collapsed: nothing below it is kept up to date until it is expanded again. */
  collapsed(element: Element): void {
    for (const topic of topicsBelow(element)) this.#offsets.hide(topic.cluster, topic.topic);
    this.#expanded.delete(element.id);
    this.rendered.forget(element);
    this.#changed.fire([element]);
  }

  getChildren(element?: Element): Element[] {
    const fresh = element?.node.ref.kind === 'cluster' && element.children === undefined;
    const children = this.rendered.children(element);
    if (fresh) this.#onShow();
    return children;
  }

  /** Whether what is below the cluster is on show. */
  isShown(cluster: string): boolean {
    return this.rendered.roots.some(
      ({ node: { ref }, children }) => ref.kind === 'cluster' && ref.cluster === cluster && children !== undefined,
    );
  }

  getParent(element: Element): Element | undefined {
    return element.parent;
  }

  getTreeItem({ node }: Element): vscode.TreeItem {
    const again = node.children === 'collapsed' && this.#expanded.has(node.id);
    const item = new vscode.TreeItem(node.label, collapsibleStates[again ? 'expanded' : node.children]);
    item.id = node.id;
    item.description = node.description ?? '';
    item.iconPath = new vscode.ThemeIcon(
      node.icon.id,
      node.icon.color === undefined ? undefined : new vscode.ThemeColor(node.icon.color),
    );
    item.contextValue = node.words.join(' ');
    if (node.spoken !== undefined) item.accessibilityInformation = { label: node.spoken };
    if (node.command !== undefined) item.command = { command: node.command.id, title: node.command.title };
    return item;
  }

  /** When a tooltip was last shown that had not been before, ms since 1970; 0 before the first. */
  get readSince(): number {
    return this.#readSince;
  }

  resolveTreeItem(item: vscode.TreeItem, element: Element): vscode.TreeItem {
    this.#readSince = Date.now();
    element.tooltip = element.node.tooltip();
    const tooltip = new vscode.MarkdownString(element.tooltip);
    tooltip.isTrusted = { enabledCommands: [commands.openLag, commands.openSettings, commands.showLog] };
    item.tooltip = tooltip;
    return item;
  }

  views(): ClusterView[] {
    return this.#connections.entries.map((entry) => ({
      entry,
      watch: entry.kind === 'profile' ? this.#connections.watchOf(entry.name) : undefined,
      topicOffsets: (topic) => this.#offsets.get(entry.name, topic),
    }));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#offsets.dispose();
    this.#changed.dispose();
  }

  #compute(ref: NodeRef | undefined): TreeNode[] {
    if (ref === undefined) return rootNodes(this.views());
    if (ref.kind === 'invalid') return [];
    if (ref.kind === 'topic') {
      const cluster = this.#connections.cluster(ref.cluster);
      if (cluster !== undefined) this.#offsets.show(ref.cluster, ref.topic, cluster);
    }
    const view = this.views().find(({ entry }) => entry.kind === 'profile' && entry.name === ref.cluster);
    return view === undefined ? [] : childrenOf(ref, view, this.#options());
  }
}

const collapsibleStates = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};

function topicsBelow(element: Element): (NodeRef & { kind: 'topic' })[] {
  const { ref } = element.node;
  if (ref.kind === 'topic') return [ref];
  return (element.children ?? []).flatMap(topicsBelow);
}
