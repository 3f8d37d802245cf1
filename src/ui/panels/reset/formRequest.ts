import type { CsvRow } from '../../../groups/plan/csv.ts';
import type { PlanRequest, Scope, Strategy } from '../../../groups/plan/plan.ts';
import { latestTime, parseDuration, parseTime } from '../../../groups/plan/times.ts';
import { HumanError, messageOf } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import type { ResetForm, ResetPlace } from './protocol.ts';

export const emptyForm: ResetForm = {
  strategy: 'earliest',
  scope: 'committed',
  topics: [],
  offset: '',
  by: '',
  count: '1',
  time: '',
  zone: 'local',
  duration: '',
  otherGroup: '',
  recordTopic: '',
  recordPartition: '',
  recordOffset: '',
};

export interface FormFacts {
  readonly group: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Of the file that was chosen. */
  readonly rows: readonly CsvRow[] | undefined;
  /** Share groups lose the offsets of a topic only as a whole. */
  readonly isShare: boolean;
}

export interface FormRequest {
  /** undefined where something is wrong or missing. */
  readonly request: PlanRequest | undefined;
  readonly problems: Partial<Record<ResetPlace, string>>;
  /** The time that was understood, milliseconds since 1970. */
  readonly time: bigint | undefined;
  /** The positions of the request are still to be read: as the commit log has them at `time`. */
  readonly isAsOf: boolean;
}

const int64Max = 2n ** 63n - 1n;
const mostPartition = 2 ** 31 - 1;

/** Strategies that say themselves which partitions they are about. */
export function isOwnScope(strategy: ResetForm['strategy']): boolean {
  return strategy === 'file' || strategy === 'record';
}

/** What a form asks for, with what is wrong beside its fields. */
export function formRequest(form: ResetForm, facts: FormFacts): FormRequest {
  const problems: Partial<Record<ResetPlace, string>> = {};
  const wrong = (place: ResetPlace, text: string): undefined => {
    problems[place] = text;
    return undefined;
  };
  const strategy = strategyOf(form, facts, wrong);
  const scope = scopeOf(form, facts, wrong);
  const isAsOf = form.strategy === 'as-of';
  const time =
    strategy?.kind === 'datetime'
      ? strategy.at
      : strategy?.kind === 'duration'
        ? strategy.now - strategy.milliseconds
        : undefined;
  if (strategy === undefined || scope === undefined) return { request: undefined, problems, time, isAsOf };
  // A moment, until its positions are known.
  const resolved: Strategy =
    isAsOf && strategy.kind === 'datetime' ? { kind: 'positions', positions: new Map(), exact: false } : strategy;
  return { request: { group: facts.group, scope, strategy: resolved }, problems, time, isAsOf };
}

type Wrong = (place: ResetPlace, text: string) => undefined;

