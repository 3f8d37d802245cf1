import type { Journal, JournalEntry, JournalLine } from '../../../changes/journal/entry.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { HumanError, isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { formatCount } from '../../../shared/format.ts';
import { t } from '../../../shared/l10n.ts';
import type { Problem } from '../protocol.ts';
import { detailsOf } from './entryDetails.ts';
import type { Reading } from './interrupted.ts';
import type { Examined, JournalItem, ToJournalPage } from './protocol.ts';
import { kindWord } from './kindWords.ts';

export interface JournalFeedOptions {
  /** Where the journal is, as people write paths. */
  readonly file: string;
  /** @throws {HumanError} it cannot be used. */
  readonly open: () => Promise<Journal>;
  /** @throws {HumanError} not connected, or not reached. */
  readonly kafkaOf: (cluster: string) => Promise<Cluster>;
  /** Empty where the cluster is not known here. */
  readonly bootstrapOf: (cluster: string) => string;
  /** Something was written into the journal. */
  readonly onChanged: () => void;
  readonly send: (message: ToJournalPage) => void;
  readonly onError: (error: unknown) => void;
}

/** Older ones are in the file and in exports of all. */
export const mostEntries = 10_000;
/** Other windows write into the same journal, and nothing tells: looked at so often while the page is visible, milliseconds. */
const lookEveryMs = 3_000;
const never = 1e15;

/** What one journal page is told. */
export class JournalFeed implements Disposable {
  readonly #options: JournalFeedOptions;
  #timer: ReturnType<typeof setInterval> | undefined;
  #sent: string | undefined;
  #details: string | undefined;
  #sentDetails: string | undefined;
  #examined = new Map<string, Examined>();
  #asking: AbortController | undefined;
  #isDisposed = false;

  constructor(options: JournalFeedOptions) {
    this.#options = options;
  }

