import type { GroupHistory } from '../../src/groups/assignmentHistory.ts';
import { AssignmentFeed } from '../../src/ui/panels/assignments/assignmentFeed.ts';
import type { FromAssignmentsPage } from '../../src/ui/panels/assignments/protocol.ts';
import type { HistoryNews } from '../../src/ui/panels/assignments/services.ts';
import { aGroup, aMember, aSnapshot } from '../support/snapshots.ts';
import { scriptedClusters, ScriptedWatch } from '../unit/panelsFixtures.ts';
import type { OpenOptions, OpenPage, PageHarness } from './harness.ts';

export interface AssignmentsScreen extends OpenPage {
  readonly feed: AssignmentFeed;
  /** All that the page said. */
  readonly said: FromAssignmentsPage[];
  /** As the reader of histories does. */
  tell(news: HistoryNews): void;
  /** How many follow the history now. */
  following(): number;
}

/** A watch that tells of the members of a history that are still there. */
export function watchOf(history: GroupHistory | undefined, group = 'billing'): ScriptedWatch {
  const watch = new ScriptedWatch();
  const present = history?.members.filter(({ to }) => to === undefined) ?? [];
  const members = present.map(({ id, clientId, host }) => aMember(id, { clientId, host }));
  watch.pollUnseen(aSnapshot({ takenAt: history?.to ?? Date.now(), groups: [aGroup(group, { members })] }));
  return watch;
}

/** The assignment page with the feed that VS Code would give it, over histories that a test tells. */
export async function openAssignments(
  harness: PageHarness,
  news: HistoryNews,
  options: Partial<OpenOptions<FromAssignmentsPage>> & { readonly watch?: ScriptedWatch | undefined } = {},
): Promise<AssignmentsScreen> {
  const { watch = watchOf(news.history), ...rest } = options;
  const said: FromAssignmentsPage[] = [];
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  let following = 0;
  let tell: (news: HistoryNews) => void = () => {};
  const feed = new AssignmentFeed({
    cluster: 'local',
    group: 'billing',
    services: {
      ...scriptedClusters({ local: watch }),
      followHistory: (_cluster, _group, listener) => {
        tell = listener;
        following++;
        listener(news);
        return { dispose: () => void following-- };
      },
      recordsMeanwhile: () =>
        Promise.resolve({ records: 1_204n, isLeast: true, why: 'Since all had joined.', isSettled: true }),
    },
    // What still comes as the page closes is of no interest.
    send: (message) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
    now: () => news.history?.to ?? Date.now(),
  });
  const open = await harness.open<FromAssignmentsPage>({
    page: 'assignments',
    target: { cluster: 'local', group: 'billing' },
    ...rest,
    receive: (message) => {
      said.push(message);
      if (message.type === 'ready') feed.start();
      else if (message.type === 'pause') feed.pause(message.paused);
      else if (message.type === 'retry') feed.retry();
      else if (message.type === 'moves') feed.moves(message.rebalance);
      else if (message.type === 'meanwhile') feed.meanwhile(message.rebalances);
      else if (message.type === 'lags') feed.lags(message.keys);
    },
  });
  opened.resolve(open);
  return {
    ...open,
    feed,
    said,
    tell: (more) => tell(more),
    following: () => following,
    close: async () => {
      feed.dispose();
      await open.close();
    },
  };
}
