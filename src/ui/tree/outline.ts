import type { TreeNode } from './node.ts';

/** A row as text, and the rows below it where they are on show: trees to read and to compare. */
export type Outline = string | OutlineWithRows;
export interface OutlineWithRows extends ReadonlyArray<Outline> {
  /** The row itself; what follows is below it. */
  readonly 0: string;
}

export interface OutlineRow {
  readonly node: TreeNode;
  readonly children?: readonly OutlineRow[] | undefined;
}

export function outlineOf({ node, children }: OutlineRow): Outline {
  const text =
    node.description === undefined || node.description === '' ? node.label : `${node.label}: ${node.description}`;
  return children === undefined || children.length === 0 ? text : [text, ...children.map((child) => outlineOf(child))];
}
