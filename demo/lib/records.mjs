import { cities } from './catalog.mjs';

/** Records of a small shop. `n` numbers them; the same number gives the same record. */

const pick = (list, n) => list[n % list.length];
const money = (n, max) => Math.round(((n * 7919) % max) * 100) / 100;
const customer = (n) => `C-${1000 + ((n * 37) % 400)}`;

const products = ['espresso-machine', 'milk-frother', 'grinder', 'filter-papers', 'descaler', 'travel-mug'];

export const makers = {
  orders: (n) => ({
    key: customer(n),
    body: {
      orderId: `O-${n}`,
      customerId: customer(n),
      product: pick(products, n),
      quantity: 1 + (n % 3),
      total: money(n, 400),
    },
  }),
  invoices: (n) => ({
    key: customer(n),
    body: {
      invoiceId: `I-${n}`,
      orderId: `O-${n}`,
      customerId: customer(n),
      net: money(n, 400),
      country: pick(['DE', 'FR', 'ES', 'IT'], n),
    },
  }),
  shipments: (n) => ({
    key: `S-${n}`,
    body: {
      shipmentId: `S-${n}`,
      orderId: `O-${n}`,
      address: { city: pick(cities, n), zip: String(10000 + (n % 80000)) },
      weightGrams: 200 + ((n * 131) % 4000),
    },
  }),
  'product-updates': (n) => ({
    key: pick(products, n),
    body: { product: pick(products, n), revision: n, price: money(n, 300), inStock: n % 7 !== 0 },
  }),
  payments: (n) => ({
    key: `O-${n}`,
    body: {
      paymentId: `P-${n}`,
      orderId: `O-${n}`,
      amount: money(n, 400),
      currency: 'EUR',
      method: pick(['card', 'paypal', 'invoice'], n),
    },
  }),
  refunds: (n) => ({
    key: `O-${n}`,
    body: { refundId: `R-${n}`, orderId: `O-${n}`, amount: 1 + money(n, 200), currency: 'EUR' },
  }),
  payouts: (n) => ({
    key: `M-${n % 40}`,
    body: { payoutId: `PO-${n}`, merchantId: `M-${n % 40}`, amount: money(n, 5000) },
  }),
  'loyalty-events': (n) => ({
    key: customer(n),
    body: {
      customerId: customer(n),
      event: pick(['purchase', 'referral', 'birthday', 'return'], n),
      points: (n * 13) % 200,
    },
  }),
  'stock-transfers': (n) => ({
    key: pick(products, n),
    body: { from: pick(cities, n), to: pick(cities, n + 3), product: pick(products, n), quantity: 1 + (n % 20) },
  }),
  stock: (n) => ({ key: pick(products, n), body: { product: pick(products, n), change: (n % 9) - 4 } }),
  'crm-contacts': (n) => ({
    key: customer(n),
    body: { customerId: customer(n), newsletter: n % 2 === 0, updatedBy: pick(['web', 'app', 'support'], n) },
  }),
  campaigns: (n) => ({
    key: `K-${n % 12}`,
    body: { campaignId: `K-${n % 12}`, customerId: customer(n), opened: n % 3 === 0 },
  }),
};

/** A record as kafkajs sends it. `at`: its time, milliseconds since 1970. */
export function record(kind, n, at = Date.now()) {
  const { key, body } = makers[kind](n);
  return {
    key,
    value: JSON.stringify({ ...body, at: new Date(at).toISOString() }),
    headers: {
      source: 'shop',
      'content-type': 'application/json',
      'trace-id': (n * 2654435761).toString(16).padStart(12, '0'),
    },
    timestamp: String(at),
  };
}
