import type { Selection } from '../selection.ts';
import type { NodeRef } from './node.ts';

/** What pages show for a row; undefined where it stands for nothing that they could show. */
export function selectionOf(ref: NodeRef): Selection | undefined {
  switch (ref.kind) {
    case 'cluster':
    case 'group':
    case 'member':
    case 'unassigned':
    case 'partition':
    case 'topic':
    case 'topicPartition':
      return ref;
    case 'reader':
      return { kind: 'group', cluster: ref.cluster, group: ref.group };
    case 'readers':
      return { kind: 'topic', cluster: ref.cluster, topic: ref.topic };
    case 'groups':
    case 'topics':
    case 'failure':
    case 'note':
      return { kind: 'cluster', cluster: ref.cluster };
    case 'invalid':
      return undefined;
  }
}
