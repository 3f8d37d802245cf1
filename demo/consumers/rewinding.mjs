import { connect, newConsumer, run, sleep } from '../lib/kafka.mjs';
import { log, main } from '../lib/program.mjs';

/**
 * Rewinding: the report starts its window anew each time its settings are reloaded, every 15 seconds, though they have not changed:
 * it seeks back, counts the same orders again, and its committed offsets jump back with it.
 */
const window = 300;

export async function start() {
  const positions = new Map();
  let counted = 0;
  let reloads = 0;
  const consumer = newConsumer(connect('sales-report-0'), { groupId: 'sales-report' });
  const end = await run(
    consumer,
    { topics: ['orders'], fromBeginning: false },
    {
      autoCommitInterval: 500,
      eachMessage: async ({ partition, message }) => {
        positions.set(partition, Number(message.offset) + 1);
        counted++;
        await sleep(4);
      },
    },
  );
  const timer = setInterval(reloadSettings, 15_000);
  setTimeout(reloadSettings, 5_000);

  function reloadSettings() {
    for (const [partition, position] of positions) {
      consumer.seek({ topic: 'orders', partition, offset: String(Math.max(0, position - window)) });
    }
    if (reloads++ % 4 === 0)
      log('sales-report', `settings reloaded ${reloads} times, each time ${window} orders back; ${counted} counted`);
  }

  return async () => {
    clearInterval(timer);
    await end();
  };
}

await main(import.meta, start);
