import assert from 'node:assert/strict';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { it } from 'node:test';
import { planReset } from '../../src/groups/plan/planReset.ts';
import { emptyForm } from '../../src/ui/panels/reset/formRequest.ts';
import type { ResetModel, ToResetPage } from '../../src/ui/panels/reset/protocol.ts';
import { ResetFeed } from '../../src/ui/panels/reset/resetFeed.ts';
import { aGroup, aPartition, aSnapshot, aTopic, committed } from '../support/snapshots.ts';
import { scriptedClusters, ScriptedWatch } from './panelsFixtures.ts';
import { factsOf } from './resetFixtures.ts';

it('shows the results of a change beside the plan that was made true, though the commits move on', async () => {
  let now = 1_000_000;
  let at = 3n;
  let plans = 0;
  let model: ResetModel | undefined;
  let rows: (ToResetPage & { type: 'rows' })['rows'] = [];
  const watch = new ScriptedWatch();
  const group = { value: { type: 'classic', state: 'Empty', members: [] } } as const;
  const feed = new ResetFeed({
    cluster: 'test',
    group: 'g',
    services: scriptedClusters({ test: watch }),
    open: async () => ({
      plan: async (what) => {
        plans++;
        assert.ok('strategy' in what);
        const facts = factsOf({ topics: [aTopic('t', 1)], commits: { t: [at] }, logs: { t: [[0n, 100n]] } });
        return { plan: planReset(what, facts), group };
      },
      commitsAt: () => assert.fail(),
      groupNow: async () => group,
      execute: async () => {
        const why = 'It has moved.';
        const moved = { outcome: 'moved', message: why, code: undefined, isRead: true, found: at } as const;
        return { id: '1', results: [{ topic: 't', partition: 0, ...moved }], unrecorded: undefined };
      },
      peek: () => assert.fail(),
    }),
    profile: () => ({ production: false, readOnly: false, bootstrapServers: ['a:1'] }),
    confirm: async () => true,
    journal: async () => undefined,
    undoOf: () => assert.fail(),
    onWritten: () => {},
    send: (message) => {
      if (message.type === 'full' || message.type === 'model') model = message.model;
      if (message.type === 'rows') rows = message.rows;
    },
    onError: (error) => assert.fail(error as Error),
    now: () => now,
  });
  feed.start({ ...emptyForm, strategy: 'latest' });
  await setImmediate();
  assert.equal(rows[0]!.before, '3');
  // Somebody who is no member commits: a poll sees it, and a new plan is due as the person executes this one.
  at = 5n;
  now += 60_000;
  const partitions = [aPartition('t', 0, { commit: committed(at) })];
  watch.poll(aSnapshot({ takenAt: now, groups: [aGroup('g', { state: 'Empty', partitions })] }));
  await feed.execute(false);
  await setTimeout(0);
  assert.equal(plans, 1);
  assert.deepEqual([rows[0]!.before, rows[0]!.result?.outcome], ['3', 'moved']);
  assert.match(model!.outcome!.reasons!.join(), /It has moved.*somebody commits from outside/);
  feed.dispose();
});
