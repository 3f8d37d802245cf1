import { main } from '../lib/program.mjs';
import { consume } from '../lib/platformatic.mjs';

/**
 * The consumer protocol of KIP-848 (group.protocol=consumer): the broker computes the assignment, and members reconcile with it one by
 * one. Nothing is wrong here; it is what tools that know only classic groups show as Dead.
 */
function member(clientId) {
  const points = new Map();
  return consume({
    groupId: 'loyalty-points',
    clientId,
    groupProtocol: 'consumer',
    topic: 'loyalty-events',
    each: (event) => points.set(event.customerId, (points.get(event.customerId) ?? 0) + event.points),
  });
}

export async function start() {
  const ends = await Promise.all([member('loyalty-0'), member('loyalty-1')]);
  return () => Promise.all(ends.map((end) => end()));
}

await main(import.meta, start);
