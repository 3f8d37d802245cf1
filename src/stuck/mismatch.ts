import { isUtf8 } from 'node:buffer';
import type { Decoder, FormatId, Part } from '../formats/decoder.ts';
import { messageOf } from '../shared/errors.ts';
import { visibleText } from '../shared/visibleText.ts';
import type { Around, FieldView, Mismatch, RecordView, StuckFacts } from './facts.ts';

/** Fewer neighbours than this tell nothing of what is usual. */
export const leastNeighbours = 2;
/** Of the neighbours, so many must agree. */
const mostOf = 0.75;

/** The record that is handed to a consumer next: neither marker nor aborted, where there is one. */
export function focusOf(around: Around): RecordView | undefined {
  return around.next ?? around.nextData ?? around.at;
}

/** Its neighbours that are records, near ones on both sides. */
export function neighboursOf(around: Around, focus: RecordView): RecordView[] {
  const all = [...around.before, ...(around.at === undefined ? [] : [around.at]), ...around.after];
  return all.filter(
    ({ control, damage, offset }) => control === undefined && damage === undefined && offset !== focus.offset,
  );
}

/** Where the next record's key or value is not of the format of its neighbours: why it does not decode as that. */
export async function mismatchesOf(around: Around, topic: string, decoder: Decoder): Promise<StuckFacts['mismatch']> {
  const focus = focusOf(around);
  if (focus === undefined || focus.control !== undefined || focus.damage !== undefined) {
    return { key: undefined, value: undefined };
  }
  const neighbours = neighboursOf(around, focus);
  const of = (part: Part): Promise<Mismatch | undefined> =>
    mismatchOf(
      focus[part],
      neighbours.map((one) => one[part]),
      { topic, part, focus, decoder },
    );
  const [key, value] = await Promise.all([of('key'), of('value')]);
  return { key, value };
}

async function mismatchOf(
  field: FieldView | null,
  neighbours: readonly (FieldView | null)[],
  { topic, part, focus, decoder }: { topic: string; part: Part; focus: RecordView; decoder: Decoder },
): Promise<Mismatch | undefined> {
  if (field === null) return undefined;
  const present = neighbours.filter((one) => one !== null);
  const usual = most(present.map(({ label }) => label));
  if (usual === undefined || present.length < leastNeighbours || usual.count < present.length * mostOf)
    return undefined;
  if (field.label === usual.value) return undefined;
  const sample = present.find(({ label }) => label === usual.value)!;
  // What its neighbours begin with can be told without the schema, and is what a deserializer looks at first.
  const format = sample.format ?? (sample.wantsRegistry === true ? 'schemaRegistry' : undefined);
  const base = { expected: usual.value, of: [usual.count, present.length] } as const;
  if (format === undefined || field.bytes.length < field.length) return { ...base, reason: field.problem };
  const headers = focus.headers.map(({ key, value }) => ({ key, value: value === null ? null : Buffer.from(value) }));
  const where = format === 'json' ? notJson(field.bytes) : undefined;
  const reason = where ?? (await reasonNot(decoder, field.bytes, format, { topic, part, headers }));
  return { ...base, reason: reason ?? field.problem };
}

async function reasonNot(
  decoder: Decoder,
  bytes: Buffer,
  format: FormatId,
  place: { topic: string; part: Part; headers: readonly { key: string; value: Buffer | null }[] },
): Promise<string | undefined> {
  const { topic, part, headers } = place;
  const decoded = await decoder.decode(bytes, { topic, part, format, headers: () => headers, whole: true });
  return decoded.kind === 'failed' ? decoded.reason : undefined;
}

/** Where a text stops being JSON, as JavaScript's parser says it; undefined for what is JSON, or no text. */
function notJson(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    JSON.parse(bytes.toString('utf8'));
    return undefined;
  } catch (error) {
    return `${visibleText(messageOf(error))}.`;
  }
}

/** The value that occurs most often. */
export function most<T>(values: readonly T[]): { readonly value: T; readonly count: number } | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: { value: T; count: number } | undefined;
  for (const [value, count] of counts) if (best === undefined || count > best.count) best = { value, count };
  return best;
}
