import { meaningOf, warningOf } from '../groups/configMeanings.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { failureOf } from '../kafka/failures.ts';
import {
  incrementalAlterConfigs,
  type AlterConfigsResource,
  type IncrementalAlterConfigsResponse,
} from '../kafka/protocol/generated/incrementalAlterConfigs.ts';
import { isCancelled } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import { brokerFor, describeConfigs, ownSource, resourceTypes, type Config, type ConfigResource } from './configs.ts';
import { inheritedTime } from './configsInherited.ts';
import { itemsOf, listAfter, listBase, type ListOperation } from './configsList.ts';
import { configRefusal } from './configsRefusals.ts';

/** One configuration as it shall be. */
export interface ConfigChange {
  readonly name: string;
  /** undefined: back to what it inherits. */
  readonly value: string | undefined;
  /** Of a list: `value` is what is added to it, or taken from it. Left out: it is set as a whole. */
  readonly operation?: ListOperation | undefined;
}

export interface ConfigPlanRow {
  readonly name: string;
  /** undefined where it has none now, or it is secret. */
  readonly before: string | undefined;
  /** Whether it is set for this very resource now; else it inherits. */
  readonly isOwn: boolean;
  /** undefined: it inherits, and what then counts is in `inherits`. */
  readonly after: string | undefined;
  /** The value that counts once it is no longer set here, as far as Kafka tells. */
  readonly inherits: string | undefined;
  /** What is added to the list, or taken from it; `after` is then what comes of that. */
  readonly list?: { readonly operation: ListOperation; readonly items: readonly string[] } | undefined;
  readonly isSensitive: boolean;
  /** What the value means for consumers afterwards. */
  readonly meaning: string | undefined;
  /** What is lost or refused by the step from one to the other. */
  readonly warning: string | undefined;
  /** Why it cannot be done. */
  readonly problem: string | undefined;
  /** Nothing is to be done: it is so already. */
  readonly isThere: boolean;
}

export interface ConfigPlan {
  readonly resource: ConfigResource;
  readonly rows: readonly ConfigPlanRow[];
  /** Why none of it can be done, where that is of no single row. */
  readonly refusal: string | undefined;
}

/** Operations of IncrementalAlterConfigs (KIP-339). */
const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

/**
 * What the changes do, as the cluster stands: the broker is asked to check them (`validateOnly`), and nothing is changed.
 *
 * @throws what `describeConfigs` throws.
 */
export async function planConfigs(
  cluster: Cluster,
  resource: ConfigResource,
  changes: readonly ConfigChange[],
  signal?: AbortSignal,
): Promise<ConfigPlan> {
  const now = new Map((await describeConfigs(cluster, resource, { signal })).map((config) => [config.name, config]));
  const after = new Map(changes.map((change) => [change.name, valueAfter(resource, change, now.get(change.name))]));
  const other = (name: string): string | undefined => (after.has(name) ? after.get(name) : now.get(name)?.value);
  const rows = await Promise.all(
    changes.map(async (change) => {
      const config = now.get(change.name);
      const below = config?.synonyms.find(({ source }) => source !== ownSource(resource))?.value;
      const isAsked = change.value === undefined && below === undefined && resource.kind === 'topic';
      return rowOf(
        resource,
        change,
        config,
        isAsked ? await inheritedTime(cluster, change.name, signal) : below,
        other,
      );
    }),
  );
  const toDo = rows.filter(({ problem, isThere }) => problem === undefined && !isThere);
  const { refusal, problems } = await validate(cluster, resource, toDo, signal);
  return { resource, refusal, rows: rows.map((row) => ({ ...row, problem: row.problem ?? problems.get(row.name) })) };
}

function rowOf(
  resource: ConfigResource,
  change: ConfigChange,
  config: Config | undefined,
  inherits: string | undefined,
  other: (name: string) => string | undefined,
): ConfigPlanRow {
  const { name, operation } = change;
  const isOwn = config?.source === ownSource(resource);
  const isSensitive = config?.isSensitive ?? false;
  const value = valueAfter(resource, change, config);
  const counts = isSensitive ? undefined : (value ?? inherits);
  const isThere = value === undefined ? !isOwn : isOwn && !isSensitive && config.value === value;
  return {
    name,
    before: config?.value,
    isOwn,
    after: value,
    inherits,
    ...(operation === undefined ? {} : { list: { operation, items: itemsOf(change.value) } }),
    isSensitive,
    meaning: meaningOf(resource.kind, name, counts, other),
    warning: joined(warningOf(resource.kind, name, config?.value, counts), baseWarning(resource, change, config)),
    problem: config?.isReadOnly === true ? readOnlyReason(resource) : undefined,
    isThere,
  };
}

