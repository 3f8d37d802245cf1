import { writeFile } from 'node:fs/promises';
import { setImmediate as breath } from 'node:timers/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, HumanError } from '../../../shared/errors.ts';
import { formatCount } from '../../../shared/format.ts';
import { t } from '../../../shared/l10n.ts';
import type { KeptRecord } from '../../../tail/keptRecord.ts';
import { commands } from '../../contributions.ts';
import { askWhereToSave, fileNameOf, offerToOpen } from '../../saveFile.ts';
import type { RecordDocuments } from '../recordDocuments.ts';
import { commandsFor } from './copyCommands.ts';
import { placeOf } from './details.ts';
import { exported, exportLine, exportText, type ExportSource } from './exportRecords.ts';
import type { FromTailPage, Part } from './protocol.ts';
import { rowOf } from './rows.ts';
import { rowText } from './rowText.ts';
import { streamTo } from './streamTo.ts';
import type { TailServices } from './services.ts';
import type { TailFeed } from './tailFeed.ts';

/** Characters that are copied at most. */
const mostCopied = 20_000_000;

type Message<Type extends FromTailPage['type']> = Extract<FromTailPage, { type: Type }>;

/** What a tail page does outside itself: editors, the clipboard, files. */
export class TailActions {
  readonly #feed: TailFeed;
  readonly #documents: RecordDocuments;
  readonly #services: TailServices;
  #cancelExport: (() => void) | undefined;

  constructor(feed: TailFeed, documents: RecordDocuments, services: TailServices) {
    this.#feed = feed;
    this.#documents = documents;
    this.#services = services;
  }

  /** @throws {HumanError} the record is not kept any more. */
  async open({ seq, part }: Message<'open'>): Promise<void> {
    await vscode.window.showTextDocument(await this.#document(this.#record(seq), part), { preview: true });
  }

  async compare({ seqs: [first, second] }: Message<'compare'>): Promise<void> {
    const [a, b] = [this.#record(first), this.#record(second)];
    const sameValue = a.value === b.value || (a.value !== null && b.value !== null && a.value.equals(b.value));
    const sameKey = a.key === b.key || (a.key !== null && b.key !== null && a.key.equals(b.key));
    const part: Part = sameValue && !sameKey ? 'key' : 'value';
    const [left, right] = [await this.#document(a, part), await this.#document(b, part)];
    const { topic } = this.#feed.target;
    const title = `${placeOf(a, topic)} ↔ ${placeOf(b, topic)}${part === 'key' ? ` (${t('keys')})` : ''}`;
    await vscode.commands.executeCommand('vscode.diff', left, right, title);
  }

  /** @throws {HumanError} the record is not kept any more. */
  async go({ seq, to }: Message<'go'>): Promise<void> {
    const { partition, offset } = this.#record(seq);
    const { cluster, topic } = this.#feed.target;
    const goes = {
      replay: commands.replayRecord,
      batches: commands.openBatches,
      reset: commands.resetOffsets,
    } as const;
    const command = goes[to];
    await vscode.commands.executeCommand(command, { cluster, topic, partition, offset });
  }

  async explain({ group, partition }: Message<'explain'>): Promise<void> {
    const { cluster, topic } = this.#feed.target;
    await vscode.commands.executeCommand(commands.explainStuck, { cluster, group, topic, partition });
  }

  async setRegistry(): Promise<void> {
    await vscode.commands.executeCommand(commands.setSchemaRegistry, { cluster: this.#feed.target.cluster });
  }

  async copy({ seqs, as }: Message<'copyRecords'>): Promise<void> {
    const { store, presenter, target } = this.#feed;
    const records = seqs
      .map((seq) => store.at(seq))
      .filter((record): record is KeptRecord => record?.kind === 'record');
    if (records.length === 0) return;
    let text: string;
    if (as === 'kcat' || as === 'console-consumer') {
      text = commandsFor(as, records, {
        bootstrapServers: this.#services.bootstrapOf(target.cluster) ?? [],
        topic: target.topic,
        isolation: this.#feed.session.what.isolation,
      });
    } else {
      const texts: string[] = [];
      let chars = 0;
      for (const record of records) {
        if (as === 'json') {
          for (const piece of await exportLine(record, target.topic, presenter, 'jsonl')) {
            chars = addText(texts, chars, piece);
          }
        } else chars = addText(texts, chars, (await presenter.document(record, as, true)).text);
      }
      text = texts.join(as === 'json' ? '' : '\n');
    }
    await vscode.env.clipboard.writeText(text);
  }

  /** As the page's table shows them. @throws {HumanError} the rows have moved, or are too many for the clipboard. */
  async copyRows({ rows, columns }: Message<'copyRows'>): Promise<void> {
    const { store, presenter } = this.#feed;
    const lines = [columns.map(({ title }) => title).join('\t')];
    let chars = 0;
    for (const seq of this.#seqs(rows)) {
      const record = store.at(seq);
      if (record === undefined) continue;
      const line = rowText(await rowOf(record, presenter), columns, presenter.columns);
      chars = addText(lines, chars, line);
      if (lines.length % 500 === 0) await breath();
    }
    await vscode.env.clipboard.writeText(lines.join('\n'));
  }

  cancelExport(): void {
    this.#cancelExport?.();
  }

  async export({ as, which }: Message<'export'>): Promise<void> {
    const seqs = this.#seqs(which);
    const { store, presenter, target } = this.#feed;
    const source: ExportSource = { topic: target.topic, store, seqs, presenter };
    if (as === 'files') {
      const title = t('Choose a folder for the values of {0}', target.topic);
      const [into] =
        (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, title })) ?? [];
      if (into === undefined) return;
      const written = await this.#withProgress(seqs.length, (progress) => this.#writeValues(source, into, progress));
      void vscode.window.showInformationMessage(
        written === 1
          ? t('1 value written to {0}.', into.fsPath)
          : t('{0} values written to {1}.', formatCount(written), into.fsPath),
      );
      return;
    }
    const uri = await askWhereToSave({
      name: target.topic,
      format: as,
      title: t('Export records of {0}', target.topic),
    });
    if (uri === undefined) return;
    const written = await this.#withProgress(seqs.length, (progress) => this.#writeLines(source, uri, as, progress));
    const file = fileNameOf(uri);
    const told =
      written === 1
        ? t('1 record written to {0}.', file)
        : t('{0} records written to {1}.', formatCount(written), file);
    void offerToOpen(uri, told);
  }

  /** Which ones is fixed as the command is given; 8 bytes a record. */
  #seqs(which: Message<'export'>['which']): Float64Array {
    const { store, view } = this.#feed;
    if (which === 'all') return seqsFrom(store.endSeq - store.firstSeq, (index) => store.firstSeq + index);
    if (which === 'shown') return seqsFrom(view.count, (index) => view.seqAt(view.first + index)!);
    if (!('generation' in which)) return Float64Array.from(which);
    if (which.generation !== view.generation) {
      throw new HumanError(t('The rows have moved since they were selected.'), t('Select them again.'));
    }
    const first = Math.max(which.first, view.first);
    const end = Math.min(which.first + which.count, view.first + view.count);
    return seqsFrom(Math.max(0, end - first), (index) => view.seqAt(first + index)!);
  }

  async #withProgress(of: number, work: (progress: (done: number) => void) => Promise<number>): Promise<number> {
    const title = t('Exporting records of {0}', this.#feed.target.topic);
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (bar, token) => {
        let isCancelled = false;
        const cancel = (): void => void (isCancelled = true);
        token.onCancellationRequested(cancel);
        this.#cancelExport = cancel;
        let told = 0;
        try {
          return await work((done) => {
            if (isCancelled) throw new CancelledError();
            const percent = Math.floor((100 * done) / Math.max(1, of));
            if (percent === told) return;
            bar.report({ increment: percent - told, message: `${percent} %` });
            told = percent;
            this.#feed.exporting({ done, of });
          });
        } finally {
          this.#cancelExport = undefined;
          this.#feed.exporting(undefined);
        }
      },
    );
  }

  async #writeLines(
    source: ExportSource,
    uri: vscode.Uri,
    kind: 'jsonl' | 'csv',
    progress: (done: number) => void,
  ): Promise<number> {
    let done = 0;
    const text = exportText(source, kind, (records) => progress((done = records)));
    if (uri.scheme === 'file') await streamTo(uri.fsPath, text);
    else {
      // Other file systems take whole files only.
      const parts: Buffer[] = [];
      for await (const piece of text) parts.push(Buffer.from(piece));
      await vscode.workspace.fs.writeFile(uri, Buffer.concat(parts));
    }
    return done;
  }

