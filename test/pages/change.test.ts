import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CancelledError, HumanError } from '../../src/shared/errors.ts';
import type { Executed, ExecuteContext, PlannedChange } from '../../src/ui/changes/planned.ts';
import { ChangeFeed } from '../../src/ui/panels/change/changeFeed.ts';
import type { ChangeItem, ChangeRequest, FromChangePage } from '../../src/ui/panels/change/protocol.ts';
import type { Cluster } from '../../src/kafka/cluster.ts';
import { until } from '../support/until.ts';
import { PageHarness, type OpenOptions, type OpenPage } from './harness.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

const request: ChangeRequest = { kind: 'delete-offsets', cluster: 'local', groups: [{ group: 'billing' }] };

const items: readonly ChangeItem[] = [
  { key: '0', group: 'billing', topic: 'orders', partition: 0, before: '12408', after: null },
  {
    key: '1',
    group: 'billing',
    topic: 'orders',
    partition: 1,
    before: '9007199254740993',
    after: '50',
    again: '9007199254740943',
    skipped: '0',
  },
  { key: '2', group: 'nightly', topic: 'gone', partition: 0, before: null, error: 'There is no commit to delete.' },
  {
    key: '3',
    group: 'nightly',
    topic: 'gone',
    partition: 1,
    before: '7',
    after: '1',
    again: '6',
    skipped: '0',
    warning: 'It has moved since: it was left at 4 and is at 7 now.',
  },
];

function planned(more: Partial<PlannedChange> = {}): PlannedChange {
  return {
    of: 'offsets',
    isMany: true,
    sentences: ['Deletes 2 commits: their partitions begin again where auto.offset.reset says.'],
    action: 'Delete',
    question: 'Delete 2 commits on local?',
    subject: 'local',
    refusal: undefined,
    members: undefined,
    command: 'kafka-consumer-groups --bootstrap-server localhost:9092 --group billing --delete-offsets',
    items,
    execute: () => Promise.reject(new Error('not expected')),
    ...more,
  };
}

interface Screen extends OpenPage {
  readonly feed: ChangeFeed;
  readonly asked: string[];
}

async function open(
  plan: () => Promise<PlannedChange>,
  options: Partial<OpenOptions<FromChangePage>> & { readonly answer?: boolean; readonly isReadOnly?: boolean } = {},
): Promise<Screen> {
  const { answer = true, isReadOnly = false, ...more } = options;
  const asked: string[] = [];
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  const feed = new ChangeFeed({
    request,
    plan,
    kafka: () => Promise.resolve({} as Cluster),
    isReadOnly: () => isReadOnly,
    journalToWrite: () => Promise.resolve(undefined),
    confirm: ({ question }) => {
      asked.push(question);
      return Promise.resolve(answer);
    },
    onChanged: () => {},
    send: (message) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
    onError: (error) => assert.fail(error as Error),
  });
  const page = await harness.open<FromChangePage>({
    page: 'change',
    target: { request: JSON.stringify(request) },
    ...more,
    receive: (message) => {
      if (message.type === 'ready') void feed.start();
      else if (message.type === 'plan') void feed.plan();
      else if (message.type === 'execute') void feed.execute(message.wait);
      else if (message.type === 'cancel') feed.cancel();
    },
  });
  opened.resolve(page);
  return { ...page, feed, asked };
}

async function lines(screen: Screen): Promise<string[]> {
  const texts = await screen.page.locator('.lines > .line').allTextContents();
  return texts.map((text) => text.replace(/\s+/g, ' ').trim());
}

async function shot(screen: Screen, name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await screen.page.screenshot({ path: `${folder}/change-${name}.png` });
}

function done(): Executed {
  return {
    results: new Map([
      ['0', { outcome: 'done', found: null }],
      ['1', { outcome: 'refused', message: 'Group billing has members (again).', found: '9007199254740993' }],
      ['3', { outcome: 'done', found: '1' }],
    ]),
    entries: ['e'],
    canUndo: true,
    unrecorded: undefined,
  };
}

