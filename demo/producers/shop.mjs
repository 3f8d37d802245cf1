import { cities } from '../lib/catalog.mjs';
import { connect, newProducer, keepTrying } from '../lib/kafka.mjs';
import { log, main } from '../lib/program.mjs';
import { record } from '../lib/records.mjs';

/** Records a second. `payments` are sent by payments.mjs, in transactions. */
const rates = {
  orders: 8,
  invoices: 12,
  shipments: 3,
  'product-updates': 2,
  payouts: 3,
  'loyalty-events': 3,
  'stock-transfers': 1,
  'crm-contacts': 1,
};

/** The shop at work: about 35 records a second to the topics that are there. */
export async function start() {
  const kafka = connect('shop');
  const admin = kafka.admin();
  const producer = newProducer(kafka);
  await keepTrying(() => admin.connect());
  const existing = new Set(await keepTrying(() => admin.listTopics()));
  await admin.disconnect();
  await keepTrying(() => producer.connect());

  let n = Math.floor(Date.now() / 1000) * 12;
  let reachable = true;
  let ticking;
  const timer = setInterval(() => {
    // One batch after the other: while there is no broker nothing is heaped up.
    ticking ??= tick().finally(() => (ticking = undefined));
  }, 1_000);

  async function tick() {
    const batches = Object.entries(rates).map(([topic, rate]) => ({ topic, messages: next(topic, rate) }));
    const city = cities[n % cities.length];
    batches.push({ topic: `stock-${city}`, messages: next('stock', 2) });
    try {
      await producer.sendBatch({ topicMessages: batches.filter(({ topic }) => existing.has(topic)) });
      if (!reachable) log('shop', 'sends again');
      reachable = true;
    } catch (error) {
      if (reachable) log('shop', `cannot send: ${error.message}`);
      reachable = false;
    }
  }

  function next(kind, count) {
    return Array.from({ length: count }, () => record(kind, n++));
  }

  return async () => {
    clearInterval(timer);
    await ticking;
    await producer.disconnect();
  };
}

await main(import.meta, start);
