import { byTopic, type TopicPartition } from '../../kafka/facts.ts';
import { formatOffsetsCsv } from './csv.ts';
import { t } from '../../shared/l10n.ts';
import type { OffsetPlan, PlanRow, Scope } from './plan.ts';
import { formatIsoDuration, formatKafkaTime, latestTime } from './times.ts';

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
    // The tool gives up altogether where one partition cannot be: it is told only of those that can.
    const isNamed = strategy.kind === 'record' || plan.totals.errors > 0;
    const where = isNamed ? topicOptions(committed) : scopeOptions(scope, committed);
    return line(['--reset-offsets'], ...where, how, mode);
  }
  if (isShare) return undefined;
  const rows = committed.map(({ topic, partition, after }) => ({
    group: undefined,
    topic,
    partition,
    offset: after?.kind === 'commit' ? after.offset : 0n,
  }));
  const file = `cat > offsets.csv <<'EOF'\n${formatOffsetsCsv(rows)}EOF\n`;
  const reset = `${differences(plan, committed)}${file}${line(['--reset-offsets'], ['--from-file', 'offsets.csv'], mode)}`;
  return deletion === undefined ? reset : `${reset}\n${deletion}`;
}

/** What the tool does otherwise than the plan, as comments of a shell: a file of its has offsets alone, and they are brought into the log. */
function differences({ strategy }: OffsetPlan, rows: readonly PlanRow[]): string {
  if (strategy.kind !== 'positions' && strategy.kind !== 'group') return '';
  let [outside, more] = [0, 0];
  for (const { after, start, end } of rows) {
    if (after?.kind !== 'commit') continue;
    if (start !== undefined && end !== undefined && (after.offset < start || after.offset > end)) outside++;
    if (after.metadata !== '') more++;
  }
  return [
    ...(outside > 0
      ? [t('Partitions whose offset lies outside the log, where the tool does not go: {0}', outside)]
      : []),
    ...(more > 0 ? [t('Partitions with metadata, which the tool does not write: {0}', more)] : []),
  ]
    .map((text) => `# ${text}\n`)
    .join('');
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
      return ['--shift-by', String(withoutOverflow(strategy.by))];
    case 'skip':
      return ['--shift-by', String(withoutOverflow(strategy.count))];
    case 'datetime':
      return isPlainTime(strategy.at) ? ['--to-datetime', formatKafkaTime(strategy.at)] : undefined;
    case 'duration':
      return isPlainTime(strategy.now - strategy.milliseconds)
        ? ['--by-duration', formatIsoDuration(strategy.milliseconds)]
        : undefined;
    case 'file':
    case 'group':
    case 'positions':
    case 'delete':
      return undefined;
  }
}

/** The tool adds in 64 bits: what is shifted beyond their end comes out at the other one. So far is beyond any log. */
function withoutOverflow(by: bigint): bigint {
  const far = 2n ** 62n;
  return by > far ? far : by < -far ? -far : by;
}

/** Before 1970 the tool asks for times that brokers take for words (-1 is the end, -2 the start), and it reads four digits of a year. */
function isPlainTime(at: bigint): boolean {
  return at >= 0n && at <= latestTime;
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

/** An option of one of Kafka's tools, as it is typed in a POSIX shell. */
export function optionText(name: string, value?: string): string {
  if (value === undefined) return name;
  // A value that begins with a dash would be read as an option.
  return value.startsWith('-') ? `${name}=${shellQuoted(value)}` : `${name} ${shellQuoted(value)}`;
}

/** Of a POSIX shell: nothing within single quotes has a meaning. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
