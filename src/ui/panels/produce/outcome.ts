import type { PlacedRecord, WriteResult } from '../../../produce/producer.ts';
import { formatCount } from '../../../shared/format.ts';
import { t } from '../../../shared/l10n.ts';
import type { ResultRow } from './protocol.ts';

/** What became of a record, as the page gets it. `number`: its place among those sent with it, from 1. */
export function rowOf(
  result: WriteResult,
  { partition }: PlacedRecord,
  topic: string,
  number: number,
  sentAt: number,
): ResultRow {
  const own = { number, kind: result.kind, topic, partition, sentAt };
  if (result.kind !== 'written') return { ...own, message: result.failure.message };
  return { ...own, offset: result.offset?.toString(), timestamp: String(result.timestamp) };
}

/** What became of a sending, in a sentence or two. */
export function outcomeOf(
  results: readonly WriteResult[],
  records: readonly PlacedRecord[],
  topic: string,
): { readonly good: boolean; readonly text: string } {
  const [first] = results;
  const of = (kind: WriteResult['kind']): number => results.filter((result) => result.kind === kind).length;
  const written = of('written');
  if (results.length === 1 && first?.kind === 'written') {
    const { partition } = records[0]!;
    const text =
      first.offset === undefined
        ? t('Written to {0}-{1}; Kafka does not tell the offset any more.', topic, partition)
        : t('Written to {0}-{1} at offset {2}.', topic, partition, formatCount(first.offset));
    return { good: true, text };
  }
  if (written === results.length) return { good: true, text: t('{0} records were written.', formatCount(written)) };
  const bad = results.find((result) => result.kind !== 'written')!;
  const unknown = of('unknown');
  const parts = [
    results.length === 1
      ? undefined
      : t('{0} of {1} records were written.', formatCount(written), formatCount(results.length)),
    unknown === 0
      ? undefined
      : unknown === 1
        ? t('Of 1 it is not known: it was written once, or not. Look at the end of the topic before sending again.')
        : t(
            'Of {0} it is not known: each was written once, or not. Look at the end of the topic before sending again.',
            formatCount(unknown),
          ),
    bad.failure.message,
  ];
  return { good: false, text: parts.filter((part) => part !== undefined).join(' ') };
}
