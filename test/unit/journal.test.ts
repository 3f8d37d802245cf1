import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { pastOf } from '../../src/changes/undo.ts';
import type { Journal, NewEntry } from '../../src/changes/journal/entry.ts';
import { exportEntries, importEntries } from '../../src/changes/journal/json.ts';
import { isDead, silenceMs } from '../../src/changes/journal/owner.ts';
import { openJournal } from '../../src/changes/journal/sqliteJournal.ts';
import type { Outcome, RowResult } from '../../src/changes/results.ts';
import { HumanError } from '../../src/shared/errors.ts';
import { inTransaction } from '../../src/shared/sqlite.ts';

const huge = 2n ** 63n - 1n;
const entry: NewEntry = {
  cluster: 'local',
  clusterId: 'abc',
  kind: 'reset',
  subject: 'orders',
  groupType: 'classic',
  positions: [
    {
      topic: 't',
      partition: 0,
      before: { offset: huge, leaderEpoch: 7, metadata: 'héé' },
      after: { kind: 'commit', offset: 2n ** 53n + 1n, leaderEpoch: -1, metadata: '' },
    },
    { topic: 't', partition: 1, before: undefined, after: { kind: 'delete' } },
  ],
};

function result(partition: number, outcome: Outcome, found?: bigint): RowResult {
  return { topic: 't', partition, outcome, message: undefined, code: undefined, isRead: true, found };
}

