import { expect, test } from 'vitest';
import { countsOf, factsOf, type Reading } from './readings.ts';

const series = (name: string, values: Reading['values']): Reading => ({
  name,
  ...(values && { values }),
});
const seconds = (name: string, labels: object, value: number) => ({
  labels,
  value,
  metricName: `${name}_count`,
});

const metrics: Reading[] = [
  series('http_problems_total', [
    { labels: { code: 'webhook.too_old' }, value: 3 },
    { labels: { code: 'order.not_found' }, value: 9 },
  ]),
  series('provider_call_duration_seconds', [
    seconds('provider_call_duration_seconds', { provider: 'stripe', outcome: 'ok' }, 7),
    seconds('provider_call_duration_seconds', { provider: 'stripe', outcome: 'no_answer' }, 2),
    {
      labels: { provider: 'stripe', outcome: 'ok', le: 1 },
      value: 7,
      metricName: 'provider_call_duration_seconds_bucket',
    },
  ]),
  series('payment_to_ticket_seconds', [
    { labels: { le: 10 }, value: 4, metricName: 'payment_to_ticket_seconds_bucket' },
    { labels: { le: 30 }, value: 5, metricName: 'payment_to_ticket_seconds_bucket' },
    { labels: {}, value: 5, metricName: 'payment_to_ticket_seconds_count' },
  ]),
  series('constraint_refusals_total', [
    { labels: { constraint: 'ticket_tiers_never_oversold' }, value: 1 },
    { labels: { constraint: 'orders_total_check' }, value: 8 },
  ]),
  series('http_request_duration_seconds', [
    seconds('http_request_duration_seconds', { route: '/v1/holds', status: 201 }, 5),
    seconds('http_request_duration_seconds', { route: '/v1/holds', status: 503 }, 1),
    seconds('http_request_duration_seconds', { route: '/health/live', status: 500 }, 50),
  ]),
  series('sweep_ended_seconds', [{ labels: { sweep: 'holds.expire' }, value: 100 }]),
  series('sweep_interval_seconds', [{ labels: { sweep: 'holds.expire' }, value: 5 }]),
  series('books_audited_seconds', [{ labels: {}, value: 60 }]),
  series('books_rules', [
    { labels: { outcome: 'held' }, value: 50 },
    { labels: { outcome: 'unknown' }, value: 2 },
  ]),
  series('unexplained_cents', [
    { labels: { currency: 'eur' }, value: 5 },
    { labels: { currency: 'usd' }, value: -7 },
  ]),
  series('signals_read_seconds', [{ labels: {}, value: 101 }]),
  series('queue_oldest_waiting_seconds', [{ labels: { queue: 'refunds' }, value: 3 }]),
];

test('what a process counted is named as the rules know it', () => {
  expect(countsOf('checkout', metrics)).toEqual({
    'webhook.refused': 0,
    'webhook.too_old': 3,
    'guard.oversold': 1,
    'stripe.calls': 9,
    'stripe.failures': 2,
    'resend.calls': 0,
    'resend.failures': 0,
    'settle.orders': 5,
    'settle.late': 1,
    'checkout.requests': 6,
    'checkout.failures': 1,
  });
  expect(countsOf('ops', metrics)).not.toHaveProperty('checkout.requests');
});

test('a process tells what only it knows, and how old that is', () => {
  expect(factsOf(metrics, 104_000)).toEqual({
    sweeps: [{ sweep: 'holds.expire', ageSeconds: 4, everySeconds: 5 }],
    books: { ageSeconds: 44, rulesUnknown: 2, unexplainedCents: 12 },
    queues: { ageSeconds: 3, oldestSeconds: { refunds: 3 } },
  });
  expect(factsOf([], 104_000)).toEqual({});
});

test('what was never read or audited is not told as something that is well', () => {
  const gauges = [
    series('books_audited_seconds', [{ labels: {}, value: 0 }]),
    series('signals_read_seconds', [{ labels: {}, value: 0 }]),
  ];
  expect(factsOf(gauges, 104_000)).toEqual({});
});
