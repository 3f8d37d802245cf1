import { html, nothing } from 'lit';
import type { BatchItem } from '../../src/ui/panels/batches/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { exact, wholeTime } from '../shared/text.ts';

/** What a batch is beyond a batch of records: damaged, a marker, of an aborted transaction, emptied. */
export function stateWord(row: BatchItem): string {
  if (row.problem !== undefined) return t('damaged');
  if (row.control === 'commit') return t('commit marker');
  if (row.control === 'abort') return t('abort marker');
  if (row.control !== undefined) return t('control: {0}', row.control);
  if (row.count === 0) return t('emptied');
  switch (row.outcome) {
    case 'committed':
      return t('committed');
    case 'aborted':
      return t('aborted');
    case 'open':
      return t('open transaction');
    case 'unknown':
      return t('outcome unknown');
    case undefined:
    default:
      return row.transactional ? t('transactional') : '';
  }
}

export function stateMeaning(row: BatchItem): string | undefined {
  if (row.problem !== undefined) return t('The batch is damaged: {0}.', row.problem);
  if (row.control !== undefined) {
    return t('Written by Kafka itself, to end the transaction of producer {0} here.', row.producerId ?? '-');
  }
  if (row.count === 0) return t('Compaction took all its records; the batch stays for its offsets and its producer.');
  switch (row.outcome) {
    case 'committed':
      return t('Its transaction was committed.');
    case 'aborted':
      return t('Its transaction was aborted: read_committed consumers do not get its records.');
    case 'open':
      return t('Its transaction has not ended: read_committed consumers cannot read past it.');
    case 'unknown':
      return t('A damaged batch may have been the end of its transaction.');
    case undefined:
    default:
      return undefined;
  }
}

export function stateIcon(row: BatchItem): string {
  if (row.problem !== undefined) return 'error';
  if (row.control !== undefined) return 'milestone';
  if (row.count === 0) return 'circle-outline';
  if (row.outcome === 'aborted') return 'discard';
  return row.outcome === 'open' ? 'lock' : row.outcome === 'committed' ? 'check' : 'git-commit';
}

export function stateClass(row: BatchItem): string {
  return row.problem !== undefined ? 'damaged' : (row.control ?? row.outcome ?? '');
}

/** `2026-03-01 12:03:10.250`, local. */
export function localTime(digits: string): string {
  const at = Number(digits);
  if (!isDate(at)) return digits;
  return wholeTime(at).slice(0, 23).replace('T', ' ');
}

export function timeHover(digits: string | undefined): string | undefined {
  if (digits === undefined) return undefined;
  return isDate(Number(digits)) ? wholeTime(Number(digits)) : digits;
}

function isDate(at: number): boolean {
  return Number.isSafeInteger(at) && Math.abs(at) <= 8.64e15 - 86_400_000;
}

