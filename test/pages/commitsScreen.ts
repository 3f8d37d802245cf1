import type { Fact } from '../../src/kafka/facts.ts';
import { TopicNames } from '../../src/offsetsTopic/decode/topicNames.ts';
import { CancelledError } from '../../src/shared/errors.ts';
import { CommitsFeed, type CommitsSource } from '../../src/ui/panels/commits/commitsFeed.ts';
import type { FromCommitsPage } from '../../src/ui/panels/commits/protocol.ts';
import type { CoordinatorBytes } from '../support/offsetsSlices.ts';
import { offsetsSlice } from '../support/offsetsSlices.ts';
import { scriptedClusters, type ScriptedWatch } from '../unit/panelsFixtures.ts';
import type { OpenOptions, OpenPage, PageHarness } from './harness.ts';

/** A group's partition of `__consumer_offsets` whose records are the test's. */
export class ScriptedTopic {
  readonly #records: { readonly record: CoordinatorBytes; readonly at: number }[] = [];
  #wake: (() => void) | undefined;
  failure: Fact<never> | undefined;
  /** How often it was read from its beginning. */
  opened = 0;

  append(at: number, ...records: CoordinatorBytes[]): void {
    for (const record of records) this.#records.push({ record, at });
    this.#wake?.();
  }

  source(): CommitsSource {
    return {
      names: new TopicNames(),
      retention: { value: 7 * 86_400_000 },
      follow: async ({ log, signal, onProgress }) => {
        const from = log.resume();
        if (from === undefined) this.opened++;
        for (let next = Number(from ?? 0n); ;) {
          if (this.failure !== undefined) return this.failure;
          for (; next < this.#records.length; next++) {
            const { record, at } = this.#records[next]!;
            log.take(offsetsSlice([record], { baseOffset: BigInt(next), at }));
          }
          onProgress({ partition: 12, start: 0n, next: BigInt(next), end: BigInt(this.#records.length) });
          await new Promise<void>((resolve, reject) => {
            this.#wake = resolve;
            signal.addEventListener('abort', () => reject(new CancelledError()), { once: true });
          });
        }
      },
    };
  }
}

export interface CommitsScreen extends OpenPage {
  readonly feed: CommitsFeed;
  readonly said: FromCommitsPage[];
}

/** The page with the feed that VS Code would give it, over a scripted watch and a scripted topic. */
export async function openCommits(
  harness: PageHarness,
  watch: ScriptedWatch | undefined,
  topic: ScriptedTopic,
  options: Partial<OpenOptions<FromCommitsPage>> = {},
): Promise<CommitsScreen> {
  const said: FromCommitsPage[] = [];
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  const feed = new CommitsFeed({
    cluster: 'local',
    group: 'billing',
    services: scriptedClusters({ local: watch }),
    open: async () => topic.source(),
    // What still comes as the page closes is of no interest.
    send: (message) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
  });
  const open = await harness.open<FromCommitsPage>({
    page: 'commits',
    target: { cluster: 'local', group: 'billing' },
    ...options,
    receive: (message) => {
      said.push(message);
      if (message.type === 'ready') feed.start();
      else if (message.type === 'pause') feed.pause(message.paused);
      else if (message.type === 'retry') feed.retry();
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
