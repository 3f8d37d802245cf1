import type { ContextWord } from '../contributions.ts';
import type { Selection } from '../selection.ts';

/** What a node of the tree stands for, by names: all that commands need. */
export type NodeRef =
  | Selection
  /** An entry of the settings that is no cluster. */
  | { readonly kind: 'invalid'; readonly scope: 'user' | 'workspace'; readonly index: number; readonly name: string }
  | { readonly kind: 'groups'; readonly cluster: string }
  | { readonly kind: 'topics'; readonly cluster: string }
  /** The groups that read a topic. */
  | { readonly kind: 'readers'; readonly cluster: string; readonly topic: string }
  | { readonly kind: 'reader'; readonly cluster: string; readonly topic: string; readonly group: string }
  /** Something that could not be learned. `what` tells failures below one node apart. */
  | { readonly kind: 'failure'; readonly cluster: string; readonly what: string; readonly message: string }
  /** Says why there is nothing to see. */
  | { readonly kind: 'note'; readonly cluster: string; readonly what: string };

export interface NodeIcon {
  /** A codicon. */
  readonly id: string;
  /** A theme colour. */
  readonly color?: string;
}

/** A row of the tree as it is to be shown; plain data but for the tooltip, which is made when somebody hovers. */
export interface TreeNode {
  readonly ref: NodeRef;
  /** Stable from snapshot to snapshot, unique in the tree: selection and expansion hang on it. */
  readonly id: string;
  readonly label: string;
  /** At most three facts, worst first. */
  readonly description?: string;
  readonly icon: NodeIcon;
  readonly words: readonly ContextWord[];
  readonly children: 'none' | 'collapsed' | 'expanded';
  /** Markdown; all that came from Kafka is escaped. */
  readonly tooltip: () => string;
  /** Run by a click. */
  readonly command?: { readonly id: string; readonly title: string };
  /** For screen readers, where label and description do not say what the icon does. */
  readonly spoken?: string;
}

/** Two nodes that look the same have the same rendering. Tooltips are not part of it. */
export function renderingOf(node: TreeNode): string {
  const { label, description, icon, words, children, command, spoken } = node;
  return [label, description, icon.id, icon.color, words.join(' '), children, command?.id, spoken].join('\n');
}

/** An id made of parts, each of which may hold anything. */
export function idOf(...parts: readonly (string | number)[]): string {
  return parts.map((part) => encodeURIComponent(wellFormed(String(part)))).join('/');
}

/** encodeURIComponent throws on lone surrogates, which a hostile client id can hold. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : JSON.stringify(text);
}
