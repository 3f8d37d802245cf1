/** Values of many megabytes: they are shown, searched and opened without holding up what else the extension host does. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDecoder } from '../../src/formats/createDecoder.ts';
import type { FormatChoice } from '../../src/formats/decoder.ts';
import { DecodedPresenter } from '../../src/tail/decodedPresenter.ts';
import { parseFilter } from '../../src/tail/filter/parseFilter.ts';
import { RecordStore } from '../../src/tail/recordStore.ts';
import { measureBlocks } from '../support/blocks.ts';
import { sliceOf } from '../support/tailSlices.ts';

const megabytes = 30;
const large = `[${'{"id":9007199254740993,"name":"somebody"},'.repeat((megabytes << 20) / 42)}{"last":true}]`;
const store = new RecordStore({ maxRecords: 10, maxBytes: 1 << 30 });
store.append(sliceOf({ records: [{ value: large }, { value: '{"last":true}' }] }));

function presenterOf(format: FormatChoice): DecodedPresenter {
  return new DecodedPresenter({ topic: 'orders', decoder: createDecoder(undefined), format: () => format });
}

describe('a value of many megabytes', () => {
  it('is laid out in its first part for a pane, which says so, and is whole in an editor', async () => {
    const presenter = presenterOf('auto');
    const pane = await presenter.document(store.at(0)!, 'value');
    assert.equal(pane.cut, true);
    assert.ok(pane.text.length < 1_000_000);
    assert.match(pane.text, /^\[\n {2}\{\n {4}"id": 9007199254740993,\n/);
    const editor = await presenter.document(store.at(0)!, 'value', true);
    assert.deepEqual([editor.language, editor.cut, editor.text === large], ['json', undefined, true]);
    const small = await presenter.document(store.at(1)!, 'value', true);
    assert.equal(small.text, '{\n  "last": true\n}');
  });

  it('is a short dump where it does not decode, and says how much there is', async () => {
    const { kind, text, why } = await presenterOf('int64').document(store.at(0)!, 'value');
    assert.equal(kind, 'failed');
    assert.ok(why !== undefined && why !== '');
    assert.ok(text.length < 200_000);
    assert.match(text, /\.\.\. the first 16,384 of [\d,]+ bytes$/);
  });

  it('is not read as a whole by regular expressions and JSON paths, which is told; text is found wherever it is', async () => {
    const presenter = presenterOf('auto');
    const test = async (filter: string): Promise<{ held: boolean[]; told: number[] }> => {
      const told: number[] = [];
      const check = parseFilter(filter).test({
        partitions: () => 1,
        now: 0,
        plain: (record) => presenter.plain(record),
        shownText: (record, part) => presenter.shownText(record, part),
        tooLarge: ({ seq }) => told.push(seq),
      });
      return { held: [await check(store.at(0)!), await check(store.at(1)!)], told };
    };
    assert.deepEqual(await test('/"last":true/'), { held: [false, true], told: [0] });
    assert.deepEqual(await test('/some(body)/'), { held: [true, false], told: [0] });
    assert.deepEqual(await test('$.last == true'), { held: [false, true], told: [0] });
    assert.deepEqual(await test('"last\\":true"'), { held: [true, true], told: [] });
  });

  it('leaves the event loop its turns', async () => {
    const presenter = presenterOf('auto');
    await presenter.document(store.at(1)!, 'value');
    const { longest } = await measureBlocks(async () => {
      await presenter.document(store.at(0)!, 'value');
      await parseFilter('/nobody/').test({
        partitions: () => 1,
        now: 0,
        plain: (record) => presenter.plain(record),
        shownText: (record, part) => presenter.shownText(record, part),
      })(store.at(0)!);
      await presenter.document(store.at(0)!, 'value', true);
    });
    // The bench measures 50 ms; a machine that is busy with other tests takes longer for the same work.
    assert.ok(longest < 300, `${longest} ms`);
  });
});
