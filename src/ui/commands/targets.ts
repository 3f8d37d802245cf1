import type { NodeRef } from '../tree/node.ts';

/** The rows that a command is about: all that are selected, if the clicked one is among them; else what was clicked. */
export function refsOf(clicked: unknown, selected: unknown): NodeRef[] {
  const one = refOf(clicked);
  const all = Array.isArray(selected) ? selected.map(refOf).filter((ref) => ref !== undefined) : [];
  if (one === undefined) return all;
  return all.includes(one) ? all : [one];
}

/** The cluster that a row belongs to, or that a caller names. */
export function clusterOf(clicked: unknown): string | undefined {
  const from = refOf(clicked) ?? clicked;
  return isRecord(from) && typeof from['cluster'] === 'string' ? from['cluster'] : undefined;
}

/** The group that a row belongs to, or that a link names; and the partition, where it is about one. */
export function groupOf(
  clicked: unknown,
): { cluster: string; group: string; topic?: string; partition?: number } | undefined {
  const from = refOf(clicked) ?? clicked;
  if (!isRecord(from)) return undefined;
  const { kind, cluster, group, topic, partition } = from;
  if (typeof cluster !== 'string' || typeof group !== 'string') return undefined;
  if (kind === 'reader' || typeof topic !== 'string' || typeof partition !== 'number') return { cluster, group };
  return { cluster, group, topic, partition };
}

function refOf(clicked: unknown): NodeRef | undefined {
  if (!isRecord(clicked) || !isRecord(clicked['node'])) return undefined;
  return clicked['node']['ref'] as NodeRef | undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
