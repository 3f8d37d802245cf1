import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AgeHistory } from '../../src/ui/panels/ageHistory.ts';
import { waitingOf, withAge } from '../../src/ui/panels/ages.ts';
import { LagFeed } from '../../src/ui/panels/lagFeed.ts';
import type { LagRow, Point, ToLagPage } from '../../src/ui/panels/protocol.ts';
import type { NextRecord, Waiting } from '../../src/watch/timeLag.ts';
import { niceDuration } from '../../webview/shared/series.ts';
import { timeLagKey, timeLagOf, worstTimeLag } from '../../webview/lag/ages.ts';
import { until } from '../support/until.ts';
import { billing, large, ScriptedWatch, scriptedClusters } from './panelsFixtures.ts';

const start = 1_700_000_000_000;
const row: LagRow = { topic: 'orders', partition: 0, state: 'ok', lag: '12' };

describe('which partitions are read for the age of their records', () => {
  it('only those in which records wait, the furthest behind first', () => {
    const snapshot = billing(0, start);
    const waiting = waitingOf(snapshot.groups.get('billing')!, snapshot);
    assert.deepEqual(
      waiting.map(({ topic, partition, committed }) => `${topic}-${partition} ${committed}`),
      ['orders-0 18204', 'orders-2 9007199254740993', 'payments-3 1500', 'orders-1 5000'],
    );
  });

  it('of a large group the worst five hundred', () => {
    const snapshot = large(2_000, 0, start);
    assert.equal(waitingOf(snapshot.groups.get('large')!, snapshot).length, 500);
  });
});

describe('the time lag of a row', () => {
  const written = withAge(row, { kind: 'written', at: start - 250_000, clock: 'CreateTime' });

  it('is the age of its next record, and grows by itself', () => {
    assert.equal(timeLagOf(written, start), 250_000);
    assert.equal(timeLagOf(written, start + 10_000), 260_000);
  });

  it('is nothing where nothing waits, and not known where it is not known', () => {
    assert.equal(timeLagOf({ ...row, lag: '0' }, start), 0);
    assert.equal(timeLagOf(withAge(row, { kind: 'nothing' }), start), 0);
    const unknown = withAge(row, { kind: 'unknown', failure: { kind: 'denied', message: 'No.' } });
    assert.deepEqual([timeLagOf(unknown, start), unknown.next], [undefined, { kind: 'unknown', why: 'No.' }]);
    assert.equal(timeLagOf(row, start), undefined);
    assert.deepEqual(withAge(row, { kind: 'written', at: -1, clock: 'none' }).next?.kind, 'unknown');
    // The next record of before is not that of a partition without a place in the log.
    assert.equal(
      withAge({ ...row, state: 'below-start' }, { kind: 'written', at: 1, clock: 'CreateTime' }).next,
      undefined,
    );
  });

  it('sorts by age, those that are caught up least', () => {
    const newer = withAge(row, { kind: 'written', at: start, clock: 'CreateTime' });
    assert.ok(timeLagKey(written)! > timeLagKey(newer)!);
    assert.ok(timeLagKey(newer)! > timeLagKey({ ...row, lag: '0' })!);
    assert.equal(timeLagKey(row), undefined);
    assert.equal(worstTimeLag([newer, written, row], start), 250_000);
    assert.equal(worstTimeLag([row, { ...row, lag: '0' }], start), undefined);
  });
});

