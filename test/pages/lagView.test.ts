import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DockedFeed } from '../../src/ui/panels/dockedFeed.ts';
import type { FromDockedPage, ToDockedPage } from '../../src/ui/panels/protocol.ts';
import { SelectionModel } from '../../src/ui/selection.ts';
import { until } from '../support/until.ts';
import { billing, ScriptedWatch, scriptedClusters } from '../unit/panelsFixtures.ts';
import { PageHarness, type OpenPage } from './harness.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

async function openDocked(
  theme: ThemeName = 'dark',
): Promise<OpenPage & { selection: SelectionModel; watch: ScriptedWatch; said: FromDockedPage[] }> {
  const watch = new ScriptedWatch();
  const now = Date.now();
  for (let poll = 0; poll < 4; poll++) watch.pollUnseen(billing(poll * 5, now - (3 - poll) * 5_000));
  const selection = new SelectionModel();
  const said: FromDockedPage[] = [];
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  const feed = new DockedFeed({
    services: { ...scriptedClusters({ local: watch }), selection },
    send: (message: ToDockedPage) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
  });
  const open = await harness.open<FromDockedPage>({
    page: 'lagView',
    theme,
    width: 300,
    height: 420,
    receive: (message) => {
      said.push(message);
      if (message.type === 'ready') feed.start();
    },
  });
  opened.resolve(open);
  return {
    ...open,
    selection,
    watch,
    said,
    close: async () => {
      feed.dispose();
      await open.close();
    },
  };
}

describe('the docked lag view', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`follows the selection, without overflow at 300 px and without a violation, in the ${theme} theme`, async () => {
      const screen = await openDocked(theme);
      await screen.page.getByText('Nothing is selected').waitFor();
      screen.selection.set({ kind: 'group', cluster: 'local', group: 'billing' });
      await screen.page.locator('.worst li').first().waitFor();
      assert.match((await screen.page.locator('.big').textContent()) ?? '', /14,812/);
      assert.equal(await screen.page.locator('.sparkline polyline').count(), 1);
      const overflow = await screen.page.evaluate(() => {
        const page = document.querySelector('.docked')!;
        return page.scrollWidth - page.clientWidth;
      });
      assert.ok(overflow <= 0, `${overflow} px too wide`);
      screen.selection.set({ kind: 'partition', cluster: 'local', group: 'billing', topic: 'payments', partition: 0 });
      await screen.page.locator('.row-state.note').getByText('300 records lost').waitFor();
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('opens the lag of a partition from the list, and of the group', async () => {
    const screen = await openDocked();
    screen.selection.set({ kind: 'group', cluster: 'local', group: 'billing' });
    await screen.page.locator('.worst button').first().click();
    await screen.page.getByRole('button', { name: 'Open lag' }).click();
    const opened = (): FromDockedPage[] => screen.said.filter(({ type }) => type === 'open');
    await until('both are asked for', () => opened().length === 2);
    assert.deepEqual(opened(), [
      { type: 'open', group: 'billing', key: 'orders/0' },
      { type: 'open', group: 'billing' },
    ]);
    await screen.close();
  });

  it('goes on with each poll', async () => {
    const screen = await openDocked();
    screen.selection.set({ kind: 'partition', cluster: 'local', group: 'billing', topic: 'orders', partition: 0 });
    await screen.page.locator('.big .figure').waitFor();
    screen.watch.poll(billing(60, Date.now()));
    await screen.page.waitForFunction(() => document.querySelector('.big .figure')?.textContent === '13,317');
    await screen.close();
  });
});
