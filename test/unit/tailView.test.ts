import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Test } from '../../src/tail/filter/predicate.ts';
import { RecordStore } from '../../src/tail/recordStore.ts';
import { TailView } from '../../src/tail/tailView.ts';
import { until } from '../support/until.ts';
import { sliceOf, valuesSlice } from '../support/tailSlices.ts';

const holds =
  (text: string): Test =>
  (record) =>
    record.value?.includes(text) ?? false;

function viewed(maxRecords = 1_000_000): { store: RecordStore; view: TailView; values: () => string[] } {
  const store = new RecordStore({ maxRecords, maxBytes: 1 << 30 });
  const view = new TailView(store, () => {});
  const values = (): string[] =>
    Array.from({ length: view.count }, (_, index) => {
      const seq = view.seqAt(view.first + index)!;
      assert.equal(view.positionOf(seq), view.first + index);
      return store.at(seq)!.value!.toString();
    });
  return { store, view, values };
}

const evaluated = (view: TailView): Promise<void> => until('all is evaluated', () => view.evaluating === undefined);

describe('TailView', () => {
  it('shows all in order of arrival, and its positions stand while the oldest are dropped', () => {
    const { store, view, values } = viewed(4);
    store.append(valuesSlice(['a', 'b', 'c']));
    view.pump();
    assert.deepEqual(values(), ['a', 'b', 'c']);
    const { generation } = view;
    store.append(valuesSlice(['d', 'e', 'f']));
    view.pump();
    assert.deepEqual(values(), ['c', 'd', 'e', 'f']);
    assert.equal(view.first, 2);
    assert.equal(view.generation, generation);
  });

  it('filters what is kept and what comes, and moves on as the oldest are dropped', async () => {
    const { store, view, values } = viewed(6);
    store.append(valuesSlice(['apple', 'pear', 'apricot']));
    view.setFilter(holds('ap'));
    await evaluated(view);
    assert.deepEqual(values(), ['apple', 'apricot']);
    const { generation, first } = view;
    store.append(valuesSlice(['plum', 'grape', 'fig', 'apex']));
    view.pump();
    await evaluated(view);
    assert.deepEqual(values(), ['apricot', 'grape', 'apex']);
    assert.deepEqual([view.generation, view.first], [generation, first + 1]);
    view.setFilter(undefined);
    assert.equal(view.count, 6);
    assert.notEqual(view.generation, generation);
  });

  it('merges by time, the same as a stable sort of all, whatever the order in which they came', async () => {
    const { store, view, values } = viewed(2_000);
    view.setOrder('time');
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 60; round++) {
      const base = BigInt(1_700_000_000_000 + random(5_000));
      const records = Array.from({ length: 1 + random(90) }, (_, index) => ({
        value: `${round}-${index}`,
        timestampDelta: random(300),
      }));
      store.append(sliceOf({ records, baseTimestamp: base, partition: random(4) }));
      view.pump();
      await evaluated(view);
      const kept = Array.from({ length: store.endSeq - store.firstSeq }, (_, index) => store.firstSeq + index);
      const expected = kept
        .sort((a, b) => store.timeOf(a) - store.timeOf(b) || a - b)
        .map((seq) => store.at(seq)!.value!.toString());
      assert.deepEqual(values(), expected);
    }
    assert.ok(store.dropped > 0);
  });

  it('stands still while it is paused, counts what waits, and loses nothing of it', async () => {
    for (const filter of [undefined, holds('a')]) {
      const { store, view, values } = viewed();
      view.setFilter(filter);
      store.append(valuesSlice(['a1', 'a2']));
      view.pump();
      await evaluated(view);
      view.pause(true);
      store.append(valuesSlice(['a3', 'a4', 'a5']));
      view.pump();
      await evaluated(view);
      assert.deepEqual(values(), ['a1', 'a2']);
      assert.equal(view.waiting, 3);
      view.setOrder('time');
      await evaluated(view);
      assert.deepEqual(values(), ['a1', 'a2']);
      view.setOrder('arrival');
      await evaluated(view);
      view.pause(false);
      assert.deepEqual(values(), ['a1', 'a2', 'a3', 'a4', 'a5']);
      assert.equal(view.waiting, 0);
    }
  });

  it('waits for what must be fetched, and a newer filter does not', async () => {
    const { store, view, values } = viewed();
    store.append(valuesSlice(['a', 'b', 'c', 'd']));
    let release: (held: boolean) => void = () => {};
    const fetched = new Promise<boolean>((resolve) => (release = resolve));
    view.setFilter((record) => (record.seq === 1 ? fetched : true));
    assert.deepEqual(values(), ['a']);
    release(true);
    await evaluated(view);
    assert.deepEqual(values(), ['a', 'b', 'c', 'd']);
    view.setFilter(() => new Promise<boolean>(() => {}));
    assert.deepEqual(values(), []);
    view.setFilter(holds('d'));
    await evaluated(view);
    assert.deepEqual(values(), ['d']);
  });

  it('gives the event loop its turn while it filters much', async () => {
    const { store, view } = viewed();
    const values = Array.from({ length: 20_000 }, (_, index) => `value ${index}`);
    for (let round = 0; round < 10; round++) store.append(valuesSlice(values));
    let turns = 0;
    const turn = (): void => {
      turns++;
      if (view.evaluating !== undefined) setImmediate(turn);
    };
    setImmediate(turn);
    view.setFilter((record) => (record.value?.toString('latin1').match(/9+$/)?.[0].length ?? 0) > 2);
    await evaluated(view);
    assert.equal(view.count, 10 * 20);
    assert.ok(turns > 1, `${turns}`);
  });
});
