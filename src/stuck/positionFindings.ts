import type { Commit } from '../groups/snapshot.ts';
import { recordCount } from '../shared/counted.ts';
import { formatCount } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import type { Around, LogBounds, StuckFacts } from './facts.ts';
import type { Finding } from './findings.ts';

/** Where the commit stands in the log, and what lies there in place of a record. */
export function positionFindings(facts: StuckFacts, commit: Commit | undefined, log: LogBounds): Finding[] {
  const { start, end } = log;
  const bounds = t('The log goes from {0} to {1}.', formatCount(start), formatCount(end));
  if (commit === undefined) {
    return [
      {
        kind: 'no-commit',
        level: 'cause',
        text: t('The group has no commit here: it never committed, or the commit expired.'),
        evidence: [bounds],
        advice: t(
          "auto.offset.reset says where such a consumer starts: latest (Java's default) at {0}, earliest at {1}, none fails.",
          formatCount(end),
          formatCount(start),
        ),
      },
    ];
  }
  const { offset } = commit;
  const evidence = [t('The commit is at {0}.', formatCount(offset)), bounds];
  if (offset > end) {
    return [
      {
        kind: 'beyond-end',
        level: 'cause',
        text: t(
          'The commit is {0} beyond the end of the log: the topic was recreated or truncated, or the commit was meant for another one.',
          formatCount(offset - end),
        ),
        evidence,
        advice: t(
          'A consumer that fetches there gets OFFSET_OUT_OF_RANGE and goes by auto.offset.reset: latest to {0}, earliest to {1}. Reset the offsets to say which.',
          formatCount(end),
          formatCount(start),
        ),
      },
    ];
  }
  if (offset === end) {
    return [
      {
        kind: 'caught-up',
        level: 'note',
        text: t('Caught up: the group has committed all there is, up to {0}.', formatCount(offset)),
        evidence: [bounds],
      },
    ];
  }
  const found = behind(facts, offset < start ? start : offset, end);
  return offset < start ? [lost(offset, start, evidence), ...found] : found;
}

function lost(offset: bigint, start: bigint, evidence: readonly string[]): Finding {
  return {
    kind: 'below-start',
    level: 'cause',
    text: t(
      'The commit is below the log start: the offsets {0} to {1} were deleted before they were read, up to {2}.',
      formatCount(offset),
      formatCount(start - 1n),
      recordCount(start - offset),
    ),
    evidence,
    advice: t(
      'auto.offset.reset says how a consumer goes on: earliest at the log start, {0}; latest at the end, which skips all that waits; none fails. Longer retention keeps it from happening again.',
      formatCount(start),
    ),
  };
}

/** What lies at the offset, where that is no record to be handed out. */
function behind({ around }: StuckFacts, offset: bigint, end: bigint): Finding[] {
  if (around === undefined) return [];
  const { at, next, nextData, passed, damaged, failure, isWhole, readTo } = around;
  const findings: Finding[] = [];
  if (failure !== undefined) {
    findings.push({
      kind: failure.kind === 'denied' ? 'denied' : 'unreadable',
      level: 'cause',
      text: t('The records cannot be read: {0}', failure.message),
      evidence: [],
      advice:
        failure.kind === 'denied'
          ? t('It takes READ on the topic to look at records; the offsets are known all the same.')
          : undefined,
    });
  }
  if (damaged !== undefined && damaged.offset <= (next?.offset ?? readTo)) findings.push(damage(around));
  if (at === undefined) {
    if (failure === undefined && damaged === undefined && isWhole) {
      findings.push({
        kind: 'nothing-behind',
        level: 'note',
        text:
          end - offset === 1n
            ? t(
                'No record is left between the commit and the end: 1 offset is a gap that compaction or a marker left, so there is nothing to consume.',
              )
            : t(
                'No record is left between the commit and the end: {0} offsets are gaps that compaction or markers left, so there is nothing to consume.',
                formatCount(end - offset),
              ),
        evidence: [t('Read from {0} to {1}.', formatCount(offset), formatCount(readTo))],
      });
    }
    return findings;
  }
  if (at.offset > offset && damaged === undefined) findings.push(gap(offset, at.offset));
  if (at.control !== undefined) findings.push(...markers(around, offset, end));
  if (nextData?.outcome === 'aborted') findings.push(aborted(around));
  if (next === undefined && !isWhole && failure === undefined && (passed.aborted > 0 || passed.markers > 0)) {
    findings.push({
      kind: 'unreadable',
      level: 'note',
      text: t('Only markers and aborted records were found up to {0}; it was not read further.', formatCount(readTo)),
      evidence: [],
    });
  }
  return findings;
}

