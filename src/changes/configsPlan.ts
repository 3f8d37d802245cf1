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
import { configRefusal } from './configsRefusals.ts';

/** One configuration as it shall be. */
export interface ConfigChange {
  readonly name: string;
  /** undefined: back to what it inherits. */
  readonly value: string | undefined;
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
const operations = { set: 0, delete: 1 } as const;

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
  const after = new Map(changes.map(({ name, value }) => [name, value]));
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
  { name, value }: ConfigChange,
  config: Config | undefined,
  inherits: string | undefined,
  other: (name: string) => string | undefined,
): ConfigPlanRow {
  const isOwn = config?.source === ownSource(resource);
  const isSensitive = config?.isSensitive ?? false;
  const counts = isSensitive ? undefined : (value ?? inherits);
  const isThere = value === undefined ? !isOwn : isOwn && !isSensitive && config.value === value;
  return {
    name,
    before: config?.value,
    isOwn,
    after: value,
    inherits,
    isSensitive,
    meaning: meaningOf(resource.kind, name, counts, other),
    warning: warningOf(resource.kind, name, config?.value, counts),
    problem: config?.isReadOnly === true ? readOnlyReason(resource) : undefined,
    isThere,
  };
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
  rows: readonly Pick<ConfigPlanRow, 'name' | 'after'>[],
): AlterConfigsResource {
  return {
    resourceType: resourceTypes[resource.kind],
    resourceName: resource.name,
    configs: rows.map(({ name, after }) => ({
      name,
      configOperation: after === undefined ? operations.delete : operations.set,
      // Kafka's own tool sends an empty text with a deletion: the KRaft preview of 2.8 does not survive a null.
      value: after ?? '',
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
