import { randomInt } from 'node:crypto';
import type { NewRecord } from '../../../produce/batchBuilder.ts';
import type { ProduceOptions, WriteResult } from '../../../produce/producer.ts';
import { readRecordLines, type RecordLine } from '../../../produce/recordLines.ts';
import { HumanError, isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { t } from '../../../shared/l10n.ts';
import type { Frame } from '../protocol.ts';
import { readDraft, type ReadDraft } from './draftPlan.ts';
import { DraftSchemas } from './draftSchemas.ts';
import { editableField, HeldFields } from './heldFields.ts';
import { outcomeOf, rowOf } from './outcome.ts';
import type { Draft, DraftPlace, Lines, ProduceModel, ResultRow, SchemaPart, ToProducePage } from './protocol.ts';
import type { SchemaRegistry } from '../../../formats/index.ts';

/** A connected cluster, as the produce page uses it. */
export interface ProduceTarget {
  /** How many the topic has. @throws {HumanError} there is no such topic, or it may not be seen. */
  partitions(topic: string): Promise<number>;
  /** @throws {HumanError} nothing was sent. @throws {CancelledError} nothing was sent. */
  produce(options: ProduceOptions): Promise<WriteResult[]>;
}

export interface ProduceFeedOptions {
  readonly cluster: string;
  /** @throws {HumanError} the cluster is not connected, or cannot be reached. */
  readonly open: () => Promise<ProduceTarget>;
  /** As the settings are now. */
  readonly profile: () => { readonly production: boolean; readonly readOnly: boolean };
  /** Those that were seen last, by name. */
  readonly topics: () => readonly string[];
  /** The cluster's, where one is set. */
  readonly registry: () => SchemaRegistry | undefined;
  /** Asks on a cluster marked production. */
  readonly confirm: (topic: string, sentences: readonly string[]) => Promise<boolean>;
  readonly send: (message: ToProducePage) => void;
  readonly onError: (error: unknown) => void;
}

const mostResults = 10_000;
const mostProblems = 5;
const never = 1e15;

export const emptyDraft: Draft = {
  topic: '',
  partition: '',
  key: { format: 'null', text: '' },
  value: { format: 'text', text: '' },
  headers: [],
  timestamp: '',
  compression: 'none',
  count: '1',
};

/**
 * What one produce page is told, and what it does. Holds the bytes of files and of records to be replayed, and goes on writing while the page
 * is hidden: somebody asked for it.
 */
export class ProduceFeed implements Disposable {
  readonly #options: ProduceFeedOptions;
  readonly #held = new HeldFields();
  readonly #schemas: DraftSchemas;
  readonly #keyless = randomInt(2 ** 31);
  #draft: Draft = emptyDraft;
  /** To be given to the page as it is ready, in place of what it kept. */
  #isNew = false;
  #target: ProduceTarget | undefined;
  #partitions: { readonly topic: string; readonly count: number | { readonly problem: string } } | undefined;
  #asked = 0;
  #lines: { readonly told: Lines; readonly records: readonly RecordLine[] } | undefined;
  #replayOf: string | undefined;
  #replayTopic: string | undefined;
  /** What of the form is the record that is replayed, see `contentOf`. */
  #replayed: string | undefined;
  #results: ResultRow[] = [];
  #sending: { done: number; readonly total: number; readonly cancel: AbortController } | undefined;
  /** Between a Send and its results, or their refusal. */
  #isBusy = false;
  #outcome: ProduceModel['outcome'];
  #problem: string | undefined;

  constructor(options: ProduceFeedOptions) {
    this.#options = options;
    const { registry } = options;
    this.#schemas = new DraftSchemas({ registry, held: this.#held, onSubjects: () => this.#onSubjects() });
  }

  /** Puts something into the form. */
  fill(draft: Partial<Draft>): void {
    this.#draft = { ...this.#draft, ...draft };
    this.#isNew = true;
    this.#sendFull();
    void this.#plan();
  }

  /** A record as it was read, to be written again as it is. */
  replay(
    record: NewRecord,
    from: { readonly topic: string; readonly partition: number; readonly offset: bigint },
  ): void {
    const where = t('{0}-{1}, offset {2}', from.topic, from.partition, String(from.offset));
    const { key, value, headers, timestamp } = record;
    const draft: Draft = {
      ...emptyDraft,
      topic: from.topic,
      partition: String(from.partition),
      key: this.#held.hold(key, where),
      value: this.#held.hold(value, where),
      headers: headers.map((header) => ({ key: header.key, value: this.#held.hold(header.value, where) })),
      timestamp: timestamp < 0n ? '' : timeText(timestamp),
    };
    this.#replayOf = where;
    this.#replayTopic = from.topic;
    this.#replayed = contentOf(draft);
    this.#lines = undefined;
    this.#outcome = undefined;
    this.fill(draft);
  }

  async start(kept: Draft | undefined): Promise<void> {
    if (!this.#isNew && kept !== undefined) this.#draft = kept;
    this.#isNew = true;
    this.#sendFull();
    this.#isNew = false;
    await this.#plan();
  }

  async draft(draft: Draft): Promise<void> {
    this.#draft = draft;
    this.#isNew = false;
    await this.#planOf(draft);
  }

  async retry(): Promise<void> {
    this.#target = undefined;
    this.#partitions = undefined;
    this.#schemas.forget();
    this.#sendModel();
    await this.#plan();
  }

  /** Bytes in place of a field: text where they are text and not long, so that they can be changed. */
  setBytes(place: DraftPlace, name: string, bytes: Buffer): void {
    this.#options.send({ type: 'field', place, field: this.#held.ofFile(bytes, name) });
  }

  /** Bytes that are held as something that can be changed: by their schema where they name one. */
  async editHeld(place: DraftPlace, id: string): Promise<void> {
    const bytes = this.#held.get(id);
    const plain = bytes && editableField(bytes);
    if (plain === undefined) return;
    const bySchema = place === 'key' || place === 'value' ? await this.#schemas.editable(bytes!) : undefined;
    this.#options.send({ type: 'field', place, field: bySchema ?? plain });
  }

  /** Puts a value of the field's schema into it. @throws {HumanError} */
  async example(place: SchemaPart, draft: Draft): Promise<void> {
    const text = await this.#schemas.example(draft, place);
    if (text !== undefined) this.#options.send({ type: 'field', place, field: { ...draft[place], text } });
  }

  async setLines(name: string, text: string): Promise<void> {
    const { records, problems } = readRecordLines(text);
    const told = {
      name,
      records: records.length,
      problems: problems.slice(0, mostProblems),
      problemCount: problems.length,
    };
    this.#lines = { told, records };
    this.#sendModel();
    await this.#plan();
  }

  async dropLines(): Promise<void> {
    this.#lines = undefined;
    this.#sendModel();
    await this.#plan();
  }

  /** Writes what the draft says. Refuses on a read-only cluster, asks first on one in production. */
  async send(draft: Draft): Promise<void> {
    // From the first moment on: who is asked twice, and answers twice, writes twice.
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      this.#draft = draft;
      const records = await this.#agreed(draft);
      if (records !== undefined) await this.#write(draft, records);
    } finally {
      this.#isBusy = false;
    }
  }

  /** What is to be written; undefined where it cannot be, or where somebody does not want it. */
  async #agreed(draft: Draft): Promise<ReadDraft['records'] | undefined> {
    const read = await this.#planOf(draft);
    if (read === undefined || !read.plan.canSend) return undefined;
    const { production, readOnly } = this.#options.profile();
    if (readOnly) return undefined;
    if (production && !(await this.#options.confirm(draft.topic.trim(), read.plan.sentences))) return undefined;
    return read.records;
  }

  async #write(draft: Draft, records: ReadDraft['records']): Promise<void> {
    const topic = draft.topic.trim();
    const cancel = new AbortController();
    const sending = { done: 0, total: records.length, cancel };
    this.#sending = sending;
    this.#outcome = undefined;
    this.#sendModel();
    const sentAt = Date.now();
    try {
      const target = await this.#open();
      const results = await target.produce({
        topic,
        records,
        compression: draft.compression,
        signal: cancel.signal,
        onResult: () => {
          sending.done++;
          if (sending.done % 1000 === 0) this.#sendModel();
        },
      });
      this.#outcome = outcomeOf(results, records, topic);
      const rows = results.map((result, index) => rowOf(result, records[index]!, topic, index + 1, sentAt));
      this.#results = [...rows.reverse(), ...this.#results].slice(0, mostResults);
    } catch (error) {
      const text = isCancelled(error)
        ? t('Cancelled. Nothing was sent.')
        : t('Nothing was sent. {0}', this.#told(error));
      this.#outcome = { good: false, text };
    } finally {
      this.#sending = undefined;
      this.#options.send({ type: 'results', model: this.#model(), results: this.#results });
    }
  }

  cancel(): void {
    this.#sending?.cancel.abort();
  }

  /** The settings or the connection changed. */
  changed(): void {
    this.#target = undefined;
    this.#partitions = undefined;
    this.#schemas.forget();
    this.#sendModel();
    void this.#plan();
  }

  dispose(): void {
    this.cancel();
    this.#held.clear();
  }

  /** Undefined only where a newer draft came: what the registry or the settings say may come in between, and is looked at then. */
  async #planOf(draft: Draft): Promise<ReadDraft | undefined> {
    let read: ReadDraft | undefined;
    do read = await this.#plan();
    while (read === undefined && this.#draft === draft);
    return read;
  }

  /** Looks at the draft, and tells the page; undefined where it is looked at again meanwhile. */
  async #plan(): Promise<ReadDraft | undefined> {
    const asked = ++this.#asked;
    const draft = this.#draft;
    const topic = draft.topic.trim();
    if (topic !== '' && this.#partitions?.topic !== topic) {
      const count = await this.#countOf(topic);
      if (asked !== this.#asked) return undefined;
      this.#partitions = { topic, count };
      this.#sendModel();
    }
    const partitions =
      this.#partitions?.topic === topic ? this.#partitions.count : { problem: t('A topic is wanted.') };
    const encoded = await this.#schemas.encode(draft, this.#replayTopic);
    if (asked !== this.#asked) return undefined;
    const read = readDraft(draft, {
      held: this.#held,
      encoded,
      partitions,
      lines: this.#lines?.records,
      replayOf: contentOf(draft) === this.#replayed ? this.#replayOf : undefined,
      keyless: typeof partitions === 'number' ? this.#keyless % partitions : 0,
      now: Date.now(),
    });
    const canSend = read.plan.canSend && !this.#options.profile().readOnly;
    this.#options.send({ type: 'plan', plan: { ...read.plan, canSend } });
    return { ...read, plan: { ...read.plan, canSend } };
  }

  #onSubjects(): void {
    this.#sendModel();
    void this.#plan();
  }

  async #countOf(topic: string): Promise<number | { readonly problem: string }> {
    try {
      const target = await this.#open();
      this.#problem = undefined;
      return await target.partitions(topic);
    } catch (error) {
      return { problem: this.#told(error) };
    }
  }

  async #open(): Promise<ProduceTarget> {
    try {
      return (this.#target ??= await this.#options.open());
    } catch (error) {
      this.#problem = this.#told(error);
      throw error;
    }
  }

  #told(error: unknown): string {
    if (!(error instanceof HumanError)) this.#options.onError(error);
    return messageOf(error);
  }

  #sendFull(): void {
    const draft = this.#isNew ? this.#draft : undefined;
    this.#options.send({ type: 'full', model: this.#model(), results: this.#results, draft });
  }

  #sendModel(): void {
    this.#options.send({ type: 'model', model: this.#model() });
  }

  #model(): ProduceModel {
    const { profile, topics } = this.#options;
    const { production, readOnly } = profile();
    const partitions = this.#partitions?.topic === this.#draft.topic.trim() ? this.#partitions.count : undefined;
    return {
      frame: this.#frame(production),
      production,
      readOnly,
      topics: topics(),
      subjects: this.#schemas.subjects,
      hasRegistry: this.#schemas.hasRegistry,
      partitions: typeof partitions === 'number' ? partitions : undefined,
      replayOf: this.#replayOf,
      lines: this.#lines?.told,
      sending: this.#sending && { done: this.#sending.done, total: this.#sending.total },
      outcome: this.#outcome,
    };
  }

  #frame(production: boolean): Frame {
    const title = this.#replayOf === undefined ? t('Produce Record') : t('Replay Record');
    return {
      crumbs: [this.#options.cluster, title],
      health: 'unknown',
      verdict: production ? [t('Marked as production: it asks before anything is written.')] : [],
      sentAt: Date.now(),
      staleAfter: never,
      polling: this.#problem === undefined ? { kind: 'ok' } : { kind: 'failing', message: this.#problem },
      partial: [],
    };
  }
}

/** ISO 8601, which says the same to the millisecond and can be read. */
function timeText(timestamp: bigint): string {
  return timestamp <= 253_402_300_799_999n ? new Date(Number(timestamp)).toISOString() : String(timestamp);
}

/** Key, value and headers, to tell whether somebody changed them. */
function contentOf({ key, value, headers }: Draft): string {
  return JSON.stringify([key, value, headers]);
}
