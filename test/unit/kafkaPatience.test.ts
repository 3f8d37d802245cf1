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
  const pass = (ms: number): void => {
    now += ms;
    mock.timers.tick(ms);
  };

  it('gives up on what takes too long, and waits less for what hangs', async () => {
    const patience = new Patience();
    const first = patience.follow('a', 'list', work().promise, giveUp);
    pass(patienceMs.least);
    await assert.rejects(first, /late/);
    assert.equal(patience.isLate('a'), true);
    assert.equal(patience.isLate('b'), false);
    assert.equal(patience.limit('a', 'describe'), patienceMs.late);
    assert.equal(patience.limit('b', 'describe'), patienceMs.least);
  });

  it('learns from an answer that comes late how long to wait the next time', async () => {
    const patience = new Patience();
    const slow = work();
    const first = patience.follow('a', 'list', slow.promise, giveUp);
    pass(8_000);
    await assert.rejects(first, /late/);
    slow.resolve('at last');
    await slow.promise;
    await Promise.resolve();
    assert.equal(patience.isLate('a'), false);
    assert.equal(patience.limit('a', 'list'), 16_000);
    assert.equal(patience.limit('a', 'describe'), patienceMs.least);
    const next = work();
    const second = patience.follow('a', 'list', next.promise, giveUp);
    pass(15_000);
    next.resolve('in time');
    assert.equal(await second, 'in time');
  });

  it('waits to the end where it may not give up', async () => {
    const patience = new Patience();
    const slow = work();
    const answer = patience.follow('a', 'list', slow.promise);
    pass(20_000);
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
    const late = patience.follow('a', 'list', slow.promise, giveUp);
    pass(patienceMs.least);
    await assert.rejects(late, /late/);
    slow.reject(new Error('closed'));
    await assert.rejects(slow.promise, /closed/);
  });
});
