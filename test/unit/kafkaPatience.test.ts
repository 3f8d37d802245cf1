import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Patience, patienceMs } from '../../src/kafka/patience.ts';

const giveUp = (): Error => new Error('late');

/** Work that ends when told to. */
function work(): { promise: Promise<string>; resolve: (value: string) => void; reject: (error: Error) => void } {
  return Promise.withResolvers<string>();
}

describe('Patience', () => {
  let now = 0;
  beforeEach(() => {
    now = 1_000;
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => now);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });
  /** In steps, as a process that stands still is not one that waits. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 50) {
      now += Math.min(left, 50);
      mock.timers.tick(Math.min(left, 50));
    }
    await new Promise(setImmediate);
  };

  it('gives up on what takes too long, and waits less for what hangs', async () => {
    const patience = new Patience();
    const first = assert.rejects(patience.follow('a', 'list', work().promise, giveUp), /late/);
    await pass(patienceMs.least);
    await first;
    assert.equal(patience.isLate('a'), true);
    assert.equal(patience.isLate('b'), false);
    assert.equal(patience.limit('a', 'describe'), patienceMs.late);
    assert.equal(patience.limit('b', 'describe'), patienceMs.least);
  });

  it('learns from an answer that comes late how long to wait the next time', async () => {
    const patience = new Patience();
    const slow = work();
    const first = assert.rejects(patience.follow('a', 'list', slow.promise, giveUp), /late/);
    await pass(8_000);
    await first;
    slow.resolve('at last');
    await slow.promise;
    await Promise.resolve();
    assert.equal(patience.isLate('a'), false);
    assert.equal(patience.limit('a', 'list'), 16_000);
    assert.equal(patience.limit('a', 'describe'), patienceMs.least);
    const next = work();
    const second = patience.follow('a', 'list', next.promise, giveUp);
    await pass(15_000);
    next.resolve('in time');
    assert.equal(await second, 'in time');
  });

  it('waits to the end where it may not give up', async () => {
    const patience = new Patience();
    const slow = work();
    const answer = patience.follow('a', 'list', slow.promise);
    await pass(20_000);
    assert.equal(patience.isLate('a'), true);
    slow.resolve('at last');
    assert.equal(await answer, 'at last');
    assert.equal(patience.isLate('a'), false);
  });

  it('hands on failures, also of what nobody waits for any more', async () => {
    const patience = new Patience();
    const broken = work();
    const answer = patience.follow('a', 'list', broken.promise, giveUp);
    broken.reject(new Error('closed'));
    await assert.rejects(answer, /closed/);
    assert.equal(patience.isLate('a'), false);
    const slow = work();
    const late = assert.rejects(patience.follow('a', 'list', slow.promise, giveUp), /late/);
    await pass(patienceMs.least);
    await late;
    slow.reject(new Error('closed'));
    await assert.rejects(slow.promise, /closed/);
  });
});
