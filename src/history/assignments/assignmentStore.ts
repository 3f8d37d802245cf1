import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { CommitMark, GroupEvent, PollEvent } from '../../offsetsTopic/replay/groupEvent.ts';
import { HumanError } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';
import { inTransaction, openSqlite } from '../../shared/sqlite.ts';
import type { Coverage, StoredGroup } from './stored.ts';

const schemaVersion = 1;
const schema = `
  CREATE TABLE IF NOT EXISTS event (
    cluster TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, position INTEGER, body TEXT NOT NULL,
    PRIMARY KEY (cluster, name, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS event_at ON event (at);
  CREATE TABLE IF NOT EXISTS coverage (
    cluster TEXT NOT NULL, name TEXT NOT NULL, topic_id TEXT NOT NULL, partition INTEGER NOT NULL,
    first INTEGER NOT NULL, next INTEGER NOT NULL, rest TEXT NOT NULL, PRIMARY KEY (cluster, name)
  ) STRICT, WITHOUT ROWID;
`;
/** Looked after its bounds once in so many events. */
const trimEvery = 500;
/** Of what is there, so much goes at once where it is too large. */
const trimShare = 0.1;

export interface StoreLimits {
  readonly maxAgeDays: number;
  readonly maxMegabytes: number;
}

export interface AssignmentStoreOptions {
  readonly file: string;
  /** Read anew each time. */
  readonly limits: () => StoreLimits;
  /** Milliseconds since 1970; default this machine's clock. */
  readonly now?: () => number;
}

/** What was learned of groups, kept on disk: survives restarts, and several windows write it at once. */
export interface AssignmentStore {
  /** undefined where nothing is kept of it. `cluster`: Kafka's own id of it. */
  read(cluster: string, group: string): StoredGroup | undefined;
  /** Adds events; the same again changes nothing. With `coverage`, the part of the topic that they are all of. */
  write(cluster: string, group: string, events: readonly GroupEvent[], coverage?: Coverage): void;
  /** Removes what is too old, or too much. */
  trim(): void;
  close(): void;
}

/** @throws {HumanError} where this editor has no SQLite, or the file cannot be used. */
export function openAssignmentStore(options: AssignmentStoreOptions): Promise<AssignmentStore> {
  const advice = t('Assignment history works without it, but is forgotten when the window closes.');
  return openSqlite(
    options.file,
    {
      missing: () => new HumanError(t('This editor has no SQLite, so assignment history cannot be kept.'), advice),
      unusable: (why, cause) =>
        new HumanError(t('Assignment history cannot be kept in {0}: {1}.', options.file, why), advice, { cause }),
    },
    (database) => new SqliteAssignmentStore(database, options),
  );
}

class SqliteAssignmentStore implements AssignmentStore {
  readonly #database: DatabaseSync;
  readonly #options: AssignmentStoreOptions;
  #sinceTrim = 0;

  constructor(database: DatabaseSync, options: AssignmentStoreOptions) {
    this.#database = database;
    this.#options = options;
    // What is lost with the machine can be read again.
    database.exec('PRAGMA synchronous = NORMAL;');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > schemaVersion) {
      throw new HumanError(
        t('The assignment history was written by a newer version of this extension.'),
        t('Update the extension to use it.'),
      );
    }
    if (version === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM;');
    database.exec(`${schema} PRAGMA user_version = ${schemaVersion};`);
    this.trim();
  }