describe('the journal of changes', () => {
  let folder: string;
  let file: string;
  const open: Journal[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    file = join(folder, 'journal.sqlite');
  });

  after(async () => {
    for (const journal of open) journal.close();
    await rm(folder, { recursive: true });
  });

  async function opened(options: { file?: string; now?: () => number } = {}): Promise<Journal> {
    const journal = await openJournal({ file, ...options });
    open.push(journal);
    return journal;
  }

  it('gives back what was written, to the last bit, in another window', async () => {
    const journal = await opened();
    const id = journal.begin({ ...entry, undoes: 'x', details: { a: [1, null] } });
    journal.finish(id, 'failed', [result(0, 'done', huge), result(1, 'refused')]);
    const read = (await opened()).get(id)!;
    assert.deepEqual(read.positions, entry.positions);
    assert.deepEqual(read.results, [result(0, 'done', huge), result(1, 'refused')]);
    assert.deepEqual(
      [read.state, read.undoes, read.details, read.subject],
      ['failed', 'x', { a: [1, null] }, 'orders'],
    );
    const [line] = journal.list();
    assert.deepEqual([line!.id, line!.partitions, line!.done], [id, 2, 1]);
    assert.equal(journal.get('nothing'), undefined);
  });

  it('lists the newest first, and removes', async () => {
    let now = 1_000;
    const journal = await opened({ file: join(folder, 'order.sqlite'), now: () => now++ });
    const ids = [1, 2, 3].map(() => journal.begin({ ...entry, kind: 'snapshot', name: 'n' }));
    assert.deepEqual(
      journal.list().map(({ id }) => id),
      ids.toReversed(),
    );
    assert.deepEqual(
      journal.list(1).map(({ state, name }) => [state, name]),
      [['done', 'n']],
    );
    journal.remove(ids[1]!);
    assert.deepEqual(
      journal.list().map(({ id }) => id),
      [ids[2], ids[0]],
    );
  });

  it('does not call interrupted what another living window is doing', async () => {
    const [one, other] = [await opened(), await opened()];
    const id = one.begin(entry);
    assert.equal(other.get(id)!.state, 'executing');
    assert.equal((await opened()).get(id)!.state, 'executing');
    other.remove(id);
    one.finish(id, 'done', []);
    assert.equal(other.get(id)!.state, 'done');
  });

  it('calls interrupted what a window that was killed was doing', async () => {
    const module = join(import.meta.dirname, '..', '..', 'src', 'changes', 'journal', 'sqliteJournal.ts');
    const program = `
      const { openJournal } = await import(${JSON.stringify(module)});
      const journal = await openJournal({ file: ${JSON.stringify(file)} });
      console.log(journal.begin({ cluster: 'c', clusterId: undefined, kind: 'reset', subject: 'killed', groupType: undefined,
        positions: [{ topic: 't', partition: 0, before: { offset: 5n, leaderEpoch: -1, metadata: '' }, after: { kind: 'delete' } }] }));
      setInterval(() => {}, 1000);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = (await once(child.stdout, 'data')) as [Buffer];
    const id = output.toString().trim();
    const journal = await opened();
    assert.equal(journal.get(id)!.state, 'executing');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const read = journal.get(id)!;
    assert.equal(read.state, 'interrupted');
    assert.equal(read.positions[0]!.before!.offset, 5n);
    assert.equal(journal.list().find((line) => line.id === id)!.state, 'interrupted');
  });

  it('is exported and imported, and what is here already is left alone', async () => {
    const [one, other] = [await opened(), await opened({ file: join(folder, 'other.sqlite') })];
    const id = one.begin(entry);
    one.finish(id, 'done', [result(0, 'done', 5n)]);
    const text = exportEntries([one.get(id)!]);
    assert.equal(other.add(importEntries(text)), 1);
    assert.equal(other.add(importEntries(text)), 0);
    assert.deepEqual(other.get(id), one.get(id));
  });

  it('takes in no file that is damaged or of something else', () => {
    const good = JSON.parse(
      exportEntries([
        {
          ...entry,
          id: '1',
          when: 1,
          finishedAt: 1,
          state: 'done',
          name: undefined,
          undoes: undefined,
          results: [],
          details: undefined,
        },
      ]),
    ) as { entries: Record<string, unknown>[] };
    const damaged = (changes: Record<string, unknown>): string =>
      JSON.stringify({ ...good, entries: [{ ...good.entries[0], ...changes }] });
    assert.equal(importEntries(JSON.stringify(good)).length, 1);
    for (const text of [
      '',
      'null',
      '{}',
      JSON.stringify({ ...good, version: 2 }),
      damaged({ id: 5 }),
      damaged({ positions: 'none' }),
      damaged({ positions: [['t', 0, ['5.5', 0, ''], null]] }),
      damaged({ positions: [['t', 0.5, null, null]] }),
      damaged({ positions: [[{}, 0, null, null]] }),
      damaged({ positions: [['t', -1, null, null]] }),
      damaged({ positions: [['t', 0, ['9999999999999999999', 0, ''], null]] }),
      damaged({ results: [{ found: 'x' }] }),
      damaged({ results: [{ topic: 't', partition: 0, outcome: 'splendid' }] }),
      damaged({ kind: 'conquest' }),
      damaged({ state: 'blessed' }),
      damaged({ when: 1.5 }),
      damaged({ finishedAt: 'later' }),
      damaged({ groupType: 7 }),
    ]) {
      assert.throws(() => importEntries(text), HumanError, text);
    }
  });

  it('says what is lost where the file cannot be used', async () => {
    const broken = join(folder, 'broken.sqlite');
    await writeFile(broken, 'this is no database, and it is long enough to be taken for one'.repeat(100));
    await assert.rejects(openJournal({ file: broken }), /broken\.sqlite cannot be used.*Nothing can be undone later/);
    await assert.rejects(openJournal({ file: join(folder, 'no', 'folder') }), HumanError);
    const newer = join(folder, 'newer.sqlite');
    const database = new DatabaseSync(newer);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await assert.rejects(openJournal({ file: newer }), /newer version/);
  });

  it('changes nothing where it cannot write', async () => {
    const full = join(folder, 'full.sqlite');
    const journal = await opened({ file: full });
    const other = new DatabaseSync(full);
    other.exec('DROP TABLE change');
    other.close();
    assert.throws(() => journal.begin(entry), /could not be written down.*Nothing was changed/);
  });

  it('says that the disk is full, and not what came of that', () => {
    const database = new DatabaseSync(join(folder, 'small.sqlite'));
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (text TEXT); PRAGMA max_page_count = 5');
    const write = (text: string): void => {
      inTransaction(database, () => database.prepare('INSERT INTO t VALUES (?)').run(text));
    };
    assert.throws(() => write('x'.repeat(100_000)), /database or disk is full/);
    write('what there is room for');
    database.close();
  });

  it('writes results down later where it cannot at once', async () => {
    const held = join(folder, 'held.sqlite');
    const journal = await opened({ file: held });
    const other = new DatabaseSync(held);
    const id = journal.begin(entry);
    other.exec('ALTER TABLE change RENAME TO away');
    assert.throws(() => journal.finish(id, 'done', [result(0, 'done', 5n)]), /no such table/);
    other.exec('ALTER TABLE away RENAME TO change');
    const late = journal.get(id)!;
    assert.deepEqual([late.state, late.results.length], ['done', 1]);

    other.exec('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE');
    assert.throws(() => journal.begin(entry), /is locked.*Another program holds the journal/);
    other.exec('ROLLBACK');
    other.close();
  });
});

describe('who makes a change', () => {
  const owner = { id: 'o', pid: 1, host: 'here', seen: 1_000 };
  const at = (now: number, host: string, running: boolean): boolean =>
    isDead(owner, { now, host, isRunning: () => running });

  it('is dead when its process is gone, or when it is silent', () => {
    assert.equal(at(1_000, 'here', true), false);
    assert.equal(at(1_000, 'here', false), true);
    assert.equal(at(1_000, 'there', false), false, 'another machine has other processes');
    assert.equal(at(1_001 + silenceMs, 'there', true), true);
    assert.equal(at(1_001 + silenceMs, 'here', true), true, 'the process id is somebody else’s by now');
    assert.equal(isDead(undefined, { now: 0, host: 'here', isRunning: () => true }), true);
  });
});

describe('pastOf', () => {
  it('takes back what the change reached or may have reached', () => {
    const positions = Array.from({ length: 7 }, (_, partition) => ({
      topic: 't',
      partition,
      before: { offset: 1n, leaderEpoch: -1, metadata: '' },
      after: { kind: 'delete' } as const,
    }));
    const results = (['done', 'overtaken', 'refused', 'moved', 'not-sent', 'unknown'] as const).map(
      (outcome, partition) => result(partition, outcome),
    );
    assert.deepEqual(
      pastOf({ positions, results }).map(({ partition }) => partition),
      [0, 1, 5, 6],
    );
  });
});
