import { connect, newConsumer, run, sleep } from '../lib/kafka.mjs';
import { log, main } from '../lib/program.mjs';

/**
 * Poison pill: one record is no JSON. The handler tries it again for ever, because "nothing may be lost", and sends heartbeats
 * while it waits, so the member looks alive and its group Stable. Nothing behind that record is ever read.
 */
async function member(name) {
  const consumer = newConsumer(connect(name), { groupId: 'shipping' });
  return run(
    consumer,
    { topics: ['shipments'], fromBeginning: true },
    {
      autoCommitThreshold: 1,
      eachMessage: async ({ topic, partition, message, heartbeat }) => {
        for (let attempt = 1; running; attempt++) {
          try {
            printLabel(JSON.parse(message.value));
            return;
          } catch (error) {
            if (attempt % 30 === 1)
              log('shipping', `${topic}-${partition} offset ${message.offset}, attempt ${attempt}: ${error.message}`);
            await sleep(1_000);
            await heartbeat();
          }
        }
        // Ending, which must not commit what could not be handled.
        throw new Error('ended while a record was not handled');
      },
    },
  );
}

let running = true;
const labels = { printed: 0 };
function printLabel(shipment) {
  if (shipment.address.city) labels.printed++;
}

export async function start() {
  const ends = await Promise.all(['label-printer-0', 'label-printer-1', 'label-printer-2'].map(member));
  return () => {
    running = false;
    return Promise.all(ends.map((end) => end()));
  };
}

await main(import.meta, start);