  read(cluster: string, group: string): StoredGroup | undefined {
    const query = this.#database.prepare(
      'SELECT key, at, position, body FROM event WHERE cluster = ? AND name = ? ORDER BY position, at',
    );
    query.setReadBigInts(true);
    const all = query.all(cluster, group).map(eventOf);
    const coverage = this.#coverage(cluster, group);
    if (all.length === 0 && coverage === undefined) return undefined;
    const polls = all.filter((event): event is PollEvent => event.kind === 'poll');
    return { events: all.filter(({ kind }) => kind !== 'poll'), polls, coverage };
  }

  write(cluster: string, group: string, events: readonly GroupEvent[], coverage?: Coverage): void {
    const oldest = this.#oldest();
    const kept = events.filter(({ at }) => at >= oldest);
    if (kept.length === 0 && coverage === undefined) return;
    inTransaction(this.#database, () => {
      if (coverage !== undefined) this.#cover(cluster, group, coverage);
      // Read again from another place, an event may know of more commits before it.
      const insert = this.#database.prepare(
        `INSERT INTO event VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (cluster, name, key)
         DO UPDATE SET body = excluded.body WHERE length(excluded.body) > length(body)`,
      );
      for (const { key, at, position, ...body } of kept) {
        insert.run(cluster, group, key, at, position ?? null, JSON.stringify(body));
      }
    });
    this.#sinceTrim += kept.length;
    if (this.#sinceTrim >= trimEvery) this.trim();
  }

  trim(): void {
    this.#sinceTrim = 0;
    const { maxMegabytes } = this.#options.limits();
    inTransaction(this.#database, () => {
      const { changes } = this.#database.prepare('DELETE FROM event WHERE at < ?').run(this.#oldest());
      let removed = Number(changes);
      let size = this.#bytes();
      while (size > maxMegabytes * 1e6) {
        const { count } = this.#database.prepare('SELECT count(*) AS count FROM event').get() as { count: number };
        if (count === 0) break;
        const some = Math.max(1, Math.ceil(count * trimShare));
        const { limit } = this.#database
          .prepare('SELECT at AS "limit" FROM event ORDER BY at LIMIT 1 OFFSET ?')
          .get(Math.min(some, count) - 1) as { limit: number };
        removed += Number(this.#database.prepare('DELETE FROM event WHERE at <= ?').run(limit).changes);
        size = this.#bytes();
      }
      if (removed > 0) this.#uncover();
    });
    this.#database.exec('PRAGMA incremental_vacuum;');
  }

  close(): void {
    this.#database.close();
  }

  #oldest(): number {
    const { now = Date.now, limits } = this.#options;
    return now() - limits().maxAgeDays * 86_400_000;
  }

  /** What is in use of the file. */
  #bytes(): number {
    const value = (name: string): number => {
      return Object.values(this.#database.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[0]!;
    };
    return (value('page_count') - value('freelist_count')) * value('page_size');
  }

  /** What was removed may be read again, where the topic still has it. */
  #uncover(): void {
    this.#database.exec(`
      UPDATE coverage SET first = max(first, coalesce(
        (SELECT min(position) FROM event e WHERE e.cluster = coverage.cluster AND e.name = coverage.name), next));
      DELETE FROM coverage WHERE first >= next;
    `);
  }

  #coverage(cluster: string, group: string): Coverage | undefined {
    const query = this.#database.prepare('SELECT * FROM coverage WHERE cluster = ? AND name = ?');
    query.setReadBigInts(true);
    const row = query.get(cluster, group);
    if (row === undefined) return undefined;
    return {
      topicId: row['topic_id'] as string,
      partition: Number(row['partition']),
      from: row['first'] as bigint,
      to: row['next'] as bigint,
      rest: JSON.parse(row['rest'] as string) as CommitMark[],
    };
  }

  /** Two parts that touch are one; else the newer part counts. */
  #cover(cluster: string, group: string, coverage: Coverage): void {
    const known = this.#coverage(cluster, group);
    let { from, to, rest } = coverage;
    if (known !== undefined && (known.topicId !== coverage.topicId || known.partition !== coverage.partition)) {
      // Offsets of the topic that was there before mean nothing in this one.
      this.#database
        .prepare('DELETE FROM event WHERE cluster = ? AND name = ? AND position IS NOT NULL')
        .run(cluster, group);
    } else if (known !== undefined && known.from <= to && from <= known.to) {
      if (known.from < from) from = known.from;
      if (known.to > to) ({ to, rest } = known);
    }
    this.#database
      .prepare(
        `INSERT INTO coverage VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (cluster, name) DO UPDATE SET topic_id = excluded.topic_id,
         partition = excluded.partition, first = excluded.first, next = excluded.next, rest = excluded.rest`,
      )
      .run(cluster, group, coverage.topicId, coverage.partition, from, to, JSON.stringify(rest));
  }
}

function eventOf(row: Record<string, SQLOutputValue>): GroupEvent {
  const body = JSON.parse(row['body'] as string) as Omit<GroupEvent, 'key' | 'at' | 'position'>;
  const position = (row['position'] as bigint | null) ?? undefined;
  return { ...body, key: row['key'] as string, at: Number(row['at']), position } as GroupEvent;
}
