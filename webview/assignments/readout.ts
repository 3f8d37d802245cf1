import type { HistoryMember, LineMessage, RebalanceMessage } from '../../src/ui/panels/assignments/protocol.ts';
import { partitionCount } from '../shared/counted.ts';
import { formatCount, formatDuration } from '../../src/shared/format.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { Point } from '../../src/ui/panels/protocol.ts';
import { t } from '../shared/l10n.ts';
import { exact, timeOfDay } from '../shared/text.ts';
import { nobody, spanAt, type Lane } from './lanes.ts';
import { causesText, durationText, stepText, timeOf } from './words.ts';

/** Time of day with the date where it is not today's. */
export function momentText(at: number, now: number): string {
  const [date, today] = [new Date(at), new Date(now)];
  if (date.toDateString() === today.toDateString()) return timeOfDay(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${timeOfDay(at)}`;
}

export function memberName(members: readonly HistoryMember[], place: number): string {
  if (place === nobody) return t('nobody');
  return visibleText(members[place]?.name ?? t('a member that is not known'));
}

/** All that the chart knows of a lane at a moment, as one line. */
export function spanText(
  lane: Lane,
  at: number,
  {
    members,
    now,
    lag,
    pending,
  }: {
    readonly members: readonly HistoryMember[];
    readonly now: number;
    readonly lag: readonly Point[] | undefined;
    /** The member that it is to go to. */
    readonly pending: number | undefined;
  },
): string {
  const index = spanAt(lane, at);
  const label = visibleText(lane.label);
  if (index < 0) return t('{0} at {1}: nothing is known', label, momentText(at, now));
  const [from, to] = [lane.from[index]!, lane.to[index]!];
  const until = to === Infinity ? t('now') : momentText(to, now);
  const stretch = t('{0} to {1}, {2}', momentText(from, now), until, formatDuration(Math.min(to, now) - from));
  const who = whoText(lane, index, members);
  const givenUp = lane.givenUpFrom[index]!;
  const parts = [`${label}: ${who}`, stretch];
  if (!Number.isNaN(givenUp)) parts.push(t('to be given up since {0}', momentText(givenUp, now)));
  if (pending !== undefined && to === Infinity) parts.push(t('to go to {0}', memberName(members, pending)));
  const epoch = to === Infinity ? members[lane.owner[index]!]?.epoch : undefined;
  if (epoch !== undefined) parts.push(epochText(epoch));
  const near = lag?.findLast((point) => point.at <= at);
  if (near !== undefined && near.lag !== null)
    parts.push(t('lag {0} at {1}', exact(near.lag), momentText(near.at, now)));
  return parts.join('; ');
}

/** How far a member has come. -2: one that is away and may come back. */
function epochText({ own, group }: NonNullable<HistoryMember['epoch']>): string {
  if (own === -2) return t('away, may come back');
  return own === group ? t('epoch {0}', own) : t('at epoch {0}, the group is at {1}', own, group);
}

function whoText(lane: Lane, index: number, members: readonly HistoryMember[]): string {
  const owner = lane.owner[index]!;
  const owned = lane.owned?.[index];
  if (owned !== undefined) return owned === 0 ? t('idle') : partitionCount(owned);
  if (owner === nobody) return t('no owner');
  const { host = '' } = members[owner] ?? {};
  return host === '' ? memberName(members, owner) : `${memberName(members, owner)} (${visibleText(host)})`;
}

export function lineText({ at, file, line, text }: LineMessage, now: number): string {
  return t('{0}, {1}: {2}', momentText(at, now), placeText(file, line), visibleText(text));
}

/** Which line of which file. */
export function placeText(file: string, line: number): string {
  return t('{0}, line {1}', fileName(file), formatCount(line));
}

/** Without its folders, whatever the system. */
export function fileName(file: string): string {
  return visibleText(file.slice(file.search(/[^\\/]*$/)));
}

export function rebalanceText(rebalance: RebalanceMessage, now: number): string {
  const step = stepText(rebalance);
  return [
    t('Rebalance at {0}: {1}', momentText(timeOf(rebalance), now), causesText(rebalance)),
    ...(rebalance.began === undefined ? [] : [t('took {0}', durationText(rebalance, now))]),
    t('members {0} to {1}', rebalance.membersBefore, rebalance.membersAfter),
    t('{0} moved', rebalance.moved),
    ...(step === '' ? [] : [step]),
  ].join('; ');
}
