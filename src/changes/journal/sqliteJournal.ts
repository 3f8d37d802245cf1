import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { HumanError, messageOf } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';
import { busyTimeoutMs, inTransaction, isLocked, openSqlite } from '../../shared/sqlite.ts';
import { countOf, type RowResult } from '../results.ts';
import type { Journal, JournalEntry, JournalLine, NewEntry } from './entry.ts';
import { positionsFromJson, positionsToJson, resultsFromJson, resultsToJson } from './json.ts';
import { heartbeatMs, isDead, isRunning, type Owner } from './owner.ts';

const schemaVersion = 1;
const schema = `
  CREATE TABLE IF NOT EXISTS change (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, finished_at INTEGER, cluster TEXT NOT NULL, cluster_id TEXT, kind TEXT NOT NULL,
    subject TEXT NOT NULL, group_type TEXT, state TEXT NOT NULL, name TEXT, undoes TEXT, partitions INTEGER NOT NULL,
    done INTEGER NOT NULL, owner TEXT, positions TEXT NOT NULL, results TEXT NOT NULL, details TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS change_at ON change (at);
  CREATE TABLE IF NOT EXISTS owner (
    id TEXT PRIMARY KEY, pid INTEGER NOT NULL, host TEXT NOT NULL, seen INTEGER NOT NULL
  ) STRICT;
`;
const lineColumns =
  'id, at, finished_at, cluster, cluster_id, kind, subject, group_type, state, name, undoes, partitions, done';

type Row = Record<string, SQLOutputValue>;

export interface JournalOptions {
  readonly file: string;
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: () => number;
}

/**
 * Opens the journal, making it where there is none. Several windows may have it open.
 *
 * @throws {HumanError} where this editor has no SQLite, or the file cannot be used.
 */
export function openJournal({ file, now = Date.now }: JournalOptions): Promise<Journal> {
  return openSqlite(
    file,
    {
      missing: () =>
        new HumanError(
          t('This editor has no SQLite, so changes cannot be written down.'),
          t('Without it nothing can be undone later: update the editor to 1.101 or newer.'),
        ),
      unusable: (why, cause) =>
        new HumanError(
          t('The journal of changes at {0} cannot be used: {1}.', file, why),
          t('Nothing can be undone later without it: check the disk, or move the file away.'),
          { cause },
        ),
    },
    (database) => new SqliteJournal(database, now),
  );
}

