import type { Journal } from '../../../changes/journal/entry.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { HumanError, isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { formatCount } from '../../../shared/format.ts';
import { t } from '../../../shared/l10n.ts';
import type { Executed, PlannedChange } from '../../changes/planned.ts';
import type { Problem } from '../protocol.ts';
import type { ChangeItem, ChangeModel, ChangePhase, ChangeRequest, ToChangePage } from './protocol.ts';
import { titleOf } from './titles.ts';

export interface ChangeFeedOptions {
  readonly request: ChangeRequest;
  /** @throws {HumanError} the cluster is not connected, or cannot be reached. */
  readonly kafka: () => Promise<Cluster>;
  /** What it would do as the cluster stands now. @throws {HumanError} @throws {CancelledError} */
  readonly plan: (signal: AbortSignal) => Promise<PlannedChange>;
  readonly isReadOnly: () => boolean;
  /** To write to; `'cancelled'`: the person would rather not change anything without one. */
  readonly journalToWrite: () => Promise<Journal | undefined | 'cancelled'>;
  /** Asks the person. @throws {HumanError} the cluster is read only. */
  readonly confirm: (planned: PlannedChange) => Promise<boolean>;
  /** Something was written into the journal, and the cluster is not what it was. */
  readonly onChanged: () => void;
  readonly send: (message: ToChangePage) => void;
  readonly onError: (error: unknown) => void;
}

const never = 1e15;

/**
 * What one page of a change is told, and what it does. A plan is made when the page appears and forgotten when it is hidden; a change
 * that was begun goes on while nobody looks, and its results stay.
 */
