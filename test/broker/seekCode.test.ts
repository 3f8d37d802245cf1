/** The code that the page gives to seek within a consumer, run by that client, or by as much of its language as is here. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Kafka as KafkaJs, logLevel } from 'kafkajs';
import { planReset } from '../../src/groups/plan/planReset.ts';
import type { OffsetPlan } from '../../src/groups/plan/plan.ts';
import type { ClientLanguage } from '../../src/ui/panels/reset/protocol.ts';
import { seekCode } from '../../src/ui/panels/reset/seekCode.ts';
import { runTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { runProcess } from '../../tools/processes.ts';
import { itWhere } from '../support/itWhere.ts';
import { until } from '../support/until.ts';
import { aTopic } from '../support/snapshots.ts';
import { factsOf } from '../unit/resetFixtures.ts';

const topic = 'seek-code';

/** To 3 in partition 0 and to 2 in partition 1; partition 2 belongs to somebody else. */
const plan: OffsetPlan = planReset(
  {
    group: 'seek-code',
    scope: { kind: 'given' },
    strategy: {
      kind: 'positions',
      exact: true,
      positions: new Map([
        [
          topic,
          new Map([3n, 2n, 1n].map((offset, partition) => [partition, { offset, leaderEpoch: -1, metadata: '' }])),
        ],
      ]),
    },
  },
  factsOf({
    topics: [aTopic(topic, 3)],
    commits: { [topic]: [9n, 9n, 9n] },
    logs: {
      [topic]: [
        [0n, 9n],
        [0n, 9n],
        [0n, 9n],
      ],
    },
  }),
);

/** As a member does: the code knows nothing but the consumer. */
function runWith(consumer: unknown, code: string): void {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function('consumer', code) as (consumer: unknown) => void;
  run(consumer);
}

/** Languages that need not be here for the rest of the tests. */
function itWith(command: string): ReturnType<typeof itWhere> {
  return itWhere(spawnSync(command, ['--help'], { stdio: 'ignore' }).error === undefined, `There is no ${command}`);
}

