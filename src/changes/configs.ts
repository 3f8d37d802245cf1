import type { Cluster } from '../kafka/cluster.ts';
import type { Fact } from '../kafka/facts.ts';
import { failureOf, kafkaError } from '../kafka/failures.ts';
import { describeConfigs as describeConfigsApi } from '../kafka/protocol/generated/describeConfigs.ts';
import type { DescribeConfigsResourceResult } from '../kafka/protocol/generated/describeConfigs.ts';
import { isCancelled } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import type { ConfigKind } from '../groups/configMeanings.ts';

/** What has configurations. */
export interface ConfigResource {
  readonly kind: ConfigKind;
  /** Topic, group, or id of a broker; of `broker` empty for what holds for all brokers of the cluster. */
  readonly name: string;
}

/** Where a value was set, as ConfigSource of DescribeConfigs names it; `default` is Kafka's own. */
export type ConfigSource = 'topic' | 'group' | 'broker' | 'all-brokers' | 'file' | 'default' | 'unknown';

/** ConfigType of DescribeConfigs (version 3 and later). */
export type ConfigType =
  'boolean' | 'string' | 'int' | 'short' | 'long' | 'double' | 'list' | 'class' | 'password' | 'unknown';

/** Where else the value could come from, the one that counts first. */
export interface ConfigSynonym {
  readonly name: string;
  readonly value: string | undefined;
  readonly source: ConfigSource;
}

export interface Config {
  readonly name: string;
  /** undefined: it has none, or it is secret. */
  readonly value: string | undefined;
  readonly source: ConfigSource;
  readonly type: ConfigType;
  /** Cannot be changed while the broker runs. */
  readonly isReadOnly: boolean;
  /** Kafka never tells its value. */
  readonly isSensitive: boolean;
  readonly synonyms: readonly ConfigSynonym[];
  /** Kafka's own, HTML taken out; brokers before 2.6 have none. */
  readonly documentation: string | undefined;
}

/** ConfigResource.Type of Kafka. GROUP since Kafka 3.9 (KIP-848), dynamic. */
export const resourceTypes: Readonly<Record<ConfigKind, number>> = { topic: 2, broker: 4, group: 32 };

const sources: readonly ConfigSource[] = [
  'unknown',
  'topic',
  'broker',
  'all-brokers',
  'file',
  'default',
  'unknown',
  'unknown',
  'group',
];
const types: readonly ConfigType[] = [
  'unknown',
  'boolean',
  'string',
  'int',
  'short',
  'long',
  'double',
  'list',
  'class',
  'password',
];

/** Only the broker itself knows its file; what is for all of them any can tell. */
export function brokerFor({ kind, name }: ConfigResource): number | 'any' {
  return kind === 'broker' && name !== '' ? Number(name) : 'any';
}

export function resourceText({ kind, name }: ConfigResource): string {
  if (kind === 'topic') return t('Topic {0}', name);
  if (kind === 'group') return t('Group {0}', name);
  return name === '' ? t('All brokers') : t('Broker {0}', name);
}

/** The source of what was set for this resource, and not for a wider one. */
export function ownSource({ kind, name }: ConfigResource): ConfigSource {
  return kind === 'broker' && name === '' ? 'all-brokers' : kind;
}

/**
 * All configurations of a resource by name, with synonyms and documentation. For all brokers it is what can be set for them, with the value
 * that holds where nothing is set for one broker alone, as one of them says. A group needs not exist to have configurations.
 *
 * @param broker asks that one, whose own defaults count; default any.
 * @throws {KafkaError} denied, or there is no such topic. @throws {UnsupportedApiError} @throws {ConnectionError}
 * @throws {RequestTimeoutError} @throws {CancelledError}
 */
export async function describeConfigs(
  cluster: Cluster,
  resource: ConfigResource,
  options: DescribeOptions = {},
): Promise<Config[]> {
  const configs = await ask(cluster, resource, options);
  const [one] = resource.kind === 'broker' && resource.name === '' ? cluster.brokers() : [];
  // Kafka itself tells of all brokers only what somebody has set.
  const others = one === undefined ? [] : await ask(cluster, { kind: 'broker', name: String(one.id) }, options);
  const set = new Set(configs.map(({ name }) => name));
  const unset = others.filter(({ name, isReadOnly }) => !isReadOnly && !set.has(name)).map(withoutOwn);
  return [...configs, ...unset].sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface DescribeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly names?: readonly string[];
  readonly broker?: number;
}

/** As it is for a broker for which alone nothing is set. */
function withoutOwn(config: Config): Config {
  const synonyms = config.synonyms.filter(({ source }) => source !== 'broker');
  const [first] = synonyms;
  return { ...config, synonyms, value: first?.value, source: first?.source ?? 'default' };
}

async function ask(cluster: Cluster, resource: ConfigResource, options: DescribeOptions): Promise<Config[]> {
  const { signal, names, broker = brokerFor(resource) } = options;
  const { results } = await cluster.send(
    broker,
    describeConfigsApi,
    (version) => ({
      resources: [
        {
          resourceType: resourceTypes[resource.kind],
          resourceName: resource.name,
          configurationKeys: names ?? null,
        },
      ],
      includeSynonyms: true,
      ...(version >= 3 ? { includeDocumentation: names === undefined } : {}),
    }),
    { signal },
  );
  const [result] = results;
  if (result === undefined) throw kafkaError(-1, resourceText(resource));
  if (result.errorCode !== 0) throw kafkaError(result.errorCode, resourceText(resource), result.errorMessage);
  return result.configs.map(configOf);
}

/**
 * One configuration as each broker has it: of a topic or group the value that holds on it, of brokers each one's own.
 *
 * @throws {CancelledError} and nothing else.
 */
export async function configOnBrokers(
  cluster: Cluster,
  resource: ConfigResource,
  name: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, Fact<Config | undefined>>> {
  const all = cluster.brokers().map(async ({ id }): Promise<[number, Fact<Config | undefined>]> => {
    const own = resource.kind === 'broker' ? { ...resource, name: String(id) } : resource;
    try {
      const [config] = await describeConfigs(cluster, own, { signal, names: [name], broker: id });
      return [id, { value: config }];
    } catch (error) {
      if (isCancelled(error)) throw error;
      return [id, { failure: failureOf(error) }];
    }
  });
  return new Map(await Promise.all(all));
}

function configOf(found: DescribeConfigsResourceResult): Config {
  const { name, value, isSensitive, configSource, configType, documentation, readOnly, synonyms } = found;
  return {
    name,
    value: isSensitive ? undefined : (value ?? undefined),
    source: sources[configSource] ?? 'unknown',
    type: types[configType] ?? 'unknown',
    isReadOnly: readOnly,
    isSensitive,
    synonyms: synonyms.map((one) => ({
      name: one.name,
      value: isSensitive ? undefined : (one.value ?? undefined),
      source: sources[one.source] ?? 'unknown',
    })),
    documentation: documentation === null || documentation === '' ? undefined : plainText(documentation),
  };
}

/** Kafka's documentation is HTML for its web site. */
function plainText(html: string): string {
  return html
    .replace(/<li>/g, '\n- ')
    .replace(/<(br|p|\/p|\/ul|\/ol|ul|ol)\s*\/?>/g, '\n')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/[ \t]*\n\s*/g, '\n')
    .trim();
}
