import { visibleText } from '../../shared/visibleText.ts';
import { failureCard } from './cards.ts';
import { idOf, type NodeIcon, type TreeNode } from './node.ts';
import { icons } from './words.ts';

/** Something that could not be learned, with a way to try again. */
export function failureNode(cluster: string, what: string, message: string): TreeNode {
  return {
    ref: { kind: 'failure', cluster, what, message },
    id: idOf('failure', cluster, what),
    // A sentence, which VS Code cuts at its end; whole in the tooltip.
    label: visibleText(message),
    icon: icons.warning,
    words: ['retry'],
    children: 'none',
    tooltip: () => failureCard(message),
  };
}

/** Says why there is nothing to see, and what a click does about it. */
export function note(
  cluster: string,
  what: string,
  label: string,
  icon: NodeIcon = icons.note,
  command?: { readonly id: string; readonly title: string },
): TreeNode {
  return {
    ref: { kind: 'note', cluster, what },
    id: idOf('note', cluster, what),
    label,
    icon,
    words: [],
    children: 'none',
    tooltip: () => command?.title ?? label,
    ...(command === undefined ? {} : { command }),
  };
}