describe('the code to seek', { timeout: 240_000 }, () => {
  let folder: string;
  let own: Kafka | undefined;
  let bootstrap: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'seek-code-'));
    const shared = process.env['KAFKA_BOOTSTRAP'];
    if (shared === undefined) own = await startKafka();
    bootstrap = shared ?? own!.bootstrap;
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await own?.stop();
  });

  it('in Java moves a consumer, and commits', async () => {
    const file = join(folder, 'Seek.java');
    await writeFile(
      file,
      `import java.util.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.TopicPartition;
class Seek {
  public static void main(String[] args) {
    var consumer = new MockConsumer<byte[], byte[]>("earliest");
    var own = List.of(new TopicPartition("${topic}", 0), new TopicPartition("${topic}", 1));
    consumer.assign(own);
    own.forEach(at -> consumer.seek(at, 9));
    ${seekCode(plan, 'java')}
    var committed = consumer.committed(Set.copyOf(own));
    for (var at : own) System.out.println(at + " " + consumer.position(at) + " " + committed.get(at).offset());
  }
}
`,
    );
    const { code, stdout, stderr } = await runTool(file, []);
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.trim().split('\n'), [`${topic}-0 3 3`, `${topic}-1 2 2`]);
  });

  it('in kafkajs moves a consumer that runs', async () => {
    const client = new KafkaJs({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 3, replicationFactor: 1 }] });
    const producer = client.producer();
    await producer.connect();
    for (const partition of [0, 1, 2]) {
      await producer.send({ topic, messages: [0, 1, 2, 3, 4].map((value) => ({ value: String(value), partition })) });
    }
    const consumer = client.consumer({ groupId: topic });
    const seen: string[] = [];
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ partition, message }) => {
          seen.push(`${partition}:${message.offset}`);
        },
      });
      await until('all is read', () => seen.length === 15, 90_000);
      runWith(consumer, seekCode(plan, 'kafkajs'));
      await until('it has read again', () => seen.length === 15 + 2 + 3 + 4, 90_000);
      assert.deepEqual(seen.slice(15).sort(), ['0:3', '0:4', '1:2', '1:3', '1:4', '2:1', '2:2', '2:3', '2:4']);
    } finally {
      await Promise.all([consumer.disconnect(), producer.disconnect(), admin.disconnect()]);
    }
  });

  it('for the other client of Node.js calls it for what the member owns', () => {
    const sought: unknown[] = [];
    const consumer = {
      assignment: () => [0, 1].map((partition) => ({ topic, partition })),
      seek: (at: unknown) => sought.push(at),
    };
    runWith(consumer, seekCode(plan, 'confluent-js'));
    assert.deepEqual(sought, [
      { topic, partition: 0, offset: '3' },
      { topic, partition: 1, offset: '2' },
    ]);
  });

  const pythons: readonly (readonly [ClientLanguage, library: string, rebalances: 'eager' | 'cooperatively'])[] = [
    ['python', 'confluent_kafka', 'eager'],
    ['python', 'confluent_kafka', 'cooperatively'],
    ['kafka-python', 'kafka', 'eager'],
    ['aiokafka', 'aiokafka', 'eager'],
  ];
  for (const [language, library, rebalances] of pythons) {
    itWith('python3')(`in Python calls ${library} for what the member owns, ${rebalances}`, async () => {
      const file = join(folder, `${language}.py`);
      const text = seekCode(plan, language);
      const isAsync = language === 'aiokafka';
      // In place of the library: a module of its name, whose classes say what they were told.
      await writeFile(
        file,
        `import sys, types, collections
module = types.ModuleType("${library}")
class TopicPartition:
    def __init__(self, topic, partition, offset=None):
        self.topic, self.partition, self.offset = topic, partition, offset
    def __eq__(self, other):
        return (self.topic, self.partition) == (other.topic, other.partition)
    def __hash__(self):
        return hash((self.topic, self.partition))
class KafkaException(Exception):
    pass
module.TopicPartition = TopicPartition
module.KafkaException = KafkaException
sys.modules["${library}"] = module
def tell(all):
    for at in all:
        print(at.topic, at.partition, at.offset)
class Consumer:
    def assignment(self):
        return [TopicPartition("${topic}", partition) for partition in (0, 1)]
    def seek(self, at, offset):
        tell([TopicPartition(at.topic, at.partition, offset)])
    def position(self, partitions):
        return partitions
    def assign(self, partitions):
        ${rebalances === 'eager' ? 'tell(partitions)' : 'raise KafkaException()'}
    def incremental_unassign(self, partitions):
        pass
    def incremental_assign(self, partitions):
        tell(partitions)
    ${isAsync ? 'async ' : ''}def commit(self, offsets=None, asynchronous=True):
        pass
consumer = Consumer()
${isAsync ? `import asyncio\nasync def seek():\n${text.replaceAll(/^(?=.)/gm, '    ')}asyncio.run(seek())\n` : text}`,
      );
      const { code, stdout, stderr } = await runProcess('python3', [file]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(stdout.trim().split('\n'), [`${topic} 0 3`, `${topic} 1 2`]);
    });
  }

  for (const language of ['go', 'franz-go', 'sarama', 'kafka-go'] as const) {
    itWith('gofmt')(`in Go for ${language} is written as gofmt writes it`, async () => {
      // As many as are written out, and more.
      const many: OffsetPlan = { ...plan, rows: Array.from({ length: 20 }, () => plan.rows).flat() };
      for (const written of [plan, many]) {
        const indented = seekCode(written, language).replaceAll(/^(?=.)/gm, '\t');
        const input = `package seek\n\nfunc seek() {\n${indented}}\n`;
        const { code, stdout, stderr } = await runProcess('gofmt', [], { input });
        assert.equal(code, 0, stderr);
        assert.equal(stdout, input);
      }
    });
  }
});
