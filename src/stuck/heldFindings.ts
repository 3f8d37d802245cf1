import { formatCount, formatDuration } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { timeWords } from '../shared/times.ts';
import type { LogBounds, OpenTransaction, StuckFacts } from './facts.ts';
import type { Finding } from './findings.ts';

/** An open transaction that a `read_committed` consumer waits for. */
export function heldFindings(facts: StuckFacts, { end, lastStable }: LogBounds): Finding[] {
  const { commit, transactions, takenAt } = facts;
  const offset = 'value' in commit ? commit.value?.offset : undefined;
  if (offset === undefined || 'failure' in lastStable || lastStable.value > offset || offset >= end) return [];
  const stable = lastStable.value;
  const waiting = formatCount(end - offset);
  const bounds = t(
    'The last stable offset is {0}, the commit {1}, the end {2}.',
    formatCount(stable),
    formatCount(offset),
    formatCount(end),
  );
  const base = { kind: 'held', level: offset === stable ? 'cause' : 'hint', offset: stable } as const;
  const held =
    offset === stable
      ? t(
          'An open transaction holds the group back: a read_committed consumer cannot read past {0}, though {1} wait.',
          formatCount(stable),
          waiting,
        )
      : t(
          'An open transaction stands at {0}, before the commit: a read_committed consumer would wait there.',
          formatCount(stable),
        );
  if (transactions === undefined || 'failure' in transactions) {
    const why = transactions?.failure.message ?? '';
    return [
      {
        ...base,
        text: held,
        evidence: [bounds, ...(why === '' ? [] : [t('Whose it is could not be learned: {0}', why)])],
        advice: t('Brokers from 2.8 on tell who wrote it, to users that may read the topic (DescribeProducers).'),
      },
    ];
  }
  const { open, failures } = transactions.value;
  const [first] = open;
  if (first === undefined) {
    return [
      {
        ...base,
        text: t('A transaction held the group back at {0} until just now; none is open any more.', formatCount(stable)),
        evidence: [bounds],
      },
    ];
  }
  const others =
    open.length === 1
      ? []
      : [t('Other transactions that are open in the partition: {0}.', formatCount(open.length - 1))];
  return [
    {
      ...base,
      text: `${held} ${whose(first, takenAt)}`,
      evidence: [
        bounds,
        ...evidenceOf(first, takenAt),
        ...others,
        ...failures.map(({ message }) => t('Not all could be learned: {0}', message)),
      ],
      advice: adviceOf(first),
      commands: commandsOf(facts, first),
    },
  ];
}

function whose({ known, producerId, lastTimestamp }: OpenTransaction, now: number): string {
  const since = known?.startedAt ?? Number(lastTimestamp);
  const age = formatDuration(Math.max(0, now - since));
  return known === undefined
    ? t('It is of producer {0}, which wrote last {1} ago; no coordinator lists it.', String(producerId), age)
    : t('It is of transactional id {0}, open for {1}.', known.transactionalId, age);
}

function evidenceOf(one: OpenTransaction, now: number): string[] {
  const { producerId, producerEpoch, startOffset, lastTimestamp, known } = one;
  const lines = [
    t(
      'Producer {0}, epoch {1}: its first record here is {2}, its last was written {3} ago.',
      String(producerId),
      producerEpoch,
      formatCount(startOffset),
      formatDuration(Math.max(0, now - Number(lastTimestamp))),
    ),
  ];
  if (known === undefined) {
    lines.push(
      t(
        'No coordinator lists a transaction of this producer: it is hanging (its coordinator has forgotten it), or this user lacks DESCRIBE on its transactional id, of which brokers say nothing.',
      ),
    );
    return lines;
  }
  lines.push(
    t('Coordinator {0} says: {1}, transactional id {2}.', known.coordinator, known.state, known.transactionalId),
  );
  if (known.startedAt !== undefined) lines.push(t('Begun at {0}.', timeWords(known.startedAt)));
  if (known.timeoutMs !== undefined) {
    const left = known.startedAt === undefined ? undefined : known.startedAt + known.timeoutMs - now;
    lines.push(
      left === undefined || left <= 0
        ? t('Its time-out is {0}.', formatDuration(known.timeoutMs))
        : t('Its time-out is {0}: the broker aborts it in {1}.', formatDuration(known.timeoutMs), formatDuration(left)),
    );
  }
  if (known.partitions !== undefined)
    lines.push(t('Partitions that it has written to: {0}.', formatCount(known.partitions)));
  return lines;
}

function adviceOf({ known }: OpenTransaction): string {
  return known === undefined
    ? t(
        'If it is hanging, an administrator can abort it in this partition. Find the producer first: what it wrote is lost to read_committed consumers then.',
      )
    : t(
        'Look at the producer with that transactional id: let it commit or abort, or start it anew, which ends the transaction. Otherwise wait for the time-out, or abort it as an administrator.',
      );
}

function commandsOf(
  { topic, partition, bootstrap }: StuckFacts,
  { known, startOffset }: OpenTransaction,
): Finding['commands'] {
  const tool = `kafka-transactions.sh --bootstrap-server ${bootstrap}`;
  const inPartition = {
    label: t('Abort it in this partition (hanging transactions)'),
    text: `${tool} abort --topic ${quoted(topic)} --partition ${partition} --start-offset ${startOffset}`,
  };
  if (known === undefined) return [inPartition];
  return [
    { label: t('Look at it'), text: `${tool} describe --transactional-id ${quoted(known.transactionalId)}` },
    {
      label: t('Abort it as a whole (newer tools)'),
      text: `${tool} forceTerminateTransaction --transactionalId ${quoted(known.transactionalId)}`,
    },
  ];
}

/** For a shell: a name from outside must not become anything else. */
export function quoted(name: string): string {
  return /^[\w.:@%+=/-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}
