import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ResetPageState } from '../../src/ui/panels/reset/protocol.ts';
import { until } from '../support/until.ts';
import { PageHarness } from './harness.ts';
import { openReset, row, says, ScriptedGroup, type ResetScreen } from './resetScreen.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

const shots = process.env['SHOTS'];
async function shot(screen: ResetScreen, name: string): Promise<void> {
  if (shots !== undefined) await screen.page.screenshot({ path: `${shots}/reset-${name}.png` });
}

async function choose({ page }: ResetScreen, strategy: string): Promise<void> {
  await page.locator('#strategy').selectOption(strategy);
}

describe('the page of a change of offsets', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`runs under its content security policy without a word in the ${theme} theme`, async () => {
      const screen = await openReset(harness, { theme }, { profile: { production: true } });
      await choose(screen, 'datetime');
      await screen.page.locator('#time').fill('2 hours ago');
      await says(screen, /Sets 3 partitions/);
      await shot(screen, `time-${theme}`);
      await screen.page.locator('.execute').click();
      await says(screen, /Done and read back: 3 partitions/);
      await screen.page.locator('.lines > .line').first().dblclick();
      await screen.page.locator('.details .peeked').first().waitFor();
      await shot(screen, `done-${theme}`);
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('plans as one types, writes nothing before Execute, and says what it will do', async () => {
    const screen = await openReset(harness);
    const { page, group } = screen;
    await says(screen, /Sets 3 partitions\. 23,204 offsets will be processed again, 0 skipped\./);
    assert.deepEqual(await row(screen, 0), {
      Topic: 'orders',
      Partition: '0',
      Before: '18,204',
      Change: 'back',
      After: '0',
      Again: '18,204',
      Skipped: '0',
      'Log start': '0',
      'Log end': '30,321',
      Note: '',
    });
    await choose(screen, 'offset');
    await page.getByText('An offset is a whole number from 0 on.').waitFor();
    assert.equal(await page.locator('.execute').count(), 0);
    assert.match(await page.locator('.status').innerText(), /^\s*A dry run: nothing is written before Execute\.$/);
    await page.locator('#offset').fill('90x');
    await page.locator('#offset[aria-invalid="true"]').waitFor();
    await page.locator('#offset').fill('90,000');
    await says(screen, /3 partitions brought into the log \(clamped\)/);
    assert.match((await row(screen, 0))['Note']!, /90,000/);
    assert.deepEqual(group.executed, []);
    await shot(screen, 'clamped');
    await screen.close();
  });

  it('does not let a plan be executed that is not of what was typed last', async () => {
    const taken = Promise.withResolvers<void>();
    const screen = await openReset(harness, {}, { beforeForm: () => taken.promise });
    const { page, said, group } = screen;
    await says(screen, /23,204 offsets will be processed again/);
    await page.locator('.execute:enabled').waitFor();
    await choose(screen, 'latest');
    await page.locator('.execute:disabled').waitFor();
    await until('the form is on its way', () => said.some(({ type }) => type === 'form'));
    await page.locator('.execute:disabled').waitFor();
    taken.resolve();
    await page.locator('.execute').click();
    await says(screen, /Done and read back: 3 partitions/);
    assert.deepEqual(group.commits, [30_321n, 30_321n, undefined, 30_321n]);
    await screen.close();
  });

  it('executes once it was asked, shows each result, and takes it back', async () => {
    let answer = false;
    const screen = await openReset(harness, {}, { confirms: () => answer });
    const { page, group, confirmed } = screen;
    await choose(screen, 'latest');
    await says(screen, /0 offsets will be processed again/);
    await page.locator('.execute').click();
    await until('it asked', () => confirmed.length === 1);
    assert.match(confirmed[0]!.join(' '), /^Sets 3 partitions\./);
    assert.deepEqual(group.executed, []);
    answer = true;
    await page.locator('.execute').click();
    await says(screen, /Done and read back: 3 partitions/);
    assert.deepEqual(group.commits, [30_321n, 30_321n, undefined, 30_321n]);
    assert.equal((await row(screen, 1))['Result'], 'done');
    await page.locator('.undo').click();
    await page.locator('.task h2', { hasText: 'Undo' }).waitFor();
    await says(screen, /Sets 3 partitions/);
    await shot(screen, 'undo');
    await page.locator('.execute').click();
    await says(screen, /Done and read back: 3 partitions/);
    assert.deepEqual(group.commits, [18_204n, 5_000n, undefined, 100n]);
    assert.deepEqual(
      group.executed.map(({ kind, undoes }) => [kind, undoes]),
      [
        ['reset', undefined],
        ['undo', 'change-1'],
      ],
    );
    await page.getByRole('button', { name: 'Back to the form' }).last().click();
    await page.locator('#strategy').waitFor();
    await screen.close();
  });

  it('says of a partial failure what became of each partition', async () => {
    const group = new ScriptedGroup();
    group.outcomes.set(1, { outcome: 'refused', message: 'Group billing has members (again).' });
    group.outcomes.set(3, { outcome: 'unknown', message: 'Sent, and neither an answer nor reading back tells.' });
    const screen = await openReset(harness, {}, { group });
    await says(screen, /Sets 3/);
    await screen.page.locator('.execute').click();
    await says(screen, /Of 3 partitions: 1 done and read back, 1 refused by the broker, 1 not known\./);
    assert.equal((await row(screen, 1))['Result'], 'refused');
    assert.match((await row(screen, 1))['Note']!, /has members \(again\)/);
    assert.deepEqual(await screen.page.locator('.reasons li').allInnerTexts(), [
      '1 partition: Group billing has members (again).',
      '1 partition: Sent, and neither an answer nor reading back tells.',
    ]);
    assert.equal(await screen.page.locator('.undo').count(), 1);
    await shot(screen, 'partial');
    await screen.close();
  });

  it('with members: says who, gives code for their library, waits until they have left, and plans anew', async () => {
    const group = new ScriptedGroup();
    group.members = ['kafkajs-billing-1', 'kafkajs-billing-2'];
    const screen = await openReset(harness, {}, { group });
    const { page, watch } = screen;
    await says(screen, /2 members are connected/);
    assert.match((await page.locator('.members').textContent())!, /kafkajs-billing-1\s*at 10\.0\.0\.7,\s*owns 1/);
    assert.equal(await page.locator('.execute').count(), 0);
    await page.locator('.how-to summary').click();
    assert.match(
      await page.locator('.how-to pre').innerText(),
      /consumer\.seek\(\{ topic: "orders", partition: 0, offset: '0' \}\);/,
    );
    await shot(screen, 'members');
    await page.getByLabel('Language of the consumer').selectOption('java');
    await page.locator('.how-to pre', { hasText: 'new TopicPartition("orders", 1)' }).waitFor();
    await page.locator('.wait').click();
    await says(screen, /Waiting/);
    assert.doesNotMatch(await page.locator('.action.doing').innerText(), /\d ms/, 'less than a second is no figure');
    await says(screen, /Waiting for \d+ s until billing is empty\. Connected: kafkajs-billing-1 at 10\.0\.0\.7/);
    await shot(screen, 'waiting');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await says(screen, /Cancelled\. Nothing was changed\./);
    await page.locator('.again').click();
    await page.locator('.wait').click();
    await says(screen, /Waiting/);
    // They commit as they leave.
    group.commits[1] = 6_000n;
    group.members = [];
    await says(screen, /Done and read back: 3 partitions/);
    assert.deepEqual(group.commits, [0n, 0n, undefined, 400n]);
    watch.poll(group.snapshot(Date.now()));
    await screen.close();
  });

  it('asks again where what was agreed to was meant for another commit', async () => {
    const group = new ScriptedGroup();
    group.members = ['rdkafka-1'];
    let answers = [true, false];
    const screen = await openReset(harness, {}, { group, confirms: () => answers.shift()! });
    await choose(screen, 'skip');
    await says(screen, /0 offsets will be processed again.*1 member is connected/);
    await screen.page.locator('.wait').click();
    await says(screen, /Waiting/);
    group.commits[0] = 18_300n;
    group.members = [];
    await until('it asked again', () => screen.confirmed.length === 2);
    assert.match(screen.confirmed[1]!.join(' '), /its commits have moved since/);
    await screen.page.locator('.execute').waitFor();
    assert.deepEqual(group.executed, []);
    answers = [true];
    await screen.page.locator('.execute').click();
    await says(screen, /Done/);
    assert.equal(group.commits[0], 18_301n);
    await screen.close();
  });

  it('refuses a streams group with what to use, and has no Execute on a read-only cluster', async () => {
    const streams = new ScriptedGroup();
    streams.type = 'streams';
    const refused = await openReset(harness, {}, { group: streams });
    await says(refused, /Kafka Streams group.*kafka-streams-application-reset/);
    assert.equal((await row(refused, 0))['After'], '-', 'nothing would be there');
    assert.match(await refused.page.locator('.status').innerText(), /Nothing is written: the plan cannot be made\./);
    await shot(refused, 'refused');
    await refused.close();
    const screen = await openReset(harness, {}, { profile: { readOnly: true } });
    await says(screen, /Sets 3 partitions/);
    await screen.page.getByText(/read only by its settings/).waitFor();
    assert.equal(await screen.page.locator('.execute, .wait').count(), 0);
    await shot(screen, 'read-only');
    await screen.close();
  });

  it('takes a share group only by whole topics where it deletes', async () => {
    const group = new ScriptedGroup();
    group.type = 'share';
    const screen = await openReset(harness, {}, { group });
    const { page } = screen;
    await choose(screen, 'delete');
    await page.getByLabel('Topics and partitions').check();
    await page.locator('#add-topic').fill('orders');
    await page.locator('#add-topic').press('Enter');
    await says(screen, /Deletes 3 commits/);
    assert.equal(await page.getByLabel('Partitions of orders').isDisabled(), true);
    await choose(screen, 'earliest');
    await page.getByLabel('Partitions of orders').fill('0-1');
    await says(screen, /Sets 2 partitions/);
    await choose(screen, 'delete');
    await says(screen, /Deletes 3 commits/);
    await screen.close();
  });

  it('plans the commits of a time, reads them once, and says what is not known of them', async () => {
    const screen = await openReset(harness);
    const { page, group, watch } = screen;
    await choose(screen, 'as-of');
    await page.locator('#time').fill('2026-01-31T10:00Z');
    await says(screen, /Sets 2 partitions/);
    await page.getByText('whose oldest record is of yesterday').waitFor();
    assert.equal((await row(screen, 0))['After'], '9,000');
    assert.equal((await row(screen, 2))['Note'], 'It had no commit then.');
    assert.equal((await row(screen, 3))['Note'], 'Where it was then is not known.');
    await shot(screen, 'as-of');
    group.commits[0] = 20_000n;
    await until('the newer commit is there', async () => {
      watch.poll(group.snapshot(Date.now() + 1_000));
      return (await row(screen, 0))['Before'] === '20,000';
    });
    const at = `commits at ${Date.UTC(2026, 0, 31, 10)}`;
    assert.equal(group.asked.filter((one) => one === at).length, 1);
    assert.deepEqual(group.executed, []);
    await screen.close();
  });

  it('plans anew as the commits move, and keeps what was typed over hiding', async () => {
    const screen = await openReset(harness);
    const { page, group, watch } = screen;
    await choose(screen, 'shift-by');
    await page.locator('#by').fill('-4');
    await says(screen, /Sets 3 partitions/);
    group.commits[0] = 20_000n;
    await until('the newer commit is there', async () => {
      watch.poll(group.snapshot(Date.now() + 1_000));
      return (await row(screen, 0))['After'] === '19,996';
    });
    const state = (await screen.state()) as ResetPageState;
    await screen.close();
    const again = await openReset(harness, { state }, { group });
    assert.equal(await again.page.locator('#by').inputValue(), '-4');
    await says(again, /Sets 3 partitions/);
    await again.close();
  });

  it('says that a cluster is not connected, and fits a narrow editor', async () => {
    const gone = await openReset(harness, {}, { connected: false });
    await gone.page.getByText('local is not connected').waitFor();
    await gone.close();
    const screen = await openReset(harness, { width: 420 });
    await says(screen, /Sets 3 partitions/);
    await shot(screen, 'narrow');
    const width = await screen.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 420, String(width));
    await screen.close();
  });

  it('shows a plan of 10,000 partitions, sorted and filtered without waiting', async () => {
    const group = new ScriptedGroup(Array.from({ length: 10_000 }, (_, index) => BigInt(index)));
    const screen = await openReset(harness, {}, { group });
    await says(screen, /Sets 10,000 partitions/);
    await screen.page.locator('.status', { hasText: '10,000 rows' }).waitFor();
    await screen.page.getByRole('button', { name: 'Before' }).click();
    await until('the largest is first', async () => (await row(screen, 0))['Before'] === '9,999');
    await screen.page.locator('vscode-textfield.filter').click();
    await screen.page.keyboard.type('orders-77');
    await screen.page.locator('.status', { hasText: '111 of 10,000 rows' }).waitFor();
    await screen.close();
  });
});
