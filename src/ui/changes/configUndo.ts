import { resourceText } from '../../changes/configs.ts';
import { executeConfigs } from '../../changes/configsExecute.ts';
import { undoConfigs } from '../../changes/configsUndo.ts';
import type { JournalEntry } from '../../changes/journal/entry.ts';
import type { Cluster } from '../../kafka/cluster.ts';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import { timeWords } from '../../shared/times.ts';
import { itemKey, type ItemResult, type PlannedChange } from './planned.ts';

/** Taking back a change of configurations, as a change. */
export async function planConfigUndo(
  kafka: Cluster,
  entry: JournalEntry,
  cluster: string,
  signal?: AbortSignal,
): Promise<PlannedChange> {
  const { plan, lost, movedSince } = await undoConfigs(kafka, entry, signal);
  const of = resourceText(plan.resource);
  const moved = new Set(movedSince);
  const toDo = plan.rows.filter(({ problem, isThere }) => problem === undefined && !isThere);
  return {
    of: 'configs',
    isMany: false,
    action: t('Undo'),
    subject: plan.resource.name === '' ? cluster : plan.resource.name,
    question: t('Undo the change of the configurations of {0} on {1}?', of, cluster),
    sentences: [
      t('Back to what was there before {0}.', timeWords(entry.when)),
      t('Changes {0} configurations of {1}.', formatCount(toDo.length), of),
      ...(lost.length > 0 ? [t('Secret before, so not known and left as it is: {0}.', lost.join(', '))] : []),
    ],
    refusal: plan.refusal ?? (toDo.length === 0 ? t('All is as it was before already.') : undefined),
    members: undefined,
    command: undefined,
    items: plan.rows.map(({ name, before, after, warning, problem, isThere, isSensitive }) => ({
      key: itemKey(name),
      group: of,
      config: isSensitive ? { name } : { name, before, after },
      warning:
        [
          moved.has(name) ? t('It was changed since by somebody.') : undefined,
          isThere ? t('It is so already.') : undefined,
          warning,
        ]
          .filter((text) => text !== undefined)
          .join(' ') || undefined,
      error: problem,
    })),
    execute: async ({ cluster: now, journal, signal: stop }) => {
      const done = await executeConfigs(now, plan, { cluster, journal, signal: stop, undoes: entry.id });
      const results = new Map<string, ItemResult>(
        done.results.map(({ name, outcome, message }) => [itemKey(name), { outcome, message }]),
      );
      const entries = done.id === undefined ? [] : [done.id];
      return { results, entries, canUndo: entries.length > 0, unrecorded: done.unrecorded };
    },
  };
}
