import { hexDump } from '../../../formats/hexDump.ts';
import { byteCount } from '../../../shared/counted.ts';
import { formatCount } from '../../../shared/format.ts';
import { t } from '../../../shared/l10n.ts';
import { isMoment, localTime } from '../../../shared/times.ts';
import type { KeptRecord } from '../../../tail/keptRecord.ts';
import type { Part, RecordPresenter } from '../../../tail/presenter.ts';
import type { DetailSection, DetailText, Outcome, RecordDetails } from './protocol.ts';
import { headerText, rowOf } from './rows.ts';

/** Characters of each text of the pane; an editor document shows all of it. */
const paneChars = 100_000;
/** Bytes of a hex dump of the pane. */
const paneBytes = 16 << 10;
const headerChars = 2_000;
const shownHeaders = 200;

/** All that the details pane shows of an entry. `copy` is not moved while something is fetched. */
export async function detailsOf(copy: KeptRecord, topic: string, presenter: RecordPresenter): Promise<RecordDetails> {
  const row = await rowOf(copy, presenter);
  const { seq, source } = copy;
  if (source.kind !== 'record') {
    const title = source.kind === 'notice' ? t('Notice') : placeOf(copy, topic);
    const value = source.kind === 'damaged' ? { value: rawText(copy, 'value', copy.bytes) } : {};
    return { seq, title, row, headers: [], sections: [], ...value };
  }
  const shows = !copy.isControl && !copy.isDamaged;
  return {
    seq,
    title: placeOf(copy, topic),
    row,
    key: shows ? await textOf(copy, 'key', presenter) : rawText(copy, 'key', copy.key ?? Buffer.alloc(0)),
    value: shows ? await textOf(copy, 'value', presenter) : rawText(copy, 'value', copy.value ?? copy.bytes),
    headers: copy.headers.slice(0, shownHeaders).map(({ key, value }) => ({
      name: key.slice(0, headerChars),
      value: value === null ? '' : headerText(value, headerChars),
      kind: value === null ? 'null' : value.length === 0 ? 'empty' : 'text',
    })),
    sections: [...sectionsOf(copy), ...(await presenter.sections(copy))],
  };
}

export function placeOf({ partition, offset }: KeptRecord, topic: string): string {
  return t('{0}-{1}, offset {2}', topic, partition, formatCount(offset));
}

async function textOf(record: KeptRecord, part: Part, presenter: RecordPresenter): Promise<DetailText> {
  const bytes = record[part];
  const document = await presenter.document(record, part);
  const { kind, text, language, format, formatLabel, why, wantsRegistry, cut = false } = document;
  const raw = bytes?.toString('utf8', 0, Math.min(bytes.length, paneChars)) ?? '';
  return {
    part,
    kind,
    size: bytes?.length ?? 0,
    formatted: text.slice(0, paneChars),
    language,
    raw,
    hex: bytes === null ? '' : hexDump(bytes, 0, Math.min(bytes.length, paneBytes)),
    format,
    formatLabel,
    ...(why === undefined ? {} : { why }),
    ...(wantsRegistry === true ? { wantsRegistry } : {}),
    facts: [],
    cut: cut || text.length > paneChars || (bytes?.length ?? 0) > paneChars,
  };
}

/** Bytes that are no value of somebody's: a marker's, a damaged batch's. */
function rawText(record: KeptRecord, part: Part, bytes: Buffer): DetailText {
  const hex = hexDump(bytes, 0, Math.min(bytes.length, paneBytes));
  return {
    part,
    kind: bytes.length === 0 ? 'empty' : 'text',
    size: record.kind === 'damaged' ? record.size : bytes.length,
    formatted: hex,
    language: 'plaintext',
    raw: bytes.toString('latin1', 0, paneChars),
    hex,
    format: 'hex',
    formatLabel: 'Hex',
    facts: [],
    cut: bytes.length > paneBytes,
  };
}

function sectionsOf(record: KeptRecord): DetailSection[] {
  const facts = record.facts!;
  const { timestamp, timestampType, transaction } = record;
  const at = timestamp < 0n ? '-' : exactTime(timestamp);
  const sections: DetailSection[] = [
    {
      title: t('Record'),
      facts: [
        { label: t('Partition'), value: String(record.partition) },
        { label: t('Offset'), value: formatCount(record.offset) },
        { label: t('Time'), value: at, hint: timestampHint(timestampType) },
        { label: t('Timestamp type'), value: timestampType, hint: timestampHint(timestampType) },
        {
          label: t('Size'),
          value: byteCount(record.size),
          hint: t('Key, value, headers and what encodes them, uncompressed.'),
        },
        { label: t('Key'), value: record.key === null ? 'null' : byteCount(record.key.length) },
        { label: t('Value'), value: record.value === null ? t('null: a tombstone') : byteCount(record.value.length) },
      ],
    },
    {
      title: t('Batch'),
      facts: [
        { label: t('Offsets'), value: t('{0} to {1}', formatCount(facts.baseOffset), formatCount(facts.lastOffset)) },
        { label: t('Size'), value: byteCount(facts.size), hint: t('As it is stored and sent, header included.') },
        { label: t('Compression'), value: facts.compression },
        { label: t('Message format'), value: String(facts.magic) },
        { label: t('Leader epoch'), value: orNone(facts.leaderEpoch) },
        {
          label: t('Producer id'),
          value: orNone(facts.producerId),
          hint: t('Of idempotent and transactional producers.'),
        },
        { label: t('Producer epoch'), value: orNone(facts.producerEpoch) },
        {
          label: t('Sequence numbers'),
          value: facts.baseSequence < 0 ? '-' : t('{0} to {1}', facts.baseSequence, facts.lastSequence),
        },
        { label: t('CRC'), value: `0x${facts.crc.toString(16).padStart(8, '0')}`, hint: t('It was checked.') },
        ...(facts.deleteHorizon === undefined
          ? []
          : [{ label: t('Delete horizon'), value: exactTime(facts.deleteHorizon), hint: 'KIP-534' }]),
      ],
    },
  ];
  if (facts.isTransactional) {
    sections.push({
      title: t('Transaction'),
      facts: [
        { label: t('Outcome'), value: transaction?.outcome ?? '-', hint: outcomeHint(transaction?.outcome) },
        { label: t('Producer id'), value: orNone(facts.producerId) },
        {
          label: t('Marker'),
          value: transaction?.markerOffset === undefined ? '-' : t('offset {0}', formatCount(transaction.markerOffset)),
          hint: t('The control record that ended it, once that was read.'),
        },
      ],
    });
  }
  return sections;
}

function outcomeHint(outcome: Outcome | undefined): string | undefined {
  switch (outcome) {
    case 'open':
      return t('It had not ended as far as the partition was read. Consumers with read_committed wait before it.');
    case 'aborted':
      return t('Consumers with read_committed do not see this record.');
    case 'unknown':
      return t('A damaged batch may have been its end.');
    case 'committed':
    case undefined:
      return undefined;
  }
}

function timestampHint(type: KeptRecord['timestampType']): string {
  switch (type) {
    case 'CreateTime':
      return t('Set by the producer.');
    case 'LogAppendTime':
      return t('Set by the broker as it appended the batch.');
    case 'none':
      return t('This message format has no time.');
  }
}

/** A date beyond what JavaScript's dates hold is shown as its milliseconds. */
function exactTime(timestamp: bigint): string {
  const at = Number(timestamp);
  return isMoment(at) ? `${localTime(at)} (${timestamp})` : `${timestamp} ms`;
}

function orNone(value: number | bigint): string {
  return value < 0 ? '-' : String(value);
}
