import type { Cluster } from '../kafka/cluster.ts';
import { isCancelled } from '../shared/errors.ts';
import { describeConfigs } from './configs.ts';

/**
 * Topics' times that brokers have under names with other units too: Kafka's list of synonyms leaves those out
 * (ServerTopicConfigSynonyms). The first that is set counts; the last always is.
 */
const brokerTimes: Readonly<Record<string, readonly (readonly [name: string, milliseconds: bigint])[]>> = {
  'retention.ms': [
    ['log.retention.ms', 1n],
    ['log.retention.minutes', 60_000n],
    ['log.retention.hours', 3_600_000n],
  ],
  'segment.ms': [
    ['log.roll.ms', 1n],
    ['log.roll.hours', 3_600_000n],
  ],
  'segment.jitter.ms': [
    ['log.roll.jitter.ms', 1n],
    ['log.roll.jitter.hours', 3_600_000n],
  ],
};

/**
 * What a topic without a value of its own gets of a broker, where synonyms do not tell; undefined where that is not known or the client
 * may not ask.
 *
 * @throws {CancelledError} and nothing else.
 */
export async function inheritedTime(
  cluster: Cluster,
  name: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const times = Object.hasOwn(brokerTimes, name) ? brokerTimes[name] : undefined;
  const [broker] = cluster.brokers();
  if (times === undefined || broker === undefined) return undefined;
  try {
    const resource = { kind: 'broker', name: String(broker.id) } as const;
    const configs = await describeConfigs(cluster, resource, { signal, names: times.map(([each]) => each) });
    const values = new Map(configs.map((config) => [config.name, config.value]));
    for (const [each, milliseconds] of times) {
      const value = values.get(each);
      if (value === undefined || !/^-?\d+$/.test(value)) continue;
      // -1 is "no limit" in every unit.
      return BigInt(value) < 0n ? value : String(BigInt(value) * milliseconds);
    }
    return undefined;
  } catch (error) {
    if (isCancelled(error)) throw error;
    return undefined;
  }
}
