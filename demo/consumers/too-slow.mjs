import { connect, newConsumer, run, sleep } from '../lib/kafka.mjs';
import { log, main } from '../lib/program.mjs';

/**
 * Too slow: the tax service is asked once for each invoice and takes an eighth of a second, so 8 invoices a second are
 * handled while 12 arrive. The lag grows, and will until somebody asks for many at once, or starts more members.
 */
async function taxOf(invoice) {
  await sleep(125);
  return invoice.net * 0.19;
}

export async function start() {
  let handled = 0;
  const consumer = newConsumer(connect('billing-0'), { groupId: 'billing', maxBytesPerPartition: 4_096 });
  return run(
    consumer,
    { topics: ['invoices'], fromBeginning: true },
    {
      autoCommitInterval: 1_000,
      eachMessage: async ({ message }) => {
        await taxOf(JSON.parse(message.value));
        if (++handled % 500 === 0) log('billing', `${handled} invoices taxed, one by one`);
      },
    },
  );
}

await main(import.meta, start);
