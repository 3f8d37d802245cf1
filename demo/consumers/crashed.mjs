import { connect, newConsumer, run } from '../lib/kafka.mjs';
import { main } from '../lib/program.mjs';

/**
 * Crashed: a promise that nobody awaits is rejected and ends the process, as Node does. Its records were committed up to there;
 * the rest of the topic waits, and the lag grows with each order.
 */
let orders = [];

async function writePage(page) {
  // Orders of a gift card have no invoice.
  return page.map((order) => order.invoice.number).join('\n');
}

export async function start() {
  const consumer = newConsumer(connect('report-0'), { groupId: 'nightly-report', sessionTimeout: 6_000 });
  return run(
    consumer,
    { topics: ['orders'], fromBeginning: true },
    {
      autoCommitThreshold: 100,
      eachMessage: async ({ message }) => {
        orders.push(JSON.parse(message.value));
        if (orders.length < 1_500) return;
        writePage(orders);
        orders = [];
      },
    },
  );
}

await main(import.meta, start);
