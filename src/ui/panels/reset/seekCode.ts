import type { OffsetPlan, PlanRow } from '../../../groups/plan/plan.ts';
import { t } from '../../../shared/l10n.ts';
import type { ClientLanguage } from './protocol.ts';

const pythons: ReadonlySet<ClientLanguage> = new Set(['python', 'kafka-python', 'aiokafka'] as const);

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
  const comment = pythons.has(language) ? '#' : '//';
  const more = rest > 0 ? `${comment} ${t('... and {0} more partitions', rest)}\n` : '';
  const lines = (line: (seek: Seek) => string): string => shown.map((seek) => `${line(seek)}\n`).join('') + more;
  return codeOf[language](lines, shown.length);
}

/** Text in quotes as all of these languages read it: escapes of JSON, which of a topic's letters needs none. */
const quoted = (text: string): string => JSON.stringify(text);

type Code = (lines: (line: (seek: Seek) => string) => string, count: number) => string;

const inPollingThread = (): string => t('in the thread that polls, once the partitions are assigned');

const codeOf: Record<ClientLanguage, Code> = {
  java: (lines) => `// ${inPollingThread()}
Map<TopicPartition, Long> targets = new HashMap<>();
${lines((at) => `targets.put(new TopicPartition(${quoted(at.topic)}, ${at.partition}), ${at.offset}L);`)}targets.keySet().retainAll(consumer.assignment());
targets.forEach((at, offset) -> consumer.seek(at, offset.longValue()));
consumer.commitSync();
`,

  kafkajs: (lines) => `// ${t('after consumer.run(); each member seeks what it owns and ignores the rest')}
${lines((at) => `consumer.seek({ topic: ${quoted(at.topic)}, partition: ${at.partition}, offset: '${at.offset}' });`)}`,

  'confluent-js': (
    lines,
  ) => `// KafkaJS of @confluentinc/kafka-javascript: ${t('after consumer.run(), once the partitions are assigned')}
const owned = new Set(consumer.assignment().map(({ topic, partition }) => topic + ' ' + partition));
for (const at of [
${lines((at) => `  { topic: ${quoted(at.topic)}, partition: ${at.partition}, offset: '${at.offset}' },`)}]) {
  if (owned.has(at.topic + ' ' + at.partition)) consumer.seek(at);
}
`,

  python: (lines) => `# confluent-kafka: ${inPollingThread()}
from confluent_kafka import TopicPartition

targets = {
${lines((at) => `    (${quoted(at.topic)}, ${at.partition}): ${at.offset},`)}}
for at in consumer.assignment():
    offset = targets.get((at.topic, at.partition))
    if offset is not None:
        consumer.seek(TopicPartition(at.topic, at.partition, offset))
`,

  'kafka-python': (lines) => `# kafka-python: ${inPollingThread()}
from kafka import TopicPartition

targets = {
${lines((at) => `    TopicPartition(${quoted(at.topic)}, ${at.partition}): ${at.offset},`)}}
for at in consumer.assignment():
    if at in targets:
        consumer.seek(at, targets[at])
consumer.commit()
`,

  aiokafka: (lines) => `# aiokafka: ${t('in the task that polls, once the partitions are assigned')}
from aiokafka import TopicPartition

targets = {
${lines((at) => `    TopicPartition(${quoted(at.topic)}, ${at.partition}): ${at.offset},`)}}
for at in consumer.assignment():
    if at in targets:
        consumer.seek(at, targets[at])
await consumer.commit()
`,

  go: (lines) => `// confluent-kafka-go: ${t('in the goroutine that polls, once the partitions are assigned')}
for _, at := range []struct {
	topic     string
	partition int32
	offset    kafka.Offset
}{
${lines((at) => `	{${quoted(at.topic)}, ${at.partition}, ${at.offset}},`)}} {
	target := kafka.TopicPartition{Topic: &at.topic, Partition: at.partition, Offset: at.offset}
	if err := consumer.Seek(target, 5000); err != nil {
		log.Print(err) // ${t('not this member’s partition')}
	}
}
`,

  'franz-go': (lines) => `// franz-go: ${t('between two polls; what this member does not own is ignored')}
targets := map[string]map[int32]kgo.EpochOffset{}
for _, at := range []struct {
	topic     string
	partition int32
	offset    int64
}{
${lines((at) => `	{${quoted(at.topic)}, ${at.partition}, ${at.offset}},`)}} {
	if targets[at.topic] == nil {
		targets[at.topic] = map[int32]kgo.EpochOffset{}
	}
	targets[at.topic][at.partition] = kgo.EpochOffset{Epoch: -1, Offset: at.offset}
}
client.SetOffsets(targets)
`,

  sarama: (lines) => `// Sarama: ${t('in Setup(session) of the handler: one call goes back, the other forward')}
for _, at := range []struct {
	topic     string
	partition int32
	offset    int64
}{
${lines((at) => `	{${quoted(at.topic)}, ${at.partition}, ${at.offset}},`)}} {
	session.ResetOffset(at.topic, at.partition, at.offset, "")
	session.MarkOffset(at.topic, at.partition, at.offset, "")
}
`,

  'kafka-go': (lines) => `// kafka-go: ${t('in one member; then close the reader, and make it again')}
for _, at := range []struct {
	topic     string
	partition int
	offset    int64
}{
${lines((at) => `	{${quoted(at.topic)}, ${at.partition}, ${at.offset}},`)}} {
	// ${t('committed is the offset behind the message')}
	read := kafka.Message{Topic: at.topic, Partition: at.partition, Offset: at.offset - 1}
	if err := reader.CommitMessages(ctx, read); err != nil {
		log.Print(err)
	}
}
`,

  rust: (lines) => `// rdkafka: ${t('in the task that polls, once the partitions are assigned')}
for (topic, partition, offset) in [
${lines((at) => `    (${quoted(at.topic)}, ${at.partition}, ${at.offset}_i64),`)}] {
    let to = rdkafka::Offset::Offset(offset);
    if let Err(error) = consumer.seek(topic, partition, to, std::time::Duration::from_secs(5)) {
        eprintln!("{error}"); // ${t('not this member’s partition')}
    }
}
`,

  dotnet: (lines) => `// Confluent.Kafka: ${t('in the thread that consumes, once the partitions are assigned')}
foreach (var at in new[]
{
${lines((at) => `    new TopicPartitionOffset(${quoted(at.topic)}, ${at.partition}, ${at.offset}L),`)}})
{
    if (consumer.Assignment.Contains(at.TopicPartition)) consumer.Seek(at);
}
`,

  librdkafka: (lines, count) => `// ${inPollingThread()}
rd_kafka_topic_partition_list_t *targets = rd_kafka_topic_partition_list_new(${count});
${lines((at) => `rd_kafka_topic_partition_list_add(targets, ${quoted(at.topic)}, ${at.partition})->offset = ${at.offset};`)}rd_kafka_error_t *error = rd_kafka_seek_partitions(rk, targets, 5000);
if (error) fprintf(stderr, "%s\\n", rd_kafka_error_string(error));
rd_kafka_error_destroy(error);
rd_kafka_topic_partition_list_destroy(targets);
`,
};
