import { optionText } from '../groups/plan/command.ts';
import type { TopicPlan } from './topicsPlan.ts';

/** The command of Kafka's own tools that does the same. */
export function topicsCommand(bootstrap: string, plan: TopicPlan): string {
  const start = (tool: string): string => `${tool} ${optionText('--bootstrap-server', bootstrap)}`;
  const topic = optionText('--topic', plan.topic);
  // Where topics are that exist, the tool takes a regular expression (TopicCommand): a dot would be any character, of other topics too.
  const existing = optionText('--topic', plan.topic.replaceAll('.', '\\.'));
  switch (plan.kind) {
    case 'create-topic': {
      const { numPartitions, replicationFactor, configs } = plan.request;
      return [
        `${start('kafka-topics')} --create ${topic}`,
        ...(numPartitions < 0 ? [] : [`--partitions ${numPartitions}`]),
        ...(replicationFactor < 0 ? [] : [`--replication-factor ${replicationFactor}`]),
        ...configs.map(({ name, value }) => optionText('--config', `${name}=${value ?? ''}`)),
      ].join(' ');
    }
    case 'delete-topic':
      return `${start('kafka-topics')} --delete ${existing}`;
    case 'add-partitions':
      return `${start('kafka-topics')} --alter ${existing} --partitions ${plan.to}`;
    case 'delete-records': {
      const rows = plan.rows.filter(({ start: from, to }) => to > from);
      // Offsets have 64 bits, which JSON.stringify does not write.
      const partitions = rows.map(
        ({ partition, to }) => `{"topic":${JSON.stringify(plan.topic)},"partition":${partition},"offset":${to}}`,
      );
      const json = `{"partitions":[${partitions.join(',')}],"version":1}`;
      return `cat > delete-records.json <<'EOF'\n${json}\nEOF\n${start('kafka-delete-records')} --offset-json-file delete-records.json`;
    }
  }
}
