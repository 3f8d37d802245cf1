import { connect, keepTrying, newProducer, sleep } from '../lib/kafka.mjs';
import { log, main } from '../lib/program.mjs';
import { record } from '../lib/records.mjs';

const topic = 'payments';
/** The longest that a broker allows by default (`transaction.max.timeout.ms`): after it, the broker aborts. */
const transactionTimeout = 900_000;
const renewAfter = 780_000;

const connectTransactional = async (transactionalId) => {
  const producer = newProducer(connect(transactionalId), {
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout,
  });
  await keepTrying(() => producer.connect());
  return producer;
};

/** The payment gateway: one transaction every two seconds, and each fifth is aborted. */
async function gateway(state) {
  let n = Math.floor(Date.now() / 1000) * 4;
  let producer = await connectTransactional('payment-gateway');
  for (let round = 1; state.running; round++) {
    // The first one is large: the payments that came in during the night.
    const size = round === 1 ? 600 : 6;
    try {
      const transaction = await producer.transaction();
      const messages = Array.from({ length: size }, (_, i) => ({ ...record(topic, n++), partition: i % 3 }));
      await transaction.send({ topic, messages });
      await (round % 5 === 0 ? transaction.abort() : transaction.commit());
    } catch (error) {
      log('payments', `a transaction failed: ${error.message}`);
      // A producer does not survive a transaction of unknown end; the next with its id ends that one.
      await producer.disconnect().catch(() => {});
      producer = await connectTransactional('payment-gateway');
    }
    await state.wait(2_000);
  }
  await producer.disconnect();
}

/**
 * The trouble: a batch begins a transaction, writes one record, and waits for ever for an answer of the bank. Until the broker aborts it, after 15
 * minutes, nobody who reads committed records gets past it. The next batch begins before that, so there is always an open one.
 */
async function settlementBatch(state) {
  for (let batch = 0; state.running; batch++) {
    const producer = await connectTransactional(`settlement-batch-${batch % 2}`);
    // The one before the last, whose transaction the broker aborted or now does.
    await state.opened[batch % 2]?.disconnect();
    state.opened[batch % 2] = producer;
    try {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ ...record(topic, batch), partition: 2 }] });
      log('payments', 'the settlement batch began a transaction on partition 2 and waits for the bank');
      state.waiting();
      await state.wait(renewAfter);
    } catch (error) {
      log('payments', `the settlement batch failed: ${error.message}`);
      await state.wait(2_000);
    }
  }
}

export async function start() {
  const ended = Promise.withResolvers();
  const begun = Promise.withResolvers();
  const state = {
    running: true,
    opened: [],
    waiting: begun.resolve,
    wait: (ms) => Promise.race([sleep(ms), ended.promise]),
  };
  const batch = settlementBatch(state);
  const working = begun.promise.then(() => state.running && gateway(state));
  return async () => {
    state.running = false;
    ended.resolve();
    begun.resolve();
    await Promise.all([batch, working]);
    // Its transaction stays open, as it does when a program is killed.
    await Promise.all(state.opened.map((producer) => producer.disconnect()));
  };
}

await main(import.meta, start);
