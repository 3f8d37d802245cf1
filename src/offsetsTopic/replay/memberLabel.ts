/**
 * What people call a member: its static name, else its client id with the first signs of its member id, since several members mostly
 * share one client id.
 */
export function memberLabel(member: {
  readonly id: string;
  readonly instanceId?: string | null | undefined;
  readonly clientId: string;
}): string {
  const { id, instanceId, clientId } = member;
  if (instanceId) return instanceId;
  if (clientId === '') return id;
  const own = id.startsWith(`${clientId}-`) ? id.slice(clientId.length + 1) : id;
  return `${clientId} (${own.slice(0, 6)})`;
}
