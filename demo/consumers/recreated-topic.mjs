import { connect, keepTrying, newProducer } from '../lib/kafka.mjs';
import { log, main } from '../lib/program.mjs';
import { createTopics, sendHistory } from '../lib/topics.mjs';

/**
 * Recreated topic: the mailing job keeps its offsets in its own database and commits them when it begins. Meanwhile somebody
 * deleted the topic and created it anew, so the commit points past the end of a log that knows nothing of it.
 */
const campaigns = { topic: 'campaigns', partitions: 2, history: 80 };
const bookmark = 5_000;

export async function start() {
  const kafka = connect('mailing-0');
  const admin = kafka.admin();
  await keepTrying(() => admin.connect());
  if (!(await admin.listTopics()).includes(campaigns.topic)) {
    await createTopics(admin, [campaigns]);
    const producer = newProducer(kafka);
    await producer.connect();
    await sendHistory(producer, campaigns);
    await producer.disconnect();
  }
  const partitions = [0, 1].map((partition) => ({ partition, offset: String(bookmark) }));
  await keepTrying(() => admin.setOffsets({ groupId: 'mailing', topic: campaigns.topic, partitions }));
  log('mailing', `continues at offset ${bookmark} of its own database`);
  await admin.disconnect();
  return async () => {};
}

await main(import.meta, start);
