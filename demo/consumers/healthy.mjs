import { connect, newConsumer, run } from '../lib/kafka.mjs';
import { main } from '../lib/program.mjs';

/** Healthy: two members share the partitions evenly, keep up with the producer and commit every second. */
async function member(name) {
  const consumer = newConsumer(connect(name), { groupId: 'order-confirmation' });
  return run(
    consumer,
    { topics: ['orders'], fromBeginning: true },
    {
      autoCommitInterval: 1_000,
      eachMessage: async ({ message }) => {
        sendMail(JSON.parse(message.value));
      },
    },
  );
}

const mails = { sent: 0 };
function sendMail(order) {
  if (order.total >= 0) mails.sent++;
}

export async function start() {
  const ends = await Promise.all([member('confirmation-0'), member('confirmation-1')]);
  return () => Promise.all(ends.map((end) => end()));
}

await main(import.meta, start);
