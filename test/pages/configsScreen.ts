import type { Config, ConfigSource, ConfigType } from '../../src/changes/configs.ts';
import type { ConfigChange, ConfigPlan } from '../../src/changes/configsPlan.ts';
import { itemsOf, listAfter } from '../../src/changes/configsList.ts';
import { meaningOf, warningOf } from '../../src/groups/configMeanings.ts';
import { ConfigsFeed, type ConfigsAccess } from '../../src/ui/panels/configs/configsFeed.ts';
import type { ConfigTarget, FromConfigsPage } from '../../src/ui/panels/configs/protocol.ts';
import type { OpenOptions, OpenPage, PageHarness } from './harness.ts';

export function aConfig(name: string, value: string | undefined, more: Partial<Config> = {}): Config {
  const type: ConfigType = /\.(ms|bytes)$/.test(name) ? 'long' : 'string';
  const source: ConfigSource = more.source ?? 'default';
  return {
    name,
    value,
    source,
    type,
    isReadOnly: false,
    isSensitive: false,
    synonyms: [{ name, value, source }],
    documentation: `What ${name} is. It has more to it.`,
    ...more,
  };
}

/** A cluster that holds configurations in memory, and takes all but `retention.ms=1`. */
export class ScriptedConfigs implements ConfigsAccess {
  readonly asked: string[] = [];
  #configs: Config[];
  #last: ConfigChange[] = [];
  failure: Error | undefined;

  constructor(configs: readonly Config[]) {
    this.#configs = [...configs];
  }

  async describe(): Promise<Config[]> {
    this.asked.push('describe');
    if (this.failure !== undefined) throw this.failure;
    return this.#configs;
  }

  async onBrokers(name: string): ReturnType<ConfigsAccess['onBrokers']> {
    const failure = { kind: 'unreachable', message: 'Broker 3 did not answer.' } as const;
    return new Map([
      [1, { value: this.#find(name) }],
      [2, { value: aConfig(name, '7200000', { source: 'file' }) }],
      [3, { failure }],
    ]);
  }

  async plan(changes: readonly ConfigChange[]): Promise<ConfigPlan> {
    const rows = changes.map(({ name, value: wanted, operation }) => {
      const config = this.#find(name);
      const isList = operation !== undefined && wanted !== undefined;
      const value = isList ? listAfter(config.value, operation, itemsOf(wanted)) : wanted;
      const inherits = config.synonyms.find(({ source }) => source !== 'topic')?.value;
      return {
        name,
        before: config.value,
        isOwn: config.source === 'topic',
        after: value,
        ...(isList ? { list: { operation, items: itemsOf(wanted) } } : {}),
        inherits,
        isSensitive: config.isSensitive,
        meaning: meaningOf('topic', name, value ?? inherits),
        warning: warningOf('topic', name, config.value, value ?? inherits),
        problem: value === '1' ? `Invalid value 1 for configuration ${name}.` : undefined,
        isThere: config.source === 'topic' && config.value === value,
      };
    });
    return { resource: { kind: 'topic', name: 'orders' }, rows, refusal: undefined };
  }

  async execute({ rows }: ConfigPlan, undoes: string | undefined): ReturnType<ConfigsAccess['execute']> {
    this.asked.push(undoes === undefined ? 'execute' : `undo ${undoes}`);
    this.#last = rows.map(({ name, before, isOwn }) => ({ name, value: isOwn ? before : undefined }));
    for (const { name, after, inherits } of rows) {
      const default_ = { name, value: inherits, source: 'default' } as const;
      const synonyms = after === undefined ? [default_] : [{ name, value: after, source: 'topic' } as const, default_];
      const now = { value: after ?? inherits, source: synonyms[0]!.source, synonyms };
      this.#configs = this.#configs.map((config) => (config.name === name ? { ...config, ...now } : config));
    }
    const results = rows.map(({ name, after }) => ({
      name,
      outcome: 'done' as const,
      message: undefined,
      found: after,
    }));
    return { id: 'change-1', results, unrecorded: undefined };
  }

  async wayBack(): ReturnType<ConfigsAccess['wayBack']> {
    return { plan: await this.plan(this.#last), lost: [], movedSince: [] };
  }

  #find(name: string): Config {
    return this.#configs.find((config) => config.name === name)!;
  }
}

export interface ConfigsScreen extends OpenPage {
  readonly feed: ConfigsFeed;
  readonly said: FromConfigsPage[];
  /** The sentences that were to be confirmed. */
  readonly confirmed: string[][];
}

/** The page with the feed that VS Code would give it, over configurations in memory. */
export async function openConfigs(
  harness: PageHarness,
  access: ConfigsAccess | undefined,
  options: Partial<OpenOptions<FromConfigsPage>> & {
    readonly profile?: { readonly production: boolean; readonly readOnly: boolean };
  } = {},
): Promise<ConfigsScreen> {
  const { profile = { production: false, readOnly: false }, ...openOptions } = options;
  const target: ConfigTarget = { cluster: 'local', kind: 'topic', name: 'orders' };
  const said: FromConfigsPage[] = [];
  const confirmed: string[][] = [];
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  const feed = new ConfigsFeed({
    target,
    open: async () => access,
    profile: () => profile,
    confirm: async (sentences) => {
      confirmed.push([...sentences]);
      return true;
    },
    // What still comes as the page closes is of no interest.
    send: (message) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
    onError: () => {},
  });
  const open = await harness.open<FromConfigsPage>({
    page: 'configs',
    target: { ...target },
    ...openOptions,
    receive: (message) => {
      said.push(message);
      switch (message.type) {
        case 'ready':
          void feed.start(message.staged);
          break;
        case 'refresh':
          void feed.refresh();
          break;
        case 'stage':
          void feed.stage(message.staged);
          break;
        case 'apply':
          void feed.apply(message.staged);
          break;
        case 'undo':
          void feed.undo();
          break;
        case 'brokers':
          void feed.brokers(message.name);
          break;
        case 'copy':
        case 'copyCommand':
        case 'export':
          break;
      }
    },
  });
  opened.resolve(open);
  return {
    ...open,
    feed,
    said,
    confirmed,
    close: async () => {
      feed.dispose();
      await open.close();
    },
  };
}
