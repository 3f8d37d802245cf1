import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Kafka as KafkaJs, logLevel, type Producer } from 'kafkajs';
import type { Move } from '../../src/groups/assignmentHistory.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { recordsMeanwhile } from '../../src/watch/recordsMeanwhile.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { createTopicWith, deleteTopic, moveLogStart } from '../support/recordsCalls.ts';
import { until } from '../support/until.ts';

/** When the records of the test were made, ms since 1970. */
const t0 = Date.UTC(2026, 2, 2, 10);

describe('records that came during a rebalance', { timeout: 240_000 }, () => {
  let broker: Kafka;
  let cluster: Cluster;
  let producer: Producer;

  before(async () => {
    broker = await startKafka();
    cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
    producer = new KafkaJs({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
  });
  after(async () => {
    await producer?.disconnect();
    cluster?.close();
    await broker?.stop();
  });

  /** A record each second from t0 on, so many in each partition. */
  async function fill(topic: string, counts: readonly number[]): Promise<void> {
    await createTopicWith(cluster, topic, counts.length);
    for (const [partition, count] of counts.entries()) {
      // Each in a batch of its own, as they would come one after the other.
      for (let nth = 0; nth < count; nth++) {
        await producer.send({ topic, messages: [{ partition, value: 'x', timestamp: String(t0 + nth * 1_000) }] });
      }
    }
  }

  const moved = (topic: string, ...partitions: number[]): Move[] =>
    partitions.map((partition) => ({ topic, partition, before: 'a', after: 'b', needless: false }));
  const between = (from: number, to: number): { began: number; ended: number } => ({
    began: t0 + from * 1_000,
    ended: t0 + to * 1_000,
  });
  const whole = { isLeast: false, why: undefined, isSettled: true };

  it('are counted from begin to end, of the partitions that moved', async () => {
    await fill('counted', [20, 8, 30]);
    const count = (from: number, to: number, ...partitions: number[]) =>
      recordsMeanwhile(cluster, { ...between(from, to), moves: moved('counted', ...partitions) });
    assert.deepEqual(await count(5, 10, 0, 1), { records: 5n + 3n, ...whole });
    assert.deepEqual(await count(4.5, 10.5, 0), { records: 6n, ...whole });
    // All that came since, where none has come after it.
    assert.deepEqual(await count(15, 100, 0, 2), { records: 5n + 15n, ...whole });
    assert.deepEqual(await count(100, 200, 0, 1, 2), { records: 0n, ...whole });
    assert.deepEqual(await count(5, 10), { records: 0n, ...whole });
  });

  it('are as many or more where the begin is not known, and unknown before the end', async () => {
    await fill('begins', [20]);
    const moves = moved('begins', 0);
    const { ended, began: joinedAt } = between(5, 10);
    const least = await recordsMeanwhile(cluster, { began: undefined, joinedAt, ended, moves });
    assert.deepEqual([least.records, least.isLeast, least.isSettled], [5n, true, true]);
    assert.match(least.why!, /all members had joined/);
    const never = await recordsMeanwhile(cluster, { began: undefined, ended, moves });
    assert.deepEqual([never.records, never.why], [undefined, 'When it began is not known.']);
    const open = await recordsMeanwhile(cluster, { began: joinedAt, ended: undefined, moves });
    assert.deepEqual([open.records, open.isSettled], [undefined, false]);
  });

  it('are unknown where they have been deleted, or their topic has', async () => {
    await fill('retained', [20, 20]);
    await moveLogStart(cluster, 'retained', 0, 7n);
    const moves = moved('retained', 0, 1);
    const some = await recordsMeanwhile(cluster, { ...between(5, 10), moves });
    assert.deepEqual([some.records, some.isLeast], [5n, true]);
    assert.match(some.why!, /deleted from retained-0/);
    const none = await recordsMeanwhile(cluster, { ...between(5, 10), moves: moves.slice(0, 1) });
    assert.deepEqual([none.records, none.isSettled], [undefined, true]);
    assert.deepEqual(await recordsMeanwhile(cluster, { ...between(10, 12), moves }), { records: 4n, ...whole });
    await deleteTopic(cluster, 'retained');
    await until('the topic is gone', async () => {
      const gone = await recordsMeanwhile(cluster, { ...between(5, 10), moves });
      return gone.records === undefined && gone.isSettled && /retained/.test(gone.why ?? '');
    });
  });
});
