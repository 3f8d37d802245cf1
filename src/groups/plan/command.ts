import { byTopic, type TopicPartition } from '../../kafka/facts.ts';
import { formatOffsetsCsv } from './csv.ts';
import type { OffsetPlan, Scope } from './plan.ts';
import { formatIsoDuration, formatKafkaTime } from './times.ts';

export interface CommandOptions {
  /** `host:port` each, as the tool takes them. */
  readonly bootstrap: string;
  /** Path of a properties file with the login, if there is one. */
  readonly commandConfig?: string;
  /** Else it only prints what it would do. */
  readonly execute: boolean;
}

const shareStrategies: ReadonlySet<string> = new Set(['earliest', 'latest', 'datetime']);

/**
 * What to type in a POSIX shell for the same change with Kafka's own tools; undefined where they cannot do it. A plan that sets some
 * offsets and deletes others takes two commands.
 */
export function commandOf(plan: OffsetPlan, options: CommandOptions): string | undefined {
  if (plan.type === 'streams') return undefined;
  const isShare = plan.type === 'share';
  const tool = isShare ? 'kafka-share-groups' : 'kafka-consumer-groups';
  const common = [
    ['--bootstrap-server', options.bootstrap],
    ...(options.commandConfig === undefined ? [] : [['--command-config', options.commandConfig]]),
    ['--group', plan.group],
  ];
  const line = (...more: readonly string[][]): string =>
    [tool, ...[...common, ...more].map(([name, value]) => optionText(name!, value))].join(' ');

  const deleted = plan.rows.filter(({ after }) => after?.kind === 'delete');
  const committed = plan.rows.filter(({ after }) => after?.kind === 'commit');
  const deletion =
    deleted.length === 0
      ? undefined
      : line(['--delete-offsets'], ...(isShare ? wholeTopics(deleted) : topicOptions(deleted)));
  const { strategy, scope } = plan;
  if (committed.length === 0) return deletion;
  if (isShare && !shareStrategies.has(strategy.kind)) return undefined;

  const how = strategyOption(plan);
  const mode = [options.execute ? '--execute' : '--dry-run'];
  if (how !== undefined) {
    const where = strategy.kind === 'record' ? topicOptions(committed) : scopeOptions(scope, committed);
    return line(['--reset-offsets'], ...where, how, mode);
  }
  const rows = committed.map(({ topic, partition, after }) => ({
    group: undefined,
    topic,
    partition,
    offset: after?.kind === 'commit' ? after.offset : 0n,
  }));
  const file = `cat > offsets.csv <<'EOF'\n${formatOffsetsCsv(rows)}EOF\n`;
  const reset = `${file}${line(['--reset-offsets'], ['--from-file', 'offsets.csv'], mode)}`;
  return deletion === undefined ? reset : `${reset}\n${deletion}`;
}

/** undefined for what the tool knows only from a file. */
function strategyOption({ strategy }: OffsetPlan): string[] | undefined {
  switch (strategy.kind) {
    case 'earliest':
    case 'latest':
    case 'current':
      return [`--to-${strategy.kind}`];
    case 'offset':
    case 'record':
      // The tool takes no offset below 0, and clamps what is below the log start.
      return ['--to-offset', String(strategy.offset < 0n ? 0n : strategy.offset)];
    case 'shift-by':
      return ['--shift-by', String(strategy.by)];
    case 'skip':
      return ['--shift-by', String(strategy.count)];
    case 'datetime':
      return ['--to-datetime', formatKafkaTime(strategy.at)];
    case 'duration':
      return ['--by-duration', formatIsoDuration(strategy.milliseconds)];
    case 'file':
    case 'group':
    case 'positions':
    case 'delete':
      return undefined;
  }
}

function scopeOptions(scope: Scope, rows: readonly TopicPartition[]): string[][] {
  if (scope.kind === 'committed') return [['--all-topics']];
  if (scope.kind === 'given') return topicOptions(rows);
  return scope.topics.map(({ topic, partitions }) => [
    '--topic',
    partitions === undefined ? topic : `${topic}:${partitions.join(',')}`,
  ]);
}

function topicOptions(rows: readonly TopicPartition[]): string[][] {
  return Array.from(byTopic(rows), ([topic, same]) => [
    '--topic',
    `${topic}:${same.map(({ partition }) => partition).join(',')}`,
  ]);
}

/** kafka-share-groups deletes a topic's offsets as a whole. */
function wholeTopics(rows: readonly TopicPartition[]): string[][] {
  return [...byTopic(rows).keys()].map((topic) => ['--topic', topic]);
}

function optionText(name: string, value: string | undefined): string {
  if (value === undefined) return name;
  // A value that begins with a dash would be read as an option.
  return value.startsWith('-') ? `${name}=${shellQuoted(value)}` : `${name} ${shellQuoted(value)}`;
}

/** Of a POSIX shell: nothing within single quotes has a meaning. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
