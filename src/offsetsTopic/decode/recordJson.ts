import { jsonBytes, jsonString } from '../../kafka/protocol/json.ts';
import { openRecord } from './openRecord.ts';
import type { CoordinatorTopic } from './recordTypes.ts';

/**
 * A record of a coordinator's topic as Kafka's console consumer prints it by its formatters (CoordinatorRecordMessageFormatter of
 * Kafka 4), byte for byte, without the end of the line; the same form for the types that no formatter of Kafka's knows. What is unknown or
 * malformed shows its bytes in base64, and why.
 */
export function recordJson(key: Uint8Array | null, value: Uint8Array | null, topic: CoordinatorTopic): string {
  const record = openRecord(key, value, topic);
  if (record.kind === 'unknown' || record.kind === 'malformed') {
    const type = record.type === undefined ? '' : `"type":${record.type},`;
    const version = record.version === undefined ? '' : `"version":${record.version},`;
    const why =
      record.kind === 'unknown' ? '' : `,"malformed":{"part":"${record.part}","reason":${jsonString(record.reason)}}`;
    const shown = value === null ? 'null' : `{${version}"bytes":${jsonBytes(value)}}`;
    return `{"key":{${type}"bytes":${key === null ? 'null' : jsonBytes(key)}},"value":${shown}${why}}`;
  }
  const { codec, version } = record;
  const shown =
    record.value === null ? 'null' : `{"version":${version},"data":${codec.valueJson(record.value, version)}}`;
  return `{"key":{"type":${record.type},"data":${codec.keyJson(record.key)}},"value":${shown}}`;
}
