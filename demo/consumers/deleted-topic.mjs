import { connect, keepTrying, newConsumer, newProducer, run } from '../lib/kafka.mjs';
import { log, main } from '../lib/program.mjs';
import { createTopics, sendHistory } from '../lib/topics.mjs';

/**
 * Deleted topic: the group moved from `crm-contacts-v1` to `crm-contacts` and reads both, the old one paused since all of it was
 * read and committed. Then somebody deletes the old topic. Its partitions stay assigned to the member, without a log behind them; the
 * commits go with the topic, since Kafka's coordinator removes them.
 */
const old = { topic: 'crm-contacts-v1', kind: 'crm-contacts', partitions: 2, history: 400 };

export async function start() {
  const kafka = connect('crm-sync-0');
  const admin = kafka.admin();
  await keepTrying(() => admin.connect());
  let read = 0;
  let end = () => admin.disconnect();
  void deployForever();
  return () => end();

  /** Once the topic is gone, kafkajs cannot renew its metadata; then the migration runs once more, as if deployed again. */
  async function deployForever() {
    for (;;) await keepTrying(migrate);
  }

  /** Until the consumer crashes. */
  async function migrate() {
    await provideOldTopic();
    const consumer = newConsumer(kafka, {
      groupId: 'crm-sync',
      metadataMaxAge: 86_400_000,
      retry: { retries: 8, restartOnFailure: async () => false },
    });
    end = async () => {
      await consumer.disconnect();
      await admin.disconnect();
    };
    const allRead = Promise.withResolvers();
    const crashed = Promise.withResolvers();
    const eachMessage = async ({ topic }) => {
      if (topic === old.topic && ++read === old.history) allRead.resolve(true);
    };
    try {
      await run(
        consumer,
        { topics: [old.topic, 'crm-contacts'], fromBeginning: true },
        { autoCommitInterval: 1_000, eachMessage },
        ({ error }) => {
          log('crm-sync', `stopped: ${error.message}; starts anew`);
          crashed.resolve(false);
        },
      );
      if (!(await Promise.race([allRead.promise, crashed.promise]))) return;
      consumer.pause([{ topic: old.topic }]);
      await admin.deleteTopics({ topics: [old.topic] });
      log('crm-sync', `${old.topic} was read to its end, and deleted`);
      await crashed.promise;
    } finally {
      await consumer.disconnect().catch(() => {});
    }
  }

  async function provideOldTopic() {
    if ((await admin.listTopics()).includes(old.topic)) await admin.deleteTopics({ topics: [old.topic] });
    await createTopics(admin, [old]);
    const producer = newProducer(kafka);
    try {
      await producer.connect();
      await sendHistory(producer, old);
    } finally {
      await producer.disconnect().catch(() => {});
    }
    read = 0;
  }
}

await main(import.meta, start);
