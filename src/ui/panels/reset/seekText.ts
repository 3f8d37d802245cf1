import type { PlanRequest, Strategy } from '../../../groups/plan/plan.ts';
import { parseTime } from '../../../groups/plan/times.ts';
import type { TopicPartition } from '../../../kafka/facts.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';

const int64Max = 2n ** 63n - 1n;

/**
 * Where one partition shall go, as people write it: `18204`, `+10`, `-10`, `earliest`, `latest`, `10 minutes ago`, an ISO time.
 *
 * @param now milliseconds since 1970.
 * @throws {HumanError} it is none of these.
 */
export function parseSeek(text: string, now: number): Strategy {
  const trimmed = text.trim();
  const word = trimmed.toLowerCase();
  if (word === 'earliest' || word === 'beginning' || word === 'start') return { kind: 'earliest' };
  if (word === 'latest' || word === 'end') return { kind: 'latest' };
  const plain = trimmed.replaceAll(/(?<=\d)[,_](?=\d{3})/g, '');
  if (/^[+-]?\d{1,19}$/.test(plain)) {
    const value = BigInt(plain.replace(/^\+/, ''));
    if (value <= int64Max && value >= -int64Max) {
      return /^[+-]/.test(plain) ? { kind: 'shift-by', by: value } : { kind: 'offset', offset: value };
    }
  }
  try {
    return { kind: 'datetime', at: parseTime(trimmed, { now, zone: 'local' }) };
  } catch (error) {
    if (!(error instanceof HumanError)) throw error;
    throw new HumanError(
      t('"{0}" is no offset and no time.', text),
      t('Write 18204, +10, -10, earliest, latest, 10 minutes ago or 2026-01-31T14:30.'),
      { cause: error },
    );
  }
}

export function seekRequest(group: string, { topic, partition }: TopicPartition, strategy: Strategy): PlanRequest {
  return { group, scope: { kind: 'topics', topics: [{ topic, partitions: [partition] }] }, strategy };
}