describe('the page of a change', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`runs under its content security policy without a word in the ${theme} theme`, async () => {
      const screen = await open(() => Promise.resolve(planned()), { theme });
      await until('the plan is there', async () => (await lines(screen)).length === 4);
      await shot(screen, theme);
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('shows each row before and after to the last digit, and why one is left', async () => {
    const screen = await open(() => Promise.resolve(planned()), { width: 1400 });
    await until('the plan is there', async () => (await lines(screen)).length === 4);
    const shown = await lines(screen);
    assert.match(shown[0]!, /^billing orders 0 12,408 deleted - -$/);
    assert.match(shown[1]!, /9,007,199,254,740,993 50 9,007,199,254,740,943 0$/);
    assert.match(shown[2]!, /no commit - - - There is no commit to delete\.$/);
    await screen.page.getByText('A plan: nothing has been changed.').waitFor();
    await screen.close();
  });

  it('changes nothing where the person says no', async () => {
    const screen = await open(() => Promise.resolve(planned()), { answer: false });
    await screen.page.getByRole('button', { name: 'Delete...' }).click();
    await until('it was asked', () => screen.asked.length === 1);
    await screen.page.getByText('A plan: nothing has been changed.').waitFor();
    await screen.close();
  });

  it('shows a result for each row, the way back and the journal', async () => {
    const screen = await open(() => Promise.resolve(planned({ execute: () => Promise.resolve(done()) })), {
      width: 1500,
    });
    await screen.page.getByRole('button', { name: 'Delete...' }).click();
    await screen.page
      .getByText('Of 3: 2 done and read back, 1 refused by the broker. 1 were left as they are.')
      .first()
      .waitFor();
    const shown = await lines(screen);
    assert.match(shown[0]!, /no commit done$/);
    assert.match(shown[1]!, /refused: Group billing has members \(again\)\.$/);
    await screen.page.getByRole('button', { name: 'Undo...' }).waitFor();
    await screen.page.getByRole('button', { name: 'Open journal' }).waitFor();
    await shot(screen, 'done');
    // Results are not to be lost because somebody looked elsewhere.
    screen.feed.hide();
    assert.equal(screen.feed.items[0]?.outcome, 'done');
    await screen.close();
  });

  it('waits until members have left, says who is there, and can be cancelled', async () => {
    const waiting = (context: ExecuteContext): Promise<Executed> => {
      assert.equal(context.wait, true);
      context.onWaiting('billing-1 at /10.0.0.7');
      return new Promise((_resolve, reject) => {
        context.signal.addEventListener('abort', () => reject(new CancelledError()));
      });
    };
    const screen = await open(() =>
      Promise.resolve(planned({ members: 'billing: billing-1 at /10.0.0.7', execute: waiting })),
    );
    await screen.page.getByText('Only members may move these offsets now.').waitFor();
    await screen.page.getByRole('button', { name: 'Delete once they have left...' }).click();
    await screen.page.getByText('Waiting until they have left: billing-1 at /10.0.0.7').waitFor();
    await shot(screen, 'waiting');
    await screen.page.getByRole('button', { name: 'Cancel' }).click();
    await screen.page.getByText('It was cancelled. Nothing was changed.').waitFor();
    await screen.close();
  });

  it('says why nothing can be done, and offers no button then, nor where the cluster is read only', async () => {
    const refused = await open(() => Promise.resolve(planned({ refusal: 'Group billing has members.' })));
    await refused.page.getByText('Group billing has members.').waitFor();
    assert.equal(await refused.page.getByRole('button', { name: 'Delete...' }).count(), 0);
    await shot(refused, 'refused');
    await refused.close();
    const readOnly = await open(() => Promise.resolve(planned()), { isReadOnly: true });
    await readOnly.page.getByText('The cluster is read only by its settings.').waitFor();
    assert.equal(await readOnly.page.getByRole('button', { name: 'Delete...' }).count(), 0);
    await readOnly.close();
  });

  it('shows whom a deletion of topics touches, and what became of each', async () => {
    const reader = { state: 'Stable', members: 2, commits: 3, lag: '12408' };
    const of = planned({
      of: 'topics',
      isMany: true,
      sentences: ['Deletes 2 topics with all records of 4 partitions. This cannot be undone.'],
      items: [
        { key: 'a', group: 'billing', topic: 'orders', reader },
        { key: 'b', group: 'audit', topic: 'orders', reader: { state: 'Empty', members: 0, commits: 3 } },
        { key: 'c', group: '', topic: 'scratch' },
        { key: 'd', group: '', topic: 'gone', error: 'Topic gone does not exist.' },
      ],
      execute: () =>
        Promise.resolve({
          results: new Map(['a', 'b', 'c'].map((key) => [key, { outcome: 'done' as const }])),
          entries: ['e'],
          canUndo: false,
          unrecorded: undefined,
          said: { good: true, text: 'Done, and looked at again: 2 topics.' },
        }),
    });
    for (const theme of ['dark', 'high-contrast-light'] as const) {
      const screen = await open(() => Promise.resolve(of), { theme });
      await until('the plan is there', async () => (await lines(screen)).length === 4);
      assert.deepEqual(await lines(screen), [
        'orders billing Stable 2 3 12,408',
        'orders audit Empty 0 3 -',
        'scratch none - - - -',
        'gone none - - - - Topic gone does not exist.',
      ]);
      await shot(screen, `topics-${theme}`);
      await screen.page.getByRole('button', { name: 'Delete...' }).click();
      await screen.page.locator('.told', { hasText: 'Done, and looked at again: 2 topics.' }).waitFor();
      assert.match((await lines(screen))[1]!, /done/);
      assert.deepEqual(screen.problems, []);
      await shot(screen, `topics-done-${theme}`);
      await screen.close();
    }
  });

  it('shows where logs begin after records are deleted, and who has not read them', async () => {
    const screen = await open(() =>
      Promise.resolve(
        planned({
          of: 'records',
          isMany: false,
          action: 'Delete records',
          sentences: [
            'Deletes up to 18 records of orders: 2 partitions. This cannot be undone.',
            'Group billing has not read 5 of them: it loses them, and goes on at the new start.',
          ],
          items: [
            {
              key: '0',
              group: '',
              topic: 'orders',
              partition: 0,
              before: '0',
              after: '8',
              skipped: '8',
              warning: 'billing has not read 5 of them.',
            },
            { key: '1', group: '', topic: 'orders', partition: 1, before: '0', after: '10', skipped: '10' },
          ],
        }),
      ),
    );
    await until('the plan is there', async () => (await lines(screen)).length === 2);
    assert.deepEqual(await lines(screen), ['0 0 8 8 billing has not read 5 of them.', '1 0 10 10']);
    await shot(screen, 'records');
    await screen.close();
  });

  it('says what failed, and plans again', async () => {
    let isBroken = true;
    const screen = await open(() =>
      isBroken ? Promise.reject(new HumanError('local is not connected.')) : Promise.resolve(planned()),
    );
    await screen.page.getByText('local is not connected.').waitFor();
    isBroken = false;
    await screen.page.getByText('Retry').click();
    await until('the plan is there', async () => (await lines(screen)).length === 4);
    await screen.close();
  });

  it('fits a narrow editor', async () => {
    const screen = await open(() => Promise.resolve(planned()), { width: 420 });
    await until('the plan is there', async () => (await lines(screen)).length === 4);
    const wide = await screen.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 420, String(wide));
    await shot(screen, 'narrow');
    await screen.close();
  });
});
