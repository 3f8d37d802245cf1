import { poison, topics } from './catalog.mjs';
import { connect, newProducer, patiently } from './kafka.mjs';
import { record } from './records.mjs';

const hour = 3_600_000;

/** Creates what is missing of the topics named, and fills what it created; returns their names. */
export async function prepareTopics(names) {
  const kafka = connect('shop-setup');
  const admin = kafka.admin();
  const producer = newProducer(kafka);
  try {
    await admin.connect();
    await producer.connect();
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ topic }) => names.includes(topic) && !existing.has(topic));
    await createTopics(admin, missing);
    for (const topic of missing) await sendHistory(producer, topic);
    return missing.map(({ topic }) => topic);
  } finally {
    await producer.disconnect();
    await admin.disconnect();
  }
}

/** Creates topics with the shop's settings; says nothing about those that exist. */
export async function createTopics(admin, wanted) {
  const descriptions = wanted.map(({ topic, partitions, megabytes = 16 }) => ({
    topic,
    numPartitions: partitions,
    replicationFactor: 1,
    configEntries: [
      // One replica is all there is, whatever the cluster asks of others.
      { name: 'min.insync.replicas', value: '1' },
      { name: 'retention.ms', value: String(168 * hour) },
      { name: 'retention.bytes', value: String(megabytes * 1_048_576) },
      { name: 'segment.bytes', value: String(4 << 20) },
    ],
  }));
  await patiently(() => admin.createTopics({ waitForLeaders: true, topics: descriptions }));
}

/** The records of the last two hours, the oldest first. */
export async function sendHistory(producer, { topic, kind = topic, partitions, history, batch = 2_000 }) {
  const began = Date.now() - 2 * hour;
  for (let first = 0; first < history; first += batch) {
    const messages = [];
    for (let n = first; n < Math.min(history, first + batch); n++) {
      const message = { ...record(kind, n, began + Math.floor((n / history) * 2 * hour)), partition: n % partitions };
      if (
        topic === poison.topic &&
        message.partition === poison.partition &&
        Math.floor(n / partitions) === poison.offset
      ) {
        // A printer that answered in the middle of a record.
        message.value = '{"shipmentId":"S-1201","orderId":"O-1201","address":{"city":"ham\u0000\u0007PAPER JAM';
      }
      messages.push(message);
    }
    await patiently(() => producer.send({ topic, messages, acks: -1 }));
  }
}
