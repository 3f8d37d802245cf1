import { Kafka, Partitioners, logLevel } from 'kafkajs';

// kafkajs 2.2.4 computes a negative delay whenever the broker does not throttle it, so that each connection wakes up every
// millisecond, and Node 24 warns (TimeoutNegativeWarning). Nothing waits for that timer: a twentieth of a second does.
const { setTimeout } = globalThis;
globalThis.setTimeout = Object.assign(
  (run, delay, ...rest) => setTimeout(run, delay < 0 ? 50 : delay, ...rest),
  setTimeout,
);

/** Where Kafka is, for a program that is run alone or by run.mjs: `host:port`, several separated by commas. */
export const bootstrap = process.env.KAFKA_BOOTSTRAP ?? 'localhost:9092';

/** A client that outlives a restart of its broker. */
export function connect(clientId, at = bootstrap) {
  return new Kafka({
    clientId,
    brokers: at.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 5_000,
    // Of a consumer whose retries are used up, kafkajs says that it crashed, and starts it anew.
    retry: { retries: 8, initialRetryTime: 300, maxRetryTime: 3_000 },
  });
}

export function newProducer(kafka, options) {
  return kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    ...options,
  });
}

/**
 * A session shorter than the default of 30 s, so that the broker soon notices who is gone, and fetches that wait one second, not
 * five, since kafkajs ends only between two of them.
 */
export function newConsumer(kafka, options) {
  return kafka.consumer({
    sessionTimeout: 10_000,
    heartbeatInterval: 2_000,
    maxWaitTimeInMs: 1_000,
    allowAutoTopicCreation: false,
    ...options,
  });
}

/**
 * Connects, subscribes and runs a consumer, and keeps trying while there is no broker.
 * @param onCrash an error that kafkajs does not recover from, of which there are some while a broker starts: also before this returns. Where
 * it is left out, the process ends, to be started anew by whoever watches over it.
 * @returns a function that ends it.
 */
export async function run(consumer, subscription, handlers, onCrash = endProcess) {
  await keepTrying(() => consumer.connect());
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) onCrash(payload);
  });
  await consumer.subscribe(subscription);
  await consumer.run(handlers);
  return () => consumer.disconnect();
}

function endProcess({ groupId, error }) {
  process.stderr.write(`Error: the consumer of ${groupId} crashed: ${error.message}\n`);
  process.exit(1);
}

/** Does it again, at most once in two seconds, until it is done without an error. */
export async function keepTrying(action) {
  for (;;) {
    try {
      return await action();
    } catch {
      await sleep(2_000);
    }
  }
}

/** Does it again, up to ten times, while a topic that was created just now is not yet known everywhere. */
export async function patiently(action) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt === 10) throw error;
      await sleep(300);
    }
  }
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
