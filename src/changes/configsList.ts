import type { ConfigSource } from './configs.ts';

/** APPEND and SUBTRACT of IncrementalAlterConfigs (KIP-339): whatever else is in the list stays, whoever put it there. */
export type ListOperation = 'append' | 'subtract';

/** Items as Kafka divides them: at commas, without empty ones. */
export function itemsOf(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/**
 * What Kafka adds to, or takes from (ConfigurationControlManager.getParts): the value of this very resource, else Kafka's own default. What
 * is set for all brokers, or in their files, does not count.
 */
export function listBase(config: {
  readonly isOwn: boolean;
  readonly value?: string | undefined;
  readonly synonyms: readonly { readonly source: ConfigSource; readonly value?: string | undefined }[];
}): string | undefined {
  return config.isOwn ? config.value : config.synonyms.find(({ source }) => source === 'default')?.value;
}

/** The list as it is afterwards. */
export function listAfter(base: string | undefined, operation: ListOperation, items: readonly string[]): string {
  const old = itemsOf(base);
  const now = operation === 'append' ? [...new Set([...old, ...items])] : old.filter((item) => !items.includes(item));
  return now.join(',');
}
