import { visibleText } from '../shared/visibleText.ts';
import { formatBytes } from '../shared/bytes.ts';
import { byteCount } from '../shared/counted.ts';
import { formatCount } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import type { Around, Mismatch, RecordView, StuckFacts } from './facts.ts';
import type { Finding } from './findings.ts';
import { leastNeighbours, neighboursOf } from './mismatch.ts';
import { differenceOf } from './shape.ts';

const mib = 1 << 20;
export const bounds = {
  /** So many times the neighbours' median, and at least so many bytes, is unusually large. */
  large: { times: 10, bytes: 100_000 },
  /** Defaults of `max.partition.fetch.bytes` (consumers), and of `message.max.bytes` (brokers; with the batch's header). */
  partitionFetch: mib,
  /** A batch that unpacks to so much is a burden for whoever reads it. */
  unpacked: { times: 20, bytes: 32 * mib },
};

/** What sets the next record apart from its neighbours. */
export function recordFindings(facts: StuckFacts, around: Around, focus: RecordView): Finding[] {
  if (focus.control !== undefined) return [];
  if (focus.damage !== undefined) {
    return [
      {
        kind: 'damaged',
        level: 'cause',
        text: t(
          'The record {0} is damaged though the checksum of its batch holds: {1}.',
          formatCount(focus.offset),
          focus.damage,
        ),
        evidence: [t('Whoever wrote the batch encoded it wrongly.')],
        advice: t('Seek past it, to {0}, and look at the producer.', formatCount(focus.offset + 1n)),
        offset: focus.offset,
      },
    ];
  }
  const neighbours = neighboursOf(around, focus);
  return [
    ...values(facts, focus, neighbours),
    ...fields(focus, neighbours),
    ...size(focus, neighbours),
    ...keys(facts, focus, neighbours),
    ...headers(focus, neighbours),
  ];
}

function values({ mismatch }: StuckFacts, focus: RecordView, neighbours: readonly RecordView[]): Finding[] {
  const { value, offset } = focus;
  const withValue = neighbours.filter((one) => one.value !== null).length;
  if (value === null) {
    if (withValue < leastNeighbours || withValue < neighbours.length * 0.75) return [];
    return [
      {
        kind: 'tombstone',
        level: 'hint',
        text: t(
          'The record {0} has no value (a tombstone) where its neighbours have one: code that does not expect null fails on it.',
          formatCount(offset),
        ),
        evidence: [t('{0} of {1} neighbours have a value.', withValue, neighbours.length)],
        offset,
      },
    ];
  }
  const { value: other } = mismatch;
  if (other === undefined) return value.wantsRegistry === true ? [notRead(focus, neighbours)] : [];
  const length = byteCount(value.length);
  if (other.reason === undefined) {
    return [
      {
        kind: 'format',
        level: 'hint',
        text: t(
          'The value of record {0} is {1} where its neighbours are {2}.',
          formatCount(offset),
          value.label,
          other.expected,
        ),
        evidence: [counted(other)],
        offset,
      },
    ];
  }
  return [
    {
      kind: 'undecodable',
      level: 'cause',
      text: t(
        'The value of record {0} does not decode as {1}, which its neighbours are: {2}',
        formatCount(offset),
        other.expected,
        sentence(other.reason),
      ),
      evidence: [counted(other), t('Its {0} look like: {1}.', length, value.label)],
      advice: t(
        'A consumer that tries it again for ever stands here. Let it give up after some attempts, set the record aside (dead-letter topic), and go on; or move the commit past it, to {0}.',
        formatCount(offset + 1n),
      ),
      offset,
    },
  ];
}

/** Its value has a schema, and there is no registry to ask for it. */
function notRead({ value, offset }: RecordView, neighbours: readonly RecordView[]): Finding {
  const alike = neighbours.filter((one) => one.value?.wantsRegistry === true).length;
  return {
    kind: 'no-registry',
    level: 'note',
    text: t('The value of record {0} could not be read: {1}', formatCount(offset), sentence(value?.problem ?? '')),
    evidence: [t('{0} of {1} neighbours could not be read either.', alike, neighbours.length)],
    advice: t(
      'Set the Schema Registry of this cluster: this page then looks again, and compares the record with its neighbours.',
    ),
    offset,
  };
}

function keys({ mismatch }: StuckFacts, { key, offset }: RecordView, neighbours: readonly RecordView[]): Finding[] {
  const withKey = neighbours.filter((one) => one.key !== null).length;
  if (key === null) {
    if (withKey < leastNeighbours || withKey < neighbours.length * 0.75) return [];
    return [
      {
        kind: 'null-key',
        level: 'hint',
        text: t('The record {0} has no key where its neighbours have one.', formatCount(offset)),
        evidence: [t('{0} of {1} neighbours have a key.', withKey, neighbours.length)],
        offset,
      },
    ];
  }
  const other = mismatch.key;
  if (other === undefined) return [];
  const why = other.reason === undefined ? [] : [other.reason];
  return [
    {
      kind: 'key-format',
      level: 'hint',
      text: t(
        'The key of record {0} is {1} where its neighbours are {2}.',
        formatCount(offset),
        key.label,
        other.expected,
      ),
      evidence: [counted(other), ...why],
      offset,
    },
  ];
}

