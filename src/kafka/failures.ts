import { messageOf } from '../shared/errors.ts';
import { ConnectionError, KafkaError, RequestTimeoutError, UnsupportedApiError } from './errors.ts';
import type { Failure } from './facts.ts';
import { errorCode, errorName } from './protocol/errorCodes.ts';

/** Codes by which a broker says that another one, or the same one later, has the answer. */
const askedAgain: ReadonlySet<number> = new Set([
  errorCode.COORDINATOR_LOAD_IN_PROGRESS,
  errorCode.COORDINATOR_NOT_AVAILABLE,
  errorCode.NOT_COORDINATOR,
  errorCode.LEADER_NOT_AVAILABLE,
  errorCode.NOT_LEADER_OR_FOLLOWER,
  errorCode.REPLICA_NOT_AVAILABLE,
  errorCode.FENCED_LEADER_EPOCH,
  errorCode.UNKNOWN_LEADER_EPOCH,
  errorCode.OFFSET_NOT_AVAILABLE,
  errorCode.KAFKA_STORAGE_ERROR,
  errorCode.UNKNOWN_TOPIC_OR_PARTITION,
  errorCode.UNKNOWN_TOPIC_ID,
  errorCode.UNSTABLE_OFFSET_COMMIT,
]);

/** Whether an item with this code should be looked for and asked again. */
export function isAskedAgain(code: number): boolean {
  return askedAgain.has(code);
}

const kinds: ReadonlyMap<number, Failure['kind']> = new Map([
  [errorCode.TOPIC_AUTHORIZATION_FAILED, 'denied'],
  [errorCode.GROUP_AUTHORIZATION_FAILED, 'denied'],
  [errorCode.CLUSTER_AUTHORIZATION_FAILED, 'denied'],
  [errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, 'denied'],
  [errorCode.UNKNOWN_TOPIC_OR_PARTITION, 'missing'],
  [errorCode.UNKNOWN_TOPIC_ID, 'missing'],
  [errorCode.GROUP_ID_NOT_FOUND, 'missing'],
  [errorCode.LEADER_NOT_AVAILABLE, 'no-leader'],
  [errorCode.UNSUPPORTED_VERSION, 'unsupported'],
  [errorCode.COORDINATOR_NOT_AVAILABLE, 'unreachable'],
]);

const meanings: ReadonlyMap<number, string> = new Map([
  [errorCode.CLUSTER_AUTHORIZATION_FAILED, 'this client is not allowed to ask that of the cluster'],
  [errorCode.UNKNOWN_TOPIC_OR_PARTITION, 'it does not exist, or this client is not allowed to see it'],
  [errorCode.UNKNOWN_TOPIC_ID, 'it does not exist any more'],
  [errorCode.GROUP_ID_NOT_FOUND, 'it does not exist'],
  [errorCode.LEADER_NOT_AVAILABLE, 'no leader is elected'],
  [errorCode.NOT_LEADER_OR_FOLLOWER, 'its leader keeps moving'],
  [errorCode.COORDINATOR_NOT_AVAILABLE, 'its coordinator is not available'],
  [errorCode.COORDINATOR_LOAD_IN_PROGRESS, 'its coordinator is still loading'],
  [errorCode.NOT_COORDINATOR, 'its coordinator keeps moving'],
  [errorCode.UNSUPPORTED_VERSION, 'the broker does not support this'],
]);

/** What somebody was refused to do with a topic, a group or a transaction. */
export type Refused = 'see it' | 'read it' | 'write to it';

const refusals = new Set<number>([
  errorCode.TOPIC_AUTHORIZATION_FAILED,
  errorCode.GROUP_AUTHORIZATION_FAILED,
  errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
]);

/** An error code of Kafka's as an error; `name`: what it is about, such as "Group orders". */
export function kafkaError(
  code: number,
  name: string,
  brokerMessage?: string | null,
  refused: Refused = 'see it',
): KafkaError {
  const codeName = errorName(code);
  const meaning = refusals.has(code)
    ? `this client is not allowed to ${refused}`
    : (meanings.get(code) ?? (brokerMessage?.trim().replace(/\.$/, '') || 'Kafka answered with an error'));
  return new KafkaError(code, codeName, `${name}: ${meaning} (${codeName}).`);
}

export function failureOfCode(
  code: number,
  name: string,
  brokerMessage?: string | null,
  refused: Refused = 'see it',
): Failure {
  return failureOf(kafkaError(code, name, brokerMessage, refused));
}

/** What was thrown, as a fact about what was asked. */
export function failureOf(error: unknown): Failure {
  const message = messageOf(error);
  if (error instanceof KafkaError) return { kind: kinds.get(error.code) ?? 'error', message, code: error.codeName };
  if (error instanceof UnsupportedApiError) return { kind: 'unsupported', message };
  if (error instanceof ConnectionError || error instanceof RequestTimeoutError) return { kind: 'unreachable', message };
  return { kind: 'error', message };
}
