import type { LogEventKind, LogFacts } from './logEvent.ts';

/** What kafkajs (1.x, 2.x) says behind its namespace. */
const kinds: readonly (readonly [RegExp, LogEventKind])[] = [
  [/^\[ConsumerGroup\] Consumer has joined the group/, 'assigned'],
  [/^\[Consumer\] Starting/, 'joining'],
  [/^\[Consumer\] Stopped/, 'leave-sent'],
  [/^\[Runner\] The group is rebalancing, re-joining/, 'join-requested'],
  [/^\[Runner\] The coordinator is not aware of this member, re-joining the group/, 'fenced'],
  [/^\[Consumer\] Crash: /, 'rebalance-failed'],
  [/^\[ConsumerGroup\] Offset out of range, resetting to default offset/, 'out-of-range'],
  [/^\[ConsumerGroup\] .*, resync group/, 'join-requested'],
  [/^\[ConsumerGroup\] Received assignment/, 'synced'],
  [/^\[ConsumerGroup\] Chosen as group leader/, 'joined'],
];

/** Facts of a message of kafkajs, with the fields that came with it. */
export function kafkajsFacts(message: string, fields: Readonly<Record<string, unknown>>): LogFacts | undefined {
  const kind = kinds.find(([form]) => form.test(message))?.[1];
  if (kind === undefined) return undefined;
  const generation = fields['generationId'];
  const assignment = fields['memberAssignment'];
  const topic = text(fields['topic']);
  const partition = typeof fields['partition'] === 'number' ? `${topic}-${fields['partition']}` : undefined;
  return {
    kind,
    group: text(fields['groupId']),
    member: text(fields['memberId']),
    clientId: text(fields['clientId']),
    generation: typeof generation === 'number' ? generation : undefined,
    reason: reasonOf(kind, message, fields),
    partitions: assignment === undefined ? partition : JSON.stringify(assignment).slice(0, 500),
  };
}

function reasonOf(kind: LogEventKind, message: string, fields: Readonly<Record<string, unknown>>): string | undefined {
  if (kind === 'rebalance-failed') return message.slice('[Consumer] '.length, 500);
  return text(fields['error']);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 500) : undefined;
}