function valueAfter(
  resource: ConfigResource,
  { value, operation }: ConfigChange,
  config: Config | undefined,
): string | undefined {
  if (operation === undefined || value === undefined) return value;
  return listAfter(baseOf(resource, config), operation, itemsOf(value));
}

function baseOf(resource: ConfigResource, config: Config | undefined): string | undefined {
  return config && listBase({ ...config, isOwn: config.source === ownSource(resource) });
}

/** Kafka does not add to what is inherited from the brokers: it would be lost unseen. */
function baseWarning(
  resource: ConfigResource,
  { operation }: ConfigChange,
  config: Config | undefined,
): string | undefined {
  const base = baseOf(resource, config);
  if (operation === undefined || config === undefined || base === config.value) return undefined;
  return t(
    'Kafka begins with its own default ({0}), not with what counts now ({1}).',
    base ?? t('empty'),
    config.value ?? t('empty'),
  );
}

function joined(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.filter((text) => text !== undefined).join(' ') || undefined;
}

/** Why a configuration cannot be changed while the broker runs. */
export function readOnlyReason({ kind }: ConfigResource): string {
  return kind === 'broker'
    ? t('Kafka reads it from the broker’s properties file as it starts: change it there, and restart the broker.')
    : t('Kafka does not let it be changed.');
}

/** Kafka checks all of a resource together and names the first that is wrong: then each is checked by itself. */
async function validate(
  cluster: Cluster,
  resource: ConfigResource,
  rows: readonly ConfigPlanRow[],
  signal: AbortSignal | undefined,
): Promise<{ refusal: string | undefined; problems: ReadonlyMap<string, string> }> {
  const problems = new Map<string, string>();
  if (rows.length === 0) return { refusal: undefined, problems };
  const whole = await problemOf(cluster, resource, rows, signal);
  if (whole === undefined) return { refusal: undefined, problems };
  if (!whole.isOfValue) return { refusal: whole.message, problems };
  if (rows.length === 1) return { refusal: undefined, problems: new Map([[rows[0]!.name, whole.message]]) };
  for (const row of rows) {
    const one = await problemOf(cluster, resource, [row], signal);
    if (one !== undefined) problems.set(row.name, one.message);
  }
  return { refusal: problems.size === 0 ? whole.message : undefined, problems };
}

async function problemOf(
  cluster: Cluster,
  resource: ConfigResource,
  rows: readonly ConfigPlanRow[],
  signal: AbortSignal | undefined,
): Promise<{ readonly message: string; readonly isOfValue: boolean } | undefined> {
  try {
    const response = await cluster.send(
      brokerFor(resource),
      incrementalAlterConfigs,
      { resources: [alterRequest(resource, rows)], validateOnly: true },
      { signal },
    );
    const failure = refusalOf(response, resource);
    return failure && { message: failure.message, isOfValue: failure.isOfValue };
  } catch (error) {
    if (isCancelled(error)) throw error;
    return { message: failureOf(error).message, isOfValue: false };
  }
}

export function alterRequest(
  resource: ConfigResource,
  rows: readonly Pick<ConfigPlanRow, 'name' | 'after' | 'list'>[],
): AlterConfigsResource {
  return {
    resourceType: resourceTypes[resource.kind],
    resourceName: resource.name,
    configs: rows.map(({ name, after, list }) => ({
      name,
      configOperation: operations[list?.operation ?? (after === undefined ? 'delete' : 'set')],
      // Kafka's own tool sends an empty text with a deletion: the KRaft preview of 2.8 does not survive a null.
      value: list?.items.join(',') ?? after ?? '',
    })),
  };
}

export function refusalOf(
  { responses }: IncrementalAlterConfigsResponse,
  resource: ConfigResource,
): ReturnType<typeof configRefusal> {
  const [response] = responses;
  return configRefusal(response?.errorCode ?? -1, response?.errorMessage ?? null, resource);
}
