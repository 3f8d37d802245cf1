/** What the configurations page and its host say to each other; see ../protocol.ts for how. */
import type { Frame } from '../protocol.ts';

/** As in src/changes/configs.ts, which a page does not import. */
export type ConfigSource = 'topic' | 'group' | 'broker' | 'all-brokers' | 'file' | 'default' | 'unknown';
export type ConfigType =
  'boolean' | 'string' | 'int' | 'short' | 'long' | 'double' | 'list' | 'class' | 'password' | 'unknown';

export interface ConfigTarget {
  readonly cluster: string;
  readonly kind: 'topic' | 'group' | 'broker';
  /** Topic, group or id of a broker; of `broker` empty for what holds for all brokers. */
  readonly name: string;
}

export interface ConfigRow {
  readonly name: string;
  /** Left out where it has none, or it is secret. */
  readonly value?: string | undefined;
  /** The value as people read it, such as "7 d". */
  readonly readable?: string | undefined;
  readonly source: ConfigSource;
  /** Set for this very resource, so that it can be given back. */
  readonly isOwn: boolean;
  readonly type: ConfigType;
  readonly isSensitive: boolean;
  /** Why it cannot be changed here. */
  readonly fixed?: string | undefined;
  /** Place among those that decide a consumer's life, from 0. */
  readonly rank?: number | undefined;
  /** What it means for a consumer, a sentence. */
  readonly meaning?: string | undefined;
  readonly synonyms: readonly {
    readonly name: string;
    readonly value?: string | undefined;
    readonly source: ConfigSource;
  }[];
  readonly documentation?: string | undefined;
}

/** As in src/changes/configsList.ts. */
export type ListOperation = 'append' | 'subtract';

/** A change that is not made yet. `value` left out: back to what it inherits. */
export interface StagedChange {
  readonly name: string;
  readonly value?: string | undefined;
  /** Of a list: the value is what is added to it, or taken from it. */
  readonly operation?: ListOperation | undefined;
}

export interface PlanItem {
  readonly name: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  /** As people read them, such as "7 d". */
  readonly beforeReadable?: string | undefined;
  readonly afterReadable?: string | undefined;
  /** It goes back to what it inherits, `after`. */
  readonly inherits: boolean;
  /** Of a list: what is added to it, or taken from it. */
  readonly list?: { readonly operation: ListOperation; readonly items: readonly string[] } | undefined;
  readonly isSensitive: boolean;
  readonly isThere: boolean;
  readonly meaning?: string | undefined;
  readonly warning?: string | undefined;
  readonly problem?: string | undefined;
}

export interface ConfigsPlan {
  readonly items: readonly PlanItem[];
  readonly refusal?: string | undefined;
  readonly canApply: boolean;
}

/** One configuration as each broker has it. */
export interface OnBroker {
  readonly broker: number;
  readonly value?: string | undefined;
  readonly source?: ConfigSource | undefined;
  readonly isSensitive: boolean;
  /** Why it is not known. */
  readonly why?: string | undefined;
}

export interface ConfigsModel {
  readonly frame: Frame;
  readonly kind: ConfigTarget['kind'];
  readonly production: boolean;
  readonly readOnly: boolean;
  readonly isBusy: boolean;
  readonly outcome?: { readonly good: boolean; readonly text: string; readonly canUndo: boolean } | undefined;
}

export type ToConfigsPage =
  /** Replaces all that the page has; `staged` in place of what it has staged. */
  | {
      readonly type: 'full';
      readonly model: ConfigsModel;
      readonly rows: readonly ConfigRow[];
      readonly staged?: readonly StagedChange[] | undefined;
    }
  | { readonly type: 'model'; readonly model: ConfigsModel }
  | { readonly type: 'plan'; readonly plan: ConfigsPlan | undefined; readonly failure?: string | undefined }
  | { readonly type: 'brokers'; readonly name: string; readonly found: readonly OnBroker[] };

export type FromConfigsPage =
  | { readonly type: 'ready'; readonly staged: readonly StagedChange[] }
  | { readonly type: 'refresh' }
  /** What is staged now; a plan is answered where there is any. */
  | { readonly type: 'stage'; readonly staged: readonly StagedChange[] }
  | { readonly type: 'apply'; readonly staged: readonly StagedChange[] }
  /** Stages the way back from what was applied last. */
  | { readonly type: 'undo' }
  | { readonly type: 'brokers'; readonly name: string }
  | { readonly type: 'copy'; readonly text: string }
  /** Of what is staged; else the one that shows all. */
  | { readonly type: 'copyCommand'; readonly staged: readonly StagedChange[] }
  | { readonly type: 'export'; readonly format: 'csv' | 'json' | 'properties'; readonly names: readonly string[] };

/** What the page keeps in VS Code's state: how it is looked at, and what was typed and not applied (no secrets). */
export interface ConfigsPageState extends ConfigTarget {
  readonly staged?: readonly StagedChange[];
  readonly filter?: string;
  readonly show?: 'all' | 'consumers' | 'set';
  readonly sort?: { readonly column: string; readonly descending: boolean };
  readonly widths?: Readonly<Record<string, number>>;
}
