import { isEmpty, type GroupNow } from '../../../changes/groupNow.ts';
import type { RowResult } from '../../../changes/results.ts';
import type { CsvRow } from '../../../groups/plan/csv.ts';
import type { OffsetPlan, PlanRequest, Positions } from '../../../groups/plan/plan.ts';
import type { Commit } from '../../../groups/snapshot.ts';
import type { CommitsThen } from '../../../offsetsTopic/commitsAt.ts';
import { delay } from '../../../kafka/race.ts';
import { HumanError, isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { t } from '../../../shared/l10n.ts';
import { planItems } from '../../changes/planItems.ts';
import { outcomeSentence, planSentences } from '../../changes/planSentences.ts';
import { partitionKey, type Frame, type PartitionKey } from '../protocol.ts';
import type { Watch } from '../services.ts';
import { groupFrame } from '../viewModel.ts';
import { emptyForm, formRequest, type FormRequest } from './formRequest.ts';
import type { Planned, PlanTask } from './planTask.ts';
import type { ClientLanguage, ResetForm, ResetModel, ResetOutcome } from './protocol.ts';
import type { ExecuteAs, ResetFeedOptions, ResetTarget } from './resetFeedOptions.ts';
import { connected, hasMoved, howToOf, isOnlyDeletes, sameTargets, summaryOf, topicsOf } from './resetModel.ts';

/** Rows a message. */
const portion = 2_000;
const waitPollMs = 1_000;
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
  #form: ResetForm = emptyForm;
  /** To be given to the page as it is ready, in place of what it kept. */
  #isNew = false;
  #file: { readonly name: string; readonly rows: readonly CsvRow[] } | undefined;
  #task: PlanTask | undefined;
  #isShare = false;
  #read: FormRequest = { request: undefined, problems: {}, time: undefined, isAsOf: false };
  /** The commits as they were at a time: what was does not change, and takes long to read. */
  #then: { readonly at: bigint; readonly commits: CommitsThen } | undefined;
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
  #peeking: AbortController | undefined;

  constructor(options: ResetFeedOptions) {
    this.#options = options;
    this.#task = options.task;
    this.#clusters = options.services.onDidChangeClusters(() => {
      if (this.#started && options.services.watchOf(options.cluster) !== this.#watch) this.#attach();
      else this.#sendModel();
    });
  }

  /** Puts something into the form, in place of what it holds. */
  fill(form: Partial<ResetForm>): void {
    if (this.#doing !== undefined) return;
    this.#form = { ...emptyForm, ...form };
    this.#isNew = true;
    this.#forget();
    this.#sendFull();
    void this.#plan();
  }

  /** The page is there. */
  start(kept: ResetForm | undefined): void {
    if (!this.#isNew && kept !== undefined) this.#form = kept;
    this.#isNew = true;
    this.#started = true;
    this.#attach();
    this.#isNew = false;
  }

  /** The page is gone or hidden. */
  stop(): void {
    this.#started = false;
    this.#detach();
    this.#peeking?.abort();
    // Results cannot be asked for once more; a plan can.
    if (this.#outcome === undefined && this.#doing === undefined) {
      this.#planned = undefined;
      this.#then = undefined;
    }
  }

  async form(form: ResetForm): Promise<void> {
    if (this.#doing !== undefined || this.#isAsking) return;
    this.#form = form;
    this.#forget();
    await this.#plan();
  }

  async file(name: string, rows: readonly CsvRow[]): Promise<void> {
    this.#file = { name, rows };
    await this.form(this.#form);
  }

  /** Plans again, from the task or the form. */
  async retry(): Promise<void> {
    if (this.#doing !== undefined || this.#isAsking) return;
    this.#then = undefined;
    this.#forget();
    await this.#plan();
  }

  /** From a task or from results to the form. */
  async formAgain(): Promise<void> {
    if (this.#doing !== undefined || this.#isAsking) return;
    if (this.#options.task === undefined) this.#task = undefined;
    this.#forget();
    await this.#plan();
  }

  async undo(): Promise<void> {
    const id = this.#outcome?.id;
    if (id === undefined || this.#doing !== undefined || this.#isAsking) return;
    this.#task = await this.#options.undoOf(id);
    this.#forget();
    await this.#plan();
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
    this.#peeking?.abort();
    if (row === undefined) return;
    const peeking = new AbortController();
    this.#peeking = peeking;
    try {
      const target = await this.#options.open();
      const { before, after } = await target.peek(row, peeking.signal);
      if (!peeking.signal.aborted && this.#started) this.#options.send({ type: 'peek', key, before, after });
    } catch (error) {
      if (isCancelled(error) || peeking.signal.aborted) return;
      const none = { kind: 'none', why: this.#told(error) } as const;
      this.#options.send({ type: 'peek', key, before: none, after: none });
    }
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
    const as = this.#writtenAs();
    if (!(await this.#asked(planSentences(shown)))) return;
    const journal = await this.#options.journal();
    if (journal === 'cancelled') return;
    const cancel = new AbortController();
    this.#do(wait ? 'waiting' : 'executing', cancel);
    try {
      const target = await this.#options.open();
      let plan = shown;
      if (wait) {
        await this.#untilEmpty(target, cancel.signal);
        const fresh = await target.plan((await this.#what(target, cancel.signal))!, cancel.signal);
        this.#take(fresh);
        // What is set by the commit has been agreed to for another commit.
        if (isByCommit(plan) && !sameTargets(plan, fresh.plan)) {
          const moved = t('The group is empty now, and its commits have moved since.');
          if (!(await this.#asked([moved, ...planSentences(fresh.plan)]))) return;
        }
        plan = fresh.plan;
        this.#do('executing', cancel);
      }
      const execution = await target.execute(plan, { ...as, journal, signal: cancel.signal });
      this.#results = execution.results;
      const { good, text } = outcomeSentence(execution.results);
      const unrecorded =
        execution.unrecorded === undefined
          ? ''
          : ` ${t('The results could not be written down: {0}', execution.unrecorded)}`;
      this.#outcome = {
        good,
        text: `${text}${unrecorded}`,
        id: execution.id,
        canUndo: execution.id !== undefined && hasChanged(execution.results),
      };
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

  /** What was shown as done is not what is planned next. */
  #forget(): void {
    this.#outcome = undefined;
    this.#results = [];
    this.#failure = undefined;
  }

  async #what(target: ResetTarget, signal: AbortSignal): Promise<PlanRequest | PlanTask | undefined> {
    const { request, isAsOf, time } = this.#read;
    if (this.#task !== undefined) return this.#task;
    if (request === undefined || !isAsOf || time === undefined) return request;
    if (this.#then?.at !== time) {
      const commits = await target.commitsAt(this.#options.group, Number(time), signal);
      this.#then = { at: time, commits };
    }
    const { offsets, why } = this.#then.commits;
    return { ...request, strategy: { kind: 'positions', positions: positionsOf(offsets), exact: false, why } };
  }

  #readForm(): void {
    const facts = { group: this.#options.group, now: this.#now(), rows: this.#file?.rows, isShare: this.#isShare };
    this.#read = formRequest(this.#form, facts);
  }

  async #plan(isQuiet = false): Promise<void> {
    this.#planning?.abort();
    this.#planning = undefined;
    clearTimeout(this.#replan);
    if (!this.#started || this.#doing !== undefined || this.#isAsking) return;
    const known = this.#watch?.snapshot?.groups.get(this.#options.group)?.type;
    if (known !== undefined) this.#isShare = known === 'share';
    // What is planned anew for newer facts is what was asked for, "2 hours ago" of then.
    if (!isQuiet) this.#readForm();
    if (this.#task === undefined && this.#read.request === undefined) {
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
      const what = await this.#what(target, planning.signal);
      if (what === undefined || planning.signal.aborted) return;
      const planned = await target.plan(what, planning.signal);
      if (planning.signal.aborted) return;
      const isShare = planned.plan.type === 'share';
      this.#planning = undefined;
      if (isShare !== this.#isShare && this.#task === undefined) {
        this.#isShare = isShare;
        if (this.#form.strategy === 'delete' || this.#form.strategy === 'as-of') return await this.#plan();
      }
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

  async #untilEmpty(target: ResetTarget, signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = await target.groupNow(this.#options.group, signal);
      if ('failure' in now)
        throw new HumanError(now.failure.message, t('Whether it has members is not known: nothing was changed.'));
      this.#group = now.value;
      if (isEmpty(now.value)) return;
      this.#sendModel();
      await delay(waitPollMs, signal);
    }
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
    this.#doing = { kind, since: this.#now(), cancel };
    this.#forget();
    this.#sendModel();
  }

  #writtenAs(): Pick<ExecuteAs, 'kind' | 'undoes' | 'name'> {
    if (this.#task !== undefined) {
      const { kind, undoes, name } = this.#task;
      return { kind, undoes, name };
    }
    const { strategy } = this.#form;
    return { kind: strategy === 'delete' ? 'delete-offsets' : strategy === 'skip' ? 'skip' : 'reset' };
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
    this.#options.send({ type: 'full', model: this.#model(), form: this.#isNew ? this.#form : undefined });
  }

  #sendModel(): void {
    if (this.#started) this.#options.send({ type: 'model', model: this.#model() });
  }

  #sendRows(): void {
    if (!this.#started) return;
    const rows = planItems(this.#planned?.plan.rows ?? [], this.#results);
    for (let from = 0; from === 0 || from < rows.length; from += portion) {
      const more = from + portion < rows.length;
      this.#options.send({ type: 'rows', rows: rows.slice(from, from + portion), isFirst: from === 0, more });
    }
  }

  #model(): ResetModel {
    const { group, profile } = this.#options;
    const { production, readOnly, bootstrapServers } = profile();
    const plan = this.#planned?.plan;
    const snapshot = this.#watch?.snapshot;
    const members = this.#group?.members ?? [];
    const isInTheWay = this.#group !== undefined && !isEmpty(this.#group) && plan !== undefined && !isOnlyDeletes(plan);
    return {
      frame: this.#frame(production),
      group,
      production,
      readOnly,
      task: this.#task && {
        title: this.#task.title,
        description: this.#task.description,
        canLeave: this.#options.task === undefined,
      },
      isShare: this.#isShare,
      topics: topicsOf(snapshot, group),
      groups: [...(snapshot?.groups.keys() ?? [])].filter((id) => id !== group).sort(),
      members: connected(members),
      memberCount: members.length,
      problems: this.#task === undefined ? this.#read.problems : {},
      time: this.#read.time === undefined ? undefined : Number(this.#read.time),
      notes: this.#task === undefined && this.#read.isAsOf ? (this.#then?.commits.notes ?? []) : [],
      file: this.#file && { name: this.#file.name, rows: this.#file.rows.length },
      isPlanning: this.#planning !== undefined && !this.#isQuiet,
      failure: this.#failure,
      plan: plan && summaryOf(plan, bootstrapServers),
      doing: this.#doing && { kind: this.#doing.kind, since: this.#doing.since },
      outcome: this.#outcome,
      howTo: isInTheWay ? howToOf(plan, this.#group, this.#language) : undefined,
    };
  }

  #frame(production: boolean): Frame {
    const { cluster, group } = this.#options;
    const frame = groupFrame({ cluster, group }, this.#watch, this.#now());
    const title = this.#task?.title ?? t('Reset offsets');
    const marked = production ? [t('Marked as production: the name of the group is asked for.')] : [];
    // A group that nobody has seen can have its offsets set all the same: that makes it.
    const problem = this.#watch === undefined ? frame.problem : undefined;
    return { ...frame, crumbs: [cluster, group, title], verdict: marked, problem };
  }
}

/** Only offsets are taken: what was said with them belonged to the one who committed. */
function positionsOf(offsets: CommitsThen['offsets']): Positions {
  const commit = (offset: bigint | undefined): Commit | undefined =>
    offset === undefined ? undefined : { offset, leaderEpoch: -1, metadata: '' };
  return new Map(
    Array.from(offsets, ([topic, partitions]) => [
      topic,
      new Map(Array.from(partitions, ([partition, offset]) => [partition, commit(offset)])),
    ]),
  );
}

function isByCommit({ strategy }: OffsetPlan): boolean {
  return strategy.kind === 'skip' || strategy.kind === 'shift-by';
}

/** Whether anything is, or may be, another than before. */
function hasChanged(results: readonly RowResult[]): boolean {
  return results.some(({ outcome }) => outcome === 'done' || outcome === 'overtaken' || outcome === 'unknown');
}