function strategyOf(form: ResetForm, { group, now, rows, isShare }: FormFacts, wrong: Wrong): Strategy | undefined {
  switch (form.strategy) {
    case 'earliest':
    case 'latest':
    case 'current':
    case 'delete':
      return { kind: form.strategy };
    case 'offset': {
      const offset = whole(form.offset, 0n) ?? wrong('offset', offsetWanted());
      return offset === undefined ? undefined : { kind: 'offset', offset };
    }
    case 'shift-by': {
      const by = whole(form.by, -int64Max) ?? wrong('by', t('A whole number: forward, or with a minus back.'));
      return by === undefined ? undefined : { kind: 'shift-by', by };
    }
    case 'skip': {
      const count = whole(form.count, 1n) ?? wrong('count', t('A whole number from 1 on.'));
      return count === undefined ? undefined : { kind: 'skip', count };
    }
    case 'as-of':
    case 'datetime': {
      if (form.strategy === 'as-of' && isShare) {
        return wrong('time', t('The commit log has no positions of share groups.'));
      }
      if (form.time.trim() === '') return wrong('time', t('Such as 2026-01-31T14:30, yesterday or 2 hours ago.'));
      const at = attempt(
        () => parseTime(form.time, { now, zone: form.zone }),
        (text) => wrong('time', text),
      );
      return at === undefined ? undefined : { kind: 'datetime', at };
    }
    case 'duration': {
      if (form.duration.trim() === '') return wrong('duration', t('Such as 2h, 1d 12h or PT30M.'));
      const milliseconds = attempt(
        () => parseDuration(form.duration),
        (text) => wrong('duration', text),
      );
      if (milliseconds === undefined) return undefined;
      if (BigInt(now) - milliseconds > latestTime) return wrong('duration', t('No record can be written so late.'));
      return { kind: 'duration', milliseconds, now: BigInt(now) };
    }
    case 'file':
      return rows === undefined ? wrong('file', t('Choose a file first.')) : { kind: 'file', rows };
    case 'group': {
      const other = form.otherGroup.trim();
      if (other === '') return wrong('otherGroup', t('A group whose positions are taken.'));
      if (other === group) return wrong('otherGroup', t('Another group than this one.'));
      return { kind: 'group', group: other };
    }
    case 'record': {
      const topic = form.recordTopic.trim();
      const partition = whole(form.recordPartition, 0n, BigInt(mostPartition));
      const offset = whole(form.recordOffset, 0n);
      if (topic === '') wrong('recordTopic', t('A topic is wanted.'));
      if (partition === undefined) wrong('recordPartition', t('A partition is a whole number from 0 on.'));
      if (offset === undefined) wrong('recordOffset', offsetWanted());
      if (topic === '' || partition === undefined || offset === undefined) return undefined;
      return { kind: 'record', topic, partition: Number(partition), offset };
    }
  }
}

function scopeOf(form: ResetForm, { isShare }: FormFacts, wrong: Wrong): Scope | undefined {
  if (isOwnScope(form.strategy)) return { kind: 'given' };
  if (form.scope === 'committed')
    return form.strategy === 'group' || form.strategy === 'as-of' ? { kind: 'given' } : { kind: 'committed' };
  if (form.topics.length === 0) return wrong('topics', t('Add a topic.'));
  const isWhole = isShare && form.strategy === 'delete';
  const topics = form.topics.map(({ topic, partitions: text }, index) => {
    if (isWhole || text.trim() === '') return { topic };
    const partitions = partitionsOfText(text) ?? wrong(`topic ${index}`, t('Partitions are written as 0,2-4.'));
    return partitions && { topic, partitions };
  });
  if (topics.includes(undefined)) return undefined;
  return { kind: 'topics', topics: topics.filter((one) => one !== undefined) };
}

function offsetWanted(): string {
  return t('An offset is a whole number from 0 on.');
}

/** undefined for what is no whole number from `least` to `most`. */
function whole(text: string, least: bigint, most = int64Max): bigint | undefined {
  const plain = text.trim().replaceAll(/(?<=\d)[,_ ](?=\d{3})/g, '');
  if (!/^[+-]?\d{1,19}$/.test(plain)) return undefined;
  const value = BigInt(plain.replace(/^\+/, ''));
  return value < least || value > most ? undefined : value;
}

const mostNamed = 100_000;

/** `0,2-4` */
export function partitionsOfText(text: string): number[] | undefined {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,10})\s*(?:-\s*(\d{1,10})\s*)?$/.exec(part);
    if (match === null) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first || last > mostPartition || last - first > mostNamed) return undefined;
    for (let each = first; each <= last; each++) found.add(each);
  }
  return [...found].sort((a, b) => a - b);
}

/** The other way round: neighbours as a range. */
export function partitionsText(partitions: readonly number[]): string {
  const sorted = [...new Set(partitions)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const each of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === each - 1) last[1] = each;
    else ranges.push([each, each]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}

function attempt<T>(read: () => T, wrong: (text: string) => undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HumanError)) throw error;
    return wrong(messageOf(error));
  }
}
