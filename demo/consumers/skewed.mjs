import { cities } from '../lib/catalog.mjs';
import { connect, newConsumer, run } from '../lib/kafka.mjs';
import { rangeAssigner } from '../lib/rangeAssigner.mjs';
import { main } from '../lib/program.mjs';

/**
 * Skewed: there is one topic a warehouse, each of one partition, and the group uses the range assignor, which starts with
 * its first member at each topic anew. So one member has all warehouses and the others only a share of the transfers.
 */
async function member(name) {
  const consumer = newConsumer(connect(name), { groupId: 'warehouse-sync', partitionAssigners: [rangeAssigner] });
  const topics = [...cities.map((city) => `stock-${city}`), 'stock-transfers'];
  return run(
    consumer,
    { topics, fromBeginning: true },
    {
      autoCommitInterval: 1_000,
      eachMessage: async ({ topic, message }) => {
        const { product, change = 0 } = JSON.parse(message.value);
        stock.set(`${topic}/${product}`, (stock.get(`${topic}/${product}`) ?? 0) + change);
      },
    },
  );
}

const stock = new Map();

export async function start() {
  const ends = await Promise.all(['warehouse-sync-0', 'warehouse-sync-1', 'warehouse-sync-2'].map(member));
  return () => Promise.all(ends.map((end) => end()));
}

await main(import.meta, start);
