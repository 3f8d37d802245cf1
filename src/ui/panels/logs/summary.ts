import { fileName } from '../../../history/logs/logLine.ts';
import { formatCount } from '../../../shared/format.ts';
import { t } from '../../../shared/l10n.ts';
import { visibleText } from '../../../shared/visibleText.ts';
import type { ReadFile } from './logStore.ts';

export interface LogSummary {
  readonly text: string;
  /** Groups that lines name, most lines first. */
  readonly groups: readonly string[];
  /** Some lines do not say their time zone. */
  readonly isZoneAssumed: boolean;
}

/** What was found, in a sentence or two. */
export function summaryOf(files: readonly ReadFile[], localTime: (at: number) => string): LogSummary {
  const events = files.flatMap(({ reading }) => reading.events);
  const counts = new Map<string, number>();
  for (const { group } of events) if (group !== undefined) counts.set(group, (counts.get(group) ?? 0) + 1);
  const groups = [...counts].sort((a, b) => b[1] - a[1]).map(([group]) => group);
  const names = files.map(({ file }) => visibleText(fileName(file))).join(', ');
  const isZoneAssumed = events.some((event) => event.isZoneAssumed);
  if (events.length === 0) {
    const lines = files.reduce((sum, { reading }) => sum + reading.lines, 0);
    const text = `${t('None of the {0} lines of {1} is known to say something of a group.', formatCount(lines), names)} ${t(
      "Kafka's coordinator and Java consumers say it from level INFO on; librdkafka with debug=cgrp.",
    )}`;
    return { text, groups, isZoneAssumed };
  }
  let [first, last] = [Infinity, -Infinity];
  for (const { at } of events) {
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  const named = events.filter(({ group }) => group !== undefined).length;
  const found =
    groups.length === 0
      ? t(
          '{0}: {1} lines of clients between {2} and {3}. None names its group: they show in the history of a group that has one member of that client id then.',
          names,
          formatCount(events.length),
          localTime(first),
          localTime(last),
        )
      : named === 1
        ? t('{0}: 1 line of {1}, at {2}.', names, visibleText(groups[0]!), localTime(first))
        : groups.length === 1
          ? t(
              '{0}: {1} lines of {2} between {3} and {4}.',
              names,
              formatCount(named),
              visibleText(groups[0]!),
              localTime(first),
              localTime(last),
            )
          : t(
              '{0}: {1} lines of {2} groups between {3} and {4}.',
              names,
              formatCount(named),
              groups.length,
              localTime(first),
              localTime(last),
            );
  return { text: [found, ...reservations(files)].join(' '), groups, isZoneAssumed };
}

function reservations(files: readonly ReadFile[]): string[] {
  const sum = (of: (file: ReadFile) => number): number => files.reduce((total, file) => total + of(file), 0);
  const dropped = sum(({ reading }) => reading.dropped);
  const withoutTime = sum(({ reading }) => reading.withoutTime);
  const assumed = files.find(({ reading }) => reading.events.some((event) => event.isZoneAssumed));
  return [
    ...(assumed === undefined
      ? []
      : [t('Its lines do not say their time zone: taken as {0}.', zoneText(assumed.zone))]),
    ...(dropped === 0 ? [] : [t('{0} older lines were too many to keep.', formatCount(dropped))]),
    ...(withoutTime === 0 ? [] : [t('{0} lines have no time.', formatCount(withoutTime))]),
  ];
}

export function zoneText(zone: ReadFile['zone']): string {
  if (zone === 'local') return t("this machine's");
  if (zone === 'utc') return t('UTC');
  const sign = zone < 0 ? '-' : '+';
  const [hours, minutes] = [Math.floor(Math.abs(zone) / 60), Math.abs(zone) % 60];
  return `UTC${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

/** Minutes east of UTC, of `+02:00`, `-0530`, `UTC+1` or `Z`; undefined where it is none. */
export function parseZone(text: string): number | undefined {
  const found = /^(?:UTC|GMT)?\s*(?:([+-])(\d{1,2})(?::?([0-5]\d))?)?$/i.exec(text.trim().replace(/^Z$/i, 'UTC'));
  if (found === null || text.trim() === '') return undefined;
  const [, sign, hours = '0', minutes = '0'] = found;
  const total = Number(hours) * 60 + Number(minutes);
  return total > 14 * 60 ? undefined : total === 0 ? 0 : sign === '-' ? -total : total;
}
