import { cities, poison } from './lib/catalog.mjs';

/**
 * Every case of the demo: the programs that make it, the topics that they need, and `shows`, which looks at the group's facts (see
 * facts.mjs) and says whether the trouble can be seen, from how it is now and how it was before. Programs share a process; those of `own` have one each, since they end or
 * are killed, every `killEvery` ms; with `restart` they come back after `backAfter` ms.
 */
export const cases = [
  {
    name: 'healthy',
    group: 'order-confirmation',
    topics: ['orders'],
    programs: ['consumers/healthy.mjs'],
    shows: ({ now }) =>
      now.state === 'STABLE' &&
      now.members.length === 2 &&
      owned(now).length === 6 &&
      now.partitions.length === 6 &&
      now.lag < 200,
  },
  {
    name: 'too-slow',
    group: 'billing',
    topics: ['invoices'],
    programs: ['consumers/too-slow.mjs'],
    shows: ({ now, before }) =>
      now.state === 'STABLE' &&
      now.partitions.length === 3 &&
      before.some((look) => look.partitions.length === 3 && committed(look) < committed(now) && look.lag < now.lag),
  },
  {
    name: 'poison-pill',
    group: 'shipping',
    topics: ['shipments'],
    programs: ['consumers/poison-pill.mjs'],
    shows: ({ now }) => {
      const { committed: at, end } = partition(now, poison.topic, poison.partition);
      return (
        now.state === 'STABLE' &&
        // Somebody may have skipped it: then the group goes on.
        (at > poison.offset || (at === poison.offset && end > at)) &&
        now.members.length === 3 &&
        owned(now).length === 3
      );
    },
  },
  {
    name: 'crashed',
    group: 'nightly-report',
    topics: ['orders'],
    own: [{ program: 'consumers/crashed.mjs' }],
    shows: ({ now }) => now.state === 'EMPTY' && committed(now) > 0 && now.lag > 1_000,
  },
  {
    name: 'idle-members',
    group: 'search-indexer',
    topics: ['product-updates'],
    programs: ['consumers/idle-members.mjs'],
    shows: ({ now }) => now.state === 'STABLE' && now.members.length === 4 && idle(now) === 2 && committed(now) > 0,
  },
  {
    name: 'skewed',
    group: 'warehouse-sync',
    topics: [...cities.map((city) => `stock-${city}`), 'stock-transfers'],
    programs: ['consumers/skewed.mjs'],
    shows: ({ now }) =>
      now.state === 'STABLE' &&
      now.members
        .map(({ partitions }) => partitions.length)
        .sort()
        .join() === `1,1,${cities.length + 1}`,
  },
  {
    name: 'static-members',
    group: 'payouts',
    topics: ['payouts'],
    programs: ['consumers/static-members.mjs'],
    own: [
      {
        program: 'consumers/static-members.mjs',
        env: { INSTANCE_ID: 'payouts-1' },
        restart: true,
        killEvery: 20_000,
        backAfter: 10_000,
      },
    ],
    shows: ({ now }) =>
      now.state === 'STABLE' &&
      now.members
        .map(({ clientId }) => clientId)
        .sort()
        .join() === 'payouts-0,payouts-1' &&
      owned(now).length === 4,
  },
  {
    name: 'kip-848',
    group: 'loyalty-points',
    topics: ['loyalty-events'],
    programs: ['consumers/kip-848.mjs'],
    shows: ({ now }) =>
      now.type === 'consumer' &&
      now.state === 'STABLE' &&
      now.partitions.filter(({ committed: at }) => at > 0).length === 4 &&
      now.lag < 200,
  },
  {
    name: 'open-transaction',
    group: 'bookkeeping',
    topics: ['payments'],
    programs: ['consumers/open-transaction.mjs', 'producers/payments.mjs'],
    shows: ({ now }) => {
      const held = partition(now, 'payments', 2);
      return (
        now.state === 'STABLE' &&
        held.committed > 0 &&
        held.stable < held.end &&
        held.committed >= held.stable &&
        held.end - held.committed > 100
      );
    },
  },
  {
    name: 'aborted-transaction',
    group: 'refund-mails',
    topics: ['refunds'],
    programs: ['consumers/aborted-transaction.mjs', 'producers/refunds.mjs'],
    shows: ({ now }) => {
      const { committed: at, end } = partition(now, 'refunds', 0);
      return now.state === 'STABLE' && at === 300 && end > at + 40;
    },
  },
  {
    name: 'deleted-topic',
    group: 'crm-sync',
    topics: ['crm-contacts'],
    programs: ['consumers/deleted-topic.mjs'],
    shows: ({ now }) =>
      now.state === 'STABLE' && owned(now).some(({ topic, exists }) => topic === 'crm-contacts-v1' && !exists),
  },
  {
    name: 'recreated-topic',
    group: 'mailing',
    topics: [],
    programs: ['consumers/recreated-topic.mjs'],
    shows: ({ now }) => now.state === 'EMPTY' && now.lag < 0,
  },
  {
    name: 'rewinding',
    group: 'sales-report',
    topics: ['orders'],
    programs: ['consumers/rewinding.mjs'],
    shows: ({ now, before }) => now.state === 'STABLE' && before.some((look) => committed(look) > committed(now)),
  },
];

const owned = (look) => look.members.flatMap(({ partitions }) => partitions);
const idle = (look) => look.members.filter(({ partitions }) => partitions.length === 0).length;
const committed = (look) => look.partitions.reduce((sum, { committed: at }) => sum + at, 0);
const partition = (look, topic, number) =>
  look.partitions.find((p) => p.topic === topic && p.partition === number) ?? { committed: -1, end: -1, stable: -1 };
