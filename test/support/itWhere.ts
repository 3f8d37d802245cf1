import { it } from 'node:test';

type Test = (name: string, run: () => Promise<void> | void) => void;

/**
 * `it` for tests that make sense only in some places, such as with some versions of a broker. Elsewhere they are not there at all: a test that is
 * skipped counts as failed.
 *
 * @param otherwise what is told where they are not.
 */
export function itWhere(applies: boolean, otherwise?: string): Test {
  if (applies) return (name, run) => void it(name, run);
  return otherwise === undefined ? () => {} : (name) => console.log(`${otherwise}: not tested: ${name}`);
}
