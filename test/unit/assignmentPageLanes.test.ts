import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HistoryMember } from '../../src/ui/panels/assignments/protocol.ts';
import { filterLanes, firstEndingAfter, laneOf, memberLanes, spanAt } from '../../webview/assignments/lanes.ts';
import { panned, ticksOf, within, zoomed } from '../../webview/assignments/timeWindow.ts';

const member = (name: string, from: number, to?: number): HistoryMember => ({
  id: `${name}-1`,
  name,
  clientId: name,
  host: `${name}.example`,
  color: 'blue',
  from,
  to,
});
const members = [member('alpha', 0), member('beta', 10, 30)];
const orders = laneOf({
  topic: 'orders',
  partition: 0,
  base: 1_000,
  spans: [0, 10, 0, -1, 10, 30, 1, 25, 32, -1, 0, -1],
});
const returns = laneOf({ topic: 'returns', partition: 0, base: 1_000, spans: [0, 5, -1, -1, 5, -1, 0, -1] });

describe('lanes', () => {
  it('are read from their message: open ends, nobody, what is to be given up', () => {
    assert.deepEqual([...orders.from], [1_000, 1_010, 1_032]);
    assert.deepEqual([...orders.to], [1_010, 1_030, Infinity]);
    assert.deepEqual([...orders.owner], [0, 1, 0]);
    assert.deepEqual([...orders.givenUpFrom], [NaN, 1_025, NaN]);
    assert.deepEqual([...returns.owner], [-1, 0]);
  });

  it('keep the spans that their message says, and are as if all had been told anew', () => {
    const change = { topic: 'orders', partition: 0, base: 1_000 };
    const grown = laneOf({ ...change, kept: 2, spans: [32, 40, 0, -1, 40, -1, 1, -1] }, orders);
    const spans = [0, 10, 0, -1, 10, 30, 1, 25, 32, 40, 0, -1, 40, -1, 1, -1];
    assert.deepEqual(grown, laneOf({ ...change, spans }));
    assert.deepEqual(
      laneOf({ ...change, kept: 1, spans: [] }, orders),
      laneOf({ ...change, spans: spans.slice(0, 4) }),
    );
  });

  it('moved where another member had them, and not where nobody had them first', () => {
    assert.deepEqual([orders.moved, returns.moved], [true, false]);
  });

  it('are several of a partition that members own together, each with its own key and all of that partition', () => {
    const [first, second] = [undefined, 1].map((nth) =>
      laneOf({ topic: 'orders', partition: 3, nth, base: 0, spans: [0, -1, 0, -1] }),
    );
    assert.deepEqual([first?.key, first?.of, first?.label], ['orders/3', 'orders/3', 'orders-3']);
    assert.deepEqual([second?.key, second?.of, second?.label], ['orders/3#1', 'orders/3', 'orders-3 (2)']);
    const shown = filterLanes([first!, second!], members, { text: '', movedOnly: false, keys: new Set(['orders/3']) });
    assert.equal(shown.length, 2);
  });

  it('find the span of a moment, and none where nothing is known', () => {
    const at = [999, 1_000, 1_009, 1_010, 1_029, 1_030, 1_031, 1_032, 9e15].map((one) => spanAt(orders, one));
    assert.deepEqual(at, [-1, 0, 0, 1, 1, -1, -1, 2, 2]);
    assert.deepEqual([firstEndingAfter(orders, 0), firstEndingAfter(orders, 1_030)], [0, 2]);
  });

  it('of members count what they owned, from their first to their last moment', () => {
    const life = [member('alpha', 1_000), member('beta', 1_008, 1_040), member('idle', 1_001, 1_002)];
    const [alpha, beta, idle] = memberLanes([orders, returns], life);
    assert.deepEqual([...alpha!.from], [1_000, 1_005, 1_010, 1_032]);
    assert.deepEqual([...alpha!.owned!], [1, 2, 1, 2]);
    assert.deepEqual([...alpha!.to], [1_005, 1_010, 1_032, Infinity]);
    assert.deepEqual([...beta!.from, ...beta!.owned!], [1_008, 1_010, 1_030, 0, 1, 0]);
    assert.equal(beta!.to.at(-1), 1_040);
    assert.deepEqual([...idle!.from, ...idle!.to, ...idle!.owned!], [1_001, 1_002, 0]);
  });

  it('are filtered by words of their names and of their owners, each word for itself', () => {
    const shown = (text: string, movedOnly = false, keys?: ReadonlySet<string>): string[] =>
      filterLanes([orders, returns], members, { text, movedOnly, keys }).map(({ key }) => key);
    assert.deepEqual(shown(''), ['orders/0', 'returns/0']);
    assert.deepEqual(shown('BETA'), ['orders/0']);
    assert.deepEqual(shown('alpha returns'), ['returns/0']);
    assert.deepEqual(shown('beta returns'), []);
    assert.deepEqual(shown('', true), ['orders/0']);
    assert.deepEqual(shown('', false, new Set(['returns/0'])), ['returns/0']);
  });
});

describe('the window of time', () => {
  const bounds = { from: 0, to: 100_000 };

  it('zooms around a moment that stays where it is, and not beyond what there is', () => {
    const next = zoomed({ from: 20_000, to: 60_000 }, 2, 30_000, bounds);
    assert.deepEqual(next, { from: 25_000, to: 45_000 });
    assert.deepEqual(zoomed({ from: 20_000, to: 60_000 }, 0.01, 30_000, bounds), bounds);
    const least = zoomed({ from: 20_000, to: 20_060 }, 1e9, 20_030, bounds);
    assert.ok(least.to - least.from >= 50);
  });

  it('pans up to the ends and keeps its length', () => {
    assert.deepEqual(panned({ from: 20_000, to: 60_000 }, -50_000, bounds), { from: 0, to: 40_000 });
    assert.deepEqual(panned({ from: 20_000, to: 60_000 }, 50_000, bounds), { from: 60_000, to: 100_000 });
    assert.deepEqual(within({ from: -5, to: 900_000 }, bounds), bounds);
  });

  it('has marks at round times, few enough to be read, from milliseconds to years', () => {
    for (const length of [60, 5_000, 90_000, 3_600_000, 86_400_000, 30 * 86_400_000, 400 * 86_400_000]) {
      const from = Date.UTC(2026, 2, 2, 10, 0, 0, 7);
      const ticks = ticksOf({ from, to: from + length }, 900);
      assert.ok(ticks.length >= 2 && ticks.length <= 12, `${ticks.length} for ${length}`);
      assert.ok(ticks.every(({ at }) => at >= from && at <= from + length));
      assert.equal(new Set(ticks.map(({ label }) => label)).size, ticks.length);
    }
  });
});
