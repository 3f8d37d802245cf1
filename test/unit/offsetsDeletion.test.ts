import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CoordinatorRecord } from '../../src/offsetsTopic/decode/decodeRecord.ts';
import { DeletionBatch } from '../../src/offsetsTopic/decode/deletionBatch.ts';
import { deletionOf, type DeletionFacts } from '../../src/offsetsTopic/decode/deletion.ts';

const hour = 3_600_000;
const facts: DeletionFacts = {
  at: 100 * hour,
  commitTimestamp: 90 * hour,
  retention: 24 * hour,
  groupDeleted: false,
  otherGroupsOfTopic: 0,
  topicExists: true,
};

function verdict(change: Partial<DeletionFacts>): string {
  const { cause, certainty, because } = deletionOf({ ...facts, ...change });
  assert.match(because, /\.$/);
  return `${cause}, ${certainty}`;
}

it('a commit that could not have expired yet was deleted by hand, or with its topic', () => {
  assert.equal(verdict({ groupDeleted: true }), 'group-deleted, fact');
  assert.equal(verdict({}), 'offsets-deleted, inference');
  assert.equal(verdict({ topicExists: false }), 'topic-deleted, inference');
  assert.equal(verdict({ otherGroupsOfTopic: 2 }), 'topic-deleted, inference');
  assert.equal(verdict({ topicExists: undefined }), 'unknown, inference');
  // Two groups deleted by one request lose commits of one topic together.
  assert.equal(verdict({ groupDeleted: true, otherGroupsOfTopic: 0 }), 'group-deleted, fact');
});

it('a commit whose retention was over expired, most likely', () => {
  const old = { commitTimestamp: 70 * hour };
  assert.equal(verdict(old), 'expired, inference');
  assert.equal(verdict({ ...old, groupDeleted: true }), 'expired, inference');
  assert.equal(verdict({ ...old, otherGroupsOfTopic: 1 }), 'topic-deleted, inference');
  assert.equal(verdict({ ...old, topicExists: undefined }), 'expired, inference');
});

it('the retention counts from when a group became empty, also for commits made since', () => {
  assert.equal(verdict({ commitTimestamp: 70 * hour, emptySince: 80 * hour }), 'offsets-deleted, inference');
  assert.equal(verdict({ commitTimestamp: 99 * hour, emptySince: 76 * hour }), 'expired, inference');
  assert.equal(verdict({ commitTimestamp: undefined, emptySince: 76 * hour }), 'expired, inference');
  assert.match(deletionOf({ ...facts, emptySince: 80 * hour }).because, /deleted 4 h before it could have expired/);
});

it("a commit's own expiry comes before the broker's retention", () => {
  assert.equal(verdict({ expireTimestamp: 99 * hour }), 'expired, inference');
  assert.equal(
    verdict({ expireTimestamp: 101 * hour, retention: undefined, groupDeleted: true }),
    'group-deleted, fact',
  );
});

it('what is missing is said', () => {
  assert.match(deletionOf({ ...facts, commitTimestamp: undefined }).because, /no longer in the topic/);
  assert.match(deletionOf({ ...facts, retention: undefined }).because, /offsets\.retention\.minutes/);
  assert.equal(verdict({ retention: undefined }), 'unknown, inference');
  assert.equal(verdict({ retention: undefined, topicExists: false }), 'topic-deleted, inference');
  assert.equal(verdict({ retention: undefined, otherGroupsOfTopic: 1 }), 'topic-deleted, inference');
});

describe('a batch tells', () => {
  const facts = { name: '', leftover: 0 };
  const commit = (group: string, topic: string): CoordinatorRecord => {
    return { kind: 'tombstone', of: 'offsetCommit', type: 1, group, key: { group, topic, partition: 0 }, ...facts };
  };
  const classic = (group: string): CoordinatorRecord => {
    return { kind: 'tombstone', of: 'groupMetadata', type: 2, group, key: { group }, ...facts };
  };

  it('whether the group itself was deleted, and who else lost commits of the topic', () => {
    const batch = new DeletionBatch([commit('a', 'orders'), commit('b', 'orders'), commit('c', 'other'), classic('c')]);
    assert.deepEqual(batch.factsOf('a', 'orders'), { groupDeleted: false, otherGroupsOfTopic: 1 });
    assert.deepEqual(batch.factsOf('c', 'other'), { groupDeleted: true, otherGroupsOfTopic: 0 });
  });

  it('nothing of a topic by groups that were deleted together', () => {
    const batch = new DeletionBatch([commit('a', 'orders'), classic('a'), commit('b', 'orders'), classic('b')]);
    assert.deepEqual(batch.factsOf('a', 'orders'), { groupDeleted: true, otherGroupsOfTopic: 0 });
  });

  it('a change of protocol from a deletion', () => {
    const value = { epoch: 1, metadataHash: 0n };
    const modern: CoordinatorRecord = {
      ...{ kind: 'consumerGroupMetadata', type: 3, group: 'a', key: { groupId: 'a' }, value, version: 0 },
      ...facts,
    };
    const batch = new DeletionBatch([classic('a'), modern, commit('a', 'orders')]);
    assert.equal(batch.factsOf('a', 'orders').groupDeleted, false);
  });
});
