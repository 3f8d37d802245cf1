/**
 * Run as a program, with a bootstrap server, a group and a number: prints as JSON how long somebody waits for the history of the group, ms, so many
 * times, each with nothing known of it. The page is loaded in a real browser while the cluster, which is connected, is read, until the
 * lanes are drawn. What an editor takes to make a tab is not in it.
 */
import { Cluster } from '../../src/kafka/cluster.ts';
import { AssignmentFeed } from '../../src/ui/panels/assignments/assignmentFeed.ts';
import type { FromAssignmentsPage } from '../../src/ui/panels/assignments/protocol.ts';
import { followGroupHistory } from '../../src/watch/assignmentsFollow.ts';
import { PageHarness, type OpenPage } from './harness.ts';
import { aGroup, aSnapshot } from '../support/snapshots.ts';
import { scriptedClusters, ScriptedWatch } from '../unit/panelsFixtures.ts';

const [, , bootstrap, group, times] = process.argv;
if (bootstrap === undefined || group === undefined) throw new Error('Which bootstrap server, and which group?');
const cluster = await Cluster.connect({ bootstrapServers: [bootstrap] });
const harness = await PageHarness.start();
try {
  const took: number[] = [];
  for (let turn = 0; turn < Number(times ?? 1); turn++) took.push(await shownOnce(group));
  console.log(JSON.stringify(took));
} finally {
  await harness.stop();
  cluster.close();
}

async function shownOnce(of: string): Promise<number> {
  const watch = new ScriptedWatch();
  watch.pollUnseen(aSnapshot({ groups: [aGroup(of)] }));
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  const feed = new AssignmentFeed({
    cluster: 'local',
    group: of,
    services: {
      ...scriptedClusters({ local: watch }),
      followHistory: (_cluster, of, tell) =>
        followGroupHistory({ kafka: () => Promise.resolve(cluster), group: of, tell }),
      recordsMeanwhile: () => Promise.resolve({ records: undefined, isLeast: false, why: undefined, isSettled: true }),
    },
    send: (message) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
  });
  feed.prepare();
  const open = await harness.open<FromAssignmentsPage>({
    page: 'assignments',
    target: { cluster: 'local', group: of },
    receive: ({ type }) => {
      if (type === 'ready') feed.start();
    },
  });
  opened.resolve(open);
  try {
    const drawn = await open.page.waitForFunction(
      () => {
        const lanes = document.querySelector<HTMLCanvasElement>('.lanes-base')?.width ?? 0;
        const said = document.querySelector('.status')?.textContent ?? '';
        return lanes > 300 && /[1-9]\d* lanes/.test(said) ? performance.now() : 0;
      },
      undefined,
      { polling: 'raf' },
    );
    return await drawn.jsonValue();
  } finally {
    feed.dispose();
    await open.close();
  }
}
