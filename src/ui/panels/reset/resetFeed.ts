import { isEmpty, type GroupNow } from '../../../changes/groupNow.ts';
import type { RowResult } from '../../../changes/results.ts';
import type { CsvRow } from '../../../groups/plan/csv.ts';
import type { OffsetPlan } from '../../../groups/plan/plan.ts';
import { HumanError, isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { t } from '../../../shared/l10n.ts';
import { planSentences } from '../../changes/planSentences.ts';
import { partitionKey, type PartitionKey } from '../protocol.ts';
import type { Watch } from '../services.ts';
import { emptyForm } from './formRequest.ts';
import type { Planned } from './planTask.ts';
import type { ClientLanguage, ResetForm, ResetModel, ResetOutcome } from './protocol.ts';
import type { ResetFeedOptions, ResetTarget } from './resetFeedOptions.ts';
import { hasMoved, resetModel, rowMessages, sameTargets } from './resetModel.ts';
import { isByCommit, outcomeOf, untilEmpty } from './resetRun.ts';
import { RowPeek } from './rowPeek.ts';
import { Wanted } from './wanted.ts';

/** A group whose commits move is planned anew no more often than this, ms. */
const leastReplanMs = 2_000;

/**
 * What one page of a change of offsets is told, and what it does. Plans while somebody looks; what it was told to do it goes on with while the page is
 * hidden.
 */
export class ResetFeed implements Disposable {
  readonly #options: ResetFeedOptions;
  readonly #clusters: Disposable;
  #watch: Watch | undefined;
  #watching: Disposable[] = [];
  #started = false;
  readonly #wanted: Wanted;
  /** To be given to the page as it is ready, in place of what it kept. */
  #isNew = false;
  #edit = 0;
  #planning: AbortController | undefined;
  /** The plan under way is for newer facts only: what is shown is still what was asked for. */
  #isQuiet = false;
  #planned: Planned | undefined;
  #plannedAt = -Infinity;
  #replan: NodeJS.Timeout | undefined;
  #group: GroupNow | undefined;
  #failure: string | undefined;
  #doing:
    { readonly kind: 'waiting' | 'executing'; readonly since: number; readonly cancel: AbortController } | undefined;
  /** A question is on the screen: what it is about stands still. */
  #isAsking = false;
  #results: readonly RowResult[] = [];
  #outcome: ResetOutcome | undefined;
  #language: ClientLanguage | undefined;
  readonly #rowPeek = new RowPeek();

  constructor(options: ResetFeedOptions) {
    this.#options = options;
    this.#wanted = new Wanted(options.group, options.task);
    this.#clusters = options.services.onDidChangeClusters(() => {
      if (this.#started && options.services.watchOf(options.cluster) !== this.#watch) this.#attach();
      else this.#sendModel();
    });
  }

  /** Puts something into the form, in place of what it holds. */
  fill(form: Partial<ResetForm>): void {
    if (this.#doing !== undefined) return;
    this.#wanted.form = { ...emptyForm, ...form };
    this.#isNew = true;
    this.#forget();
    this.#sendFull();
    void this.#plan();
  }

  /** The page is there. */
  start(kept: ResetForm | undefined): void {
    if (!this.#isNew && kept !== undefined) this.#wanted.form = kept;
    this.#isNew = true;
    this.#edit = 0;
    this.#started = true;
    this.#attach();
    this.#isNew = false;
  }

  /** The page is gone or hidden. */
  stop(): void {
    this.#started = false;
    this.#detach();
    this.#rowPeek.stop();
    // Results cannot be asked for once more; a plan can.
    if (this.#outcome === undefined && this.#doing === undefined) {
      this.#planned = undefined;
      this.#wanted.forgetThen();
    }
  }

  /** `edit`: its number, by which the page knows which plan is of what was typed last. */
  async form(form: ResetForm, edit: number): Promise<void> {
    this.#edit = edit;
    await this.#anew(() => {
      this.#wanted.form = form;
    });
  }

  async file(name: string, rows: readonly CsvRow[]): Promise<void> {
    this.#wanted.file(name, rows);
    await this.form(this.#wanted.form, this.#edit);
  }

  /** Plans again, from the task or the form. */
  async retry(): Promise<void> {
    await this.#anew(() => this.#wanted.forgetThen());
  }

  /** From a task or from results to the form. */
  async formAgain(): Promise<void> {
    await this.#anew(() => {
      if (this.#options.task === undefined) this.#wanted.task = undefined;
    });
  }

  async undo(): Promise<void> {
    const id = this.#outcome?.id;
    if (id === undefined) return;
    await this.#anew(async () => {
      this.#wanted.task = await this.#options.undoOf(id);
    });
  }

  language(language: ClientLanguage): void {
    this.#language = language;
    this.#sendModel();
  }

  cancel(): void {
    this.#doing?.cancel.abort();
  }

  /** The plan that is shown, for exports. */
  get plan(): OffsetPlan | undefined {
    return this.#planned?.plan;
  }

  /** Id in the journal of what was done last. */
  get changeId(): string | undefined {
    return this.#outcome?.id;
  }

  async peek(key: PartitionKey): Promise<void> {
    const row = this.#planned?.plan.rows.find((one) => partitionKey(one) === key);
    if (row === undefined) return this.#rowPeek.stop();
    const found = await this.#rowPeek.read(row, this.#options.open, (error) => this.#told(error));
    if (found !== undefined && this.#started) this.#options.send(found);
  }

  /**
   * Makes the plan that is shown true, once the person has said so. `wait`: as soon as the group is empty, of which the plan is then made
   * anew; where that comes to something else than was agreed to, it asks again.
   */
  async execute(wait: boolean): Promise<void> {
    const shown = this.#planned?.plan;
    if (
      shown === undefined ||
      (this.#planning !== undefined && !this.#isQuiet) ||
      this.#doing !== undefined ||
      this.#isAsking
    )
      return;
    if (this.#options.profile().readOnly || shown.refusal !== undefined || shown.totals.writes === 0) return;
    this.#planning?.abort();
    this.#planning = undefined;
    const as = this.#wanted.writtenAs;
    if (!(await this.#asked(planSentences(shown)))) return;
    const journal = await this.#options.journal();
    if (journal === 'cancelled') return;
    const cancel = new AbortController();
    this.#do(wait ? 'waiting' : 'executing', cancel);
    try {
      const target = await this.#options.open();
      const plan = wait ? await this.#afterWaiting(target, shown, cancel) : shown;
      if (plan === undefined) return;
      const execution = await target.execute(plan, { ...as, journal, signal: cancel.signal });
      // The results are of this plan, whatever was planned anew while the question was open.
      if (this.#planned !== undefined) this.#planned = { ...this.#planned, plan };
      this.#results = execution.results;
      this.#outcome = outcomeOf(execution);
      this.#options.onWritten();
    } catch (error) {
      const text = isCancelled(error) ? t('Cancelled. Nothing was changed.') : t('Not done. {0}', this.#told(error));
      this.#outcome = { good: false, text, canUndo: false };
    } finally {
      this.#doing = undefined;
      this.#sendRows();
      this.#sendModel();
      this.#watch?.refresh().catch((error: unknown) => this.#options.onError(error));
    }
  }

  dispose(): void {
    this.cancel();
    this.stop();
    this.#clusters.dispose();
  }

  #attach(): void {
    this.#detach();
    this.#watch = this.#options.services.watchOf(this.#options.cluster);
    if (this.#watch !== undefined) {
      this.#watching = [this.#watch.onDidChange(() => this.#onPoll()), this.#watch.look()];
    }
    this.#sendFull();
    if (this.#planned !== undefined) this.#sendRows();
    else void this.#plan();
  }

  #detach(): void {
    for (const one of this.#watching) one.dispose();
    this.#watching = [];
    this.#watch = undefined;
    clearTimeout(this.#replan);
    this.#planning?.abort();
    this.#planning = undefined;
  }

  #onPoll(): void {
    if (!this.#started) return;
    const snapshot = this.#watch?.snapshot;
    const group = snapshot?.groups.get(this.#options.group);
    // What the poll began before the plan was made is older than what the plan knows.
    if (snapshot !== undefined && group !== undefined && snapshot.startedAt > this.#plannedAt) {
      this.#group = { type: group.type, state: group.state, members: group.members };
      const isStill = this.#outcome === undefined && this.#doing === undefined && !this.#isAsking;
      const plan = this.#planned?.plan;
      if (isStill && plan !== undefined && this.#planning === undefined && hasMoved(plan, snapshot)) this.#planSoon();
    }
    this.#sendModel();
  }

  #planSoon(): void {
    clearTimeout(this.#replan);
    const due = this.#plannedAt + leastReplanMs - this.#now();
    this.#replan = setTimeout(() => void this.#plan(true), Math.max(0, due));
  }

  /** Plans something else, unless something is being done or asked. */
  async #anew(change: () => void | Promise<void>): Promise<void> {
    if (this.#doing !== undefined || this.#isAsking) return;
    await change();
    this.#forget();
    await this.#plan();
  }

  /** What was shown as done is not what is planned next. */
  #forget(): void {
    this.#outcome = undefined;
    this.#results = [];
    this.#failure = undefined;
  }

  async #plan(isQuiet = false): Promise<void> {
    this.#planning?.abort();
    this.#planning = undefined;
    clearTimeout(this.#replan);
    if (!this.#started || this.#doing !== undefined || this.#isAsking) return;
    // Results are on show, and are not to change under the eyes of who reads them.
    if (isQuiet && this.#outcome !== undefined) return;
    const known = this.#watch?.snapshot?.groups.get(this.#options.group)?.type;
    if (known !== undefined) this.#wanted.isOther(known);
    // What is planned anew for newer facts is what was asked for, "2 hours ago" of then.
    if (!isQuiet) this.#wanted.read(this.#now());
    if (!this.#wanted.isWhole) {
      this.#planned = undefined;
      this.#sendRows();
      this.#sendModel();
      return;
    }
    const planning = new AbortController();
    this.#planning = planning;
    this.#isQuiet = isQuiet;
    this.#sendModel();
    try {
      const target = await this.#options.open();
      const what = await this.#wanted.what(target, planning.signal);
      if (what === undefined || planning.signal.aborted) return;
      const planned = await target.plan(what, planning.signal);
      if (planning.signal.aborted) return;
      this.#planning = undefined;
      if (this.#wanted.isOther(planned.plan.type)) return await this.#plan();
      this.#failure = undefined;
      this.#take(planned);
    } catch (error) {
      if (planning.signal.aborted) return;
      this.#planning = undefined;
      if (isCancelled(error)) return;
      this.#failure = this.#told(error);
      this.#planned = undefined;
      this.#sendRows();
    }
    this.#sendModel();
  }

  #take(planned: Planned): void {
    this.#planned = planned;
    this.#plannedAt = this.#now();
    this.#group = 'value' in planned.group ? planned.group.value : undefined;
    this.#sendRows();
  }

  /** The plan of the group once it is empty; undefined where that is another than was agreed to, and is not agreed to. */
  async #afterWaiting(
    target: ResetTarget,
    shown: OffsetPlan,
    cancel: AbortController,
  ): Promise<OffsetPlan | undefined> {
    const seen = (group: GroupNow): void => {
      this.#group = group;
      if (!isEmpty(group)) this.#sendModel();
    };
    await untilEmpty(target, this.#options.group, seen, cancel.signal);
    const fresh = await target.plan((await this.#wanted.what(target, cancel.signal))!, cancel.signal);
    this.#take(fresh);
    // What is set by the commit has been agreed to for another commit.
    if (isByCommit(shown) && !sameTargets(shown, fresh.plan)) {
      const moved = t('The group is empty now, and its commits have moved since.');
      if (!(await this.#asked([moved, ...planSentences(fresh.plan)]))) return undefined;
    }
    // The wait may have been long enough for the settings to be others.
    if (this.#options.profile().readOnly) throw new HumanError(t('The cluster is read only by its settings.'));
    this.#do('executing', cancel);
    return fresh.plan;
  }

  async #asked(sentences: readonly string[]): Promise<boolean> {
    this.#isAsking = true;
    try {
      return await this.#options.confirm(sentences);
    } finally {
      this.#isAsking = false;
    }
  }

  #do(kind: 'waiting' | 'executing', cancel: AbortController): void {
    this.#planning?.abort();
    this.#planning = undefined;
    this.#doing = { kind, since: this.#now(), cancel };
    this.#forget();
    this.#sendModel();
  }

  #told(error: unknown): string {
    if (!(error instanceof HumanError)) this.#options.onError(error);
    return messageOf(error);
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #sendFull(): void {
    if (!this.#started) return;
    this.#options.send({ type: 'full', model: this.#model(), form: this.#isNew ? this.#wanted.form : undefined });
  }

  #sendModel(): void {
    if (this.#started) this.#options.send({ type: 'model', model: this.#model() });
  }

  #sendRows(): void {
    if (!this.#started) return;
    for (const message of rowMessages(this.#planned?.plan.rows ?? [], this.#results)) this.#options.send(message);
  }

  #model(): ResetModel {
    return resetModel({
      options: this.#options,
      wanted: this.#wanted,
      watch: this.#watch,
      plan: this.#planned?.plan,
      group: this.#group,
      language: this.#language,
      now: this.#now(),
      stand: {
        isPlanning: this.#planning !== undefined && !this.#isQuiet,
        edit: this.#edit,
        failure: this.#failure,
        doing: this.#doing && { kind: this.#doing.kind, since: this.#doing.since },
        outcome: this.#outcome,
      },
    });
  }
}