class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #owner = randomUUID();
  readonly #host = hostname();
  readonly #executing = new Set<string>();
  /** How to write down results that could not be, by the id of their entry. */
  readonly #unwritten = new Map<string, () => void>();
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database;
    this.#now = now;
    // FULL: what `begin` has written survives the machine, too.
    database.exec('PRAGMA synchronous = FULL;');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > schemaVersion) {
      throw new HumanError(
        t('The journal of changes was written by a newer version of this extension.'),
        t('Update the extension to read it; until then nothing is changed.'),
      );
    }
    database.exec(`${schema} PRAGMA user_version = ${schemaVersion};`);
    this.#sweep();
  }

  begin(entry: NewEntry): string {
    const id = randomUUID();
    const isSnapshot = entry.kind === 'snapshot';
    const at = this.#now();
    try {
      inTransaction(this.#database, () => {
        if (!isSnapshot) this.#sayAlive();
        this.#insert(
          {
            ...entry,
            id,
            when: at,
            finishedAt: isSnapshot ? at : undefined,
            state: isSnapshot ? 'done' : 'executing',
            name: entry.name,
            undoes: entry.undoes,
            details: entry.details,
            results: [],
          },
          isSnapshot ? null : this.#owner,
        );
      });
    } catch (error) {
      throw new HumanError(
        t('The change could not be written down: {0}.', messageOf(error)),
        isLocked(error)
          ? t('Nothing was changed. Another program holds the journal: try again when it has ended.')
          : t('Nothing was changed. Check that the disk is not full.'),
        { cause: error },
      );
    }
    if (!isSnapshot) {
      this.#executing.add(id);
      this.#heartbeat ??= setInterval(() => this.#beat(), heartbeatMs).unref();
    }
    return id;
  }

  finish(id: string, state: 'done' | 'failed', results: readonly RowResult[]): void {
    this.#executing.delete(id);
    if (this.#executing.size === 0) this.#stopHeartbeat();
    const at = this.#now();
    const write = (): void => {
      this.#database
        .prepare('UPDATE change SET state = ?, finished_at = ?, results = ?, done = ?, owner = NULL WHERE id = ?')
        .run(state, at, JSON.stringify(resultsToJson(results)), countOf(results, 'done'), id);
    };
    try {
      write();
      this.#unwritten.delete(id);
    } catch (error) {
      this.#unwritten.set(id, write);
      throw error;
    }
  }

  list(limit = 1_000): readonly JournalLine[] {
    this.#sweep();
    const rows = this.#database
      .prepare(`SELECT ${lineColumns} FROM change ORDER BY at DESC, rowid DESC LIMIT ?`)
      .all(limit);
    return rows.map(lineOf);
  }

  get(id: string): JournalEntry | undefined {
    this.#sweep();
    const row = this.#database.prepare('SELECT * FROM change WHERE id = ?').get(id);
    if (row === undefined) return undefined;
    const { partitions: _partitions, done: _done, ...line } = lineOf(row);
    return {
      ...line,
      positions: positionsFromJson(JSON.parse(row['positions'] as string) as Parameters<typeof positionsFromJson>[0]),
      results: resultsFromJson(JSON.parse(row['results'] as string) as Parameters<typeof resultsFromJson>[0]),
      details: row['details'] === null ? undefined : (JSON.parse(row['details'] as string) as JournalEntry['details']),
    };
  }

  remove(id: string): void {
    this.#database.prepare("DELETE FROM change WHERE id = ? AND state <> 'executing'").run(id);
  }

  add(entries: readonly JournalEntry[]): number {
    return inTransaction(this.#database, () => {
      const isHere = this.#database.prepare('SELECT 1 FROM change WHERE id = ?');
      const fresh = entries.filter(({ id }) => isHere.get(id) === undefined);
      for (const entry of fresh) this.#insert(entry, null);
      return fresh.length;
    });
  }

  close(): void {
    this.#stopHeartbeat();
    this.#writeLate();
    // Whatever is still executing stays this owner's, so that the next one to look finds it interrupted.
    if (this.#executing.size === 0) this.#database.prepare('DELETE FROM owner WHERE id = ?').run(this.#owner);
    this.#database.close();
  }

  #insert(entry: JournalEntry, owner: string | null): void {
    this.#database
      .prepare(
        `INSERT INTO change (${lineColumns}, owner, positions, results, details)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        entry.id,
        entry.when,
        entry.finishedAt ?? null,
        entry.cluster,
        entry.clusterId ?? null,
        entry.kind,
        entry.subject,
        entry.groupType ?? null,
        entry.state,
        entry.name ?? null,
        entry.undoes ?? null,
        entry.positions.length,
        countOf(entry.results, 'done'),
        owner,
        JSON.stringify(positionsToJson(entry.positions)),
        JSON.stringify(resultsToJson(entry.results)),
        entry.details === undefined ? null : JSON.stringify(entry.details),
      );
  }

  /** Results that could not be written down, since another program held the file or the disk was full, are as soon as they can. */
  #writeLate(): void {
    if (this.#unwritten.size === 0) return;
    // Nobody waits for it now.
    this.#database.exec('PRAGMA busy_timeout = 0');
    try {
      for (const [id, write] of this.#unwritten) {
        write();
        this.#unwritten.delete(id);
      }
    } catch {
      // The next time, then.
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    }
  }

  /** What a window that has died was doing is interrupted; what another living one is doing is not. */
  #sweep(): void {
    this.#writeLate();
    const executing = this.#database
      .prepare(
        `SELECT c.id AS change, o.id, o.pid, o.host, o.seen FROM change c LEFT JOIN owner o ON o.id = c.owner
         WHERE c.state = 'executing'`,
      )
      .all();
    const world = { now: this.#now(), host: this.#host, isRunning };
    const interrupt = this.#database.prepare(
      "UPDATE change SET state = 'interrupted', owner = NULL WHERE id = ? AND state = 'executing'",
    );
    for (const row of executing) {
      const owner = row['id'] === null ? undefined : (row as unknown as Owner);
      if (owner?.id !== this.#owner && isDead(owner, world)) interrupt.run(row['change'] as string);
    }
  }

  #sayAlive(): void {
    this.#database
      .prepare('INSERT INTO owner VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET seen = excluded.seen')
      .run(this.#owner, process.pid, this.#host, this.#now());
  }

  #beat(): void {
    try {
      this.#sayAlive();
    } catch {
      // Another window holds the file: one beat that is missed is no silence yet.
    }
  }

  #stopHeartbeat(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }
}

function lineOf(row: Row): JournalLine {
  const text = (column: string): string | undefined => (row[column] as string | null) ?? undefined;
  return {
    id: row['id'] as string,
    when: row['at'] as number,
    finishedAt: (row['finished_at'] as number | null) ?? undefined,
    cluster: row['cluster'] as string,
    clusterId: text('cluster_id'),
    kind: row['kind'] as JournalLine['kind'],
    subject: row['subject'] as string,
    groupType: text('group_type') as JournalLine['groupType'],
    state: row['state'] as JournalLine['state'],
    name: text('name'),
    undoes: text('undoes'),
    partitions: row['partitions'] as number,
    done: row['done'] as number,
  };
}
