import type { Cluster } from '../../../kafka/cluster.ts';
import { offsetsRetention } from '../../../offsetsTopic/commitsReader.ts';
import { isCoordinatorTopic } from '../../../offsetsTopic/decode/recordTypes.ts';
import { TopicNames } from '../../../offsetsTopic/decode/topicNames.ts';
import { OffsetsPresenter } from '../../../offsetsTopic/presenter.ts';
import type { RecordPresenter } from '../../../tail/presenter.ts';
import type { TailTarget } from './protocol.ts';
import type { TailServices } from './services.ts';

/** What the records of Kafka's own topics mean; undefined for all other topics. */
export function coordinatorPresenter(
  { cluster, topic }: TailTarget,
  { watchOf, kafkaOf }: Pick<TailServices, 'watchOf' | 'kafkaOf'>,
): RecordPresenter | undefined {
  if (!isCoordinatorTopic(topic)) return undefined;
  const topics = watchOf(cluster)?.snapshot?.topics;
  const known = [...(topics?.values() ?? [])].flatMap(({ id, name }) =>
    id === undefined ? [] : [[id, name] as const],
  );
  let retention: number | undefined;
  if (topic === '__consumer_offsets') {
    // Without it expiry and deletion by hand are not told apart; that is all.
    retentionOf(kafkaOf(cluster)).then(
      (value) => (retention = value),
      () => undefined,
    );
  }
  return new OffsetsPresenter({
    topic,
    names: new TopicNames(new Map(known)),
    topicExists: (name) => {
      const found = watchOf(cluster)?.snapshot?.topics.get(name);
      return found === undefined ? undefined : found.failure?.kind !== 'missing';
    },
    retention: () => retention,
  });
}

/** As any broker has it: clusters where they differ are rare. */
async function retentionOf(connecting: Promise<Cluster>): Promise<number | undefined> {
  const kafka = await connecting;
  const [broker] = kafka.brokers();
  const found = broker === undefined ? undefined : await offsetsRetention(kafka, broker.id);
  return found !== undefined && 'value' in found ? found.value : undefined;
}
