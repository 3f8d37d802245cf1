import type { Start, Stop } from '../../../records/positions.ts';
import { HumanError } from '../../../shared/errors.ts';
import { recordCount } from '../../../shared/counted.ts';
import { formatCount } from '../../../shared/format.ts';
import { t } from '../../../shared/l10n.ts';
import { timeWords } from '../../../shared/times.ts';
import { parseTime } from '../../../tail/filter/times.ts';
import type { StartSpec, StopSpec } from './protocol.ts';

const offsetDigits = /^\d{1,19}$/;

/** @throws {HumanError} what was typed is no offset or no time. */
export function startOf(spec: StartSpec, now: number): Start {
  switch (spec.at) {
    case 'beginning':
    case 'end':
      return { at: spec.at };
    case 'last':
      return { at: 'last', count: Math.max(1, Math.trunc(spec.count) || 1), of: spec.of };
    case 'offset':
      return { at: 'offset', offset: offsetOf(spec.offset) };
    case 'timestamp':
      return { at: 'timestamp', timestamp: offsetOf(spec.timestamp) };
    case 'time':
      return { at: 'timestamp', timestamp: timeOf(spec.text, now) };
    case 'group':
      return { at: 'group', group: spec.group, otherwise: 'end' };
  }
}

/** @throws {HumanError} */
export function stopOf(spec: StopSpec, now: number): Stop {
  switch (spec.at) {
    case 'never':
    case 'end':
      return { at: spec.at };
    case 'offset':
      return { at: 'offset', offset: offsetOf(spec.offset) };
    case 'timestamp':
      return { at: 'timestamp', timestamp: offsetOf(spec.timestamp) };
    case 'time':
      return { at: 'timestamp', timestamp: timeOf(spec.text, now) };
  }
}

/** Where a tail begins, as the page and its notices say it. */
export function startWords(spec: StartSpec): string {
  switch (spec.at) {
    case 'beginning':
      return t('the beginning');
    case 'end':
      return t('the end');
    case 'last':
      return spec.of === 'topic'
        ? t('the last {0}', recordCount(spec.count))
        : t('the last {0} of each partition', recordCount(spec.count));
    case 'offset':
      return t('offset {0}', offsetDigits.test(spec.offset) ? formatCount(BigInt(spec.offset)) : spec.offset);
    case 'timestamp':
      return timeWords(Number(spec.timestamp));
    case 'time':
      return spec.text;
    case 'group':
      return t('what {0} committed', spec.group);
  }
}

/** Where it ends; undefined where it does not by itself. */
export function stopWords(spec: StopSpec): string | undefined {
  switch (spec.at) {
    case 'never':
      return undefined;
    case 'end':
      return t('the end as it was');
    case 'offset':
    case 'timestamp':
    case 'time':
      return startWords(spec);
  }
}

type TimestampSpec = { readonly at: 'timestamp'; readonly timestamp: string };

/** As a tail is restored: `10 minutes ago` would be another time by then. */
export function settled<Spec extends StartSpec | StopSpec>(spec: Spec, now: number): Spec | TimestampSpec {
  if (spec.at !== 'time') return spec;
  const at = parseTime(spec.text, now);
  return at === undefined ? spec : { at: 'timestamp', timestamp: String(at) };
}

/** Whether what a restored page says of its target can be used. */
export function isStartSpec(value: unknown): value is StartSpec {
  if (typeof value !== 'object' || value === null) return false;
  const spec = value as Record<string, unknown>;
  switch (spec['at']) {
    case 'beginning':
    case 'end':
      return true;
    case 'last':
      return typeof spec['count'] === 'number';
    case 'offset':
      return typeof spec['offset'] === 'string' && offsetDigits.test(spec['offset']);
    case 'timestamp':
      return typeof spec['timestamp'] === 'string' && offsetDigits.test(spec['timestamp']);
    case 'time':
      return typeof spec['text'] === 'string';
    case 'group':
      return typeof spec['group'] === 'string';
    default:
      return false;
  }
}

function offsetOf(text: string): bigint {
  const digits = text.replace(/[,_\s]/g, '');
  if (!offsetDigits.test(digits)) {
    throw new HumanError(t('"{0}" is no offset.', text), t('An offset is a whole number from 0 on.'));
  }
  return BigInt(digits);
}

function timeOf(text: string, now: number): bigint {
  const at = parseTime(text, now);
  if (at === undefined) {
    throw new HumanError(
      t('"{0}" is no time.', text),
      t('Write one such as "10 minutes ago", 12:30, yesterday 14:00, 2026-03-01 12:00 or milliseconds since 1970.'),
    );
  }
  return BigInt(at);
}
