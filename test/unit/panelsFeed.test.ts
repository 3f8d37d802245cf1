import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LagFeed } from '../../src/ui/panels/lagFeed.ts';
import type { ToLagPage } from '../../src/ui/panels/protocol.ts';
import { billing, large, ScriptedWatch, scriptedClusters } from './panelsFixtures.ts';

const start = 1_700_000_000_000;

function feedOf(watches: Record<string, ScriptedWatch | undefined>, group = 'billing') {
  const sent: ToLagPage[] = [];
  const clusters = scriptedClusters(watches);
  const feed = new LagFeed({
    cluster: 'local',
    group,
    services: clusters,
    send: (message) => sent.push(message),
    now: () => start,
  });
  /** The messages since it was last asked. */
  const take = (): ToLagPage[] => sent.splice(0);
  return { feed, take, clusters };
}

function only<Type extends ToLagPage['type']>(messages: ToLagPage[], type: Type): Extract<ToLagPage, { type: Type }> {
  assert.deepEqual(
    messages.map((message) => message.type),
    [type],
  );
  return messages[0] as Extract<ToLagPage, { type: Type }>;
}

describe('the feed of a lag page', () => {
  it('asks nothing of the cluster before the page is there, nor after it is hidden', () => {
    const watch = new ScriptedWatch();
    const { feed, take } = feedOf({ local: watch });
    assert.equal(watch.looking, 0);
    feed.start([]);
    assert.equal(watch.looking, 1);
    take();
    feed.stop();
    assert.equal(watch.looking, 0);
    watch.poll(billing(0, start));
    assert.deepEqual(take(), []);
  });

  it('tells all once, then only what changed', () => {
    const watch = new ScriptedWatch();
    watch.pollUnseen(billing(0, start));
    const { feed, take } = feedOf({ local: watch });
    feed.start([]);
    const full = only(take(), 'full');
    assert.equal(full.rows.length, 10);
    assert.equal(full.totals.length, 1);

    watch.poll(billing(0, start + 500));
    assert.deepEqual(only(take(), 'update').rows, []);

    watch.poll(billing(5, start + 5_000));
    const update = only(take(), 'update');
    const keys = update.rows.map(({ topic, partition }) => `${topic}-${partition}`);
    for (const moved of ['orders-0', 'orders-1', 'orders-2'])
      assert.ok(keys.includes(moved), `${moved} in ${keys.join()}`);
    assert.deepEqual(
      update.totals.map(({ at }) => at),
      [start + 5_000],
    );
  });

  it('says which rows are gone', () => {
    const watch = new ScriptedWatch();
    watch.pollUnseen(billing(0, start));
    const { feed, take } = feedOf({ local: watch });
    feed.start([]);
    take();
    const next = billing(0, start + 5_000);
    const group = next.groups.get('billing')!;
    const fewer = { ...group, partitions: group.partitions.filter(({ topic }) => topic !== 'returns') };
    watch.poll({ ...next, groups: new Map([['billing', fewer]]) });
    assert.deepEqual(only(take(), 'update').removed, ['returns/0']);
  });

  it('sends lines whole when they are charted, then their new points, then nothing more', () => {
    const watch = new ScriptedWatch();
    watch.pollUnseen(billing(0, start));
    watch.pollUnseen(billing(5, start + 5_000));
    const { feed, take } = feedOf({ local: watch });
    feed.start([]);
    take();
    feed.chart(['orders/0']);
    assert.deepEqual(only(take(), 'series').series, [
      {
        key: 'orders/0',
        points: [
          { at: start, lag: '12117' },
          { at: start + 5_000, lag: '12217' },
        ],
        ages: [],
      },
    ]);
    watch.poll(billing(10, start + 10_000));
    assert.deepEqual(only(take(), 'update').series, [
      { key: 'orders/0', points: [{ at: start + 10_000, lag: '12317' }], ages: [] },
    ]);
    feed.chart([]);
    watch.poll(billing(15, start + 15_000));
    assert.deepEqual(only(take(), 'update').series, []);
  });

  it('sends nothing while paused, and afterwards everything that was missed', () => {
    const watch = new ScriptedWatch();
    watch.pollUnseen(billing(0, start));
    const { feed, take } = feedOf({ local: watch });
    feed.start([]);
    take();
    feed.pause(true);
    watch.poll(billing(5, start + 5_000));
    watch.poll(billing(10, start + 10_000));
    assert.deepEqual(take(), []);
    assert.equal(watch.looking, 1);
    feed.pause(false);
    assert.deepEqual(
      only(take(), 'update').totals.map(({ at }) => at),
      [start + 5_000, start + 10_000],
    );
  });

  it('tells of many rows in portions', () => {
    const watch = new ScriptedWatch();
    watch.pollUnseen(large(600, 0, start));
    const { feed, take } = feedOf({ local: watch }, 'large');
    feed.start([]);
    assert.deepEqual(
      take().map((message) => [message.type, 'rows' in message ? message.rows.length : 0]),
      [
        ['full', 250],
        ['rows', 250],
        ['rows', 100],
      ],
    );
  });

  it('goes over to the new watch when the cluster is connected again, and says so while there is none', () => {
    const watches: Record<string, ScriptedWatch | undefined> = { local: undefined };
    const { feed, take, clusters } = feedOf(watches);
    feed.start([]);
    assert.equal(only(take(), 'full').model.frame.problem?.kind, 'empty');
    const watch = new ScriptedWatch();
    watches['local'] = watch;
    clusters.changed();
    assert.equal(only(take(), 'full').model.frame.problem?.kind, 'loading');
    watch.poll(billing(0, start));
    const update = only(take(), 'update');
    assert.equal(update.model.frame.problem, undefined);
    assert.equal(update.rows.length, 10);
    watches['local'] = undefined;
    clusters.changed();
    assert.equal(watch.looking, 0);
    assert.equal(only(take(), 'full').rows.length, 0);
  });

  it('keeps the figures and says that they are old when polls fail', () => {
    const watch = new ScriptedWatch();
    watch.pollUnseen(billing(0, start));
    const { feed, take } = feedOf({ local: watch });
    feed.start([]);
    take();
    watch.fail('127.0.0.1:9092 does not answer.', start + 5_000);
    const { model, removed, totals } = only(take(), 'update');
    assert.deepEqual(model.frame.polling, {
      kind: 'failing',
      message: '127.0.0.1:9092 does not answer.',
      nextAt: start + 13_000,
    });
    assert.equal(model.frame.problem, undefined);
    assert.deepEqual(removed, []);
    assert.deepEqual(totals, [{ at: start + 5_000, lag: null }]);
  });

  it('gives what is shown in the order asked for, and all without', () => {
    const watch = new ScriptedWatch();
    watch.pollUnseen(billing(0, start));
    const { feed } = feedOf({ local: watch });
    feed.start([]);
    const { rows } = feed.shown(['returns/0', 'orders/1', 'no-such/0']);
    assert.deepEqual(
      rows.map(({ topic }) => topic),
      ['returns', 'orders'],
    );
    assert.equal(feed.shown().rows.length, 10);
  });
});
