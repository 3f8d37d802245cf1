import { recordAt, type RecordBatch } from './batch.ts';

/**
 * The records of a batch whose value holds these bytes, by index, in order. It looks through the batch as a whole and decodes only records
 * with a hit.
 *
 * @throws {DamagedError}
 */
export function valuesWith(batch: RecordBatch, needle: Buffer, from = 0, to = batch.count): number[] {
  const { data, starts } = batch;
  const found: number[] = [];
  if (from >= to) return found;
  for (let at = data.indexOf(needle, starts[from]); at >= 0 && at < starts[to]!;) {
    const index = recordAt(batch, at);
    // The hit may lie in its key or its headers, or reach from one record into the next.
    if (batch.value(index)?.includes(needle)) found.push(index);
    at = data.indexOf(needle, starts[index + 1]);
  }
  return found;
}
