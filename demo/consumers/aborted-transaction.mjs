import { connect, newConsumer, run } from '../lib/kafka.mjs';
import { main } from '../lib/program.mjs';

/**
 * Behind aborted transactions: this consumer is sound. It reads only what is committed and commits by itself after each mail. The import of
 * producers/refunds.mjs fails each time and aborts its transaction, so that all that arrives is never handed to this consumer: its lag
 * grows, its commit stands still, and there is nothing for it to do.
 */
export async function start() {
  const mails = { sent: 0 };
  const consumer = newConsumer(connect('refund-mails-0'), { groupId: 'refund-mails', readUncommitted: false });
  return run(
    consumer,
    { topics: ['refunds'], fromBeginning: true },
    {
      autoCommit: false,
      eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
        for (const message of batch.messages) {
          if (JSON.parse(message.value).amount > 0) mails.sent++;
          resolveOffset(message.offset);
        }
        const last = batch.messages.at(-1);
        if (last) {
          const offset = String(BigInt(last.offset) + 1n);
          await consumer.commitOffsets([{ topic: batch.topic, partition: batch.partition, offset }]);
        }
        await heartbeat();
      },
    },
  );
}

await main(import.meta, start);
