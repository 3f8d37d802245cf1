/** Reads a topic once with kafkajs in a fresh process, for the bench: prints the milliseconds from connecting to the last record. */
import { Kafka, logLevel, type ConsumerRunConfig } from 'kafkajs';

const [, file, bootstrap, topic, count, how] = process.argv;
if (bootstrap !== undefined && topic !== undefined && file?.endsWith('scanPeerProcess.ts')) {
  // It sets a timer for a time that is over, of which newer versions of Node warn.
  process.removeAllListeners('warning');
  const start = performance.now();
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `bench-scan-${process.pid}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let records = 0;
  await new Promise<void>((resolve, reject) => {
    const add = (more: number): void => {
      records += more;
      if (records === Number(count)) resolve();
    };
    const config: ConsumerRunConfig =
      how === 'eachBatch'
        ? { eachBatch: ({ batch }) => Promise.resolve(add(batch.messages.length)) }
        : { eachMessage: () => Promise.resolve(add(1)) };
    consumer.run(config).catch(reject);
  });
  console.log(performance.now() - start);
  await consumer.disconnect();
}
