import { connect, newConsumer, run } from '../lib/kafka.mjs';
import { main } from '../lib/program.mjs';

/**
 * Behind an open transaction: this consumer is sound. It reads only what is committed (`read_committed`, kafkajs' default), and
 * producers/payments.mjs keeps a transaction open on partition 2, so there its last stable offset, and with it this
 * consumer, stands still while the end of the log runs on.
 */
export async function start() {
  const book = { total: 0 };
  const consumer = newConsumer(connect('bookkeeping-0'), { groupId: 'bookkeeping', readUncommitted: false });
  return run(
    consumer,
    { topics: ['payments'], fromBeginning: true },
    {
      autoCommitInterval: 1_000,
      eachMessage: async ({ message }) => {
        book.total += JSON.parse(message.value).amount;
      },
    },
  );
}

await main(import.meta, start);
