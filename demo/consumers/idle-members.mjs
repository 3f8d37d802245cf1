import { connect, newConsumer, run } from '../lib/kafka.mjs';
import { main } from '../lib/program.mjs';

/** More members than partitions: scaled to four for speed, but the topic has two partitions, so two members have nothing to do. */
async function member(name) {
  const consumer = newConsumer(connect(name), { groupId: 'search-indexer' });
  return run(
    consumer,
    { topics: ['product-updates'], fromBeginning: true },
    {
      autoCommitInterval: 1_000,
      eachMessage: async ({ message }) => {
        const update = JSON.parse(message.value);
        index.set(update.product, update);
      },
    },
  );
}

const index = new Map();

export async function start() {
  const ends = await Promise.all(['indexer-0', 'indexer-1', 'indexer-2', 'indexer-3'].map(member));
  return () => Promise.all(ends.map((end) => end()));
}

await main(import.meta, start);
