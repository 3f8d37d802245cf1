import { explanationOf, type Explanation } from '../../../stuck/findings.ts';
import type { FieldView, OwnerFacts, RecordView, StuckFacts, StuckTarget } from '../../../stuck/facts.ts';
import type { Frame } from '../protocol.ts';
import type { Watch } from '../services.ts';
import { groupFrame, lagRow, memberInfos } from '../viewModel.ts';
import type { StuckField, StuckFigures, StuckModel, StuckPlace, StuckRecord } from './protocol.ts';

/** Of a neighbour; the next record's is as long as it was kept. */
const neighbourChars = 20_000;

/** The frame of the page: the group's, with the partition. */
export function stuckFrame(cluster: string, target: StuckTarget, watch: Watch | undefined, now: number): Frame {
  const frame = groupFrame({ cluster, group: target.group }, watch, now);
  // The group's verdict is about all its partitions; this page has its own.
  return { ...frame, crumbs: [...frame.crumbs, `${target.topic}-${target.partition}`], verdict: [] };
}

/** What is known of whoever reads the partition. */
export function ownerFacts({ group, topic, partition }: StuckTarget, watch: Watch | undefined): OwnerFacts | undefined {
  const found = watch?.snapshot?.groups.get(group);
  if (found === undefined || watch === undefined) return undefined;
  const own = found.partitions.find((one) => one.topic === topic && one.partition === partition);
  const trend = watch.history.trend(group)({ topic, partition });
  const member = own?.owner === undefined ? undefined : found.members.find(({ id }) => id === own.owner);
  return {
    groupState: found.state,
    members: found.members.length,
    owner: member && {
      memberId: member.id,
      clientId: member.clientId,
      host: member.host.replace(/^\//, ''),
      instanceId: member.instanceId,
    },
    committedAt: trend?.committedAt,
    unchangedFor: trend?.unchangedFor,
  };
}

export function stuckFigures(
  target: StuckTarget,
  watch: Watch | undefined,
  facts: StuckFacts | undefined,
  explanation: Explanation | undefined,
): StuckFigures {
  const { group, topic, partition } = target;
  const snapshot = watch?.snapshot;
  const found = snapshot?.groups.get(group);
  const own = found?.partitions.find((one) => one.topic === topic && one.partition === partition);
  const row = own && snapshot && watch ? lagRow(group, own, snapshot, watch.history) : undefined;
  const owner = found && row?.owner !== undefined ? memberInfos(found).find(({ id }) => id === row.owner) : undefined;
  const commit = facts && 'value' in facts.commit ? facts.commit.value : undefined;
  const log = facts && 'value' in facts.log ? facts.log.value : undefined;
  const next = focusView(facts, explanation);
  const timestamp =
    next === undefined || next.control !== undefined || next.timestamp < 0n ? undefined : next.timestamp;
  const [committed, end] = [row?.committed ?? digits(commit?.offset), row?.end ?? digits(log?.end)];
  return {
    committed,
    metadata: commit?.metadata === '' ? undefined : commit?.metadata,
    start: row?.start ?? digits(log?.start),
    end,
    lastStable: row?.lastStable ?? digits(log && 'value' in log.lastStable ? log.lastStable.value : undefined),
    lag:
      row?.lag ?? (committed === undefined || end === undefined ? undefined : String(BigInt(end) - BigInt(committed))),
    nextWrittenAt: timestamp === undefined ? undefined : Number(timestamp),
    isCaughtUp: explanation?.isFine ?? false,
    owner: owner?.name,
    host: owner?.host,
    standsFor: watch?.history.trend(group)({ topic, partition })?.unchangedFor,
  };
}

export function stuckModel(facts: StuckFacts, explanation: Explanation = explanationOf(facts)): StuckModel {
  const { verdict, isFine, findings, focus } = explanation;
  return {
    verdict,
    isFine,
    focus: digits(focus),
    findings: findings.map(({ kind, level, text, evidence, advice, commands = [], offset }) => ({
      kind,
      level,
      text,
      evidence,
      advice,
      commands,
      offset: digits(offset),
    })),
    records: recordsOf(facts).map((record) =>
      stuckRecord(record, placeOf(record, facts, focus), record.offset === focus),
    ),
  };
}

/** All that were read, by offset, each once. */
export function recordsOf({ around }: StuckFacts): RecordView[] {
  if (around === undefined) return [];
  const { before, at, after, nextData, next } = around;
  const all = [...before, at, ...after, nextData, next].filter((one) => one !== undefined);
  return [...new Map(all.map((one) => [one.offset, one])).values()].sort((a, b) => (a.offset < b.offset ? -1 : 1));
}

function focusView(facts: StuckFacts | undefined, explanation: Explanation | undefined): RecordView | undefined {
  if (facts === undefined || explanation?.focus === undefined) return undefined;
  return recordsOf(facts).find(({ offset }) => offset === explanation.focus);
}

function placeOf({ offset }: RecordView, { commit }: StuckFacts, focus: bigint | undefined): StuckPlace {
  if (offset === focus) return 'next';
  const committed = 'value' in commit ? commit.value?.offset : undefined;
  return committed !== undefined && offset < committed ? 'before' : 'after';
}

function stuckRecord(record: RecordView, place: StuckPlace, isFocus: boolean): StuckRecord {
  const { batch } = record;
  return {
    offset: String(record.offset),
    place,
    timestamp: record.timestamp < 0n ? undefined : Number(record.timestamp),
    timestampType: batch.timestampType,
    size: record.size,
    marker: record.control?.type,
    outcome: record.outcome ?? 'none',
    key: field(record.key, isFocus),
    value: field(record.value, isFocus),
    headers: record.headers,
    batch: {
      baseOffset: String(batch.baseOffset),
      lastOffset: String(batch.lastOffset),
      count: batch.count,
      size: batch.size,
      unpacked: batch.unpacked,
      compression: batch.compression,
      magic: batch.magic,
      crc: batch.crc,
      leaderEpoch: batch.leaderEpoch,
      producer:
        batch.producerId < 0n
          ? undefined
          : { id: String(batch.producerId), epoch: batch.producerEpoch, sequence: batch.baseSequence },
      isTransactional: batch.isTransactional,
    },
    damage: record.damage,
  };
}

function field(view: FieldView | null, isFocus: boolean): StuckField | null {
  if (view === null) return null;
  const { length, label, preview, text, isCut, problem, wantsRegistry } = view;
  const all = { length, label, preview, text, isCut, problem, ...(wantsRegistry === true ? { wantsRegistry } : {}) };
  if (isFocus || text.length <= neighbourChars) return all;
  return { ...all, text: text.slice(0, neighbourChars), isCut: true };
}

function digits(value: bigint | undefined): string | undefined {
  return value?.toString();
}