export class ChangeFeed implements Disposable {
  readonly #options: ChangeFeedOptions;
  #phase: ChangePhase = 'planning';
  #planned: PlannedChange | undefined;
  #executed: Executed | undefined;
  #items: readonly ChangeItem[] = [];
  #takenAt: number | undefined;
  #problem: Problem | undefined;
  #failure: string | undefined;
  #progress: string | undefined;
  #work: AbortController | undefined;
  /** The person is being asked. */
  #isAsking = false;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
  }

  get items(): readonly ChangeItem[] {
    return this.#items;
  }

  get command(): string | undefined {
    return this.#planned?.command;
  }

  get entries(): readonly string[] {
    return this.#executed?.entries ?? [];
  }

  get canUndo(): boolean {
    return this.#executed?.canUndo === true;
  }

  /** The page is there. */
  async start(): Promise<void> {
    if (this.#isKept) this.#sendAll();
    else await this.plan();
  }

  /** The page is hidden: a plan would be old when it comes back. */
  hide(): void {
    if (this.#isKept) return;
    this.#work?.abort();
    this.#forget();
  }

  async plan(): Promise<void> {
    if (this.#isBusy) return;
    this.#work?.abort();
    const work = (this.#work = new AbortController());
    this.#forget();
    this.#problem = {
      kind: 'loading',
      title: t('Planning'),
      advice: t('The cluster is asked. Nothing is written.'),
    };
    this.#sendAll();
    try {
      const planned = await this.#options.plan(work.signal);
      if (this.#work !== work) return;
      this.#planned = planned;
      this.#items = planned.items;
      this.#phase = 'ready';
      this.#takenAt = Date.now();
      this.#problem = undefined;
    } catch (error) {
      if (this.#work !== work || isCancelled(error)) return;
      this.#problem = { kind: 'failed', title: t('There is no plan'), advice: this.#told(error) };
    }
    this.#sendAll();
  }

  /** Asks, and makes the change. `wait`: once the members have left. */
  async execute(wait: boolean): Promise<void> {
    const planned = this.#planned;
    if (planned === undefined || this.#phase !== 'ready' || this.#isAsking || planned.refusal !== undefined) return;
    this.#isAsking = true;
    try {
      if (!(await this.#options.confirm(planned))) return;
      const journal = await this.#options.journalToWrite();
      if (journal === 'cancelled') return;
      await this.#run(planned, journal, wait);
    } catch (error) {
      this.#failure = this.#told(error);
      this.#sendModel();
    } finally {
      this.#isAsking = false;
    }
  }

  /** Stops waiting, and what was not sent yet. */
  cancel(): void {
    if (this.#isBusy) this.#work?.abort();
  }

  dispose(): void {
    this.#work?.abort();
  }

  get #isBusy(): boolean {
    return this.#phase === 'waiting' || this.#phase === 'executing';
  }

  get #isKept(): boolean {
    return this.#isBusy || this.#isAsking || this.#phase === 'done';
  }

  async #run(planned: PlannedChange, journal: Journal | undefined, wait: boolean): Promise<void> {
    const work = (this.#work = new AbortController());
    this.#phase = 'executing';
    this.#failure = undefined;
    this.#sendModel();
    try {
      const done = await planned.execute({
        cluster: await this.#options.kafka(),
        journal,
        signal: work.signal,
        wait,
        onWaiting: (members) => {
          this.#phase = 'waiting';
          this.#progress = members;
          this.#sendModel();
        },
        onProgress: (text) => {
          this.#phase = 'executing';
          this.#progress = text;
          this.#sendModel();
        },
      });
      this.#executed = done;
      this.#items = planned.items.map((item) => ({ ...item, ...done.results.get(item.key) }));
      this.#phase = 'done';
      this.#takenAt = Date.now();
    } catch (error) {
      this.#phase = 'ready';
      this.#failure = isCancelled(error) ? t('It was cancelled. Nothing was changed.') : this.#told(error);
    }
    this.#progress = undefined;
    this.#sendAll();
    this.#options.onChanged();
  }

  #forget(): void {
    this.#phase = 'planning';
    this.#planned = undefined;
    this.#executed = undefined;
    this.#items = [];
    this.#takenAt = undefined;
    this.#problem = undefined;
    this.#failure = undefined;
    this.#progress = undefined;
  }

  #told(error: unknown): string {
    if (!(error instanceof HumanError)) this.#options.onError(error);
    return messageOf(error);
  }

  #sendAll(): void {
    this.#options.send({ type: 'full', model: this.#model(), items: this.#items });
  }

  #sendModel(): void {
    this.#options.send({ type: 'model', model: this.#model() });
  }

  #model(): ChangeModel {
    const { request, isReadOnly } = this.#options;
    const planned = this.#planned;
    return {
      frame: {
        crumbs: [request.cluster, ...subjectsOf(request), titleOf(request.kind)],
        health: 'unknown',
        verdict: [],
        takenAt: this.#takenAt,
        sentAt: Date.now(),
        staleAfter: never,
        polling: { kind: 'ok' },
        problem: this.#problem,
        partial: this.#executed?.unrecorded === undefined ? [] : [unrecordedText(this.#executed.unrecorded)],
      },
      kind: request.kind,
      phase: this.#phase,
      of: planned?.of ?? 'offsets',
      isMany: planned?.isMany ?? false,
      sentences: planned?.sentences ?? [],
      action: planned?.action ?? '',
      refusal: planned?.refusal,
      members: planned?.members,
      isReadOnly: isReadOnly(),
      progress: this.#progress,
      outcome: this.#phase === 'done' ? (this.#executed?.said ?? outcomeOf(this.#items)) : undefined,
      failure: this.#failure,
      entries: this.entries,
      canUndo: this.canUndo,
      command: planned?.command,
    };
  }
}

function unrecordedText(why: string): string {
  return t('The results could not be written into the journal ({0}); what was there before is in it.', why);
}

/** Between cluster and kind: the group or topic, where it is one. */
export function subjectsOf(request: ChangeRequest): string[] {
  switch (request.kind) {
    case 'copy':
      return [request.from, request.to];
    case 'delete-offsets':
      return request.groups.length === 1 ? [request.groups[0]!.group] : [];
    case 'delete-groups':
      return request.groups.length === 1 ? [request.groups[0]!] : [];
    case 'remove-members': {
      const groups = new Set(request.members.map(({ group }) => group));
      return groups.size === 1 ? [...groups] : [];
    }
    case 'restore':
      return [request.group];
    case 'undo':
      return request.subject === undefined ? [] : [request.subject];
    case 'delete-topics':
      return request.topics.length === 1 ? [request.topics[0]!] : [];
    case 'add-partitions':
    case 'delete-records':
      return [request.topic];
  }
}

/** What became of it, a sentence. */
function outcomeOf(items: readonly ChangeItem[]): { readonly good: boolean; readonly text: string } {
  const tried = items.filter(({ outcome }) => outcome !== undefined);
  const count = (outcome: ChangeItem['outcome']): number => tried.filter((item) => item.outcome === outcome).length;
  const done = count('done');
  const left = items.length - tried.length;
  const rest = left > 0 ? ` ${t('{0} were left as they are.', formatCount(left))}` : '';
  if (done === tried.length)
    return { good: true, text: t('Done and read back: {0} of {1}.', done, tried.length) + rest };
  const words: [number, string][] = [
    [done, t('{0} done and read back', formatCount(done))],
    [count('overtaken'), t('{0} written, then moved by somebody else', formatCount(count('overtaken')))],
    [count('refused'), t('{0} refused by the broker', formatCount(count('refused')))],
    [count('moved'), t('{0} left alone because they had moved', formatCount(count('moved')))],
    [count('not-sent'), t('{0} not sent', formatCount(count('not-sent')))],
    [count('unknown'), t('{0} not known', formatCount(count('unknown')))],
  ];
  const told = words.flatMap(([number, text]) => (number > 0 ? [text] : []));
  return { good: false, text: t('Of {0}: {1}.', formatCount(tried.length), told.join(', ')) + rest };
}
