import { MalformedError } from '../../kafka/protocol/malformed.ts';
import { Reader } from '../../kafka/protocol/reader.ts';
import { formerName, recordType, type CoordinatorTopic, type RecordKind, type RecordType } from './recordTypes.ts';

/** A record whose key and value are known and whole. */
export interface OpenRecord {
  readonly kind: RecordKind;
  readonly type: number;
  /** Kafka's name of the type, such as `OffsetCommit`. */
  readonly name: string;
  readonly codec: RecordType['codec'];
  readonly key: unknown;
  /** null for a tombstone. */
  readonly value: unknown;
  /** Of the value; -1 for a tombstone. */
  readonly version: number;
  /** Bytes behind key and value together that their definitions do not account for; Kafka ignores them. */
  readonly leftover: number;
}

/** A type or a version of the value that is newer than this program, or older than Kafka's first release of it. */
export interface UnknownRecord {
  readonly kind: 'unknown';
  readonly what: 'type' | 'version';
  /** The int16 in front of the key. */
  readonly type: number;
  /** Kafka's name of the type, where it has or had one. */
  readonly name: string | undefined;
  /** The int16 in front of the value; undefined for a tombstone, or a value that is too short for one. */
  readonly version: number | undefined;
  /** Where the type is known: its key. */
  readonly key: unknown;
  /** Of an unknown type the first string of its key, where every type so far has the group. */
  readonly group: string | undefined;
  readonly keyBytes: Uint8Array;
  readonly valueBytes: Uint8Array | null;
}

/** Bytes that are not what their type says. */
export interface MalformedRecord {
  readonly kind: 'malformed';
  readonly part: 'key' | 'value';
  /** What is wrong and at which byte of key or value: a sentence. */
  readonly reason: string;
  /** undefined where not even the type can be read. */
  readonly type: number | undefined;
  readonly name: string | undefined;
  /** Of the value, where it can be read. */
  readonly version: number | undefined;
  /** Where only the value is malformed: its key. */
  readonly key: unknown;
  readonly group: string | undefined;
  readonly keyBytes: Uint8Array | null;
  readonly valueBytes: Uint8Array | null;
}

/**
 * Reads key and value of a coordinator's record by their type, as CoordinatorRecordSerde does. Never throws on bytes. Stricter
 * than Kafka in what no Kafka writes: tags out of order, lengths below -1, known tags of a wrong size.
 */
export function openRecord(
  keyBytes: Uint8Array | null,
  valueBytes: Uint8Array | null,
  topic: CoordinatorTopic,
): OpenRecord | UnknownRecord | MalformedRecord {
  if (keyBytes === null || keyBytes.length < 2) {
    const reason =
      keyBytes === null ? 'The record has no key.' : `The key has ${keyBytes.length} bytes: too few for its type.`;
    return malformed('key', reason, { keyBytes, valueBytes });
  }
  const keyReader = new Reader(keyBytes);
  const type = keyReader.int16();
  const version = valueBytes === null ? -1 : valueBytes.length < 2 ? undefined : int16(valueBytes);
  const known = recordType(topic, type);
  if (known === undefined) {
    const name = formerName(topic, type);
    const group = topic === '__transaction_state' ? undefined : firstString(keyReader);
    const facts = { key: undefined, group, keyBytes, valueBytes };
    return { kind: 'unknown', what: 'type', type, name, version: valueBytes === null ? undefined : version, ...facts };
  }
  const { kind, codec } = known;
  const { name } = codec;
  let key: unknown;
  try {
    key = codec.decodeKey(keyReader);
  } catch (error) {
    return malformed('key', reasonOf(error), { type, name, version, keyBytes, valueBytes });
  }
  if (valueBytes === null) {
    return { kind, type, name, codec, key, value: null, version: -1, leftover: keyReader.remaining };
  }
  const group = groupOf(key);
  if (version === undefined) {
    const reason = `The value has ${valueBytes.length} bytes: too few for its version.`;
    return malformed('value', reason, { type, name, key, group, keyBytes, valueBytes });
  }
  if (version < 0 || version > codec.maxVersion) {
    return { kind: 'unknown', what: 'version', type, name, version, key, group, keyBytes, valueBytes };
  }
  const valueReader = new Reader(valueBytes);
  valueReader.int16();
  try {
    const value = codec.decodeValue(valueReader, version);
    return { kind, type, name, codec, key, value, version, leftover: keyReader.remaining + valueReader.remaining };
  } catch (error) {
    return malformed('value', reasonOf(error), { type, name, version, key, group, keyBytes, valueBytes });
  }
}

/** The group that a key names: all do but that of `__transaction_state`. */
export function groupOf(key: unknown): string | undefined {
  const named = key as { readonly group?: string; readonly groupId?: string };
  return named.group ?? named.groupId;
}

function firstString(key: Reader): string | undefined {
  try {
    return key.string(false);
  } catch (error) {
    reasonOf(error);
    return undefined;
  }
}

function int16(bytes: Uint8Array): number {
  return ((bytes[0]! << 24) >> 16) | bytes[1]!;
}

function malformed(
  part: 'key' | 'value',
  reason: string,
  facts: Partial<MalformedRecord> & Pick<MalformedRecord, 'keyBytes' | 'valueBytes'>,
): MalformedRecord {
  const nothing = { type: undefined, name: undefined, version: undefined, key: undefined, group: undefined };
  return { kind: 'malformed', part, reason, ...nothing, ...facts };
}

function reasonOf(error: unknown): string {
  if (error instanceof MalformedError) return error.message;
  throw error;
}
