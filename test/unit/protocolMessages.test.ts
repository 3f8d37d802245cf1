import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorCode, errorName, isRetriable } from '../../src/kafka/protocol/errorCodes.ts';
import { apiVersions } from '../../src/kafka/protocol/generated/apiVersions.ts';
import { decodeListGroupsRequest, listGroups } from '../../src/kafka/protocol/generated/listGroups.ts';
import { initProducerId } from '../../src/kafka/protocol/generated/initProducerId.ts';
import { metadata, type MetadataRequest } from '../../src/kafka/protocol/generated/metadata.ts';
import { offsetDelete } from '../../src/kafka/protocol/generated/offsetDelete.ts';
import { Reader } from '../../src/kafka/protocol/reader.ts';
import { Writer } from '../../src/kafka/protocol/writer.ts';

function encodeMetadata(request: MetadataRequest, version: number): string {
  const writer = new Writer();
  metadata.encodeRequest(writer, request, version);
  return Buffer.from(writer.finish()).toString('hex');
}

describe('apis', () => {
  it('name what the request header needs', () => {
    const { name, key, minVersion, maxVersion, flexibleFrom } = metadata;
    assert.deepEqual(
      { name, key, minVersion, maxVersion, flexibleFrom },
      { name: 'Metadata', key: 3, minVersion: 0, maxVersion: 13, flexibleFrom: 9 },
    );
    assert.equal(offsetDelete.flexibleFrom, Infinity);
  });

  it('leave out a newest version that Kafka calls unstable', () => {
    assert.equal(initProducerId.maxVersion, 5);
  });
});

describe('requests', () => {
  it('fill in the defaults of what is left out', () => {
    assert.equal(encodeMetadata({ topics: null }, 1), 'ffffffff');
    // No topics, allowAutoTopicCreation true by default, no tags.
    assert.equal(encodeMetadata({ topics: [] }, 12), '01010000');
  });

  it('refuse a version that does not exist', () => {
    assert.throws(() => encodeMetadata({ topics: null }, 14), /MetadataRequest has versions 0 to 13, not 14/);
    assert.throws(() => encodeMetadata({ topics: null }, NaN), RangeError);
    assert.throws(() => metadata.decodeResponse(new Reader(new Uint8Array(100)), -1), RangeError);
  });

  it('refuse to lose what a version cannot carry', () => {
    assert.throws(
      () => encodeMetadata({ topics: [], allowAutoTopicCreation: false }, 3),
      /MetadataRequest version 3 cannot carry allowAutoTopicCreation/,
    );
    assert.throws(() => encodeMetadata({ topics: null }, 0), RangeError, 'version 0 has no null');
    const writer = new Writer();
    assert.throws(() => listGroups.encodeRequest(writer, { statesFilter: ['Stable'] }, 3), /cannot carry statesFilter/);
  });

  it('drop what a version may ignore', () => {
    const request = { clientSoftwareName: 'name', clientSoftwareVersion: '1' };
    const writer = new Writer();
    apiVersions.encodeRequest(writer, request, 2);
    assert.equal(writer.finish().length, 0);
  });

  it('keep tagged fields that the definitions do not know', () => {
    const tags = [{ tag: 7, data: Buffer.from('later') }];
    const writer = new Writer();
    listGroups.encodeRequest(writer, { unknownTags: tags }, 5);
    assert.deepEqual(decodeListGroupsRequest(new Reader(writer.finish()), 5).unknownTags, tags);
  });
});

describe('error codes', () => {
  it('have the names of Kafka', () => {
    assert.equal(errorName(0), 'NONE');
    assert.equal(errorName(-1), 'UNKNOWN_SERVER_ERROR');
    assert.equal(errorName(16), 'NOT_COORDINATOR');
    assert.equal(errorCode.GROUP_AUTHORIZATION_FAILED, 30);
  });

  it('stay readable where they are newer than the list', () => {
    assert.equal(errorName(1234), 'UNKNOWN_1234');
    assert.equal(isRetriable(1234), false);
  });

  it('say whether to try again', () => {
    assert.equal(isRetriable(errorCode.NOT_LEADER_OR_FOLLOWER), true);
    assert.equal(isRetriable(errorCode.COORDINATOR_LOAD_IN_PROGRESS), true);
    assert.equal(isRetriable(errorCode.NONE), false);
    assert.equal(isRetriable(errorCode.TOPIC_AUTHORIZATION_FAILED), false);
  });
});