  async #writeValues(source: ExportSource, into: vscode.Uri, progress: (done: number) => void): Promise<number> {
    let done = 0;
    for await (const { record } of exported(source)) {
      if (!record.isControl && record.value !== null) {
        const name = `${source.topic}-${record.partition}-${record.offset}.value`.replace(/[^\w.-]+/g, '_');
        if (into.scheme === 'file') await writeFile(join(into.fsPath, name), record.value);
        else await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(into, name), record.value);
        done++;
      }
      progress(done);
    }
    return done;
  }

  #record(seq: number): KeptRecord {
    const record = this.#feed.store.at(seq);
    if (record === undefined || record.kind === 'notice') {
      throw new HumanError(t('This record is not kept any more.'), t('Go back to its offset to read it again.'));
    }
    return record;
  }

  async #document(record: KeptRecord, part: Part): Promise<vscode.Uri> {
    const { presenter, target } = this.#feed;
    const { text, language, kind } = await presenter.document(record, part, true);
    const name = `${target.topic}-${record.partition}@${record.offset}${part === 'key' ? '.key' : ''}`;
    return this.#documents.add(name, kind === 'null' ? '' : text, language);
  }
}

function seqsFrom(count: number, seqAt: (index: number) => number): Float64Array {
  const seqs = new Float64Array(count);
  for (let index = 0; index < count; index++) seqs[index] = seqAt(index);
  return seqs;
}

/** Adds it to what goes to the clipboard. @throws {HumanError} it gets too much. */
function addText(texts: string[], chars: number, text: string): number {
  const sum = chars + text.length;
  if (sum > mostCopied) {
    throw new HumanError(t('That is too much for the clipboard.'), t('Export the rows to a file instead.'));
  }
  texts.push(text);
  return sum;
}
