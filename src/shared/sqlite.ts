import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import { HumanError, messageOf } from './errors.ts';

export interface SqliteTexts {
  /** This editor has no SQLite. */
  readonly missing: () => HumanError;
  /** The file cannot be used. `why`: half a sentence. */
  readonly unusable: (why: string, cause: unknown) => HumanError;
}

/** How long another program that holds the file is waited for, milliseconds. */
export const busyTimeoutMs = 5_000;

/**
 * Opens a SQLite file that several windows may have open, making it where there is none, and makes what is wanted of it. Loaded only
 * here, so that activation does not pay for it.
 *
 * @throws {HumanError} where this editor has no SQLite, or the file cannot be used.
 */
export async function openSqlite<T>(file: string, texts: SqliteTexts, make: (database: DatabaseSync) => T): Promise<T> {
  let sqlite: typeof Sqlite;
  try {
    sqlite = await import('node:sqlite');
  } catch (error) {
    throw Object.assign(texts.missing(), { cause: error });
  }
  try {
    const database = new sqlite.DatabaseSync(file);
    try {
      database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL;`);
      return make(database);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof HumanError) throw error;
    throw texts.unusable(messageOf(error), error);
  }
}

/** Whether another program holds the file (SQLITE_BUSY, SQLITE_LOCKED). */
export function isLocked(error: unknown): boolean {
  return error instanceof Error && /\bis locked\b/.test(error.message);
}

/** All of `work`, or nothing of it; other windows wait. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // A disk that is full, among others, has made SQLite do so by itself.
    }
    throw error;
  }
}
