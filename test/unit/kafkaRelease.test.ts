import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { releaseOf } from '../../src/kafka/release.ts';
import { pickVersion } from '../../src/kafka/versions.ts';

const ranges = (apis: Record<number, number>): Map<number, { min: number; max: number }> =>
  new Map(Object.entries(apis).map(([key, max]) => [Number(key), { min: 0, max }]));

describe('releaseOf', () => {
  const level = (value: number): string | undefined =>
    releaseOf({ ranges: ranges({}), features: new Map([['metadata.version', value]]) });

  it('knows the release of a metadata.version', () => {
    assert.equal(level(1), '3.0');
    assert.equal(level(19), '3.7');
    assert.equal(level(21), '3.9');
    assert.equal(level(22), '4.0');
    assert.equal(level(30), '4.3');
    assert.equal(level(999), '4.4', 'the newest that it knows');
  });

  // Versions of Fetch, ListOffsets, FindCoordinator and so on as org.apache.kafka.common.protocol.ApiKeys has them.
  for (const [release, apis] of Object.entries({
    '2.8': { 1: 12, 2: 6, 6: 7, 9: 7, 10: 3, 11: 7, 24: 3, 35: 2, 60: 0 },
    '3.0': { 1: 12, 2: 7, 6: 7, 9: 8, 10: 4, 11: 7, 24: 3, 35: 2, 60: 0 },
    '3.1': { 1: 13, 2: 7, 6: 7, 9: 8, 10: 4, 11: 7, 24: 3, 35: 2, 60: 0 },
    '3.2': { 1: 13, 2: 7, 6: 7, 9: 8, 10: 4, 11: 9, 24: 3, 35: 3, 60: 0 },
    '3.3': { 1: 13, 2: 7, 6: 7, 9: 8, 10: 4, 11: 9, 24: 3, 35: 4, 60: 0 },
    '3.4': { 1: 13, 2: 7, 6: 8, 9: 8, 10: 4, 11: 9, 24: 3, 35: 4, 60: 0 },
    '3.5': { 1: 15, 2: 8, 6: 8, 9: 8, 10: 4, 11: 9, 24: 3, 35: 4, 60: 0 },
    '3.6': { 1: 15, 2: 8, 6: 8, 9: 8, 10: 4, 11: 9, 24: 4, 35: 4, 60: 0 },
    '3.7': { 1: 16, 2: 8, 6: 8, 9: 9, 10: 4, 11: 9, 24: 4, 35: 4, 60: 1 },
    '3.8': { 1: 16, 2: 8, 6: 8, 9: 9, 10: 5, 11: 9, 24: 5, 35: 4, 60: 1 },
    '3.9': { 1: 17, 2: 9, 6: 8, 9: 9, 10: 6, 11: 9, 24: 5, 35: 4, 60: 1 },
  })) {
    it(`knows ${release} on ZooKeeper by its APIs`, () => {
      assert.equal(releaseOf({ ranges: ranges(apis), features: new Map() }), release);
    });
  }

  it('says nothing of older ones', () => {
    assert.equal(releaseOf({ ranges: ranges({ 1: 11, 10: 3 }), features: new Map() }), undefined);
  });
});

describe('pickVersion', () => {
  const api = { key: 9, minVersion: 1, maxVersion: 10 };
  const offered = new Map([[9, { min: 0, max: 8 }]]);

  it('takes the highest that all share', () => {
    assert.equal(pickVersion(api, offered), 8);
    assert.equal(pickVersion(api, offered, { maxVersion: 5 }), 5);
    assert.equal(pickVersion(api, new Map([[9, { min: 0, max: 99 }]])), 10);
  });

  it('takes none where they share none', () => {
    assert.equal(pickVersion(api, new Map()), undefined);
    assert.equal(pickVersion(api, new Map([[9, { min: 0, max: 0 }]])), undefined);
    assert.equal(pickVersion(api, new Map([[9, { min: 11, max: 12 }]])), undefined);
    assert.equal(pickVersion(api, offered, { minVersion: 9 }), undefined);
  });
});
