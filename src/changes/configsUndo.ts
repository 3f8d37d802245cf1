import type { Cluster } from '../kafka/cluster.ts';
import { HumanError } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import type { ConfigResource } from './configs.ts';
import { planConfigs, type ConfigChange, type ConfigPlan } from './configsPlan.ts';
import type { JournalEntry } from './journal/entry.ts';
import { checkCluster } from './undo.ts';

/** What the journal holds of a change of configurations, in `details`. */
export type ConfigRecord = {
  readonly resource: { readonly kind: ConfigResource['kind']; readonly name: string };
  readonly configs: readonly {
    readonly name: string;
    /** The value that counted; null: none, or secret. */
    readonly before: string | null;
    /** Whether it was set for this very resource, and is afterwards. */
    readonly wasOwn: boolean;
    readonly after: string | null;
    readonly isOwn: boolean;
    readonly isSensitive: boolean;
  }[];
};

/** undefined where the entry is about something else, or damaged. */
export function configRecordOf({ kind, details }: Pick<JournalEntry, 'kind' | 'details'>): ConfigRecord | undefined {
  if (kind !== 'alter-configs' || typeof details !== 'object' || details === null || Array.isArray(details)) {
    return undefined;
  }
  const { resource, configs } = details as Partial<ConfigRecord>;
  const kinds: readonly unknown[] = ['topic', 'group', 'broker'];
  const isSound =
    kinds.includes(resource?.kind) &&
    typeof resource?.name === 'string' &&
    Array.isArray(configs) &&
    configs.every((each: { name?: unknown } | null) => typeof each?.name === 'string');
  return isSound ? (details as unknown as ConfigRecord) : undefined;
}

/** The changes that lead back, and what cannot come back: a secret that was replaced is known to nobody. */
export function wayBack({ configs }: ConfigRecord): {
  readonly changes: readonly ConfigChange[];
  readonly lost: readonly string[];
} {
  const lost = configs.filter(({ isSensitive, wasOwn }) => isSensitive && wasOwn).map(({ name }) => name);
  const changes = configs
    .filter(({ name }) => !lost.includes(name))
    .map(({ name, wasOwn, before }) => ({ name, value: wasOwn && before !== null ? before : undefined }));
  return { changes, lost };
}

/**
 * The way back from a change of configurations as the cluster stands now; a dry run. Execute it with `executeConfigs` and `undoes`.
 * A row's `before` that is not what the change had set says that somebody has changed it since.
 *
 * @throws {HumanError} there is no way back. @throws what `describeConfigs` throws.
 */
export async function undoConfigs(
  cluster: Cluster,
  entry: JournalEntry,
  signal?: AbortSignal,
): Promise<{ readonly plan: ConfigPlan; readonly lost: readonly string[]; readonly movedSince: readonly string[] }> {
  const record = configRecordOf(entry);
  if (record === undefined)
    throw new HumanError(t('The entry holds no configurations: there is nothing to take back.'));
  checkCluster(cluster, entry);
  const { changes, lost } = wayBack(record);
  if (changes.length === 0) {
    throw new HumanError(t('What was there before was secret and is not known: it cannot be brought back.'));
  }
  const plan = await planConfigs(cluster, record.resource, changes, signal);
  const set = new Map(record.configs.map((config) => [config.name, config]));
  const movedSince = plan.rows
    .filter(({ name, isOwn, before, isThere }) => {
      const config = set.get(name)!;
      return !isThere && (isOwn !== config.isOwn || (config.isOwn && !config.isSensitive && before !== config.after));
    })
    .map(({ name }) => name);
  return { plan, lost, movedSince };
}
