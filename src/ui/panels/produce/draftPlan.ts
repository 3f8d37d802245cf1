import type { UnplacedRecord } from '../../../produce/placing.ts';
import { place } from '../../../produce/placing.ts';
import type { PlacedRecord } from '../../../produce/producer.ts';
import { parseTimestamp, type RecordLine } from '../../../produce/recordLines.ts';
import { encodeValue } from '../../../produce/values.ts';
import type { RecordHeader } from '../../../records/batch.ts';
import { HumanError } from '../../../shared/errors.ts';
import { formatCount } from '../../../shared/format.ts';
import { t } from '../../../shared/l10n.ts';
import { isSchemaFormat, type EncodedField } from './fieldSchemas.ts';
import type { HeldFields } from './heldFields.ts';
import type { Draft, DraftField, DraftPlace, Plan, SchemaPart } from './protocol.ts';

export interface DraftContext {
  readonly held: Pick<HeldFields, 'get'>;
  /** Of fields that have to do with a schema. */
  readonly encoded: Partial<Record<SchemaPart, EncodedField>>;
  /** How many partitions the topic has; a problem where it is not known. */
  readonly partitions: number | { readonly problem: string };
  /** In place of key, value, headers and count. */
  readonly lines: readonly RecordLine[] | undefined;
  readonly replayOf: string | undefined;
  /** Where records without a key and a partition go. */
  readonly keyless: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const mostCopies = 100_000;
/** All copies together: they are held in memory at once. */
const mostBytes = 256 << 20;

/** What a draft comes to: the records, where nothing is wrong, and what is said of them. */
export interface ReadDraft {
  readonly plan: Plan;
  readonly records: readonly PlacedRecord[];
}

export function readDraft(draft: Draft, context: DraftContext): ReadDraft {
  const problems: Partial<Record<DraftPlace, string>> = {};
  const topic = draft.topic.trim();
  const { partitions } = context;
  if (topic === '') problems.topic = t('A topic is wanted.');
  else if (typeof partitions !== 'number') problems.topic = partitions.problem;
  const partition = partitionOf(draft.partition, typeof partitions === 'number' ? partitions : undefined, problems);
  const timestamp = timestampOf(draft.timestamp, context.now, problems);
  const unplaced =
    context.lines === undefined
      ? ofForm(draft, context, partition, timestamp, problems)
      : context.lines.map((line) => ({
          ...line,
          partition: partition ?? line.partition,
          timestamp: draft.timestamp.trim() === '' ? (line.timestamp ?? timestamp) : timestamp,
        }));
  const schemas = schemasOf(context);
  const none: ReadDraft = { plan: { problems, sentences: [], canSend: false, schemas }, records: [] };
  if (Object.keys(problems).length > 0 || typeof partitions !== 'number') return none;
  try {
    const records = place(unplaced, topic, partitions, context.keyless);
    const said = sentences(records, draft, context);
    return { plan: { problems, sentences: said, canSend: records.length > 0, schemas }, records };
  } catch (error) {
    if (!(error instanceof HumanError)) throw error;
    return { ...none, plan: { ...none.plan, problems: { partition: error.message } } };
  }
}

function schemasOf({ encoded, lines }: DraftContext): Plan['schemas'] {
  if (lines !== undefined) return {};
  return {
    ...(encoded.key?.view === undefined ? {} : { key: encoded.key.view }),
    ...(encoded.value?.view === undefined ? {} : { value: encoded.value.view }),
  };
}

function ofForm(
  draft: Draft,
  { held, encoded }: DraftContext,
  partition: number | undefined,
  timestamp: bigint,
  problems: Partial<Record<DraftPlace, string>>,
): UnplacedRecord[] {
  const key = partOf(draft.key, 'key', held, encoded.key, problems);
  const value = partOf(draft.value, 'value', held, encoded.value, problems);
  const headers: RecordHeader[] = draft.headers.map((header, index) => ({
    key: header.key,
    value: bytesOf(header.value, held, `header ${index}`, problems),
  }));
  for (const part of [encoded.key, encoded.value]) if (part?.header !== undefined) headers.push(part.header);
  const count = Number(draft.count.trim());
  if (!/^\d+$/.test(draft.count.trim()) || count < 1 || count > mostCopies) {
    problems.count = t('A number from 1 to {0} is wanted.', formatCount(mostCopies));
    return [];
  }
  const size = (key?.length ?? 0) + (value?.length ?? 0);
  if (size * count > mostBytes) problems.count = t('That is more than {0} bytes at once.', formatCount(mostBytes));
  const record = { key, value, headers, partition, timestamp };
  return problems.count === undefined ? new Array<UnplacedRecord>(count).fill(record) : [];
}

function partOf(
  field: DraftField,
  part: SchemaPart,
  held: Pick<HeldFields, 'get'>,
  encoded: EncodedField | undefined,
  problems: Partial<Record<DraftPlace, string>>,
): Buffer | null {
  if (!isSchemaFormat(field.format)) return bytesOf(field, held, part, problems);
  if (encoded?.problem !== undefined) problems[part] = encoded.problem;
  if (encoded?.bytes === undefined && encoded?.problem === undefined) {
    problems[`${part} schema`] =
      encoded?.schemaProblem ??
      t('No Schema Registry is set for this cluster. {0}', t('Set it with "Set Schema Registry...".'));
  }
  return encoded?.bytes ?? null;
}

function bytesOf(
  field: DraftField,
  held: Pick<HeldFields, 'get'>,
  place: DraftPlace,
  problems: Partial<Record<DraftPlace, string>>,
): Buffer | null {
  if (field.format === 'bytes') {
    const bytes = held.get(field.held?.id ?? '');
    if (bytes === undefined) problems[place] = t('The bytes are not held any more. Choose the file again.');
    return bytes ?? null;
  }
  // Headers have no schemas.
  const encoded = encodeValue(isSchemaFormat(field.format) ? 'json' : field.format, field.text);
  if ('bytes' in encoded) return encoded.bytes;
  problems[place] = encoded.problem;
  return null;
}

function partitionOf(
  text: string,
  partitions: number | undefined,
  problems: Partial<Record<DraftPlace, string>>,
): number | undefined {
  if (text.trim() === '') return undefined;
  const partition = Number(text);
  if (!/^\d{1,9}$/.test(text.trim())) problems.partition = t('A number is wanted, or nothing.');
  else if (partitions !== undefined && partition >= partitions) {
    problems.partition = t('The topic has {0} partitions, from 0 on.', partitions);
  }
  return partition;
}

function timestampOf(text: string, now: number, problems: Partial<Record<DraftPlace, string>>): bigint {
  if (text.trim() === '') return BigInt(now);
  const at = parseTimestamp(text);
  if (at === undefined) problems.timestamp = t('ISO 8601 is wanted, or milliseconds since 1970.');
  return at ?? 0n;
}

function sentences(records: readonly PlacedRecord[], draft: Draft, context: DraftContext): string[] {
  const [first] = records;
  if (first === undefined) return [];
  const topic = draft.topic.trim();
  const partitions = [...new Set(records.map(({ partition }) => partition))].sort((a, b) => a - b);
  const size = records.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
  const where =
    partitions.length === 1
      ? t('partition {0}', partitions[0]!)
      : partitions.length <= 8
        ? t('partitions {0}', partitions.join(', '))
        : t('{0} partitions', partitions.length);
  const how = draft.partition.trim() !== '' ? '' : hows(records, context);
  const what =
    records.length === 1
      ? t('Writes 1 record of {0} bytes to {1}, {2}{3}.', formatCount(size), topic, where, how)
      : t(
          'Writes {0} records of {1} bytes in all to {2}, {3}{4}.',
          formatCount(records.length),
          formatCount(size),
          topic,
          where,
          how,
        );
  const tombstones = records.filter(({ key, value }) => key !== null && value === null).length;
  return [
    what,
    ...(context.lines === undefined ? [context.encoded.key, context.encoded.value] : []).flatMap(
      (part) => part?.sentences ?? [],
    ),
    ...(context.replayOf === undefined ? [] : replayed(first, draft, context.replayOf)),
    ...(tombstones === 0
      ? []
      : [
          records.length === 1
            ? t('It is a tombstone: in a compacted topic it deletes what stands under its key.')
            : t(
                '{0} are tombstones: in a compacted topic they delete what stands under their keys.',
                formatCount(tombstones),
              ),
        ]),
  ];
}

function replayed({ headers }: PlacedRecord, draft: Draft, from: string): string[] {
  const kept =
    draft.timestamp.trim() === ''
      ? t('As it was read from {0}, with the time of now.', from)
      : t('As it was read from {0}, with the timestamp above.', from);
  // Decoding has put this character where bytes were no UTF-8.
  const isLossy = headers.some(({ key }) => key.includes('\ufffd'));
  return isLossy ? [kept, t('A header key that is no valid UTF-8 is not written as it was.')] : [kept];
}

/** How the partition was found, where it was not chosen. */
function hows(records: readonly PlacedRecord[], { lines }: DraftContext): string {
  if (lines?.some(({ partition }) => partition !== undefined)) return t(' (as the file says)');
  return records.every(({ key }) => key === null) ? t(' (it has no key)') : t(' (by its key, murmur2)');
}
