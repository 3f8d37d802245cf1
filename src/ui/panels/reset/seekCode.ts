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
  const more = rest > 0 ? [`${comment} ${t('... and {0} more partitions', rest)}`] : [];
  const lines = (line: (seek: Seek) => string): string => {
    const written = shown.map(line);
    const indent = /^\s*/.exec(written[0] ?? '')![0];
    return [...written, ...more.map((text) => indent + text)].map((text) => `${text}\n`).join('');
  };
  return codeOf[language](lines, shown.length);
}

/** Text in quotes as all of these languages read it: escapes of JSON, which of a topic's letters needs none. */
const quoted = (text: string): string => JSON.stringify(text);

type Code = (lines: (line: (seek: Seek) => string) => string, count: number) => string;

/** Of librdkafka and all that are made of it. */
const whyAssigned = (): string =>
  t('a seek alone is lost before the first fetch, and what is stored for the next commit would stay');

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
  ) => `// KafkaJS of @confluentinc/kafka-javascript: ${t('after consumer.run(), once it has read records')}
const owned = new Set(consumer.assignment().map(({ topic, partition }) => topic + ' ' + partition));
for (const at of [
${lines((at) => `  { topic: ${quoted(at.topic)}, partition: ${at.partition}, offset: '${at.offset}' },`)}]) {
  if (owned.has(at.topic + ' ' + at.partition)) consumer.seek(at);
}
`,

  python: (lines) => `# confluent-kafka: ${inPollingThread()}
from confluent_kafka import KafkaException, TopicPartition

targets = {
${lines((at) => `    (${quoted(at.topic)}, ${at.partition}): ${at.offset},`)}}
assigned = consumer.position(consumer.assignment())
moved = []
for at in assigned:
    offset = targets.get((at.topic, at.partition))
    if offset is not None:
        at.offset = offset
        moved.append(TopicPartition(at.topic, at.partition, offset))
if moved:
    # ${whyAssigned()}
    try:
        consumer.assign(assigned)
    except KafkaException:  # ${t('the group rebalances cooperatively')}
        consumer.incremental_unassign(moved)
        consumer.incremental_assign(moved)
    consumer.commit(offsets=moved, asynchronous=False)
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
targets := map[string]map[int32]kafka.Offset{}
for _, at := range []struct {
	topic     string
	partition int32
	offset    kafka.Offset
}{
${lines((at) => `	{${quoted(at.topic)}, ${at.partition}, ${at.offset}},`)}} {
	if targets[at.topic] == nil {
		targets[at.topic] = map[int32]kafka.Offset{}
	}
	targets[at.topic][at.partition] = at.offset
}
assigned, err := consumer.Assignment()
if err == nil {
	assigned, err = consumer.Position(assigned)
}
var moved []kafka.TopicPartition
for i := range assigned {
	if offset, ok := targets[*assigned[i].Topic][assigned[i].Partition]; ok {
		assigned[i].Offset = offset
		moved = append(moved, assigned[i])
	}
}
if err == nil && len(moved) > 0 {
	// ${whyAssigned()}
	if consumer.GetRebalanceProtocol() == "COOPERATIVE" {
		if err = consumer.IncrementalUnassign(moved); err == nil {
			err = consumer.IncrementalAssign(moved)
		}
	} else {
		err = consumer.Assign(assigned)
	}
	if err == nil {
		_, err = consumer.CommitOffsets(moved)
	}
}
if err != nil {
	log.Print(err)
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
let moved = || -> rdkafka::error::KafkaResult<()> {
    use rdkafka::consumer::{CommitMode, Consumer, RebalanceProtocol};
    let offsets = [
${lines((at) => `        (${quoted(at.topic)}, ${at.partition}, ${at.offset}_i64),`)}    ];
    let assigned = consumer.position()?;
    let mut targets = rdkafka::TopicPartitionList::new();
    for (topic, partition, offset) in offsets {
        let to = rdkafka::Offset::Offset(offset);
        if let Some(mut at) = assigned.find_partition(topic, partition) {
            at.set_offset(to)?;
            targets.add_partition_offset(topic, partition, to)?;
        }
    }
    if targets.count() == 0 {
        return Ok(()); // ${t('not this member’s partitions')}
    }
    // ${whyAssigned()}
    if let RebalanceProtocol::Cooperative = consumer.rebalance_protocol() {
        consumer.incremental_unassign(&targets)?;
        consumer.incremental_assign(&targets)?;
    } else {
        consumer.assign(&assigned)?;
    }
    consumer.commit(&targets, CommitMode::Sync)
};
if let Err(error) = moved() {
    eprintln!("{error}");
}
`,

  dotnet: (lines) => `// Confluent.Kafka: ${t('in the thread that consumes, once it has read records')}
foreach (var at in new[]
{
${lines((at) => `    new TopicPartitionOffset(${quoted(at.topic)}, ${at.partition}, ${at.offset}L),`)}})
{
    if (consumer.Assignment.Contains(at.TopicPartition)) consumer.Seek(at);
}
`,

  librdkafka: (lines, count) => `// ${inPollingThread()}
rd_kafka_topic_partition_list_t *targets = rd_kafka_topic_partition_list_new(${count});
${lines((at) => `rd_kafka_topic_partition_list_add(targets, ${quoted(at.topic)}, ${at.partition})->offset = ${at.offset};`)}rd_kafka_topic_partition_list_t *assigned = NULL;
rd_kafka_resp_err_t failed = rd_kafka_assignment(rk, &assigned);
if (!failed) failed = rd_kafka_position(rk, assigned);
for (int i = targets->cnt - 1; !failed && i >= 0; i--) {
    rd_kafka_topic_partition_t *at = &targets->elems[i];
    if (rd_kafka_topic_partition_list_set_offset(assigned, at->topic, at->partition, at->offset))
        rd_kafka_topic_partition_list_del_by_idx(targets, i); // ${t('not this member’s partition')}
}
if (!failed && targets->cnt > 0) {
    // ${whyAssigned()}
    if (strcmp(rd_kafka_rebalance_protocol(rk), "COOPERATIVE") == 0) {
        rd_kafka_error_t *error = rd_kafka_incremental_unassign(rk, targets);
        if (!error) error = rd_kafka_incremental_assign(rk, targets);
        failed = error ? rd_kafka_error_code(error) : RD_KAFKA_RESP_ERR_NO_ERROR;
        rd_kafka_error_destroy(error);
    } else {
        failed = rd_kafka_assign(rk, assigned);
    }
    if (!failed) failed = rd_kafka_commit(rk, targets, 0);
}
if (failed) fprintf(stderr, "%s\\n", rd_kafka_err2str(failed));
if (assigned) rd_kafka_topic_partition_list_destroy(assigned);
rd_kafka_topic_partition_list_destroy(targets);
`,
};
