import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { ClusterWatch, type WatchState } from '../../src/watch/clusterWatch.ts';
import type { Snapshot } from '../../src/groups/snapshot.ts';
import { aGroup, aSnapshot } from '../support/snapshots.ts';

/** A collector that answers when told to, so that a test decides the order of events. */
function collector(): {
  collect: (signal: AbortSignal) => Promise<Snapshot>;
  calls: { resolve: (snapshot: Snapshot) => void; reject: (error: Error) => void }[];
} {
  const calls: { resolve: (snapshot: Snapshot) => void; reject: (error: Error) => void }[] = [];
  return { calls, collect: () => new Promise((resolve, reject) => calls.push({ resolve, reject })) };
}

/** Lets all promises that can settle do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

describe('ClusterWatch', () => {
  it('asks nothing while nobody looks, and never two polls at once', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    try {
      const { calls, collect } = collector();
      const watch = new ClusterWatch({ collect, intervalMs: () => 5_000 });
      mock.timers.tick(60_000);
      assert.equal(calls.length, 0);
      const look = watch.look();
      const other = watch.look();
      mock.timers.tick(0);
      assert.equal(calls.length, 1);
      mock.timers.tick(60_000);
      assert.equal(calls.length, 1, 'a slow poll is not overtaken');
      calls[0]!.resolve(aSnapshot({}));
      await settle();
      assert.equal(watch.state.kind, 'ok');
      mock.timers.tick(0);
      assert.equal(calls.length, 2, 'the next is overdue');
      calls[1]!.resolve(aSnapshot({}));
      await settle();
      mock.timers.tick(4_999);
      assert.equal(calls.length, 2);
      mock.timers.tick(1);
      assert.equal(calls.length, 3);
      calls[2]!.resolve(aSnapshot({}));
      await settle();
      look.dispose();
      look.dispose();
      mock.timers.tick(5_000);
      assert.equal(calls.length, 4, 'one still looks');
      calls[3]!.resolve(aSnapshot({}));
      await settle();
      other.dispose();
      mock.timers.tick(60_000);
      assert.equal(calls.length, 4);
      assert.equal(watch.state.kind, 'idle');
      watch.dispose();
    } finally {
      mock.timers.reset();
    }
  });

  it('polls on when the clock is set back', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 7_200_000 });
    try {
      const { calls, collect } = collector();
      const watch = new ClusterWatch({ collect, intervalMs: () => 5_000 });
      watch.look();
      mock.timers.tick(0);
      mock.timers.setTime(3_600_000);
      calls[0]!.resolve(aSnapshot({}));
      await settle();
      mock.timers.tick(5_000);
      assert.equal(calls.length, 2);
      watch.dispose();
    } finally {
      mock.timers.reset();
    }
  });

  it('keeps the last snapshot while failing, backs off, and recovers', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    try {
      const { calls, collect } = collector();
      const failures: unknown[] = [];
      const watch = new ClusterWatch({ collect, intervalMs: () => 5_000, onFailure: (error) => failures.push(error) });
      const states: WatchState['kind'][] = [];
      watch.onDidChange(() => states.push(watch.state.kind));
      watch.look();
      mock.timers.tick(0);
      const snapshot = aSnapshot({ groups: [aGroup('billing')] });
      calls[0]!.resolve(snapshot);
      await settle();
      mock.timers.tick(5_000);
      const waits = [1_000, 2_000, 4_000, 8_000, 15_000, 15_000];
      for (const [index, wait] of waits.entries()) {
        calls[1 + index]!.reject(new Error('Broker gone.'));
        await settle();
        assert.deepEqual([watch.state.kind, watch.snapshot], ['failing', snapshot], 'what was known stays');
        mock.timers.tick(wait - 1);
        assert.equal(calls.length, 2 + index);
        mock.timers.tick(1);
        assert.equal(calls.length, 3 + index);
      }
      calls.at(-1)!.resolve(aSnapshot({ takenAt: 1 }));
      await settle();
      assert.deepEqual([watch.state.kind, failures.length], ['ok', 6]);
      assert.deepEqual(states, ['connecting', 'ok', ...waits.map(() => 'failing' as const), 'ok']);
      watch.dispose();
    } finally {
      mock.timers.reset();
    }
  });

  it('refreshes on demand, joins a poll under way, and a caller can stop waiting', async () => {
    const { calls, collect } = collector();
    const watch = new ClusterWatch({ collect, intervalMs: () => 0 });
    const abort = new AbortController();
    const first = watch.refresh(abort.signal);
    const second = watch.refresh();
    abort.abort(new Error('Enough.'));
    await assert.rejects(first, /Enough/);
    calls[0]!.resolve(aSnapshot({ groups: [aGroup('billing')] }));
    await second;
    assert.equal(calls.length, 1);
    assert.equal(watch.status('billing')?.health, 'healthy');
    assert.equal(watch.status('billing'), watch.status('billing'));
    assert.equal(watch.status('nobody'), undefined);
    const failing = watch.refresh();
    calls[1]!.reject(new Error('Broker gone.'));
    await assert.rejects(failing, /Broker gone/);
    watch.dispose();
  });

  it('forgets what arrives after it was disposed', async () => {
    const { calls, collect } = collector();
    const watch = new ClusterWatch({ collect, intervalMs: () => 0 });
    const refresh = watch.refresh();
    watch.dispose();
    calls[0]!.resolve(aSnapshot({}));
    await refresh;
    assert.equal(watch.snapshot, undefined);
  });
});
