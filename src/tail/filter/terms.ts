import type { KeptRecord } from '../keptRecord.ts';
import { comparison, follow, type Literal, type Operator, type Step } from './jsonPath.ts';
import { after, any, type FilterContext, type Test, type Verdict } from './predicate.ts';
import type { Needle } from './textSearch.ts';

type Part = 'key' | 'value';

/** Bytes that a regular expression looks at, and that are read as data for a JSON path: neither can be done in slices. */
const mostAtOnce = 1 << 20;

/** Key, value, or a header's name or value holds the text, in any case. */
export function anywhereHolds(needle: Needle, context: FilterContext): Test {
  return (record) => {
    if (record.kind !== 'record') return inWords(record, needle);
    const seen = (): Verdict =>
      after(shown(record, 'value', needle, context), (held) => held || shown(record, 'key', needle, context));
    if (!needle.mayBeIn(record.bytes)) return seen();
    return any(needle.isInBytes(record.value), () =>
      any(needle.isInBytes(record.key), () =>
        record.headers.some(({ key, value }) => needle.isIn(key) || needle.isInBytes(value) === true) ? true : seen(),
      ),
    );
  };
}

export function partHolds(part: Part, needle: Needle, context: FilterContext): Test {
  return (record) => any(needle.isInBytes(record[part]), () => shown(record, part, needle, context));
}

function shown(record: KeptRecord, part: Part, needle: Needle, { shownText }: FilterContext): Verdict {
  return after(shownText(record, part), (text) => text !== undefined && needle.isIn(text));
}

function inWords(record: KeptRecord, needle: Needle): boolean {
  const { source } = record;
  return (
    (source.kind === 'notice' && needle.isIn(source.notice.message)) ||
    (source.kind === 'damaged' && needle.isIn(source.message))
  );
}

export function partMatches(part: Part, regex: RegExp, context: FilterContext): Test {
  return (record) => {
    const bytes = record[part];
    if (bytes === null) return false;
    if (bytes.length > mostAtOnce) context.tooLarge?.(record);
    return any(regex.test(bytes.toString('utf8', 0, mostAtOnce)), () =>
      after(context.shownText(record, part), (text) => text !== undefined && regex.test(text)),
    );
  };
}

export function anywhereMatches(regex: RegExp, context: FilterContext): Test {
  const [inKey, inValue] = [partMatches('key', regex, context), partMatches('value', regex, context)];
  return (record) =>
    any(inValue(record), () =>
      any(inKey(record), () =>
        record.headers.some(({ key, value }) => regex.test(key) || (value !== null && regex.test(value.toString()))),
      ),
    );
}

/** Exactly these bytes as UTF-8, or shown so. */
export function partEquals(part: Part, text: string, context: FilterContext): Test {
  const bytes = Buffer.from(text);
  return (record) => {
    const own = record[part];
    if (own === null) return false;
    return own.equals(bytes) || after(context.shownText(record, part), (seen) => seen === text);
  };
}

/** A header of that name; with `value` one that has it. */
export function hasHeader(name: string, value: string | undefined): Test {
  const wanted = value === undefined ? undefined : Buffer.from(value);
  return (record) =>
    record.headers.some(
      (header) =>
        header.key === name && (wanted === undefined || (header.value !== null && header.value.equals(wanted))),
    );
}

export function pathHolds(steps: readonly Step[], context: FilterContext, check: (value: never) => boolean): Test {
  return (record) => {
    if (record.kind !== 'record') return false;
    if (record.valueLength > mostAtOnce) {
      context.tooLarge?.(record);
      return false;
    }
    return after(context.plain(record), (plain) => {
      if (plain === undefined) return false;
      for (const found of follow(plain, steps)) if (check(found as never)) return true;
      return false;
    });
  };
}

export function pathCompares(
  steps: readonly Step[],
  operator: Operator,
  literal: Literal,
  context: FilterContext,
): Test {
  return pathHolds(steps, context, comparison(operator, literal));
}

export function pathMatches(steps: readonly Step[], regex: RegExp, context: FilterContext): Test {
  return pathHolds(
    steps,
    context,
    (value: unknown) =>
      (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') &&
      regex.test(String(value)),
  );
}

/** Both ends included, unless it is open. */
export interface Range<T> {
  readonly from?: T | undefined;
  readonly to?: T | undefined;
  readonly isOpen?: boolean;
}

export function within<T extends number | bigint>({ from, to, isOpen }: Range<T>, value: T): boolean {
  if (isOpen && (value === from || value === to)) return false;
  return (from === undefined || value >= from) && (to === undefined || value <= to);
}
