import { log, main } from '../lib/program.mjs';
import { consume } from '../lib/platformatic.mjs';

/**
 * A static member: with a `group.instance.id` it may be gone for its session time-out, here 30 seconds, and keeps its partitions meanwhile. The
 * group stays Stable, nothing rebalances, and yet nobody reads those partitions. There are two, payouts-0 and payouts-1;
 * the second is killed and started again and again (run.mjs).
 */
const instance = process.env.INSTANCE_ID ?? 'payouts-0';

export async function start() {
  const paid = { total: 0 };
  return consume({
    groupId: 'payouts',
    clientId: instance,
    groupInstanceId: instance,
    topic: 'payouts',
    sessionTimeout: 30_000,
    rebalanceTimeout: 30_000,
    joined: () => log('payouts', `${instance} is there`),
    each: (payout) => {
      paid.total += payout.amount;
    },
  });
}

await main(import.meta, start);
