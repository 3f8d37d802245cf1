import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedFigures, type Figures } from '../../src/ui/panels/tail/feedFigures.ts';
import { RecordStore } from '../../src/tail/recordStore.ts';
import { valuesSlice } from '../support/tailSlices.ts';

describe('the figures of a tail that take longer to make', () => {
  const figures: Figures = {
    positions: [],
    histogram: { from: 0, step: 1, counts: [], without: 0 },
    groups: [],
    groupPositions: [],
  };

  it('are made at once for the first records, and again where there are twice as many; else they wait', () => {
    const kept = new FeedFigures();
    let made = 0;
    const later: number[] = [];
    const get = (records: number): void => {
      kept.get(
        records,
        () => {
          made++;
          return { ...figures };
        },
        (ms) => later.push(ms),
      );
    };
    get(0);
    assert.equal(made, 1);
    // The histogram has something to show from the first records on.
    kept.changed();
    get(3);
    assert.equal(made, 2);
    kept.changed();
    get(6);
    assert.equal(made, 2);
    assert.ok(later.length === 1 && later[0]! > 0 && later[0]! <= 500, String(later));
    get(7);
    assert.equal(made, 3);
    kept.forget();
    get(7);
    assert.equal(made, 4);
    get(7);
    assert.equal(made, 4, 'nothing has changed');
  });
});

describe('what the records of a store weigh', () => {
  it('is what they are, not the memory that was set aside for them', () => {
    const store = new RecordStore({ maxRecords: 5, maxBytes: 8 << 20 });
    assert.equal(store.size, 0);
    store.append(valuesSlice(Array.from({ length: 4 }, (_, nth) => `value ${nth}`)));
    const sizes = (): number =>
      Array.from({ length: store.endSeq - store.firstSeq }, (_, nth) => store.at(store.firstSeq + nth)!.size).reduce(
        (sum, size) => sum + size,
        0,
      );
    assert.equal(store.size, sizes());
    assert.ok(store.size < 200 && store.bytes > 1 << 20);
    store.append(valuesSlice(Array.from({ length: 4 }, (_, nth) => `another value ${nth}`)));
    assert.equal(store.endSeq - store.firstSeq, 5);
    assert.equal(store.size, sizes());
    store.clear();
    assert.equal(store.size, 0);
  });
});
