import type { NewTopic } from '../../../changes/topicsCreate.ts';
import type { TopicPlan } from '../../../changes/topicsPlan.ts';
import { t } from '../../../shared/l10n.ts';
import { visibleText } from '../../../shared/visibleText.ts';
import { askSome, askText } from '../../ask.ts';
import type { TopicTarget } from '../../commands/pickTopic.ts';
import { askTextStep, type StepResult } from '../../commands/steps.ts';

type CreatePlan = TopicPlan & { readonly kind: 'create-topic' };

/** Kafka's rule for names of topics (org.apache.kafka.common.internals.Topic). */
const longestName = 249;

/** Asks for a topic step by step; the broker checks it at the end, and what it does not take can be corrected. */
export async function askNewTopic(plan: (topic: NewTopic) => Promise<CreatePlan>): Promise<CreatePlan | undefined> {
  const title = t('Create Topic');
  const typed = ['', '', '', ''];
  const steps = [
    { prompt: t('Name of the topic'), placeholder: 'orders', problem: nameProblem },
    { prompt: t('Partitions; empty: as the brokers’ num.partitions says'), placeholder: '3', problem: countProblem },
    {
      prompt: t('Replicas of each; empty: as the brokers’ default.replication.factor says'),
      placeholder: '3',
      problem: countProblem,
    },
    {
      prompt: t('Configurations, or nothing: name=value, divided by blanks or semicolons'),
      placeholder: 'retention.ms=604800000 cleanup.policy=compact,delete',
      problem: configsProblem,
    },
  ];
  let complaint: string | undefined;
  for (let at = 0; at < steps.length;) {
    const step = steps[at]!;
    const result: StepResult<string> = await askTextStep({
      title,
      step: at + 1,
      totalSteps: steps.length,
      value: typed[at]!,
      prompt: complaint === undefined ? step.prompt : t('{0} The broker says: {1}', step.prompt, complaint),
      placeholder: step.placeholder,
      problem: step.problem,
    });
    if (result === undefined) return undefined;
    if (result === 'back') {
      at = Math.max(0, at - 1);
      continue;
    }
    typed[at] = result.value.trim();
    at++;
    complaint = undefined;
    if (at < steps.length) continue;
    const [name = '', partitions = '', replicas = '', configs = ''] = typed;
    const made = await plan({
      name,
      partitions: partitions === '' ? undefined : Number(partitions),
      replicationFactor: replicas === '' ? undefined : Number(replicas),
      configs: readConfigs(configs),
    });
    if (made.problem === undefined) return made;
    complaint = made.problem;
    // To where the mistake most likely is: a broker names a configuration, a count, or else means the name.
    at = /replication/i.test(made.problem)
      ? 2
      : /config|=|value/i.test(made.problem)
        ? 3
        : /partition/i.test(made.problem)
          ? 1
          : 0;
  }
  return undefined;
}

export async function askPartitionCount(topic: string, now: number): Promise<number | undefined> {
  const text = await askText({
    title: t('Add Partitions to {0}', visibleText(topic)),
    prompt: t('How many it shall have in all; it has {0}. Kafka cannot take partitions away again.', now),
    value: String(now + 1),
    validateInput: (value) =>
      /^\d{1,6}$/.test(value.trim()) && Number(value) > now ? undefined : t('A number above {0} is wanted.', now),
  });
  return text === undefined || text.trim() === '' ? undefined : Number(text.trim());
}

/** Before which offset records go, by partition; undefined where the person gave up. */
export async function askOffsets(
  { topic, partition, offset }: TopicTarget,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, bigint | 'end'> | undefined> {
  const title = t('Delete Records of {0}', visibleText(topic));
  let chosen = partition === undefined ? undefined : [partition];
  if (chosen === undefined && partitions.length > 1) {
    const items = partitions.map((each) => ({ label: t('Partition {0}', each), partition: each, picked: true }));
    const picked = await askSome(items, {
      title,
      placeHolder: t('Of which partitions'),
    });
    if (picked === undefined || picked.length === 0) return undefined;
    chosen = picked.map((item) => item.partition);
  }
  chosen ??= [...partitions];
  const text = await askText({
    title,
    prompt: t('Records before this offset are deleted; empty: all that are there now'),
    value: offset === undefined ? '' : String(offset),
    validateInput: (value) =>
      /^\d{0,19}$/.test(value.trim()) ? undefined : t('An offset is a whole number from 0 on.'),
  });
  if (text === undefined) return undefined;
  const before = text.trim() === '' ? 'end' : BigInt(text.trim());
  return new Map(chosen.map((each) => [each, before]));
}

function nameProblem(value: string): string | undefined {
  const name = value.trim();
  if (name === '') return t('A topic needs a name.');
  if (name.length > longestName) return t('A name has {0} characters at most.', longestName);
  if (name === '.' || name === '..') return t('It may be neither . nor ..');
  return /^[\w.-]+$/.test(name) ? undefined : t('Letters, digits, dot, underscore and dash are allowed.');
}

function countProblem(value: string): string | undefined {
  const text = value.trim();
  return text === '' || (/^\d{1,5}$/.test(text) && Number(text) > 0)
    ? undefined
    : t('A number from 1 on is wanted, or nothing.');
}

function configsProblem(value: string): string | undefined {
  const bad = parts(value).find((part) => !/^[\w.]+=/.test(part));
  return bad === undefined ? undefined : t('{0} is not name=value.', bad);
}

function parts(value: string): string[] {
  return value.split(/[\s;]+/).filter((part) => part !== '');
}

function readConfigs(text: string): Record<string, string> {
  return Object.fromEntries(
    parts(text).map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
}
