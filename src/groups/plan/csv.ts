import { HumanError } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';

/** One line of the CSV that kafka-consumer-groups exports and reads (org.apache.kafka.tools.consumer.group.CsvUtils). */
export interface CsvRow {
  /** undefined in the form for one group. */
  readonly group: string | undefined;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

const int32Max = 2 ** 31 - 1;
const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/**
 * Reads both forms: `topic,partition,offset` and `group,topic,partition,offset`, as the first line has it. No header.
 *
 * @throws {HumanError} naming the line.
 */
export function parseOffsetsCsv(text: string): CsvRow[] {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  const rows: CsvRow[] = [];
  let width: number | undefined;
  for (const [index, raw] of lines.entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '') continue;
    const fields = splitLine(line);
    if (fields === undefined) throw wrong(index, t('a quote is not closed.'));
    width ??= fields.length;
    if ((width !== 3 && width !== 4) || fields.length !== width) {
      throw wrong(index, t('expected topic,partition,offset or group,topic,partition,offset, the same in all lines.'));
    }
    const [offset, partition, topic, group] = fields.toReversed();
    const number = /^\s*\+?\d+\s*$/.test(partition!) ? Number(partition) : NaN;
    if (!(number <= int32Max)) throw wrong(index, t('the partition must be a whole number. There is no header line.'));
    const position = /^\s*[+-]?\d+\s*$/.test(offset!) ? BigInt(offset!.trim().replace(/^\+/, '')) : undefined;
    if (position === undefined || position < int64.min || position > int64.max) {
      throw wrong(index, t('the offset must be a whole number of 64 bits.'));
    }
    if (topic === '') throw wrong(index, t('the topic is missing.'));
    rows.push({ group, topic: topic!, partition: number, offset: position });
  }
  return rows;
}

/** As `--export` prints it: with the group where the rows name one; each line ends with a line feed. */
export function formatOffsetsCsv(rows: readonly CsvRow[]): string {
  return rows
    .map(({ group, topic, partition, offset }) => {
      const names = group === undefined ? [topic] : [group, topic];
      return `${[...names.map(quoted), partition, offset].join(',')}\n`;
    })
    .join('');
}

/** Longer texts are quoted unseen, others where a character is not above the comma (Jackson's CsvEncoder). */
const unseenFrom = 25;

function quoted(text: string): string {
  const needs = text.length >= unseenFrom || /[\u0000-\u002c]/.test(text);
  return needs ? `"${text.replaceAll('"', '""')}"` : text;
}

/** undefined where a quote is not closed. */
function splitLine(line: string): string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; ;) {
    // Blanks before a quote do not make it part of the text.
    const quote = /^\s*"/.exec(line.slice(at))?.[0];
    let field = '';
    if (quote === undefined) {
      const comma = line.indexOf(',', at);
      field = comma < 0 ? line.slice(at) : line.slice(at, comma);
      at += field.length;
    } else {
      at += quote.length;
      for (;;) {
        const end = line.indexOf('"', at);
        if (end < 0) return undefined;
        field += line.slice(at, end);
        at = end + 1;
        if (line[at] !== '"') break;
        field += '"';
        at++;
      }
      while (at < line.length && line[at] !== ',') at++;
    }
    fields.push(field);
    if (at >= line.length) return fields;
    at++;
  }
}

function wrong(index: number, what: string): HumanError {
  return new HumanError(t('Line {0} of the offsets file: {1}', index + 1, what));
}
