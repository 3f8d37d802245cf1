import type { TopicPartition } from '../../kafka/facts.ts';
import { formatCount } from '../../shared/format.ts';
import { t } from '../../shared/l10n.ts';
import type { Commit } from '../snapshot.ts';
import type { PlanFacts, PlanRequest, Strategy, Target } from './plan.ts';

/** Where a strategy wants one partition to be, before it is held against the log. */
export type Aimed =
  { readonly target: Target; readonly clamp: boolean; readonly warning?: string } | { readonly error: string };

export type Aim = (at: TopicPartition, commit: Commit | undefined) => Aimed;

/** One rule for all partitions. Where Kafka's tool has the strategy, the rule is its rule. */
export function aimOf({ group, strategy }: PlanRequest, facts: PlanFacts): Aim {
  switch (strategy.kind) {
    case 'earliest':
      return (at) => to(valueAt(facts.starts, at), at);
    case 'latest':
      return (at) => to(valueAt(facts.ends, at), at);
    case 'current':
      // The tool does not clamp here: it says again what is committed.
      return (at, commit) =>
        commit === undefined
          ? { ...to(valueAt(facts.ends, at), at), warning: t('It has no commit: set to the log end.') }
          : { target: commitTo(commit.offset), clamp: false };
    case 'offset':
      return () => ({ target: commitTo(strategy.offset), clamp: true });
    case 'shift-by':
      return (_, commit) => shift(commit, strategy.by);
    case 'skip':
      return (_, commit) => shift(commit, strategy.count);
    case 'datetime':
    case 'duration':
      return (at) => toTime(facts, at);
    case 'file':
      return fromFile(strategy, group);
    case 'group':
      return (at) => fromGroup(strategy.group, facts, at);
    case 'record':
      return ({ topic, partition }) =>
        topic === strategy.topic && partition === strategy.partition
          ? { target: commitTo(strategy.offset), clamp: true }
          : { error: t('The record is not of this partition.') };
    case 'positions':
      return fromPositions(strategy);
    case 'delete':
      return (_, commit) =>
        commit === undefined
          ? { error: t('There is no commit to delete.') }
          : {
              target: { kind: 'delete' },
              clamp: false,
              warning: t('A consumer will start where its auto.offset.reset says.'),
            };
  }
}

/** As the tool commits: without metadata, the leader epoch unknown. */
function commitTo(offset: bigint): Target {
  return { kind: 'commit', offset, leaderEpoch: -1, metadata: '' };
}

function to(offset: bigint | undefined, { topic, partition }: TopicPartition): Aimed {
  if (offset === undefined) return { error: t('The log offsets of {0}-{1} are not known.', topic, partition) };
  return { target: commitTo(offset), clamp: false };
}

function valueAt(found: PlanFacts['starts'], { topic, partition }: TopicPartition): bigint | undefined {
  const fact = found.get(topic)?.get(partition);
  return fact !== undefined && 'value' in fact ? fact.value : undefined;
}

/** A committed 0 is a commit like any other. */
function shift(commit: Commit | undefined, by: bigint): Aimed {
  if (commit === undefined) return { error: t('It has no commit that could be shifted.') };
  return { target: commitTo(commit.offset + by), clamp: true };
}

function toTime(facts: PlanFacts, at: TopicPartition): Aimed {
  const found = facts.atTime.get(at.topic)?.get(at.partition);
  if (found !== undefined && 'failure' in found) return { error: found.failure.message };
  if (found?.value !== undefined) return to(found.value, at);
  // The tool calls such a partition empty, which it need not be.
  const end = valueAt(facts.ends, at);
  const warning = t('No record at or after that time: set to the log end, {0}.', formatCount(end ?? 0n));
  return { ...to(end, at), warning };
}

function fromFile({ rows }: Strategy & { kind: 'file' }, group: string): Aim {
  // Of several lines for one partition the last counts, as with the tool.
  const offsets = new Map(
    rows.flatMap((row) => ((row.group ?? group) === group ? [[keyOf(row), row.offset] as const] : [])),
  );
  return (at) => {
    const offset = offsets.get(keyOf(at));
    if (offset === undefined) return { error: t('The file does not name it.') };
    return { target: commitTo(offset), clamp: true };
  };
}

function fromGroup(group: string, { otherGroup }: PlanFacts, { topic, partition }: TopicPartition): Aimed {
  const commits = otherGroup !== undefined && 'value' in otherGroup ? otherGroup.value : undefined;
  const found = commits?.get(topic)?.get(partition);
  if (found === undefined) return { error: t('Group {0} has no commit here.', group) };
  if ('failure' in found) return { error: found.failure.message };
  const { offset, leaderEpoch, metadata } = found.value;
  return { target: { kind: 'commit', offset, leaderEpoch, metadata }, clamp: true };
}

function fromPositions({ positions, exact, why }: Strategy & { kind: 'positions' }): Aim {
  return ({ topic, partition }) => {
    const partitions = positions.get(topic);
    const reason = why?.get(topic)?.get(partition);
    if (partitions?.has(partition) !== true) return { error: reason ?? t('Nothing is known of where it was.') };
    const was = partitions.get(partition);
    if (was !== undefined) {
      const { offset, leaderEpoch, metadata } = was;
      const target: Target = exact ? { kind: 'commit', offset, leaderEpoch, metadata } : commitTo(offset);
      return { target, clamp: !exact };
    }
    if (!exact) return { error: reason ?? t('It had no commit then.') };
    return { target: { kind: 'delete' }, clamp: false, warning: t('It had no commit: there will be none.') };
  };
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${partition} ${topic}`;
}
