import type { OffsetPlan, PlanRow } from '../../../groups/plan/plan.ts';
import type { Member } from '../../../groups/snapshot.ts';
import { t } from '../../../shared/l10n.ts';
import type { ClientLanguage } from './protocol.ts';

/** What client libraries call themselves where nobody sets a client id. */
const hints: readonly (readonly [RegExp, ClientLanguage])[] = [
  [/^(?:consumer-.*-\d+$|consumer-\d+$|connector-consumer-|.*-StreamThread-)/, 'java'],
  [/kafkajs/i, 'kafkajs'],
  [/^(?:kafka-python|aiokafka)/i, 'python'],
  [/^rdkafka/i, 'librdkafka'],
  [/^(?:kgo|franz)/i, 'franz-go'],
  [/sarama/i, 'sarama'],
];

/** The library that the members' ids tell; undefined where they tell nothing. */
export function languageOf(members: readonly Pick<Member, 'clientId' | 'id'>[]): ClientLanguage | undefined {
  for (const { clientId, id } of members) {
    for (const text of [clientId, id]) {
      const found = hints.find(([pattern]) => pattern.test(text));
      if (found !== undefined) return found[1];
    }
  }
  return undefined;
}

/** As many partitions as anybody pastes; the rest is said to be missing. */
const mostRows = 50;

interface Seek {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** What to run within the consumer while it has its partitions: the members stay, and go on from there. */
export function seekCode(plan: Pick<OffsetPlan, 'rows'>, language: ClientLanguage): string {
  const all = plan.rows.flatMap((row: PlanRow): Seek[] =>
    row.after?.kind === 'commit' ? [{ topic: row.topic, partition: row.partition, offset: row.after.offset }] : [],
  );
  const shown = all.slice(0, mostRows);
  const rest = all.length - shown.length;
  const comment = language === 'python' ? '#' : '//';
  const more = rest > 0 ? `${comment} ${t('... and {0} more partitions', rest)}\n` : '';
  const lines = (line: (seek: Seek) => string): string => shown.map((seek) => `${line(seek)}\n`).join('') + more;
  const quoted = (text: string): string => JSON.stringify(text);
  switch (language) {
    case 'java':
      return `// ${t('in the thread that polls, after a poll has assigned the partitions')}
${lines((at) => `if (consumer.assignment().contains(new TopicPartition(${quoted(at.topic)}, ${at.partition})))\n    consumer.seek(new TopicPartition(${quoted(at.topic)}, ${at.partition}), ${at.offset}L);`)}consumer.commitSync();
`;
    case 'kafkajs':
      return `// ${t('after consumer.run(); each member seeks what it owns and ignores the rest')}
${lines((at) => `consumer.seek({ topic: ${quoted(at.topic)}, partition: ${at.partition}, offset: '${at.offset}' });`)}`;
    case 'python':
      return `# confluent-kafka: ${t('pass it as on_assign of subscribe(), then let the group rebalance')}
targets = {
${lines((at) => `    (${quoted(at.topic)}, ${at.partition}): ${at.offset},`)}}

def on_assign(consumer, partitions):
    for p in partitions:
        p.offset = targets.pop((p.topic, p.partition), p.offset)
    consumer.assign(partitions)
`;
    case 'go':
      return `// confluent-kafka-go: ${t('in the goroutine that polls, once the partitions are assigned')}
${lines((at) => `consumer.Seek(kafka.TopicPartition{Topic: ptr(${quoted(at.topic)}), Partition: ${at.partition}, Offset: ${at.offset}}, 0)`)}`;
    case 'librdkafka':
      return `// ${t('in the thread that polls, once the partitions are assigned')}
rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(${shown.length});
${lines((at) => `rd_kafka_topic_partition_list_add(list, ${quoted(at.topic)}, ${at.partition})->offset = ${at.offset};`)}rd_kafka_error_t *error = rd_kafka_seek_partitions(rk, list, 5000);
`;
    case 'franz-go':
      return `client.SetOffsets(map[string]map[int32]kgo.EpochOffset{
${[...Map.groupBy(shown, ({ topic }) => topic)].map(([topic, same]) => `    ${quoted(topic)}: {${same.map(({ partition, offset }) => `${partition}: {Epoch: -1, Offset: ${offset}}`).join(', ')}},\n`).join('')}})
${more}`;
    case 'sarama':
      return `// ${t('in Setup(session) of the handler: it goes back')}; MarkOffset ${t('goes forward')}
${lines((at) => `session.ResetOffset(${quoted(at.topic)}, ${at.partition}, ${at.offset}, "")`)}`;
  }
}

/** What one has to know of a library before one does that. */
export function languageNote(language: ClientLanguage): string | undefined {
  switch (language) {
    case 'kafkajs':
      return t(
        'The next commit of the member makes it last. An eachMessage that hangs on a record has to return first.',
      );
    case 'python':
      return t('kafka-python: consumer.seek(TopicPartition(topic, partition), offset) in the thread that polls.');
    case 'java':
    case 'go':
    case 'librdkafka':
      return t('Only the member that owns a partition can seek in it; its next commit makes it last.');
    case 'franz-go':
      return t('Only the member that owns a partition can set its offset; its next commit makes it last.');
    case 'sarama':
      return t('ResetOffset only goes back and MarkOffset only forward; both wait for the next commit.');
  }
}
