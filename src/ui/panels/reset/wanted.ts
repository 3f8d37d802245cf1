import type { ChangeKind } from '../../../changes/journal/entry.ts';
import type { CsvRow } from '../../../groups/plan/csv.ts';
import type { PlanRequest, Positions } from '../../../groups/plan/plan.ts';
import type { Commit, GroupType } from '../../../groups/snapshot.ts';
import type { CommitsThen } from '../../../offsetsTopic/commitsAt.ts';
import { emptyForm, formRequest, type FormRequest } from './formRequest.ts';
import type { PlanTask } from './planTask.ts';
import type { ResetForm, ResetModel } from './protocol.ts';
import type { ExecuteAs, ResetTarget } from './resetFeedOptions.ts';

/** What the person wants: what the form holds, or a task in its place. */
export class Wanted {
  readonly #group: string;
  #form: ResetForm = emptyForm;
  #file: { readonly name: string; readonly rows: readonly CsvRow[] } | undefined;
  #isShare = false;
  #read: FormRequest = { request: undefined, problems: {}, time: undefined, isAsOf: false };
  /** The commits as they were at a time: what was does not change, and takes long to read. */
  #then: { readonly at: bigint; readonly commits: CommitsThen } | undefined;
  task: PlanTask | undefined;

  constructor(group: string, task: PlanTask | undefined) {
    this.#group = group;
    this.task = task;
  }

  get form(): ResetForm {
    return this.#form;
  }

  set form(form: ResetForm) {
    this.#form = form;
  }

  file(name: string, rows: readonly CsvRow[]): void {
    this.#file = { name, rows };
  }

  /** Whether the form means something else for a group of this type than was thought before. */
  isOther(type: GroupType | undefined): boolean {
    const isShare = type === 'share';
    if (isShare === this.#isShare) return false;
    this.#isShare = isShare;
    return this.task === undefined && (this.#form.strategy === 'delete' || this.#form.strategy === 'as-of');
  }

  /** Understands the form. `now`: ms since 1970, for "2 hours ago". */
  read(now: number): void {
    const facts = { group: this.#group, now, rows: this.#file?.rows, isShare: this.#isShare };
    this.#read = formRequest(this.#form, facts);
  }

  /** Something can be planned of it. */
  get isWhole(): boolean {
    return this.task !== undefined || this.#read.request !== undefined;
  }

  /** What is to be planned; reads the commits of a time where those are wanted. @throws what `commitsAt` throws. */
  async what(target: ResetTarget, signal: AbortSignal): Promise<PlanRequest | PlanTask | undefined> {
    const { request, isAsOf, time } = this.#read;
    if (this.task !== undefined) return this.task;
    if (request === undefined || !isAsOf || time === undefined) return request;
    if (this.#then?.at !== time) {
      const commits = await target.commitsAt(this.#group, Number(time), signal);
      this.#then = { at: time, commits };
    }
    const { offsets, why } = this.#then.commits;
    return { ...request, strategy: { kind: 'positions', positions: positionsOf(offsets), exact: false, why } };
  }

  /** What was read to plan by is read again the next time. */
  forgetThen(): void {
    this.#then = undefined;
  }

  get writtenAs(): Pick<ExecuteAs, 'kind' | 'undoes' | 'name'> {
    if (this.task !== undefined) {
      const { kind, undoes, name } = this.task;
      return { kind, undoes, name };
    }
    return { kind: kindOf(this.#form) };
  }

  /** What a page is told of it. `own`: the task that the page was opened with, which it cannot leave. */
  model(own: PlanTask | undefined): Pick<ResetModel, 'task' | 'isShare' | 'problems' | 'time' | 'notes' | 'file'> {
    const { problems, time, isAsOf } = this.#read;
    const isForm = this.task === undefined;
    return {
      task: this.task && {
        title: this.task.title,
        description: this.task.description,
        canLeave: own === undefined,
      },
      isShare: this.#isShare,
      problems: isForm ? problems : {},
      time: time === undefined ? undefined : Number(time),
      notes: isForm && isAsOf ? (this.#then?.commits.notes ?? []) : [],
      file: this.#file && { name: this.#file.name, rows: this.#file.rows.length },
    };
  }
}

function kindOf({ strategy }: ResetForm): ChangeKind {
  return strategy === 'delete' ? 'delete-offsets' : strategy === 'skip' ? 'skip' : 'reset';
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
