import type { Failure } from '../kafka/facts.ts';
import { formatCount } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import type { LogBounds, StuckFacts } from './facts.ts';
import { heldFindings } from './heldFindings.ts';
import { focusOf } from './mismatch.ts';
import { positionFindings } from './positionFindings.ts';
import { readerFindings } from './readerFindings.ts';
import { recordFindings } from './recordFindings.ts';

/** What was found. A test and a page can go by it; people read `text`. */
export type FindingKind =
  | 'denied'
  | 'unknown'
  | 'topic-deleted'
  | 'no-leader'
  | 'no-commit'
  | 'caught-up'
  | 'beyond-end'
  | 'below-start'
  | 'unreadable'
  | 'damaged'
  | 'held'
  | 'only-markers'
  | 'marker'
  | 'aborted'
  | 'gap'
  | 'nothing-behind'
  | 'undecodable'
  | 'no-registry'
  | 'format'
  | 'tombstone'
  | 'null-key'
  | 'key-format'
  | 'fields'
  | 'headers'
  | 'large'
  | 'unpacked'
  | 'nobody'
  | 'moving'
  | 'like-neighbours';

export interface Finding {
  readonly kind: FindingKind;
  /** `cause`: explains by itself why nothing goes on. `hint`: what sets the record apart. `note`: worth knowing. */
  readonly level: 'cause' | 'hint' | 'note';
  /** What was seen and what it means, a sentence or two. */
  readonly text: string;
  /** What it was told from, a line each. */
  readonly evidence: readonly string[];
  /** What to do about it. */
  readonly advice?: string | undefined;
  /** A command line to copy, with what it does. */
  readonly commands?: readonly { readonly label: string; readonly text: string }[] | undefined;
  /** The record that it is about. */
  readonly offset?: bigint | undefined;
}

export interface Explanation {
  /** The worst of it, a sentence. */
  readonly verdict: string;
  /** Nothing is amiss. */
  readonly isFine: boolean;
  /** Most telling first. */
  readonly findings: readonly Finding[];
  /** Of the record that is handed to a consumer next. */
  readonly focus: bigint | undefined;
  /** Age of that record in ms; 0 where the group is caught up; undefined where it is not known. */
  readonly timeLag: number | undefined;
}

/** What the facts mean. Pure. */
export function explanationOf(facts: StuckFacts): Explanation {
  const { commit, log, around } = facts;
  if ('failure' in commit) return only(facts, failureFinding(commit.failure, t('The commit cannot be read.')));
  if ('failure' in log) return only(facts, failureFinding(log.failure, t('The partition cannot be read.')));
  const position = positionFindings(facts, commit.value, log.value);
  if (around === undefined || position.some(({ kind }) => kind === 'caught-up')) {
    return explanation(facts, [...position, ...readerFindings(facts)]);
  }
  const focus = focusOf(around);
  const held = heldFindings(facts, log.value);
  const records = focus === undefined ? [] : recordFindings(facts, around, focus);
  const findings = [...position, ...held, ...records, ...readerFindings(facts)];
  // Of what could not be read nobody knows whether it is like its neighbours.
  const tells =
    findings.some(({ level, kind }) => level !== 'note' || kind === 'no-registry') || around.failure !== undefined;
  const isRecord = focus !== undefined && focus.control === undefined;
  return explanation(facts, tells || !isRecord ? findings : [...findings, nothingFound(facts)]);
}

function only(facts: StuckFacts, finding: Finding): Explanation {
  return explanation(facts, [finding, ...readerFindings(facts)]);
}

const weights = { cause: 0, hint: 1, note: 2 };

function explanation(facts: StuckFacts, all: readonly Finding[]): Explanation {
  // Sorting is stable: within a level they come as they were made, most telling first.
  const findings = all.toSorted((a, b) => weights[a.level] - weights[b.level]);
  const focus = facts.around && focusOf(facts.around);
  const isCaughtUp = findings.some(
    ({ kind }) => kind === 'caught-up' || kind === 'only-markers' || kind === 'nothing-behind',
  );
  const aged = focus !== undefined && focus.control === undefined && focus.timestamp >= 0n;
  return {
    verdict: findings[0]?.text ?? '',
    isFine: isCaughtUp,
    findings,
    focus: focus?.offset,
    timeLag: isCaughtUp ? 0 : aged ? Math.max(0, facts.takenAt - Number(focus.timestamp)) : undefined,
  };
}

function failureFinding(failure: Failure, what: string): Finding {
  const base = { level: 'cause', evidence: [] } as const;
  switch (failure.kind) {
    case 'denied':
      return {
        ...base,
        kind: 'denied',
        text: `${what} ${failure.message}`,
        advice: t(
          'It takes DESCRIBE on the group, and READ on the topic, for the user that this cluster is connected with.',
        ),
      };
    case 'missing':
      return {
        ...base,
        kind: 'topic-deleted',
        text: t('There is nothing to read: {0}', failure.message),
        advice: t(
          'If the topic was deleted, let the consumer no longer subscribe to it; its commit here means nothing any more.',
        ),
      };
    case 'no-leader':
      return {
        ...base,
        kind: 'no-leader',
        text: t('Nobody can read the partition: {0}', failure.message),
        advice: t('A broker that has a replica in sync must come back. Until then producers and consumers of it wait.'),
      };
    case 'unsupported':
    case 'unreachable':
    case 'error':
      return {
        ...base,
        kind: 'unknown',
        text: `${what} ${failure.message}`,
        advice: t('Try again when the broker answers.'),
      };
  }
}

/** Honest: the record does not show it. */
function nothingFound({ commit, log, owner }: StuckFacts): Finding {
  const { end } = (log as { readonly value: LogBounds }).value;
  const committed = 'value' in commit ? commit.value?.offset : undefined;
  return {
    kind: 'like-neighbours',
    level: 'note',
    text: t(
      'The record looks like its neighbours: if the consumer stands here, it is for something that the record does not show.',
    ),
    evidence:
      committed === undefined ? [] : [t('Offsets from the commit to the end: {0}.', formatCount(end - committed))],
    advice:
      owner?.owner === undefined
        ? t('Look for the consumer: does it run, and does it subscribe to this topic?')
        : t(
            'Look at what {0} does with it: a call that does not return, a retry without end, a time-out of what it calls, or commits that are switched off. Its log and a thread dump tell.',
            owner.owner.clientId || owner.owner.memberId,
          ),
  };
}
