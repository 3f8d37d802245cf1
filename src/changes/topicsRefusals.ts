import type { Failure } from '../kafka/facts.ts';
import { failureOfCode } from '../kafka/failures.ts';
import { errorCode, errorName } from '../kafka/protocol/errorCodes.ts';
import { t } from '../shared/l10n.ts';

/** Codes of a broker's own texts, which say more than the code does. */
const told: ReadonlySet<number> = new Set([
  errorCode.INVALID_TOPIC_EXCEPTION,
  errorCode.INVALID_PARTITIONS,
  errorCode.INVALID_REPLICATION_FACTOR,
  errorCode.INVALID_CONFIG,
  errorCode.INVALID_REQUEST,
  errorCode.POLICY_VIOLATION,
  errorCode.THROTTLING_QUOTA_EXCEEDED,
]);

/** What a broker said to a change of a topic, as a person understands it; undefined where it said yes. */
export function topicRefusal(code: number, message: string | null, topic: string): Failure | undefined {
  if (code === 0) return undefined;
  const name = errorName(code);
  const say = (text: string, kind: Failure['kind'] = 'error'): Failure => ({ kind, code: name, message: text });
  switch (code) {
    case errorCode.TOPIC_ALREADY_EXISTS:
      return say(t('Topic {0} exists already ({1}).', topic, name));
    case errorCode.TOPIC_AUTHORIZATION_FAILED:
    case errorCode.CLUSTER_AUTHORIZATION_FAILED:
      return say(t('This client is not allowed to do that to topic {0} ({1}).', topic, name), 'denied');
    case errorCode.TOPIC_DELETION_DISABLED:
      return say(t('The brokers forbid deleting topics: delete.topic.enable is false ({0}).', name));
    default:
      return told.has(code) && message !== null && message !== ''
        ? say(`${message.trim().replace(/\.$/, '')}.`)
        : failureOfCode(code, t('Topic {0}', topic), message);
  }
}