  /** The page is there. */
  async start(): Promise<void> {
    if (this.#isDisposed) return;
    this.stop();
    this.#timer = setInterval(() => void this.refresh(), lookEveryMs);
    await this.refresh();
  }

  /** Shows an entry, with its details. */
  async show(id: string): Promise<void> {
    await this.refresh();
    this.#options.send({ type: 'show', id });
  }

  /** Tells the page what is new, if anything is. */
  async refresh(): Promise<void> {
    if (this.#timer === undefined) return;
    let problem: Problem | undefined;
    let lines: readonly JournalLine[] = [];
    try {
      lines = (await this.#options.open()).list(mostEntries);
      if (lines.length === 0) problem = emptiness();
    } catch (error) {
      problem = { kind: 'failed', title: t('The journal cannot be read'), advice: this.#told(error) };
    }
    // It was hidden meanwhile.
    if (this.#timer === undefined) return;
    const items = itemsOf(lines);
    const state = JSON.stringify([problem, items]);
    if (state !== this.#sent) {
      this.#sent = state;
      this.#sendFull(items, problem);
    }
    if (this.#details !== undefined) await this.details(this.#details);
  }

  async retry(): Promise<void> {
    this.#sent = undefined;
    await this.refresh();
  }

  /** Sends all of an entry, if it is another one or has changed. */
  async details(id: string | undefined): Promise<void> {
    if (id === undefined || id !== this.#details) this.#sentDetails = undefined;
    this.#details = id;
    if (id === undefined) return;
    const entry = (await this.#options.open()).get(id);
    if (entry === undefined) return;
    const details = { ...detailsOf(entry, this.#options.bootstrapOf(entry.cluster)), examined: this.#examined.get(id) };
    const state = JSON.stringify(details);
    if (state === this.#sentDetails) return;
    this.#sentDetails = state;
    this.#options.send({ type: 'details', details });
  }

  /** Asks the broker what an interrupted change has reached. */
  async examine(id: string): Promise<void> {
    await this.#ask(id, async (entry, kafka, signal) => {
      this.#examined.set(id, (await read(kafka, entry, signal)).examined);
    });
  }

  /** Looks once more, and writes down what is found: the entry is an ended change then. */
  async close(id: string): Promise<void> {
    await this.#ask(id, async (entry, kafka, signal) => {
      const { results, state } = await read(kafka, entry, signal);
      (await this.#options.open()).finish(id, state, results);
      this.#examined.delete(id);
      this.#options.onChanged();
      await this.refresh();
    });
  }

  /** Entries by id, newest first; those that are gone are left out. */
  async entries(ids?: readonly string[]): Promise<JournalEntry[]> {
    const journal = await this.#options.open();
    const wanted = ids === undefined ? undefined : new Set(ids);
    return journal
      .list(mostEntries)
      .filter(({ id }) => wanted === undefined || wanted.has(id))
      .map(({ id }) => journal.get(id))
      .filter((entry) => entry !== undefined);
  }

  async command(id: string): Promise<string | undefined> {
    const entry = (await this.#options.open()).get(id);
    return entry && detailsOf(entry, this.#options.bootstrapOf(entry.cluster)).command;
  }

  /** The page is gone or hidden. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#asking?.abort();
    this.#sent = undefined;
    this.#details = undefined;
    this.#sentDetails = undefined;
    this.#examined.clear();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.stop();
  }

  async #ask(
    id: string,
    work: (entry: JournalEntry, kafka: Cluster, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const entry = (await this.#options.open()).get(id);
      if (entry?.state !== 'interrupted') return;
      this.#examined.set(id, { kind: 'asking' });
      await this.#again(id);
      await work(entry, await this.#options.kafkaOf(entry.cluster), asking.signal);
    } catch (error) {
      if (isCancelled(error)) this.#examined.delete(id);
      else this.#examined.set(id, { kind: 'failed', message: this.#told(error) });
    }
    if (this.#asking === asking) await this.#again(id);
  }

  async #again(id: string): Promise<void> {
    if (this.#details === id) await this.details(id);
  }

  #told(error: unknown): string {
    if (!(error instanceof HumanError)) this.#options.onError(error);
    return messageOf(error);
  }

  #sendFull(items: readonly JournalItem[], problem: Problem | undefined): void {
    const interrupted = items.filter(({ state }) => state === 'interrupted').length;
    const now = Date.now();
    const verdict =
      interrupted === 0
        ? []
        : interrupted === 1
          ? [t('1 change was interrupted: what it reached is not written down.')]
          : [t('{0} changes were interrupted: what they reached is not written down.', formatCount(interrupted))];
    this.#options.send({
      type: 'full',
      items,
      model: {
        frame: {
          crumbs: [t('Journal of changes')],
          health: 'unknown',
          verdict,
          takenAt: undefined,
          sentAt: now,
          staleAfter: never,
          polling: { kind: 'ok' },
          problem,
          partial: [],
        },
        file: this.#options.file,
        isCut: items.length >= mostEntries,
      },
    });
  }
}

/** Loaded when first needed: few changes are interrupted. */
async function read(kafka: Cluster, entry: JournalEntry, signal: AbortSignal): Promise<Reading> {
  const { readInterrupted } = await import('./interrupted.ts');
  return readInterrupted(kafka, entry, signal);
}

function emptiness(): Problem {
  return {
    kind: 'empty',
    title: t('Nothing has been changed from here yet'),
    advice: t(
      'What is reset, copied, deleted or removed is written down here first, with what was there before, so that it can be undone. Snapshot Offsets keeps the offsets of a group as they are.',
    ),
  };
}

function itemsOf(lines: readonly JournalLine[]): JournalItem[] {
  // The newest of several counts: it was undone, done again and undone.
  const undoneBy = new Map<string, string>();
  for (const { id, undoes, state } of lines.toReversed()) {
    if (undoes !== undefined && state === 'done') undoneBy.set(undoes, id);
  }
  return lines.map((line) => {
    const { id, when, finishedAt, cluster, kind, subject, groupType, state, name, undoes, partitions, done } = line;
    const by = undoneBy.get(id);
    return {
      id,
      when,
      finishedAt,
      cluster,
      kind,
      change: kindWord(kind),
      subject,
      groupType,
      state,
      name,
      undoes,
      undoneBy: by,
      partitions,
      done,
    };
  });
}
