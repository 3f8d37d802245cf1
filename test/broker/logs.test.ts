import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Kafka as KafkaJs, logLevel } from 'kafkajs';
import type { GroupHistory, Rebalance } from '../../src/groups/assignmentHistory.ts';
import type { LogEvent } from '../../src/history/logs/logEvent.ts';
import { readLogFile } from '../../src/history/logs/openLogFile.ts';
import { withLogEvents } from '../../src/history/logs/withLogEvents.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { loadGroupHistory } from '../../src/watch/assignments.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { LoggingConsumer, type LoggingOptions } from '../support/loggingConsumer.ts';
import { createTopicWith } from '../support/recordsCalls.ts';
import { until } from '../support/until.ts';

for (const version of ['4.3.1', '3.9.2', '2.8.2']) {
  describe(`logs of real brokers and members, Kafka ${version}`, { timeout: 400_000 }, () => {
    let broker: Kafka;
    let cluster: Cluster;
    let folder: string;
    const members: LoggingConsumer[] = [];

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'logs-'));
      broker = await startKafka({
        version,
        properties: {
          'offsets.topic.num.partitions': '5',
          'group.min.session.timeout.ms': '1000',
          'group.consumer.min.session.timeout.ms': '1000',
          'group.consumer.session.timeout.ms': '8000',
          'group.consumer.min.heartbeat.interval.ms': '500',
          'group.consumer.heartbeat.interval.ms': '500',
        },
      });
      cluster = await Cluster.connect({ bootstrapServers: [broker.bootstrap] });
      await createTopicWith(cluster, 'orders', 4);
      // More than a pipe holds.
      const producer = new KafkaJs({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).producer();
      await producer.connect();
      const messages = Array.from({ length: 600 }, (_, index) => ({ partition: index % 4, value: 'x'.repeat(1_000) }));
      await producer.send({ topic: 'orders', messages });
      await producer.disconnect();
    });
    after(async () => {
      for (const one of members) await one.kill();
      cluster.close();
      await broker.stop();
      await rm(folder, { recursive: true, force: true });
    });

    async function start(
      group: string,
      clientId: string,
      more: Partial<LoggingOptions> = {},
    ): Promise<LoggingConsumer> {
      const options = { version, bootstrap: broker.bootstrap, topic: 'orders', group, clientId, folder, ...more };
      const one = await LoggingConsumer.start(options);
      members.push(one);
      return one;
    }

    async function logged(what: string, text: () => string, form: RegExp): Promise<void> {
      await until(`${what} logs ${form.source}`, () => form.test(text()), 90_000);
    }

    const brokerLog = (): string => broker.log(1);
    // Longer than a machine with several JVMs keeps a member from its heartbeat.
    const classic = { 'session.timeout.ms': '8000', 'heartbeat.interval.ms': '500' };

    /** Once it holds so many rebalances: a coordinator logs that a group is empty before it writes that to the topic. */
    async function historyOf(group: string, rebalances: number): Promise<GroupHistory> {
      let last: GroupHistory | undefined;
      await until(`${group} has had ${rebalances} rebalances`, async () => {
        for await (const portion of loadGroupHistory(cluster, group, {})) last = portion.history;
        return last !== undefined && last.rebalances.length >= rebalances;
      });
      assert.ok(last !== undefined);
      return last;
    }

    async function eventsOf(...files: string[]): Promise<LogEvent[]> {
      const read = await Promise.all(files.map((file) => readLogFile(file, { zone: 'local' })));
      return read.flatMap(({ events }) => events);
    }

    /** Each rebalance as its causes, with client ids in place of member ids. */
    function told({ members: lives, rebalances }: GroupHistory, by: 'log'): string[] {
      const clientOf = new Map(lives.map(({ id, clientId }) => [id, clientId]));
      return rebalances.map(({ causes }: Rebalance) =>
        causes
          .filter(({ source, certainty }) => source === by && certainty === 'fact')
          .map(({ cause, members: ids }) => `${cause} ${ids.map((id) => clientOf.get(id) ?? id).join(',')}`)
          .join('; '),
      );
    }

    async function linesAreThere({ rebalances }: GroupHistory): Promise<void> {
      for (const { line } of rebalances.flatMap(({ causes }) => causes)) {
        if (line === undefined) continue;
        const lines = (await readFile(line.file, 'utf8')).split('\n');
        assert.equal(lines[line.line - 1]?.slice(0, 1_000), line.text);
      }
    }

    it('tell who joined, crashed and left, at the rebalances that the topic has', async () => {
      const a = await start('billing', 'a', { settings: classic });
      await logged('a', () => a.text, /Adding newly assigned/);
      const b = await start('billing', 'b', { settings: classic });
      await logged('b', () => b.text, /Adding newly assigned/);
      await logged('the broker', brokerLog, /Assignment received .*billing.* generation 2/);
      await b.kill();
      await logged('the broker', brokerLog, /Assignment received .*billing.* generation 3/);
      await a.close();
      await logged('the broker', brokerLog, /Group billing with generation 4 is now empty/);

      const plain = await historyOf('billing', 4);
      assert.deepEqual(
        plain.rebalances.map((one) => one.after),
        [1, 2, 3, 4],
      );
      const events = await eventsOf(broker.nodes[0]!.logFile, a.file, b.file);
      const history = withLogEvents(plain, events);
      assert.deepEqual(told(history, 'log'), [
        'member-joined a',
        'member-joined b',
        'session-timeout b',
        'member-left a',
      ]);
      assert.deepEqual(
        history.rebalances.map(({ id }) => id),
        plain.rebalances.map(({ id }) => id),
      );
      for (const { began, ended, causes } of history.rebalances) {
        assert.ok(began !== undefined && ended !== undefined && began <= ended, `${began} to ${ended}`);
        assert.ok(causes.every(({ line }) => line !== undefined));
      }
      assert.ok(history.sources.includes('log'));
      assert.equal(typeof history.rebalances[1]?.withoutOwnerMs, 'number');
      await linesAreThere(history);
      // Members' own lines name the same members.
      const ids = new Set(plain.members.map(({ id }) => id));
      const own = events.filter(
        ({ source, group, kind }) => source === 'java' && group === 'billing' && kind === 'assigned',
      );
      assert.ok(own.length >= 4);
      for (const { member } of own) assert.ok(member !== undefined && ids.has(member), member);

      // The same, where the file was written in another zone than it is taken for.
      const moved = events.map((event) => ({ ...event, at: event.at - 5.5 * 3_600_000 }));
      const fitted = withLogEvents(
        plain,
        moved.filter(({ source }) => source === 'broker'),
      );
      assert.deepEqual(
        fitted.rebalances.map(({ began }) => began),
        history.rebalances.map(({ began }) => began),
      );
      assert.ok(
        fitted.lacks.some((text) => text.includes('+5.5 h')),
        fitted.lacks.join(),
      );
    });

    it('tell that a member was too slow to poll, by its own log where the broker does not', async () => {
      const settings = { ...classic, 'max.poll.interval.ms': '3000' };
      const slow = await start('slow', 'slow', { settings, isBlocked: true });
      await logged('the broker', brokerLog, /Group slow with generation 2 is now empty/);
      await slow.kill();
      const plain = await historyOf('slow', 2);
      const whole = withLogEvents(plain, await eventsOf(broker.nodes[0]!.logFile, slow.file));
      assert.deepEqual(told(whole, 'log'), ['member-joined slow', 'poll-timeout slow']);
      assert.equal(whole.members[0]?.left?.certainty, 'fact');
      // Kafka 2.8 is not told the reason.
      const coordinator = withLogEvents(plain, await eventsOf(broker.nodes[0]!.logFile));
      assert.equal(told(coordinator, 'log')[1], version === '2.8.2' ? 'member-left slow' : 'poll-timeout slow');
    });

    if (version.startsWith('4')) {
      it('tell the epochs of a group of the new protocol', async () => {
        const settings = { 'group.protocol': 'consumer' };
        const a = await start('modern', 'm-a', { settings });
        await logged('a', () => a.text, /to STABLE/);
        const b = await start('modern', 'm-b', { settings });
        await logged('b', () => b.text, /to STABLE/);
        await b.kill();
        await logged(
          'the broker',
          brokerLog,
          /\[GroupId modern\] Member \S+ fenced from the group because the member session expired/,
        );
        await a.close();
        await logged('the broker', brokerLog, /\[GroupId modern\] Member \S+ left the consumer group/);
        const plain = await historyOf('modern', 4);
        const history = withLogEvents(plain, await eventsOf(broker.nodes[0]!.logFile, a.file, b.file));
        assert.deepEqual(told(history, 'log'), [
          'member-joined m-a',
          'member-joined m-b',
          'session-timeout m-b',
          'member-left m-a',
        ]);
        assert.equal(history.rebalances.length, plain.rebalances.length);
        await linesAreThere(history);
      });
    }
  });
}
