import { renderingOf, type NodeRef, type TreeNode } from './node.ts';

/** A row that was given out. It stays the same object while its id lives; what it shows is replaced. */
export interface Element {
  readonly id: string;
  readonly parent: Element | undefined;
  node: TreeNode;
  /** What the node looks like, see `renderingOf`. */
  rendering: string;
  /** undefined until somebody asked: nothing is computed for what was never expanded. */
  children: Element[] | undefined;
  /** The tooltip that was shown, which must not outlive its truth; undefined where nobody hovered. */
  tooltip: string | undefined;
}

/** With more changed children than this, one event for the parent is cheaper than one for each child. */
const manyChanged = 24;

/** The part of the tree that is on show, and how it differs from the newest facts. Knows nothing of VS Code. */
export class RenderedTree {
  readonly #compute: (ref: NodeRef | undefined) => TreeNode[];
  #roots: Element[] | undefined;

  /** `compute` gives the rows below a row, or the roots. */
  constructor(compute: (ref: NodeRef | undefined) => TreeNode[]) {
    this.#compute = compute;
  }

  get roots(): readonly Element[] {
    return this.#roots ?? [];
  }

  /** The rows below `parent`, or the roots; computed when first asked for, kept up to date by `update`. */
  children(parent: Element | undefined): Element[] {
    const known = parent === undefined ? this.#roots : parent.children;
    return known ?? this.#fill(parent, this.#compute(parent?.node.ref));
  }

  /**
   * Brings everything on show up to date. Returns what is to be shown anew, each with all that is below it: few, and
   * never one inside another; `'all'` where the roots themselves came, went or moved.
   */
  update(): Element[] | 'all' {
    if (this.#roots === undefined) return [];
    const changed: Element[] = [];
    return this.#updateBelow(undefined, changed) ? 'all' : changed;
  }

  /** Lets go of what is below a row that was collapsed. The row is to be shown anew then. */
  forget(element: Element): void {
    element.children = undefined;
  }

  /** The row of an id among those on show. */
  find(id: string): Element | undefined {
    const search = (elements: readonly Element[]): Element | undefined => {
      for (const element of elements) {
        const found = element.id === id ? element : search(element.children ?? []);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return search(this.roots);
  }

  /** True where `parent` as a whole is to be shown anew; else adds to `changed` what is to be. */
  #updateBelow(parent: Element | undefined, changed: Element[]): boolean {
    const before = parent === undefined ? this.#roots! : parent.children!;
    const nodes = this.#compute(parent?.node.ref);
    const moved = nodes.length !== before.length || nodes.some((node, index) => node.id !== before[index]!.id);
    if (moved) {
      for (const element of this.#fill(parent, nodes)) this.#refill(element);
      return true;
    }
    const own: Element[] = [];
    const deeper: Element[] = [];
    for (const [index, element] of before.entries()) {
      const differs = this.#replace(element, nodes[index]!);
      if (differs) own.push(element);
      if (differs || element.children === undefined) this.#refill(element);
      else if (this.#updateBelow(element, deeper)) own.push(element);
    }
    if (own.length > manyChanged && parent !== undefined) return true;
    changed.push(...own, ...deeper);
    return false;
  }

  /** Sets the children, with the elements that their ids have already. */
  #fill(parent: Element | undefined, nodes: readonly TreeNode[]): Element[] {
    const before = new Map((parent === undefined ? this.#roots : parent.children)?.map((child) => [child.id, child]));
    const children = nodes.map((node): Element => {
      const element = before.get(node.id);
      if (element === undefined) {
        return { id: node.id, parent, node, rendering: renderingOf(node), children: undefined, tooltip: undefined };
      }
      this.#replace(element, node);
      return element;
    });
    if (parent === undefined) this.#roots = children;
    else parent.children = children;
    return children;
  }

  /** Brings up to date what is below a row that is shown anew anyway. */
  #refill(element: Element): void {
    if (element.children === undefined) return;
    if (element.node.children === 'none') {
      element.children = undefined;
      return;
    }
    for (const child of this.#fill(element, this.#compute(element.node.ref))) this.#refill(child);
  }

  /** True where the row, or a tooltip that somebody has seen, reads differently now. */
  #replace(element: Element, node: TreeNode): boolean {
    const rendering = renderingOf(node);
    const same = element.rendering === rendering;
    element.node = node;
    element.rendering = rendering;
    if (element.tooltip === undefined) return !same;
    const stale = element.tooltip !== node.tooltip();
    if (stale) element.tooltip = undefined;
    return stale || !same;
  }
}
