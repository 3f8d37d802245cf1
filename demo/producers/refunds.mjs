import { connect, keepTrying, newProducer, sleep } from '../lib/kafka.mjs';
import { log, main } from '../lib/program.mjs';
import { record } from '../lib/records.mjs';

const topic = 'refunds';
const file = 40;
const again = 20_000;

/** The trouble: one line of the bank's file is wrong, so that the import of the whole file is aborted, and tried again for ever. */
async function importFile(producer) {
  const transaction = await producer.transaction();
  try {
    const messages = Array.from({ length: file }, (_, n) => ({ ...record(topic, 100_000 + n), partition: 0 }));
    await transaction.send({ topic, messages });
    throw new Error('line 41: the account number is missing');
  } catch (error) {
    await transaction.abort();
    throw error;
  }
}

export async function start() {
  const ended = Promise.withResolvers();
  let running = true;
  const options = { transactionalId: 'refund-import', idempotent: true, maxInFlightRequests: 1 };
  const producer = newProducer(connect('refund-import'), options);
  const working = (async () => {
    await keepTrying(() => producer.connect());
    for (let attempt = 1; running; attempt++) {
      try {
        await importFile(producer);
      } catch (error) {
        if (attempt % 30 === 1) log('refunds', `import aborted, to be tried again: ${error.message}`);
      }
      await Promise.race([sleep(again), ended.promise]);
    }
  })();
  return async () => {
    running = false;
    ended.resolve();
    await working;
    await producer.disconnect();
  };
}

await main(import.meta, start);