/** Of JSON and what else has named fields. */
function fields({ value, offset }: RecordView, neighbours: readonly RecordView[]): Finding[] {
  const shapes = neighbours.map((one) => one.value?.shape).filter((shape) => shape !== undefined);
  if (value?.shape === undefined || shapes.length < leastNeighbours || shapes.length < neighbours.length * 0.75)
    return [];
  const difference = differenceOf(value.shape, shapes);
  if (difference === undefined) return [];
  const { missing, extra, types } = difference;
  const lines = [
    ...types.map(({ path, type, usual }) => t('{0} is {1}, in all neighbours {2}.', visibleText(path), type, usual)),
    ...(missing.length === 0 ? [] : [t('Missing, though all neighbours have it: {0}.', names(missing))]),
    ...(extra.length === 0 ? [] : [t('There, though no neighbour has it: {0}.', names(extra))]),
  ];
  return [
    {
      kind: 'fields',
      // A field more is what most consumers pass over.
      level: missing.length + types.length > 0 ? 'hint' : 'note',
      text: t('The value of record {0} has other fields than its neighbours: {1}', formatCount(offset), lines[0]!),
      evidence: [...lines.slice(1), t('Compared with {0} neighbours.', shapes.length)],
      offset,
    },
  ];
}

function headers(focus: RecordView, neighbours: readonly RecordView[]): Finding[] {
  if (neighbours.length < leastNeighbours) return [];
  const own = new Map(focus.headers.map(({ key, value }) => [key, value]));
  const missing: string[] = [];
  const other: string[] = [];
  for (const { key } of neighbours[0]!.headers) {
    const theirs = neighbours.map((one) => one.headers.find((header) => header.key === key)?.value);
    if (theirs.some((value) => value === undefined)) continue;
    const value = own.get(key);
    if (value === undefined) missing.push(key);
    else if (theirs.every((one) => one === theirs[0]) && value !== theirs[0]) {
      other.push(t('{0} is {1}, in all neighbours {2}.', visibleText(key), shown(value), shown(theirs[0] ?? null)));
    }
  }
  if (missing.length + other.length === 0) return [];
  const lines = [
    ...(missing.length === 0 ? [] : [t('Missing, though all neighbours have it: {0}.', names(missing))]),
    ...other,
  ];
  return [
    {
      kind: 'headers',
      level: 'hint',
      text: t('The record {0} has other headers than its neighbours: {1}', formatCount(focus.offset), lines[0]!),
      evidence: lines.slice(1),
      offset: focus.offset,
    },
  ];
}

function size({ size: bytes, batch, offset }: RecordView, neighbours: readonly RecordView[]): Finding[] {
  const sizes = neighbours.map((one) => one.size).sort((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)];
  const findings: Finding[] = [];
  const isOdd = median !== undefined && bytes >= bounds.large.bytes && bytes >= median * bounds.large.times;
  if (isOdd || batch.size > bounds.partitionFetch) {
    findings.push({
      kind: 'large',
      level: isOdd ? 'hint' : 'note',
      text: isOdd
        ? t(
            'The record {0} is unusually large: {1}, where half of its neighbours have at most {2}.',
            formatCount(offset),
            formatBytes(bytes),
            formatBytes(median),
          )
        : t('The batch of record {0} is large: {1}.', formatCount(offset), formatBytes(batch.size)),
      evidence: [
        t(
          'Its batch has {0} as sent, {1} unpacked; records in it: {2}.',
          formatBytes(batch.size),
          formatBytes(batch.unpacked),
          formatCount(batch.count),
        ),
        ...(batch.size > bounds.partitionFetch
          ? [
              t(
                'That is above the default max.partition.fetch.bytes (1 MiB) and message.max.bytes. Brokers send the first batch whole all the same (KIP-74), so that alone stops no consumer.',
              ),
            ]
          : []),
      ],
      advice: t(
        'Look at what it takes to process it: memory, time-outs of what it is sent on to, max.poll.interval.ms.',
      ),
      offset,
    });
  }
  const { times, bytes: least } = bounds.unpacked;
  if (batch.compression !== 'none' && batch.unpacked > least && batch.unpacked > batch.size * times) {
    findings.push({
      kind: 'unpacked',
      level: 'hint',
      text: t(
        'The batch of record {0} unpacks from {1} to {2}: a consumer needs that much memory at once.',
        formatCount(offset),
        formatBytes(batch.size),
        formatBytes(batch.unpacked),
      ),
      evidence: [t('Compression {0}; records in it: {1}.', batch.compression, formatCount(batch.count))],
      offset,
    });
  }
  return findings;
}

function counted({ of: [matching, all], expected }: Mismatch): string {
  return t('{0} of {1} neighbours are {2}.', matching, all, expected);
}

function names(list: readonly string[]): string {
  const some = list.slice(0, 8).map(visibleText).join(', ');
  return list.length > 8 ? t('{0} and {1} more', some, list.length - 8) : some;
}

function shown(value: string | null): string {
  if (value === null) return 'null';
  return `"${visibleText(value.length > 60 ? `${value.slice(0, 60)}…` : value)}"`;
}

function sentence(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
