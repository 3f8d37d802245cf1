import type {
  CauseKind,
  FindingMessage,
  HistorySource,
  MeanwhileMessage,
  RebalanceMessage,
} from '../../src/ui/panels/assignments/protocol.ts';
import { formatDuration } from '../../src/shared/format.ts';
import { t } from '../shared/l10n.ts';
import { exact } from '../shared/text.ts';
import type { IconName } from './sink.ts';

/** A cause in few words; the sentence itself says more. */
export function causeWord(cause: CauseKind): string {
  switch (cause) {
    case 'member-joined':
      return t('joined');
    case 'member-left':
      return t('left');
    case 'member-gone':
      return t('gone: left or timed out');
    case 'session-timeout':
      return t('session timed out');
    case 'poll-timeout':
      return t('poll timed out');
    case 'static-member-returned':
      return t('static member came back');
    case 'static-member-replaced':
      return t('static member replaced');
    case 'subscription-changed':
      return t('subscription changed');
    case 'partitions-changed':
      return t('partitions changed');
    case 'leader-rejoined':
      return t('leader rejoined');
    case 'coordinator-moved':
      return t('coordinator moved');
    case 'cooperative-second-step':
      return t('second step');
    case 'protocol-changed':
      return t('protocol changed');
    case 'unknown':
      return t('cause unknown');
  }
}

const icons: Record<CauseKind, IconName> = {
  'member-joined': 'person-add',
  'member-left': 'sign-out',
  'member-gone': 'sign-out',
  'session-timeout': 'watch',
  'poll-timeout': 'watch',
  'static-member-returned': 'debug-restart',
  'static-member-replaced': 'warning',
  'subscription-changed': 'edit',
  'partitions-changed': 'symbol-array',
  'leader-rejoined': 'star',
  'coordinator-moved': 'server',
  'cooperative-second-step': 'sync',
  'protocol-changed': 'edit',
  unknown: 'question',
};

const letters: Record<CauseKind, string> = {
  'member-joined': '+',
  'member-left': '-',
  'member-gone': '-',
  'session-timeout': 'T',
  'poll-timeout': 'P',
  'static-member-returned': 'S',
  'static-member-replaced': 'R',
  'subscription-changed': 'E',
  'partitions-changed': '#',
  'leader-rejoined': 'L',
  'coordinator-moved': 'C',
  'cooperative-second-step': '2',
  'protocol-changed': 'M',
  unknown: '?',
};

export function iconOf({ causes }: RebalanceMessage): { readonly icon: IconName; readonly letter: string } {
  const cause = causes[0]?.cause ?? 'unknown';
  return { icon: icons[cause], letter: letters[cause] };
}

/** Nobody asked for it: something failed. */
export function isTrouble({ causes }: RebalanceMessage): boolean {
  return causes.some(({ cause }) =>
    ['session-timeout', 'poll-timeout', 'static-member-replaced', 'coordinator-moved'].includes(cause),
  );
}

export function causesText({ causes }: RebalanceMessage): string {
  if (causes.length === 0) return causeWord('unknown');
  return [...new Set(causes.map(({ cause }) => causeWord(cause)))].join(', ');
}

export function certaintyWord(certainty: 'fact' | 'inference'): string {
  return certainty === 'fact' ? t('fact') : t('inference');
}

export function sourceWord(source: HistorySource): string {
  switch (source) {
    case 'topic':
      return t('told by __consumer_offsets');
    case 'poll':
      return t('seen by polling');
    case 'log':
      return t('told by a log');
  }
}

/** When the mark of a rebalance stands: its begin, or where that is not known its end. */
export function timeOf({ began, ended }: RebalanceMessage): number {
  return began ?? ended ?? 0;
}

/** ms; undefined where its begin or its end is not known. */
export function durationOf({ began, ended }: RebalanceMessage, now: number): number | undefined {
  return began === undefined ? undefined : Math.max(0, (ended ?? now) - began);
}

/** `-` where it is not known. */
export function durationText(rebalance: RebalanceMessage, now: number): string {
  const duration = durationOf(rebalance, now);
  if (duration === undefined) return '-';
  return rebalance.ended === undefined ? t('{0} so far', formatDuration(duration)) : formatDuration(duration);
}

export function durationHover({ began, joinedAt, ended }: RebalanceMessage): string | undefined {
  if (began !== undefined) return ended === undefined ? t('Not done yet.') : undefined;
  if (joinedAt === undefined || ended === undefined) {
    return t('Only its end was written; when it began is told by polls or logs alone.');
  }
  return t(
    'From when all members had joined it took {0}; when it began is told by polls or logs alone.',
    formatDuration(Math.max(0, ended - joinedAt)),
  );
}

/** Summed over partitions; `-` where nothing is known. */
export function withoutOwnerText({ withoutOwnerMs, withoutOwnerAtLeastMs }: RebalanceMessage): string {
  if (withoutOwnerMs !== undefined) return formatDuration(withoutOwnerMs);
  return withoutOwnerAtLeastMs === undefined ? '-' : t('{0} or more', formatDuration(withoutOwnerAtLeastMs));
}

export function withoutOwnerHover({ withoutOwnerMs, withoutOwnerAtLeastMs }: RebalanceMessage): string {
  if (withoutOwnerMs !== undefined) return t('Summed over the partitions');
  return withoutOwnerAtLeastMs === undefined
    ? t('What is known does not tell it.')
    : t('Since all members had joined; how long it was before that is not told.');
}

/** `-` where it is not known. `count` undefined: it is being counted. */
export function meanwhileText(count: MeanwhileMessage | undefined): string {
  if (count?.records === undefined) return '-';
  return count.isLeast === true ? t('{0} or more', exact(count.records)) : exact(count.records);
}

export function meanwhileHover(count: MeanwhileMessage | undefined): string {
  return count === undefined ? t('Being counted') : (count.why ?? t('By the timestamps of the records'));
}

/** Such as "generation 6 to 7"; empty where no number is known. */
export function stepText({ kind, before, after }: RebalanceMessage): string {
  const [was, is] = [before ?? '-', after ?? '-'];
  if (before === undefined && after === undefined) return '';
  return kind === 'epoch' ? t('epoch {0} to {1}', was, is) : t('generation {0} to {1}', was, is);
}

export function kindWord({ kind }: RebalanceMessage): string {
  switch (kind) {
    case 'eager':
      return t('eager: all partitions are given up first');
    case 'cooperative':
      return t('cooperative: only what moves is given up');
    case 'epoch':
      return t('by the coordinator, member by member');
    case 'unknown':
      return t('not known');
  }
}

export function findingTitle({ kind }: FindingMessage): string {
  const titles: Record<string, string> = {
    'rebalance-storm': t('Rebalance storm'),
    'flapping-member': t('Flapping member'),
    'stuck-rebalance': t('Stuck rebalance'),
    'idle-members': t('Idle members'),
    skew: t('Skew'),
    'shared-identity': t('Shared identity'),
    'mixed-assignors': t('Mixed assignors'),
    'needless-eager': t('Eager where cooperative would do'),
  };
  return titles[kind] ?? kind;
}
