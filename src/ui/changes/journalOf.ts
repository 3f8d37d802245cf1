import * as vscode from 'vscode';
import type { Journal } from '../../changes/journal/entry.ts';
import { HumanError } from '../../shared/errors.ts';
import { Emitter, type Disposable, type Listener } from '../../shared/event.ts';
import { t } from '../../shared/l10n.ts';

const fileName = 'changes.sqlite';

/** The journal of this extension, opened when it is first needed and closed as the extension ends. */
export interface ChangeJournal {
  /** Where it is, or will be. */
  readonly file: vscode.Uri;
  /** @throws {HumanError} it cannot be used. */
  open(): Promise<Journal>;
  /**
   * For a change: where the journal cannot be used, asks whether to go on without. `'cancelled'`: the person would rather not;
   * undefined: goes on, and knows that there is no way back.
   */
  openOrAsk(): Promise<Journal | undefined | 'cancelled'>;
  /** This window has written something down. */
  readonly onDidChange: (listener: Listener<void>) => Disposable;
  /** To be called when something was written down. */
  changed(): void;
}

const opened = new WeakMap<vscode.ExtensionContext, ChangeJournal>();

/** One for the whole extension, whoever asks first. */
export function journalOf(context: vscode.ExtensionContext): ChangeJournal {
  const known = opened.get(context);
  if (known !== undefined) return known;
  const journal = new LazyJournal(context.globalStorageUri);
  opened.set(context, journal);
  context.subscriptions.push(journal);
  return journal;
}

class LazyJournal implements ChangeJournal, vscode.Disposable {
  readonly file: vscode.Uri;
  readonly #folder: vscode.Uri;
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;
  #opening: Promise<Journal> | undefined;

  constructor(folder: vscode.Uri) {
    this.#folder = folder;
    this.file = vscode.Uri.joinPath(folder, fileName);
  }

  open(): Promise<Journal> {
    if (this.#opening === undefined) {
      const opening = this.#open();
      this.#opening = opening;
      // A disk that was full need not stay so: the next one who asks tries again.
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return this.#opening;
  }

  async openOrAsk(): Promise<Journal | undefined | 'cancelled'> {
    try {
      return await this.open();
    } catch (error) {
      if (!(error instanceof HumanError)) throw error;
      const goOn = t('Change Without Undo');
      const detail = t('{0} The change can be made all the same, but not undone from here.', error.message);
      const question = t('What was there before cannot be written down.');
      const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, goOn);
      return answer === goOn ? undefined : 'cancelled';
    }
  }

  changed(): void {
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
    const opening = this.#opening;
    this.#opening = undefined;
    opening?.then(
      (journal) => journal.close(),
      () => {},
    );
  }

  async #open(): Promise<Journal> {
    await vscode.workspace.fs.createDirectory(this.#folder);
    // Loaded when first needed: an extension that starts has nothing to write down.
    const { openJournal } = await import('../../changes/journal/sqliteJournal.ts');
    return openJournal({ file: this.file.fsPath });
  }
}
