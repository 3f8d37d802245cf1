import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openAssignmentStore, type AssignmentStore } from '../../src/history/assignments/assignmentStore.ts';
import type { Coverage } from '../../src/history/assignments/stored.ts';
import { generation, member, poll, t0 } from './assignmentsFixtures.ts';

describe('kept assignment history', () => {
  let folder: string;
  let limits = { maxAgeDays: 30, maxMegabytes: 200 };
  let now = t0;
  const stores: AssignmentStore[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assignments-'));
    limits = { maxAgeDays: 30, maxMegabytes: 200 };
    now = t0;
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) store.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(): Promise<AssignmentStore> {
    const store = await openAssignmentStore({ file: join(folder, 'history.db'), limits: () => limits, now: () => now });
    stores.push(store);
    return store;
  }

  const first = generation(1, 100, [member('a-1', [0])]);
  const second = generation(2, 200, [member('a-1', [0])], { position: 9_007_199_254_740_993n, key: 't:0:big' });
  const covered = (from: bigint, to: bigint, more: Partial<Coverage> = {}): Coverage => {
    return { topicId: 'one', partition: 0, from, to, rest: [], ...more };
  };

  it('gives back what was written, exactly, after a restart', async () => {
    const store = await open();
    const seen = poll(300);
    store.write('c', 'g', [second, first], covered(0n, 9_007_199_254_740_994n, { rest: [['orders', 0, t0, 3]] }));
    store.write('c', 'g', [seen]);
    store.write('c', 'other', [first]);
    stores.splice(0).forEach((each) => each.close());
    const read = (await open()).read('c', 'g');
    assert.deepEqual(read?.events, [first, second]);
    assert.deepEqual({ ...read.polls[0], epoch: undefined }, seen);
    assert.deepEqual(read.coverage, covered(0n, 9_007_199_254_740_994n, { rest: [['orders', 0, t0, 3]] }));
    assert.equal((await open()).read('other cluster', 'g'), undefined);
  });

  it('two windows write the same without doubling it, and the fuller one stays', async () => {
    const [one, two] = [await open(), await open()];
    const fuller = { ...first, commits: [['orders', 0, t0, 5]] as const };
    one.write('c', 'g', [first, second]);
    two.write('c', 'g', [fuller, second]);
    one.write('c', 'g', [first]);
    assert.deepEqual(one.read('c', 'g')?.events, [fuller, second]);
  });

  it('joins parts that touch; of parts that do not the newer counts', async () => {
    const store = await open();
    store.write('c', 'g', [], covered(100n, 200n));
    store.write('c', 'g', [], covered(200n, 300n, { rest: [['orders', 0, t0, 1]] }));
    store.write('c', 'g', [], covered(0n, 100n));
    assert.deepEqual(store.read('c', 'g')?.coverage, covered(0n, 300n, { rest: [['orders', 0, t0, 1]] }));
    store.write('c', 'g', [], covered(400n, 500n));
    assert.deepEqual(store.read('c', 'g')?.coverage, covered(400n, 500n));
  });

  it('forgets what a topic said that was made anew since', async () => {
    const store = await open();
    store.write('c', 'g', [first, poll(50)], covered(0n, 150n));
    store.write('c', 'g', [second], covered(0n, 10n, { topicId: 'two' }));
    const read = store.read('c', 'g');
    assert.deepEqual(read?.events, [second]);
    assert.equal(read.polls.length, 1);
  });

  it('drops what is too old, and lets the topic be read again from there', async () => {
    const store = await open();
    store.write('c', 'g', [first, { ...second, at: t0 + 20 * 86_400_000, position: 200n }], covered(0n, 300n));
    now = t0 + 31 * 86_400_000;
    store.trim();
    const read = store.read('c', 'g');
    assert.deepEqual(
      read?.events.map(({ key }) => key),
      ['t:0:big'],
    );
    assert.deepEqual(read.coverage, covered(200n, 300n));
    store.write('c', 'g', [first]);
    assert.equal(store.read('c', 'g')?.events.length, 1);
  });

  it('keeps to its size, oldest first, and gives the space back', async () => {
    const store = await open();
    limits = { maxAgeDays: 30, maxMegabytes: 1 };
    const topics = Array.from({ length: 100 }, (_, index) => `topic-with-a-long-name-${index}`);
    const events = Array.from({ length: 2_000 }, (_, index) =>
      generation(index + 1, index, [member('a-1', [0], { topics })]),
    );
    store.write('c', 'g', events, covered(0n, 2_000n));
    const read = store.read('c', 'g');
    assert.ok(read !== undefined && read.events.length > 50 && read.events.length < 1_000, `${read?.events.length}`);
    assert.equal(read.events.at(-1)?.key, events.at(-1)?.key);
    assert.equal(read.coverage?.from, read.events[0]?.position);
    stores.splice(0).forEach((each) => each.close());
    assert.ok((await stat(join(folder, 'history.db'))).size < 1_500_000);
  });

  it('says what is wrong with a file that is none', async () => {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(folder, 'history.db'), 'no database, but long enough to be taken for one'.repeat(100));
    await assert.rejects(open(), /Assignment history cannot be kept in .*history\.db/);
  });
});
