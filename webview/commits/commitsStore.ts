import type { CommitRow, CommitsModel, ToCommitsPage } from '../../src/ui/panels/commits/protocol.ts';

/** What the host has told since the page became visible. */
export class CommitsStore {
  model: CommitsModel | undefined;
  receivedAt = 0;
  readonly rows = new Map<number, CommitRow>();
  /** Goes up with each change of the rows. */
  version = 0;
  /** Other rows are to be listed. */
  rowsDue = true;
  #portionsDue = false;

  receive(message: Exclude<ToCommitsPage, { type: 'select' }>): void {
    switch (message.type) {
      case 'full':
        this.rows.clear();
        this.#takeModel(message.model);
        break;
      case 'update':
        for (const id of this.rows.keys()) {
          if (id >= message.from) break;
          this.rows.delete(id);
        }
        this.#takeModel(message.model);
        break;
      case 'rows':
        break;
    }
    for (const row of message.rows) this.rows.set(row.id, row);
    this.rowsDue ||= message.rows.length > 0 || this.rows.size === 0;
    this.#portionsDue = message.more;
    this.version++;
  }

  /** Whether rows are to be listed anew: once, and only when all portions are there. */
  takeRowsDue(): boolean {
    if (!this.rowsDue || this.#portionsDue) return false;
    this.rowsDue = false;
    return true;
  }

  #takeModel(model: CommitsModel): void {
    this.model = model;
    this.receivedAt = Date.now();
  }
}