function damage({ damaged, next }: Around): Finding {
  const { offset, next: behindIt, problem, size } = damaged!;
  return {
    kind: 'damaged',
    level: 'cause',
    text: t(
      'The batch at {0} is damaged: {1}. A consumer that checks CRCs, as Java does by default, fails here each time.',
      formatCount(offset),
      problem,
    ),
    evidence: [
      t('{0} bytes as the broker sent them; reading goes on at {1}.', formatCount(size), formatCount(behindIt)),
      ...(next === undefined ? [] : [t('The next good record is {0}.', formatCount(next.offset))]),
    ],
    advice: t(
      'If a replica is whole, make it the leader; otherwise seek past the batch, to {0}.',
      formatCount(behindIt),
    ),
    offset,
  };
}

function gap(from: bigint, to: bigint): Finding {
  return {
    kind: 'gap',
    level: 'note',
    text: t(
      'The offsets {0} to {1} hold no record ({2}): compaction removed them, or transaction markers stood there. A consumer goes on at {3} by itself.',
      formatCount(from),
      formatCount(to - 1n),
      formatCount(to - from),
      formatCount(to),
    ),
    evidence: [t('The first record at or behind the commit is {0}.', formatCount(to))],
    offset: to,
  };
}

function markers({ at, next, nextData, passed, isWhole }: Around, offset: bigint, end: bigint): Finding[] {
  const { type } = at!.control!;
  const what = type === 'abort' ? t('abort marker') : type === 'commit' ? t('commit marker') : t('control record');
  const evidence = [
    t('The record at {0} is the {1} of producer {2}.', formatCount(at!.offset), what, String(at!.batch.producerId)),
  ];
  if (nextData === undefined && isWhole) {
    return [
      {
        kind: 'only-markers',
        level: 'note',
        text: t(
          'Caught up but for transaction markers: what lies between the commit and the end ({0}) is never handed to a consumer, so this lag does not go away by itself.',
          end - offset === 1n ? t('1 offset') : t('{0} offsets', formatCount(end - offset)),
        ),
        evidence,
        advice: t('Nothing needs doing. The next record that arrives moves the commit past it.'),
        offset: at!.offset,
      },
    ];
  }
  return [
    {
      kind: 'marker',
      level: 'note',
      text:
        next === undefined
          ? t('At the commit stands a {0}, which no consumer is handed; no committed record was found behind it.', what)
          : t(
              'At the commit stands a {0}, which no consumer is handed: the next record is {1}.',
              what,
              formatCount(next.offset),
            ),
      evidence: [...evidence, t('Markers that are passed over: {0}.', formatCount(passed.markers))],
      offset: at!.offset,
    },
  ];
}

function aborted({ next, nextData, passed, isWhole }: Around): Finding {
  const first = formatCount(nextData!.offset);
  const count = recordCount(passed.aborted);
  return {
    kind: 'aborted',
    level: next === undefined ? 'hint' : 'note',
    text:
      next === undefined
        ? t(
            'From {0} on stand {1} of aborted transactions, and no committed one behind them{2}: a read_committed consumer has nothing to do, though the lag says otherwise.',
            first,
            count,
            isWhole ? '' : t(' as far as it was read'),
          )
        : t(
            'From {0} on stand {1} of aborted transactions: a read_committed consumer passes over them to {2}, a read_uncommitted one processes them.',
            first,
            count,
            formatCount(next.offset),
          ),
    evidence: [
      t('Their producer is {0}, epoch {1}.', String(nextData!.batch.producerId), nextData!.batch.producerEpoch),
    ],
    offset: nextData!.offset,
  };
}
