import { Consumer, jsonDeserializer, stringDeserializer } from '@platformatic/kafka';
import { bootstrap, sleep } from './kafka.mjs';
import { log } from './program.mjs';

/**
 * A member of a group by @platformatic/kafka, which knows static membership and KIP-848, as kafkajs does not. When its stream fails, as it does when the
 * broker restarts, a new member takes over.
 * @param options of its Consumer, and `topic`; `each` is called with each record's JSON, `joined` when it has a member id.
 * @returns a function that ends it.
 */
export async function consume({ topic, each, joined, ...options }) {
  let running = true;
  let consumer;
  const working = work();

  async function work() {
    while (running) {
      try {
        await session();
      } catch (error) {
        if (running) log(options.groupId, `${options.clientId}: ${error.message}; begins anew`);
        // What cannot be closed, since there is no broker, is left alone.
        await Promise.race([close(), sleep(2_000)]);
      }
    }
  }

  async function session() {
    consumer = new Consumer({
      bootstrapBrokers: bootstrap.split(','),
      deserializers: {
        key: stringDeserializer,
        value: jsonDeserializer,
        headerKey: stringDeserializer,
        headerValue: stringDeserializer,
      },
      ...options,
    });
    // Without anybody who listens an error would end the process; the stream fails with it.
    consumer.on('error', () => {});
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: 'earliest',
      autocommit: 1_000,
    });
    joined?.();
    for await (const { value } of stream) each(value);
    if (running) throw new Error('the stream ended');
  }

  const close = async () => consumer?.close(true).catch(() => {});

  return async () => {
    running = false;
    await close();
    await working;
  };
}
