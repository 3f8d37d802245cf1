import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { AllFailedError, delay, orCancelled, race } from '../../src/kafka/race.ts';
import { isCancelled } from '../../src/shared/errors.ts';

/** Never settles but by its signal. */
const hang = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('lost'))));

describe('race', () => {
  it('starts the next one only when the first fails or is slow', async () => {
    const started: string[] = [];
    const winner = await race(
      ['first', 'second'],
      async (option) => {
        started.push(option);
        return option;
      },
      { staggerMs: 60_000, signal: undefined },
    );
    assert.equal(winner, 'first');
    assert.deepEqual(started, ['first']);
  });

  it('goes on at once after a failure', async () => {
    const winner = await race(
      ['bad', 'good'],
      async (option) => {
        if (option === 'bad') throw new Error('bad');
        return option;
      },
      { staggerMs: 60_000, signal: undefined },
    );
    assert.equal(winner, 'good');
  });

  it('does not wait for one that hangs, and cancels it', async () => {
    let cancelled = 0;
    const winner = await race(
      ['hangs', 'hangs', 'good'],
      async (option, signal) => {
        signal.addEventListener('abort', () => cancelled++);
        return option === 'good' ? option : hang(signal);
      },
      { staggerMs: 5, signal: undefined },
    );
    assert.equal(winner, 'good');
    assert.equal(cancelled, 3);
  });

  it('gives all reasons in the order of the attempts', async () => {
    const failing = race(
      [30, 1],
      async (milliseconds) => {
        await delay(milliseconds, undefined);
        throw new Error(`${milliseconds}`);
      },
      { staggerMs: 1, signal: undefined },
    );
    await assert.rejects(
      failing,
      (error) =>
        error instanceof AllFailedError && error.errors.map((each) => (each as Error).message).join() === '30,1',
    );
    await assert.rejects(
      race([], async () => 1, { staggerMs: 1, signal: undefined }),
      AllFailedError,
    );
  });

  it('can be cancelled, and leaves no listener behind', async () => {
    const abort = new AbortController();
    const running = race([1, 2], (_, signal) => hang(signal), { staggerMs: 60_000, signal: abort.signal });
    abort.abort();
    await assert.rejects(running, isCancelled);
    assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
  });
});

describe('orCancelled', () => {
  it('gives up waiting, whatever becomes of the promise', async () => {
    const abort = new AbortController();
    let fail: (error: Error) => void = () => {};
    const shared = new Promise<number>((_, reject) => (fail = reject));
    const waiting = orCancelled(shared, abort.signal);
    abort.abort();
    await assert.rejects(waiting, isCancelled);
    await assert.rejects(orCancelled(shared, abort.signal), isCancelled);
    // Would end the process as an unhandled rejection if nobody had listened.
    fail(new Error('late'));
    await new Promise(setImmediate);
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    assert.equal(await orCancelled(Promise.resolve(1), signal), 1);
    await new Promise(setImmediate);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});
