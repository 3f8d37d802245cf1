import type { Failure, TopicPartition } from '../kafka/facts.ts';
import { failureOfCode } from '../kafka/failures.ts';
import { errorName } from '../kafka/protocol/errorCodes.ts';
import { t } from '../shared/l10n.ts';

/** Why a coordinator does not write an offset, as a person understands it; other failures as they are. */
export function refusal(
  answer: Failure | { readonly code: number; readonly message?: string | null },
  group: string,
  { topic, partition }: TopicPartition,
): Failure {
  const at = `${topic}-${partition}`;
  const code = typeof answer.code === 'number' ? errorName(answer.code) : answer.code;
  const kind = 'kind' in answer ? answer.kind : 'error';
  const say = (message: string): Failure => ({ kind, message: `${message} (${code}).`, code: code ?? '' });
  switch (code) {
    case 'UNKNOWN_MEMBER_ID':
    case 'ILLEGAL_GENERATION':
    case 'STALE_MEMBER_EPOCH':
    case 'FENCED_MEMBER_EPOCH':
    case 'REBALANCE_IN_PROGRESS':
    case 'NON_EMPTY_GROUP':
      return say(t('Group {0} has members (again): only they may move its offsets. Stop them first', group));
    case 'GROUP_SUBSCRIBED_TO_TOPIC':
      return say(t('Group {0} has members that are subscribed to topic {1}. Stop them first', group, topic));
    case 'GROUP_AUTHORIZATION_FAILED':
      return { ...say(t('This client is not allowed to change the offsets of group {0}', group)), kind: 'denied' };
    case 'TOPIC_AUTHORIZATION_FAILED':
      return { ...say(t('This client is not allowed to commit offsets of topic {0}', topic)), kind: 'denied' };
    case 'UNKNOWN_TOPIC_OR_PARTITION':
      return { ...say(t('{0} does not exist, or this client may not see it', at)), kind: 'missing' };
    case 'OFFSET_METADATA_TOO_LARGE':
      return say(t('The metadata beside the commit of {0} are larger than the broker takes now', at));
    case 'GROUP_ID_NOT_FOUND':
      return { ...say(t('Group {0} does not exist', group)), kind: 'missing' };
    case undefined:
    default:
      return 'kind' in answer ? answer : failureOfCode(answer.code, at, answer.message ?? null);
  }
}
