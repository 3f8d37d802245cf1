import type { GroupHistory } from '../../../groups/assignmentHistory.ts';
import { csvCell } from '../exportRows.ts';
import type { HistoryExport } from './protocol.ts';

/** The text of the file: JSON is the whole history, CSV one line an owner span. Times are ISO, in UTC; 64-bit integers exact. */
export function exportHistory(cluster: string, history: GroupHistory, format: HistoryExport): string {
  return format === 'json' ? jsonText(cluster, history) : csvText(history);
}

/** Known to the run-time, not yet to TypeScript's library. */
const exactJson = JSON as unknown as { rawJSON(text: string): unknown };

/** Times are numbers of milliseconds in the history and texts in the file. */
const timeFields = new Set(['from', 'to', 'at', 'began', 'joinedAt', 'ended', 'revokingFrom']);

function jsonText(cluster: string, history: GroupHistory): string {
  const text = JSON.stringify(
    { cluster, ...history },
    (name, value: unknown) => {
      if (typeof value === 'bigint') return exactJson.rawJSON(value.toString());
      if (typeof value === 'number' && timeFields.has(name)) return isoOf(value);
      return value;
    },
    2,
  );
  return `${text}\n`;
}

const header = [
  'topic',
  'partition',
  'memberId',
  'clientId',
  'instanceId',
  'host',
  'from',
  'to',
  'milliseconds',
  'revokingFrom',
];

function csvText({ spans, members, to: end }: GroupHistory): string {
  const byId = new Map(members.map((member) => [member.id, member]));
  const lines = spans.map(({ topic, partition, member, from, to, revokingFrom }) => {
    const owner = member === undefined ? undefined : byId.get(member);
    const duration = Math.max(0, (to ?? end) - from);
    return [
      topic,
      partition,
      member,
      owner?.clientId,
      owner?.instanceId,
      owner?.host,
      isoOf(from),
      isoOf(to),
      duration,
      isoOf(revokingFrom),
    ];
  });
  return [header, ...lines].map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
}

/** undefined for a time that no calendar has: a record may claim any. */
function isoOf(at: number | undefined): string | undefined {
  return at === undefined || Math.abs(at) > 8.64e15 ? undefined : new Date(at).toISOString();
}
