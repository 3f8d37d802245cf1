import { LagFeed } from '../../src/ui/panels/lagFeed.ts';
import type { FromLagPage } from '../../src/ui/panels/protocol.ts';
import type { PanelServices } from '../../src/ui/panels/services.ts';
import { scriptedClusters, type ScriptedWatch } from '../unit/panelsFixtures.ts';
import type { OpenOptions, OpenPage, PageHarness } from './harness.ts';

export interface LagScreen extends OpenPage {
  readonly feed: LagFeed;
  /** All that the page said. */
  readonly said: FromLagPage[];
}

/** The lag page with the feed that VS Code would give it, over a scripted watch. */
export async function openLag(
  harness: PageHarness,
  watch: ScriptedWatch | undefined,
  group: string,
  options: Partial<OpenOptions<FromLagPage>> & {
    readonly now?: () => number;
    readonly timeLags?: ReturnType<NonNullable<PanelServices['timeLagsOf']>>;
  } = {},
): Promise<LagScreen> {
  const said: FromLagPage[] = [];
  // Messages arrive in the order in which they were sent, as in VS Code, and not before the page is there.
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  const feed = new LagFeed({
    cluster: 'local',
    group,
    services: { ...scriptedClusters({ local: watch }), timeLagsOf: () => options.timeLags },
    // What still comes as the page closes is of no interest.
    send: (message) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  const open = await harness.open<FromLagPage>({
    page: 'lag',
    target: { cluster: 'local', group },
    ...options,
    receive: (message) => {
      said.push(message);
      if (message.type === 'ready') feed.start(message.charted);
      else if (message.type === 'chart') feed.chart(message.keys);
      else if (message.type === 'pause') feed.pause(message.paused);
      else if (message.type === 'retry') void feed.retry();
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