describe('time lag over time', () => {
  const at = (second: number): number => start + second * 1_000;
  const waits = (partition: number, since: number): LagRow => ({
    ...row,
    partition,
    next: { kind: 'written', at: at(since), clock: 'CreateTime' },
  });
  const caughtUp: LagRow = { ...row, partition: 1, lag: '0' };

  it('is the age of the oldest next record at each poll, and of each partition its own', () => {
    const ages = new AgeHistory();
    ages.add([waits(0, -60), caughtUp], at(0));
    ages.add([waits(0, -60), waits(1, -90)], at(5));
    // Told again, as when the ages of this poll have come: nothing new.
    ages.add([waits(0, -60), waits(1, -90)], at(5));
    ages.add([{ ...row, lag: '0' }, caughtUp], at(10));
    const points = (of: readonly Point[]): unknown[] => of.map((point) => [(point.at - start) / 1_000, point.lag]);
    assert.deepEqual(points(ages.worst()), [
      [0, '60000'],
      [5, '95000'],
      [10, '0'],
    ]);
    assert.deepEqual(points(ages.partition('orders/1')), [
      [0, '0'],
      [5, '95000'],
      [10, '0'],
    ]);
    assert.deepEqual(points(ages.worst(at(5))), [[10, '0']]);
    assert.deepEqual(ages.partition('orders/7'), []);
  });

  it('has a gap where an age is not known, and nothing before the first ages are read', () => {
    const ages = new AgeHistory();
    // The second partition is known to be caught up, but that says nothing of the first.
    ages.add([row, caughtUp], at(0));
    assert.deepEqual(ages.worst(), []);
    ages.add([waits(0, -60), { ...caughtUp, lag: undefined }], at(5));
    ages.add([waits(0, -60), caughtUp], at(10));
    assert.deepEqual(
      ages.partition('orders/1').map(({ lag }) => lag),
      [null, '0'],
    );
  });

  it('keeps an hour of polls, and of a group of thousands of partitions only the oldest of all', () => {
    const ages = new AgeHistory();
    for (let poll = 0; poll < 3_000; poll++) ages.add([waits(0, -60)], at(poll * 5));
    const points = ages.worst();
    assert.equal(points.length, 720);
    assert.deepEqual(points.at(-1), { at: at(2_999 * 5), lag: String((2_999 * 5 + 60) * 1_000) });
    assert.deepEqual(ages.partition('orders/0').at(0), points[0]);
    const wide = new AgeHistory();
    wide.add(
      Array.from({ length: 2_000 }, (_, partition) => waits(partition, -60)),
      at(0),
    );
    assert.deepEqual([wide.worst().length, wide.partition('orders/0').length], [1, 0]);
  });

  it('has a scale of whole seconds, minutes, hours and days', () => {
    assert.deepEqual([0, 999, 1_001, 61_000, 4_000_000, 100 * 86_400_000].map(niceDuration), [
      1_000,
      1_000,
      2_000,
      120_000,
      7_200_000,
      100 * 86_400_000,
    ]);
  });
});

describe('the feed of a lag page with ages', () => {
  function feedOf() {
    const watch = new ScriptedWatch();
    const sent: ToLagPage[] = [];
    const asked: (readonly Waiting[])[] = [];
    const signals: AbortSignal[] = [];
    let next: NextRecord | undefined;
    let answer = Promise.withResolvers<boolean>();
    const feed = new LagFeed({
      cluster: 'local',
      group: 'billing',
      services: {
        ...scriptedClusters({ local: watch }),
        timeLagsOf: () => ({
          next: ({ topic, partition }) => (topic === 'orders' && partition === 0 ? next : undefined),
          update: (waiting, signal) => {
            asked.push(waiting);
            signals.push(signal);
            return answer.promise;
          },
        }),
      },
      send: (message) => sent.push(message),
      now: () => start,
    });
    const read = (fact: NextRecord): void => {
      next = fact;
      answer.resolve(true);
      answer = Promise.withResolvers();
    };
    return { watch, feed, sent, asked, signals, read };
  }

  it('tells them when they are known, and only the rows that they change', async () => {
    const { watch, feed, sent, asked, read } = feedOf();
    watch.pollUnseen(billing(0, start));
    feed.start([]);
    assert.equal(asked.length, 1);
    assert.equal(asked[0]!.length, 4);
    read({ kind: 'written', at: start - 5_000, clock: 'LogAppendTime' });
    await until('the ages are told', () => sent.length === 2);
    const [full, update] = sent;
    assert.ok(full?.type === 'full' && update?.type === 'update');
    assert.deepEqual([full.worstAges, update.worstAges], [[], [{ at: start, lag: '5000' }]]);
    feed.chart(['orders/0']);
    const series = sent.at(-1);
    assert.deepEqual(series?.type === 'series' && series.series[0]?.ages, update.worstAges);
    assert.deepEqual(
      update.rows.map(({ topic, partition, next }) => ({ topic, partition, next })),
      [{ topic: 'orders', partition: 0, next: { kind: 'written', at: start - 5_000, clock: 'LogAppendTime' } }],
    );
  });

  it('asks one thing at a time, nothing while paused, and gives up when the page hides', async () => {
    const { watch, feed, asked, signals } = feedOf();
    watch.pollUnseen(billing(0, start));
    feed.start([]);
    watch.poll(billing(5, start + 5_000));
    assert.equal(asked.length, 1);
    feed.stop();
    assert.equal(signals[0]!.aborted, true);
    feed.start([]);
    feed.pause(true);
    watch.poll(billing(10, start + 10_000));
    assert.equal(asked.length, 2);
    feed.dispose();
  });
});
