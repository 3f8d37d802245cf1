import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CancelledError } from '../../src/shared/errors.ts';
import { complete, inSlices, type Steps } from '../../src/shared/steps.ts';

/** Each step takes a millisecond. */
function* busy(steps: number, done: number[] = []): Steps<number> {
  for (let step = 0; step < steps; step++) {
    const end = performance.now() + 1;
    while (performance.now() < end);
    done.push(step);
    yield;
  }
  return steps;
}

describe('long work in steps', () => {
  it('comes to the same at once and in slices', async () => {
    assert.equal(complete(busy(3)), 3);
    assert.equal(await inSlices(busy(3)), 3);
  });

  it('in slices lets others have their turn before it is done', async () => {
    const done: number[] = [];
    let seen: number | undefined;
    setImmediate(() => (seen = done.length));
    assert.equal(await inSlices(busy(50, done)), 50);
    assert.ok(seen !== undefined && seen > 0 && seen < 50, `after ${seen}`);
  });

  it('ends where it is cancelled, between two slices', async () => {
    const done: number[] = [];
    const ending = new AbortController();
    setImmediate(() => ending.abort());
    await assert.rejects(inSlices(busy(1_000, done), ending.signal), CancelledError);
    assert.ok(done.length < 1_000);
  });
});
