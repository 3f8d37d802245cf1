import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { RecordView, StuckFacts } from '../../src/stuck/facts.ts';
import { until } from '../support/until.ts';
import { billing, ScriptedWatch } from '../unit/panelsFixtures.ts';
import { aMarker, aRecord, aroundOf, factsOf, logOf, text } from '../unit/stuckFixtures.ts';
import { PageHarness } from './harness.ts';
import { openStuck, type StuckScreen } from './stuckScreen.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

const broken = '{"orderId":"O-18204","total":"PAPER JAM\u0007\u202e';

/** A value that is no JSON, where all around it are. */
function poison(overrides: Partial<StuckFacts> = {}): StuckFacts {
  return factsOf({
    takenAt: Date.now(),
    commit: { value: { offset: 18_204n, leaderEpoch: -1, metadata: 'host-7' } },
    log: logOf(0n, 30_321n),
    around: aroundOf(aRecord(18_204n, { value: text(broken), timestamp: BigInt(Date.now() - 250_000) })),
    mismatch: {
      key: undefined,
      value: {
        expected: 'JSON',
        reason: 'Bad control character in string literal in JSON at position 39.',
        of: [6, 6],
      },
    },
    ...overrides,
  });
}

function polled(): ScriptedWatch {
  const watch = new ScriptedWatch();
  const now = Date.now();
  for (let poll = 1; poll <= 4; poll++) watch.pollUnseen(billing(poll * 5, now - (4 - poll) * 40_000));
  return watch;
}

async function shown(screen: StuckScreen): Promise<void> {
  await screen.page.locator('.stuck-verdict').waitFor();
  await screen.page.locator('.lines > .line').first().waitFor();
}

async function picture(screen: StuckScreen, name: string): Promise<void> {
  const folder = join(import.meta.dirname, '..', '..', 'out', 'screenshots');
  await mkdir(folder, { recursive: true });
  await screen.page.screenshot({ path: join(folder, `${name}.png`) });
}

