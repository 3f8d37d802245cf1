import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TopicNames } from '../../src/offsetsTopic/decode/topicNames.ts';
import { OffsetsPresenter } from '../../src/offsetsTopic/presenter.ts';
import { RecordStore } from '../../src/tail/recordStore.ts';
import { detailsOf } from '../../src/ui/panels/tail/details.ts';
import type { TailRow } from '../../src/ui/panels/tail/protocol.ts';
import { rowOf } from '../../src/ui/panels/tail/rows.ts';
import {
  classicGroup,
  commitOf,
  consumerAssignment,
  consumerGroupEpoch,
  consumerMember,
  deletedCommit,
  offsetsSlice,
} from '../support/offsetsSlices.ts';
import { PageHarness } from './harness.ts';
import { openTail, ScriptedTail } from './tailScreen.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

const topicId = 'hZlmdMZuQNKUUCHvuc1DHA';

/** The tail page over records of all kinds, decoded as the host decodes them. */
async function scripted(): Promise<{ host: ScriptedTail; presenter: OffsetsPresenter; store: RecordStore }> {
  const presenter = new OffsetsPresenter({
    topic: '__consumer_offsets',
    names: new TopicNames(new Map([[topicId, 'orders']])),
    topicExists: () => true,
    retention: () => 86_400_000,
  });
  const store = new RecordStore({ maxRecords: 1_000, maxBytes: 8 << 20 });
  const from = Date.now() - 60_000;
  const records = [
    classicGroup('orders-svc', 6, [{ id: 'c-1-a', assigned: { orders: [0, 1, 2, 3] } }], from, 'cooperative-sticky'),
    ...Array.from({ length: 12 }, (_, n) =>
      commitOf('orders-svc', 'orders', n % 4, BigInt(17_000 + n * 41), from + n * 900),
    ),
    classicGroup(
      'orders-svc',
      7,
      [
        { id: 'c-1-a', assigned: { orders: [0, 1] } },
        { id: 'c-2-b', assigned: { orders: [2, 3] } },
      ],
      from,
      'cooperative-sticky',
    ),
    consumerMember('billing', 'c-1', ['orders']),
    consumerGroupEpoch('billing', 12),
    consumerAssignment('billing', 'c-1', 12, { [topicId]: [0, 1, 2] }, { [topicId]: [3] }),
    commitOf('orders-svc', 'orders', 3, 16_000n, from + 20_000, { metadata: '<img src=x>\u202e' }),
    deletedCommit('orders-svc', 'orders', 3),
    { key: Buffer.from([0, 99, 0, 1, 0x67]), value: Buffer.from([0, 0]) },
  ];
  records.forEach((record, index) => {
    const slice = offsetsSlice([record], { baseOffset: BigInt(index), at: from + index * 900 });
    presenter.take(slice);
    store.append(slice);
  });
  const rows: TailRow[] = [];
  for (let seq = 0; seq < store.endSeq; seq++) rows.push(await rowOf(store.at(seq)!, presenter));
  const host = new ScriptedTail({
    topic: '__consumer_offsets',
    view: { generation: 1, first: 0, count: rows.length, waiting: 0 },
    extraColumns: presenter.columns,
    labels: presenter.labels,
  });
  host.rowAt = (position) => rows[position]!;
  return { host, presenter, store };
}

describe('the page of __consumer_offsets', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`says what each record means, in the ${theme} theme`, async () => {
      const { host, presenter, store } = await scripted();
      const screen = await openTail(harness, host, { theme, width: 1_300 });
      const { page } = screen;
      await page.getByText('orders-svc committed orders-3 at 16,000, -1,451 since', { exact: false }).first().waitFor();
      for (const name of ['Type', 'Group', 'Partition or member', 'Summary']) {
        await page.getByRole('columnheader', { name, exact: true }).waitFor();
      }
      await page.getByText('member c-1 is at epoch 12, owns orders-0..2, revokes orders-3').waitFor();
      await page.getByText('generation 7: 2 members, leader c-1, cooperative-sticky, 2 partitions moved').waitFor();
      await page.getByText('commit of orders-3 deleted (most likely: by hand)').first().dblclick();
      const details = await detailsOf(store.at(18)!, '__consumer_offsets', presenter);
      host.send({ type: 'details', seq: 18, details });
      await page.locator('.details, kafka-tail-details').first().waitFor();
      const folder = join(import.meta.dirname, '..', '..', 'out', 'screenshots');
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `offsets-${theme}.png`) });
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }
});
