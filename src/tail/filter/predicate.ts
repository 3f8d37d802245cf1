import type { Plain } from '../../formats/plain.ts';
import type { KeptRecord } from '../keptRecord.ts';

/** A promise only where something must be fetched first, or where a record is so large that the event loop must have its turn. */
export type Verdict = boolean | Promise<boolean>;
export type Test = (record: KeptRecord) => Verdict;

/** What a filter must know beside the record. */
export interface FilterContext {
  /** Of the topic; 0 as long as it is not known. */
  readonly partitions: () => number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The value as data; undefined where it does not decode. */
  readonly plain: (record: KeptRecord) => Plain | undefined | Promise<Plain | undefined>;
  /** What people see of a part, where its bytes do not hold that as text; undefined where they do. */
  readonly shownText: (record: KeptRecord, part: 'key' | 'value') => string | undefined | Promise<string | undefined>;
  /** Told of a record that is too large to be looked at as a whole without holding up everything else. */
  readonly tooLarge?: ((record: KeptRecord) => void) | undefined;
}

export function not(test: Test): Test {
  return (record) => after(test(record), (verdict) => !verdict);
}

/** All of them; those that cost least should come first. */
export function all(tests: readonly Test[]): Test {
  const from = (record: KeptRecord, first: number): Verdict => {
    for (let index = first; index < tests.length; index++) {
      const verdict = tests[index]!(record);
      if (verdict === false) return false;
      if (verdict !== true) return verdict.then((held) => held && from(record, index + 1));
    }
    return true;
  };
  return (record) => from(record, 0);
}

export function any(verdict: Verdict, otherwise: () => Verdict): Verdict {
  return after(verdict, (held) => held || otherwise());
}

export function after<In, Out>(value: In | Promise<In>, next: (value: In) => Out | Promise<Out>): Out | Promise<Out> {
  return value instanceof Promise ? value.then(next) : next(value);
}
