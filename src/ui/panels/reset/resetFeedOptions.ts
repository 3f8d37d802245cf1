import type { Execution } from '../../../changes/execute.ts';
import type { GroupNow } from '../../../changes/groupNow.ts';
import type { ChangeKind, Journal } from '../../../changes/journal/entry.ts';
import type { OffsetPlan, PlanRequest, PlanRow } from '../../../groups/plan/plan.ts';
import type { Fact } from '../../../kafka/facts.ts';
import type { CommitsThen } from '../../../offsetsTopic/commitsAt.ts';
import type { PanelServices } from '../services.ts';
import type { Planned, PlanTask } from './planTask.ts';
import type { Peeked, ToResetPage } from './protocol.ts';

/** What a change is written down as, besides its plan. */
export interface ExecuteAs {
  readonly kind: ChangeKind;
  readonly undoes?: string | undefined;
  readonly name?: string | undefined;
  readonly journal: Journal | undefined;
  readonly signal: AbortSignal;
}

/** A connected cluster, as the page of a change of offsets uses it. */
export interface ResetTarget {
  /** A dry run. @throws {HumanError} @throws {CancelledError} */
  plan(what: PlanRequest | PlanTask, signal: AbortSignal): Promise<Planned>;
  /** Where the group stood at a time, milliseconds since 1970, by the commit log. @throws {HumanError} @throws {CancelledError} */
  commitsAt(group: string, at: number, signal: AbortSignal): Promise<CommitsThen>;
  /** @throws {CancelledError} and nothing else. */
  groupNow(group: string, signal: AbortSignal): Promise<Fact<GroupNow>>;
  /** @throws {HumanError} nothing was changed. @throws {CancelledError} nothing was changed. */
  execute(plan: OffsetPlan, as: ExecuteAs): Promise<Execution>;
  /** The records before and after a row's change. @throws {CancelledError} and nothing else. */
  peek(row: PlanRow, signal: AbortSignal): Promise<{ readonly before: Peeked; readonly after: Peeked }>;
}

export interface ResetFeedOptions {
  readonly cluster: string;
  readonly group: string;
  /** In place of the form. */
  readonly task?: PlanTask | undefined;
  readonly services: Pick<PanelServices, 'watchOf' | 'onDidChangeClusters'>;
  /** @throws {HumanError} the cluster is not connected, or cannot be reached. */
  readonly open: () => Promise<ResetTarget>;
  /** As the settings are now. */
  readonly profile: () => {
    readonly production: boolean;
    readonly readOnly: boolean;
    readonly bootstrapServers: readonly string[] | undefined;
  };
  /** Whether the person wants it. */
  readonly confirm: (sentences: readonly string[]) => Promise<boolean>;
  /** `'cancelled'`: the person does not go on without one. */
  readonly journal: () => Promise<Journal | undefined | 'cancelled'>;
  /** The way back from a change. @throws {HumanError} */
  readonly undoOf: (id: string) => Promise<PlanTask>;
  /** Something was written down. */
  readonly onWritten: () => void;
  readonly send: (message: ToResetPage) => void;
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
}
