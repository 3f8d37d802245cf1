/** Where the shop has its warehouses. */
export const cities = ['berlin', 'hamburg', 'lyon', 'madrid', 'milano', 'porto', 'utrecht', 'wien'];

/**
 * The topics of the shop. `history` is how many records each gets when it is created, with timestamps over the last two hours,
 * spread evenly: partition = n % partitions, so that the offset of a record is known; `batch` is how many are sent at once.
 * `megabytes` is how much of a partition is kept, 16 where left out, so that no backlog grows for ever.
 */
export const topics = [
  { topic: 'orders', partitions: 6, history: 24_000 },
  { topic: 'invoices', partitions: 3, history: 30_000, batch: 60 },
  // Enough that the poison pill outlasts the demo.
  { topic: 'shipments', partitions: 3, history: 1_800, megabytes: 1_024 },
  { topic: 'product-updates', partitions: 2, history: 1_000 },
  { topic: 'payments', partitions: 3, history: 3_000 },
  { topic: 'refunds', partitions: 1, history: 300 },
  { topic: 'payouts', partitions: 4, history: 1_000 },
  { topic: 'loyalty-events', partitions: 4, history: 2_000 },
  { topic: 'stock-transfers', partitions: 3, history: 600 },
  ...cities.map((city) => ({ topic: `stock-${city}`, kind: 'stock', partitions: 1, history: 300 })),
  { topic: 'crm-contacts', partitions: 2, history: 500 },
];

/** Where the record that is no JSON sits in `shipments`. */
export const poison = { topic: 'shipments', partition: 1, offset: 400 };