/** All columns of the list of batches, in order. */
export function batchColumns(): Column<BatchItem>[] {
  const damaged = (row: BatchItem): string | undefined =>
    row.problem === undefined ? undefined : t('Not known: {0}.', row.problem);
  const legacy = (row: BatchItem): string | undefined =>
    damaged(row) ?? (row.magic !== 2 ? t('Message format {0} does not have it.', row.magic ?? '-') : undefined);
  const noProducer = (row: BatchItem): string | undefined =>
    legacy(row) ?? t('The producer was not idempotent, so that it has none.');
  const digits = (
    id: string,
    title: string,
    width: number,
    of: (row: BatchItem) => string | number | undefined,
    more: Partial<Column<BatchItem>> & { readonly why?: (row: BatchItem) => string | undefined } = {},
  ): Column<BatchItem> => {
    const { why = damaged, ...rest } = more;
    return {
      id,
      title,
      width,
      end: true,
      text: (row) => String(of(row) ?? ''),
      cell: (row) => exact(of(row)?.toString()),
      hover: (row) => (of(row) === undefined ? why(row) : undefined),
      key: (row) => {
        const value = of(row);
        return value === undefined ? undefined : BigInt(value);
      },
      ...rest,
    };
  };
  return [
    digits('baseOffset', t('Base offset'), 104, (row) => row.baseOffset),
    digits('lastOffset', t('Last offset'), 104, (row) => row.lastOffset),
    digits('count', t('Records'), 70, (row) => row.count, {
      hint: t('Records in the batch; fewer than its offsets where compaction took some'),
    }),
    digits('size', t('Size'), 80, (row) => row.size, { hint: t('Bytes as stored, header included') }),
    digits('unpackedSize', t('Unpacked'), 84, (row) => row.unpackedSize, {
      hint: t('Bytes of its records unpacked'),
      hidden: true,
    }),
    {
      id: 'compression',
      title: t('Compression'),
      width: 100,
      text: (row) => row.compression ?? '',
      cell: (row) => row.compression ?? '-',
      hover: damaged,
      key: (row) => row.compression,
    },
    {
      id: 'ratio',
      title: t('Ratio'),
      hint: t('Unpacked size to stored size'),
      width: 58,
      end: true,
      text: (row) => (row.ratio === undefined ? '' : row.ratio.toFixed(2)),
      cell: (row) => (row.ratio === undefined ? '-' : row.ratio.toFixed(2)),
      hover: (row) => (row.ratio === undefined ? (damaged(row) ?? t('It is not compressed.')) : undefined),
      key: (row) => row.ratio,
    },
    {
      id: 'state',
      title: t('State'),
      width: 136,
      grow: true,
      text: stateWord,
      cell: (row) => {
        const word = stateWord(row);
        return word === ''
          ? nothing
          : html`<span class="row-state ${stateClass(row)}">${icon(stateIcon(row))} ${word}</span>`;
      },
      hover: stateMeaning,
      key: (row) => stateWord(row) || undefined,
    },
    {
      id: 'time',
      title: t('Latest time'),
      hint: t('The latest timestamp of its records'),
      width: 186,
      end: true,
      text: (row) => row.maxTimestamp ?? '',
      cell: (row) => (row.maxTimestamp === undefined ? '-' : localTime(row.maxTimestamp)),
      hover: (row) => timeHover(row.maxTimestamp) ?? damaged(row) ?? t('It has none.'),
      key: (row) => (row.maxTimestamp === undefined ? undefined : BigInt(row.maxTimestamp)),
    },
    {
      id: 'timestampType',
      title: t('Time type'),
      hint: t('CreateTime: of the producer. LogAppendTime: of the broker.'),
      width: 108,
      text: (row) => row.timestampType ?? '',
      cell: (row) => row.timestampType ?? '-',
      key: (row) => row.timestampType,
    },
    digits('producerId', t('Producer id'), 92, (row) => row.producerId, {
      why: noProducer,
      cell: (row) => row.producerId ?? '-',
    }),
    digits('producerEpoch', t('Epoch'), 58, (row) => row.producerEpoch, {
      why: noProducer,
      hint: t("Producer's epoch"),
    }),
    digits('baseSequence', t('First seq.'), 78, (row) => row.baseSequence, {
      why: noProducer,
      hint: t('Sequence number of its first record'),
    }),
    digits('lastSequence', t('Last seq.'), 78, (row) => row.lastSequence, {
      why: noProducer,
      hint: t('Sequence number of its last record'),
    }),
    digits('leaderEpoch', t('Leader epoch'), 92, (row) => row.leaderEpoch, {
      why: legacy,
      hint: t("Epoch of the partition's leader that wrote it"),
    }),
    digits('magic', t('Magic'), 56, (row) => row.magic, { hint: t('Message format') }),
    {
      id: 'crc',
      title: t('CRC'),
      hint: t('Checksum, and whether it fits'),
      width: 116,
      text: (row) => row.crc ?? '',
      cell: (row) =>
        row.crc === undefined
          ? '-'
          : row.crcValid === false
            ? html`<span class="row-state damaged">${icon('error')} ${row.crc}</span>`
            : html`<span class="row-state">${icon('check')} ${row.crc}</span>`,
      hover: (row) =>
        row.crcValid === false
          ? t('It does not fit: the bytes give {0}.', row.computedCrc ?? '-')
          : row.crcValid
            ? t('It fits the bytes.')
            : undefined,
      key: (row) => row.crc,
    },
    {
      id: 'deleteHorizon',
      title: t('Delete horizon'),
      hint: t('When compaction may remove its tombstones or markers'),
      width: 186,
      end: true,
      hidden: true,
      text: (row) => row.deleteHorizon ?? '',
      cell: (row) => (row.deleteHorizon === undefined ? '-' : localTime(row.deleteHorizon)),
      hover: (row) => timeHover(row.deleteHorizon) ?? t('It has none: compaction has not been here, or had no reason.'),
      key: (row) => (row.deleteHorizon === undefined ? undefined : BigInt(row.deleteHorizon)),
    },
  ];
}

/** What the filter looks through. */
export function filterText(row: BatchItem): string {
  const { baseOffset, lastOffset, compression, producerId, timestampType } = row;
  const producer = producerId === undefined ? '' : `producer ${producerId}`;
  return [baseOffset, lastOffset, compression, producer, timestampType, stateWord(row), `magic ${row.magic}`].join(
    '\n',
  );
}
