import type { Decoder } from '../../../formats/decoder.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { isCancelled, messageOf } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import type { Peeked, PeekedRecord } from './protocol.ts';

const longestPreview = 400;
/** Somebody waits: a record that takes longer is not shown. */
const patienceMs = 8_000;

export interface PeekPlace {
  readonly topic: string;
  readonly partition: number;
  /** undefined: the group has no commit. */
  readonly offset: bigint | undefined;
  readonly start: bigint | undefined;
  readonly end: bigint | undefined;
}

/** What a consumer is handed first that goes on at an offset. @throws {CancelledError} and nothing else. */
export async function peek(cluster: Cluster, decoder: Decoder, place: PeekPlace, signal: AbortSignal): Promise<Peeked> {
  const { offset, start, end } = place;
  if (offset === undefined) return { kind: 'none', why: t('No commit.') };
  if (end !== undefined && offset >= end) return { kind: 'none', why: t('The end of the log: what comes next.') };
  if (start !== undefined && offset < start) return { kind: 'none', why: t('Not in the log any more.') };
  const patience = AbortSignal.timeout(patienceMs);
  try {
    return await firstAt(cluster, decoder, { ...place, offset }, AbortSignal.any([signal, patience]));
  } catch (error) {
    if (patience.aborted && !signal.aborted) return { kind: 'none', why: t('The broker did not answer in time.') };
    if (isCancelled(error)) throw error;
    return { kind: 'none', why: messageOf(error) };
  }
}

async function firstAt(
  cluster: Cluster,
  decoder: Decoder,
  { topic, partition, offset }: PeekPlace & { readonly offset: bigint },
  signal: AbortSignal,
): Promise<Peeked> {
  // Loaded when first needed: an extension that starts reads no records.
  const { readTopic } = await import('../../../records/reader.ts');
  const options = {
    topic,
    partitions: [partition],
    start: { at: 'offset', offset },
    stop: { at: 'end' },
    isolation: 'read_uncommitted',
    signal,
  } as const;
  for await (const event of readTopic(cluster, options)) {
    if (event.kind === 'damaged') return { kind: 'none', why: messageOf(event.error) };
    if (event.kind === 'unavailable') return { kind: 'none', why: event.failure.message };
    if (event.kind === 'finished' && event.failure !== undefined) return { kind: 'none', why: event.failure.message };
    if (event.kind !== 'records') continue;
    for (const { batch, from, to } of event.slices) {
      if (batch.facts.isControl || from === to) continue;
      const part = async (which: 'key' | 'value', bytes: Buffer | null): Promise<{ text: string; format: string }> => {
        if (bytes === null) return { text: 'null', format: '' };
        const context = { topic, part: which, format: 'auto', headers: () => batch.headers(from) } as const;
        const decoded = await decoder.decode(bytes, context);
        if (decoded.kind === 'value' && decoded.format !== 'hex')
          return { text: decoded.preview(longestPreview), format: decoded.label };
        return undecoded(bytes);
      };
      const [key, value] = await Promise.all([part('key', batch.key(from)), part('value', batch.value(from))]);
      const timestamp = Number(batch.timestamp(from));
      const record: PeekedRecord = {
        offset: String(batch.offset(from)),
        timestamp: timestamp < 0 ? undefined : timestamp,
        key: key.text,
        value: value.text,
        format: value.format,
      };
      return { kind: 'record', record };
    }
  }
  return { kind: 'none', why: t('No record: only markers, or what compaction has taken.') };
}

/** What does not decode is looked at all the same: as text where it is UTF-8, though with bytes that no text has. */
function undecoded(bytes: Buffer): { readonly text: string; readonly format: string } {
  const beginning = bytes.subarray(0, longestPreview);
  // Its last character may be cut.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(beginning, { stream: true });
  if (text.includes('\ufffd')) return { text: beginning.subarray(0, 64).toString('hex'), format: 'hex' };
  return { text, format: t('not decoded, as text') };
}
