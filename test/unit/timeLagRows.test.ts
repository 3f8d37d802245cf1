import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitingOf, withAge } from '../../src/ui/panels/ages.ts';
import { LagFeed } from '../../src/ui/panels/lagFeed.ts';
import type { LagRow, ToLagPage } from '../../src/ui/panels/protocol.ts';
import type { NextRecord, Waiting } from '../../src/watch/timeLag.ts';
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
    const [, update] = sent;
    assert.ok(update?.type === 'update');
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
