import type { FromStuckPage } from '../../src/ui/panels/stuck/protocol.ts';
import { StuckFeed } from '../../src/ui/panels/stuck/stuckFeed.ts';
import type { StuckFacts } from '../../src/stuck/facts.ts';
import { scriptedClusters, type ScriptedWatch } from '../unit/panelsFixtures.ts';
import type { OpenOptions, OpenPage, PageHarness } from './harness.ts';

export interface StuckScreen extends OpenPage {
  readonly feed: StuckFeed;
  readonly said: FromStuckPage[];
}

/** The page with the feed that VS Code would give it, over a scripted watch and scripted facts. */
export async function openStuck(
  harness: PageHarness,
  watch: ScriptedWatch | undefined,
  explain: () => Promise<StuckFacts>,
  options: Partial<OpenOptions<FromStuckPage>> = {},
): Promise<StuckScreen> {
  const target = { group: 'billing', topic: 'orders', partition: 0 };
  const said: FromStuckPage[] = [];
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  const feed = new StuckFeed({
    cluster: 'local',
    target,
    services: scriptedClusters({ local: watch }),
    explain,
    // What still comes as the page closes is of no interest.
    send: (message) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
  });
  const open = await harness.open<FromStuckPage>({
    page: 'stuck',
    target: { cluster: 'local', ...target, partition: String(target.partition) },
    ...options,
    receive: (message) => {
      said.push(message);
      if (message.type === 'ready') feed.start();
      else if (message.type === 'pause') feed.pause(message.paused);
      else if (message.type === 'refresh') feed.refresh();
    },
  });
  opened.resolve(open);
  return {
    ...open,
    feed,
    said,
    close: async () => {
      feed.dispose();
      await open.close();
    },
  };
}
