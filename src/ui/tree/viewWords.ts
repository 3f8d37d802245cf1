import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import type { ClusterView } from './clusterView.ts';
import { shownGroups } from './groupNodes.ts';
import type { ViewOptions } from './options.ts';

/** Groups that somebody should look at, whether the filter shows them or not. */
export function attentionCount(views: readonly ClusterView[]): number {
  let count = 0;
  for (const { watch } of views) {
    for (const id of watch?.snapshot?.groups.keys() ?? []) {
      if (watch?.status(id)?.attention) count++;
    }
  }
  return count;
}

/** Beside and below the view's title, so that nobody wonders where rows went. */
export function optionsWords(
  options: ViewOptions,
  views: readonly ClusterView[],
): { readonly description: string; readonly message: string } {
  const parts = [
    options.filter === '' ? undefined : t('filter: {0}', options.filter),
    options.hideEmptyGroups ? t('without empty groups') : undefined,
    options.sort === 'state' ? undefined : options.sort === 'lag' ? t('by lag') : t('by name'),
  ].filter((part) => part !== undefined);
  const description = parts.join(', ');
  if (options.filter === '' && !options.hideEmptyGroups) return { description, message: '' };
  let all = 0;
  let shown = 0;
  for (const { entry, watch, topicOffsets } of views) {
    if (watch?.snapshot === undefined) continue;
    all += watch.snapshot.groups.size;
    shown += shownGroups({ name: entry.name, watch, snapshot: watch.snapshot, topicOffsets }, options).length;
  }
  const message = all === shown ? '' : t('{0} of {1} groups shown.', formatCount(shown), formatCount(all));
  return { description, message };
}
