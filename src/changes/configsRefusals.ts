import type { Failure } from '../kafka/facts.ts';
import { failureOfCode } from '../kafka/failures.ts';
import { errorCode, errorName } from '../kafka/protocol/errorCodes.ts';
import { t } from '../shared/l10n.ts';
import { resourceText, type ConfigResource } from './configs.ts';

/** Whether it is about a value, and not about the resource or about who asks. */
export type ConfigFailure = Failure & { readonly isOfValue: boolean };

const denied: ReadonlySet<number> = new Set([
  errorCode.CLUSTER_AUTHORIZATION_FAILED,
  errorCode.TOPIC_AUTHORIZATION_FAILED,
  errorCode.GROUP_AUTHORIZATION_FAILED,
]);
const ofValue: ReadonlySet<number> = new Set([errorCode.INVALID_CONFIG, errorCode.INVALID_REQUEST]);

/** What a broker said to a change of configurations, as a person understands it; undefined where it said yes. */
export function configRefusal(
  code: number,
  message: string | null,
  resource: ConfigResource,
): ConfigFailure | undefined {
  if (code === 0) return undefined;
  const name = errorName(code);
  const what = resourceText(resource);
  if (denied.has(code)) {
    const text = t('This client is not allowed to change configurations of this: {0} ({1}).', what, name);
    return { kind: 'denied', code: name, message: text, isOfValue: false };
  }
  if (ofValue.has(code) && message !== null) {
    return { kind: 'error', code: name, message: `${message.trim().replace(/\.$/, '')}.`, isOfValue: true };
  }
  if (code === errorCode.POLICY_VIOLATION) {
    const text = t('A policy of the cluster refuses it: {0} ({1}).', message ?? '', name);
    return { kind: 'error', code: name, message: text, isOfValue: true };
  }
  return { ...failureOfCode(code, what, message), isOfValue: false };
}
