import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectionError } from '../../src/kafka/errors.ts';
import type { Fact } from '../../src/kafka/facts.ts';
import { fanOut, type Answer, type FanOut } from '../../src/kafka/fanOut.ts';
import { errorCode } from '../../src/kafka/protocol/errorCodes.ts';
import { isCancelled } from '../../src/shared/errors.ts';

const answer = (value: string): Answer<string> => ({ errorCode: 0, value });
const error = (code: number): Answer<string> => ({ errorCode: code, value: '' });
const unreachable = (): never => {
  throw new ConnectionError('refused', 'Nothing listens.');
};

/** A cluster as a table of who has what; `ask` decides what a broker says. */
function fan(
  places: (fresh: boolean) => Record<string, number | 'lost'>,
  ask: (node: number, items: readonly string[]) => Record<string, Answer<string>>,
  more: Partial<FanOut<string, string>> = {},
): Parameters<typeof fanOut<string, string>>[1] {
  return {
    locate: async (items, fresh) =>
      new Map(
        items.map((item): [string, Fact<number>] => {
          const place = places(fresh)[item]!;
          return [item, place === 'lost' ? { failure: { kind: 'no-leader', message: 'lost' } } : { value: place }];
        }),
      ),
    batchSize: async () => Infinity,
    ask: async (node, items) => new Map(Object.entries(ask(node, items))),
    nameOf: (item) => `Item ${item}`,
    // Longer than a machine ever stands still.
    retryForMs: 600_000,
    signal: undefined,
    ...more,
  };
}

describe('fanOut', () => {
  it('asks each broker once for its share', async () => {
    const asked: unknown[] = [];
    const results = await fanOut(
      ['a', 'b', 'c'],
      fan(
        () => ({ a: 1, b: 2, c: 1 }),
        (node, items) => {
          asked.push([node, ...items]);
          return Object.fromEntries(items.map((item) => [item, answer(`${item}@${node}`)]));
        },
      ),
    );
    assert.deepEqual(asked, [
      [1, 'a', 'c'],
      [2, 'b'],
    ]);
    assert.deepEqual(Object.fromEntries(results), {
      a: { value: 'a@1', node: 1 },
      b: { value: 'b@2', node: 2 },
      c: { value: 'c@1', node: 1 },
    });
  });

  it('splits a share into batches, each failing for itself', async () => {
    const sizes: number[] = [];
    const items = ['a', 'b', 'c', 'd', 'e'];
    const results = await fanOut(
      items,
      fan(
        () => ({ a: 1, b: 1, c: 1, d: 1, e: 1 }),
        (_, batch) => {
          sizes.push(batch.length);
          if (batch.includes('c')) throw new Error('broken');
          return Object.fromEntries(batch.map((item) => [item, answer(item)]));
        },
        { batchSize: async () => 2 },
      ),
    );
    assert.deepEqual(sizes, [2, 2, 1]);
    const failed = items.filter((item) => 'failure' in results.get(item)!);
    assert.deepEqual(failed, ['c', 'd']);
  });

  it('looks for what moved and asks it again, and only that', async () => {
    const asked: unknown[] = [];
    const results = await fanOut(
      ['a', 'b'],
      fan(
        (fresh) => ({ a: fresh ? 2 : 1, b: 1 }),
        (node, items) => {
          asked.push([node, ...items]);
          return { a: node === 1 ? error(errorCode.NOT_COORDINATOR) : answer('a'), b: answer('b') };
        },
      ),
    );
    assert.deepEqual(asked, [
      [1, 'a', 'b'],
      [2, 'a'],
    ]);
    assert.deepEqual(results.get('a'), { value: 'a', node: 2 });
  });

  it('asks again while loading, until the time is over', async () => {
    let left = 2;
    const loads = fan(
      () => ({ a: 1 }),
      () => ({ a: left-- > 0 ? error(errorCode.COORDINATOR_LOAD_IN_PROGRESS) : answer('loaded') }),
    );
    assert.deepEqual((await fanOut(['a'], loads)).get('a'), { value: 'loaded', node: 1 });

    const never = fan(
      () => ({ a: 1 }),
      () => ({ a: error(errorCode.COORDINATOR_LOAD_IN_PROGRESS) }),
      { retryForMs: 150 },
    );
    assert.deepEqual((await fanOut(['a'], never)).get('a'), {
      failure: {
        kind: 'error',
        message: 'Item a: its coordinator is still loading (COORDINATOR_LOAD_IN_PROGRESS).',
        code: 'COORDINATOR_LOAD_IN_PROGRESS',
      },
      node: 1,
    });
  });

  it('keeps what the others answered where a broker cannot be reached', async () => {
    let asked = 0;
    const results = await fanOut(
      ['a', 'b'],
      fan(
        () => ({ a: 1, b: 2 }),
        (node) => (node === 2 ? (asked++, unreachable()) : { a: answer('a') }),
      ),
    );
    assert.deepEqual(results.get('a'), { value: 'a', node: 1 });
    assert.deepEqual(results.get('b'), { failure: { kind: 'unreachable', message: 'Nothing listens.' }, node: 2 });
    assert.equal(asked, 1, 'it is not asked again while it is thought to be there');
  });

  it('finds where the items of an unreachable broker went', async () => {
    const results = await fanOut(
      ['a'],
      fan(
        (fresh) => ({ a: fresh ? 3 : 2 }),
        (node) => (node === 2 ? unreachable() : { a: answer('moved') }),
      ),
    );
    assert.deepEqual(results.get('a'), { value: 'moved', node: 3 });
  });

  it('tells denied, missing and left out apart, without asking again', async () => {
    let asked = 0;
    const results = await fanOut(
      ['a', 'b', 'c', 'd'],
      fan(
        () => ({ a: 1, b: 1, c: 1, d: 'lost' }),
        () => {
          asked++;
          return { a: error(errorCode.GROUP_AUTHORIZATION_FAILED), b: error(errorCode.GROUP_ID_NOT_FOUND) };
        },
      ),
    );
    const kinds = [...results].map(([item, fact]) => [item, 'failure' in fact ? fact.failure.kind : 'value']);
    assert.deepEqual(Object.fromEntries(kinds), { a: 'denied', b: 'missing', c: 'error', d: 'no-leader' });
    assert.equal(asked, 1);
  });

  it('stops at once when cancelled while it waits to ask again', async () => {
    const abort = new AbortController();
    const running = fanOut(
      ['a'],
      fan(
        () => ({ a: 1 }),
        () => {
          setImmediate(() => abort.abort());
          return { a: error(errorCode.NOT_COORDINATOR) };
        },
        { signal: abort.signal, retryForMs: 60_000 },
      ),
    );
    await assert.rejects(running, isCancelled);
  });
});
