import type { LogEvent } from './logEvent.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Gives lines of clients the group and the member id that other lines of the same client and file have: most lines name
 * only the client. Events in order of lines.
 */
export function attributeEvents(events: readonly LogEvent[]): LogEvent[] {
  const groups = groupsOfClients(events);
  const members = new Map<string, string>();
  return events.map((event) => {
    if (event.source === 'broker') return event;
    const filled: Mutable<LogEvent> = { ...event };
    const client = clientKey(event);
    filled.group ??= client === undefined ? undefined : (groups.get(client) ?? undefined);
    // Two consumers of one process may share a client id: of one group they cannot be told apart.
    const key = `${client ?? ''} ${filled.group ?? ''}`;
    if (event.member !== undefined) members.set(key, event.member);
    else if (client !== undefined) filled.member = members.get(key);
    return filled;
  });
}

/** The group of each client; null where it has several. */
function groupsOfClients(events: readonly LogEvent[]): Map<string, string | null> {
  const groups = new Map<string, string | null>();
  for (const event of events) {
    const client = clientKey(event);
    if (client === undefined || event.group === undefined) continue;
    const known = groups.get(client);
    groups.set(client, known === undefined || known === event.group ? event.group : null);
  }
  return groups;
}

function clientKey({ source, file, clientId }: LogEvent): string | undefined {
  return source === 'broker' || clientId === undefined ? undefined : `${source} ${file} ${clientId}`;
}
