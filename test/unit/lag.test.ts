import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lagOf } from '../../src/groups/lag.ts';
import type { Failure, LogOffsets } from '../../src/groups/snapshot.ts';
import { aTopic, committed, offsetsOf } from '../support/snapshots.ts';

const topic = aTopic('orders', 2);
const denied: Failure = { kind: 'denied', message: 'Not allowed.', code: 'TOPIC_AUTHORIZATION_FAILED' };

describe('lagOf', () => {
  it('is end minus committed, exact beyond 2^53', () => {
    const end = 2n ** 62n + 1n;
    const lag = lagOf(committed(2n ** 62n - 6n), offsetsOf(0n, end), topic, 0);
    assert.deepEqual([lag.state, lag.lag, lag.stableLag], ['ok', 7n, 7n]);
  });

  it('tells what a read_committed consumer could read from what is there', () => {
    const lag = lagOf(committed(10n), offsetsOf(0n, 30n, 12n), topic, 0);
    assert.deepEqual([lag.state, lag.lag, lag.stableLag], ['ok', 20n, 2n]);
  });

  it('gives a missing commit no figure', () => {
    const lag = lagOf({ value: undefined }, offsetsOf(0n, 30n), topic, 0);
    assert.deepEqual([lag.state, lag.lag], ['no-commit', undefined]);
  });

  it('counts what retention took', () => {
    const lag = lagOf(committed(5n), offsetsOf(12n, 30n), topic, 0);
    assert.deepEqual([lag.state, lag.lag, lag.lost], ['below-start', 25n, 7n]);
  });

  it('is not clamped beyond the end', () => {
    const lag = lagOf(committed(40n), offsetsOf(0n, 30n), topic, 0);
    assert.deepEqual([lag.state, lag.lag], ['beyond-end', -10n]);
  });

  it('does not take a commit at an empty log for trouble', () => {
    assert.equal(lagOf(committed(30n), offsetsOf(30n, 30n), topic, 0).state, 'ok');
  });

  it('knows deleted topics, and partitions that a recreated topic no longer has', () => {
    assert.equal(lagOf(committed(5n), undefined, undefined, 0).state, 'topic-deleted');
    assert.equal(lagOf(committed(5n), undefined, topic, 7).state, 'topic-deleted');
  });

  it('knows leaderless partitions', () => {
    const leaderless = aTopic('orders', 1);
    const broken = { ...leaderless, partitions: [{ ...leaderless.partitions[0]!, leader: -1 }] };
    assert.equal(lagOf(committed(5n), undefined, broken, 0).state, 'no-leader');
  });

  it('passes on why a commit, a topic or an end could not be read', () => {
    const unreachable: Failure = { kind: 'unreachable', message: 'Broker 2 does not answer.' };
    const endless: LogOffsets = {
      start: { value: 0n },
      end: { failure: unreachable },
      lastStable: { failure: unreachable },
    };
    assert.deepEqual(pick(lagOf({ failure: denied }, offsetsOf(0n, 1n), topic, 0)), ['denied', undefined, denied]);
    assert.deepEqual(pick(lagOf(committed(1n), undefined, { ...topic, failure: denied }, 0)), [
      'denied',
      undefined,
      denied,
    ]);
    assert.deepEqual(pick(lagOf(committed(1n), endless, topic, 0)), ['unknown', undefined, unreachable]);
  });

  it('has a lag even where only the start or the LSO is not known', () => {
    const failure: Failure = { kind: 'error', message: 'x' };
    const lag = lagOf(committed(3n), { start: { failure }, end: { value: 9n }, lastStable: { failure } }, topic, 0);
    assert.deepEqual([lag.state, lag.lag, lag.stableLag], ['ok', 6n, undefined]);
  });
});

function pick(lag: ReturnType<typeof lagOf>): unknown[] {
  return [lag.state, lag.lag, lag.failure];
}
