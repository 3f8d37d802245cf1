/** Tails a topic in a fresh process, as the extension host does, and says what that took: prints a JSON object. */
import { Cluster } from '../../src/kafka/cluster.ts';
import { until } from '../support/until.ts';
import { openFeed } from '../support/tailFeeds.ts';
import { measureBlocks } from '../support/blocks.ts';

const [, file, bootstrap, topic, wanted] = process.argv;
if (bootstrap !== undefined && topic !== undefined && file?.endsWith('recordsKeptProcess.ts')) {
  const count = Number(wanted);
  const cluster = await Cluster.connect({ bootstrapServers: [bootstrap] });
  const { feed, messages, model } = openFeed(() => Promise.resolve(cluster), { topic });
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const longest: Record<string, number> = {};
  const took: Record<string, number> = {};
  const measure = async (name: string, work: () => Promise<void>): Promise<void> => {
    const measured = await measureBlocks(work);
    took[name] = measured.took;
    longest[name] = measured.longest;
    messages.length = 0;
  };
  const evaluated = (): Promise<void> => until('all is evaluated', () => feed.view.evaluating === undefined);
  await measure('read', async () => {
    await feed.receive({ type: 'ready' });
    await feed.receive({ type: 'window', first: 0, count: 100, follow: true });
    await until('all is read', () => feed.session.store.endSeq === count, 120_000);
    await until('the page knows', () => model().kept.records === count);
  });
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  await measure('filter', async () => {
    await feed.receive({ type: 'filter', text: 'QZX' });
    await evaluated();
  });
  await measure('regex', async () => {
    await feed.receive({ type: 'filter', text: '/QZ[XY]/' });
    await evaluated();
  });
  const found = feed.view.count;
  await measure('order', async () => {
    await feed.receive({ type: 'filter', text: '' });
    await feed.receive({ type: 'order', order: 'time' });
    await evaluated();
  });
  const { dropped } = feed.session.store;
  const grown = process.memoryUsage.rss() - before;
  console.log(JSON.stringify({ dropped, found, memory: heapUsed + external, grown, longest, took }));
  feed.dispose();
  cluster.close();
}