describe('the page "What is it stuck on?"', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`runs under its content security policy without a word in the ${theme} theme`, async () => {
      const screen = await openStuck(harness, polled(), async () => poison(), { theme });
      await shown(screen);
      await picture(screen, `stuck-${theme}`);
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('says in the first line what is wrong, and shows the record big', async () => {
    const screen = await openStuck(harness, polled(), async () => poison());
    await shown(screen);
    assert.match(
      await screen.page.locator('.stuck-verdict strong').innerText(),
      /The value of record 18,204 does not decode as JSON, which its neighbours are: Bad control character/,
    );
    assert.match(await screen.page.locator('.record h2').innerText(), /Record 18,204/);
    const value = await screen.page.locator('.record pre[aria-label="Value"]').innerText();
    assert.equal(value, '{"orderId":"O-18204","total":"PAPER JAM\\u0007\\u202e');
    const figures = await screen.page.locator('.figures').innerText();
    assert.match(figures, /Committed\s+18,204/);
    assert.match(figures, /Time lag\s+4 min/);
    assert.match(figures.replaceAll('\n', ''), /Ownerbilling-static-1/);
    await screen.close();
  });

  it('shows a neighbour when it is chosen, by mouse, toolbar or Escape back', async () => {
    const screen = await openStuck(harness, polled(), async () => poison());
    await shown(screen);
    const { page } = screen;
    await page.locator('.lines > .line', { hasText: '18,203' }).click();
    await page.locator('.record h2', { hasText: '18,203' }).waitFor();
    await page.locator('vscode-toolbar-button[label="Next record"]').click();
    await page.locator('.record h2', { hasText: '18,204' }).waitFor();
    await page.locator('vscode-toolbar-button[label="Next record"]').click();
    await page.locator('.record h2', { hasText: '18,205' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.record h2', { hasText: '18,204' }).waitFor();
    await screen.close();
  });

  it('copies the record, asks to tail from it, and opens its value', async () => {
    const screen = await openStuck(harness, polled(), async () => poison());
    await shown(screen);
    const press = (label: string) => screen.page.locator(`vscode-toolbar-button[label="${label}"]`).click();
    await press('Tail from here');
    await press('Open Value in an editor');
    await press('Copy record (Ctrl+C)');
    await until('all was said', () => screen.said.length >= 4);
    assert.deepEqual(screen.said.slice(1, 3), [
      { type: 'tail', offset: '18204' },
      { type: 'document', offset: '18204' },
    ]);
    const copied = screen.said.at(-1)!;
    assert.ok(copied.type === 'copy' && copied.text.includes(broken) && copied.text.startsWith('offset: 18204'));
    await screen.close();
  });

  it('follows the group to the next record when its commit moves', async () => {
    const watch = polled();
    let facts = poison();
    let reads = 0;
    const screen = await openStuck(harness, watch, async () => (reads++, facts));
    await shown(screen);
    watch.poll(billing(25, Date.now()));
    await screen.page.locator('.figures', { hasText: '30,821' }).waitFor();
    assert.equal(reads, 1, 'while the commit stands nothing is read again');

    facts = poison({
      commit: { value: { offset: 18_300n, leaderEpoch: -1, metadata: '' } },
      around: aroundOf(aRecord(18_300n)),
      mismatch: { key: undefined, value: undefined },
    });
    const moved = billing(30, Date.now());
    const group = moved.groups.get('billing')!;
    const partitions = group.partitions.map((one, index) => (index === 0 ? { ...one, commit: facts.commit } : one));
    watch.poll({ ...moved, groups: new Map([['billing', { ...group, partitions }]]) });
    await screen.page.locator('.record h2', { hasText: '18,300' }).waitFor();
    assert.equal(reads, 2);
    await screen.close();
  });

  it('offers to set the registry that a value needs, and shows the value once it is set', async () => {
    const why = 'It begins like a value with schema 7 of a Schema Registry, and none is set for this cluster.';
    const framed = text('00000000  00 00 00 00 07', {
      problem: why,
      wantsRegistry: true,
      label: 'Schema Registry data',
    });
    const unread = (offset: bigint): RecordView => aRecord(offset, { value: framed });
    let facts = poison({
      around: aroundOf(unread(18_204n), { before: [unread(18_202n), unread(18_203n)], after: [unread(18_205n)] }),
      mismatch: { key: undefined, value: undefined },
    });
    const screen = await openStuck(harness, polled(), async () => facts);
    const { page, feed, said } = screen;
    await shown(screen);
    await page.locator('.stuck-verdict', { hasText: 'could not be read: It begins like' }).waitFor();
    await page.getByRole('button', { name: 'Set Schema Registry...' }).click();
    await until('it is asked for', () => said.some(({ type }) => type === 'setRegistry'));
    await picture(screen, 'stuck-registry');
    // As its host does when the registry is set.
    facts = poison({ mismatch: { key: undefined, value: undefined }, around: aroundOf(aRecord(18_204n)) });
    feed.refresh();
    await page.locator('.stuck-verdict', { hasText: 'looks like its neighbours' }).waitFor();
    await page.getByRole('button', { name: 'Set Schema Registry...' }).waitFor({ state: 'detached' });
    await page.locator('.record .text', { hasText: 'porto' }).waitFor();
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('says of a marker that nobody is handed it, and of an open transaction how to end it', async () => {
    const now = Date.now();
    const known = {
      transactionalId: 'settlement-batch-0',
      coordinator: 1,
      state: 'Ongoing',
      timeoutMs: 900_000,
      startedAt: now - 200_000,
      producerEpoch: 4,
      partitions: 1,
    };
    const open = {
      producerId: 7n,
      producerEpoch: 4,
      coordinatorEpoch: 0,
      startOffset: 18_204n,
      lastTimestamp: BigInt(now - 200_000),
      known,
    };
    const held = poison({
      takenAt: now,
      log: { value: { start: 0n, end: 30_321n, lastStable: { value: 18_204n } } },
      around: aroundOf(aMarker(18_204n, 'commit')),
      mismatch: { key: undefined, value: undefined },
      transactions: { value: { open: [open], failures: [] } },
    });
    const screen = await openStuck(harness, polled(), async () => held, { width: 620, height: 900 });
    await shown(screen);
    const findings = await screen.page.locator('.findings').innerText();
    const verdict = await screen.page.locator('.stuck-verdict strong').innerText();
    assert.match(verdict, /transactional id settlement-batch-0, open for 3 min 20 s/);
    assert.match(findings, /forceTerminateTransaction --transactionalId settlement-batch-0/);
    assert.equal(await screen.page.locator('.skip').count(), 0, 'to skip its record frees nobody');
    assert.match(findings, /At the commit stands a commit marker, which no consumer is handed/);
    await picture(screen, 'stuck-narrow');
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('says that it reads, why it failed, and tries again', async () => {
    const first = Promise.withResolvers<StuckFacts>();
    let reads = 0;
    const screen = await openStuck(harness, polled(), () =>
      reads++ === 0 ? first.promise : Promise.resolve(poison()),
    );
    await screen.page.locator('.problem', { hasText: 'Reading orders-0' }).waitFor();
    first.reject(new Error('127.0.0.1:9092 did not answer.'));
    await screen.page.locator('.problem.failed', { hasText: 'did not answer' }).waitFor();
    await screen.page.locator('.problem .button').click();
    await shown(screen);
    await screen.close();
  });

  it('says that the cluster is not connected', async () => {
    const screen = await openStuck(harness, undefined, async () => poison());
    await screen.page.locator('.problem', { hasText: 'local is not connected' }).waitFor();
    await screen.close();
  });
});
