import { describe, expect, test } from 'vitest';
import type { Signals } from '#signals/read-signals';
import { findAll, rules } from './rules.ts';

/** A system in which nothing is wrong. */
const well: Signals = {
  business: {
    holdsActive: 40,
    holdsOverdueSeconds: 0,
    paidWithoutTickets: 0,
    paidWithoutTicketsSeconds: 0,
    paidLate: 0,
    eventsOpen: 0,
    eventsOpenSeconds: 0,
    messagesDead: 0,
  },
  outbox: [],
  incidents: new Map(),
  silence: [],
  sweeps: [],
  counts: new Map(),
  unheardEvents: 0,
  mails: [],
  books: undefined,
  queues: new Map(),
  backups: { ageSeconds: 60, dueSeconds: 7_200, failuresSince: 0, archiveFailingSeconds: 0 },
  redis: { usedBytes: 10, maxBytes: 100, evictionPolicy: 'noeviction', lostSeconds: null },
};

const business = (change: Partial<Signals['business']>) => ({
  business: { ...well.business, ...change },
});
const redis = (change: Partial<NonNullable<Signals['redis']>>) => ({
  redis: {
    usedBytes: 10,
    maxBytes: 100,
    evictionPolicy: 'noeviction',
    lostSeconds: null,
    ...change,
  },
});
const incidents = (kind: string, open: number) => ({ incidents: new Map([[kind, open]]) });
const outbox = (oldestSeconds: number) => ({
  outbox: [{ queue: 'refunds', open: 1, oldestSeconds }],
});
const silence = (silentSeconds: number, missedSeconds: number) => ({
  silence: [{ service: 'ticketing', silentSeconds, missedSeconds }],
});
const sweep = (everySeconds: number, lateSeconds: number) => ({
  sweeps: [{ sweep: 'books.audit', everySeconds, lateSeconds }],
});
const mails = (lost: number, delivered: number) => ({
  mails: [{ kind: 'order_confirmation', lost, delivered, waiting: 0 }],
});
const books = (rulesUnknown: number, unexplainedCents: number) => ({
  books: { rulesUnknown, unexplainedCents },
});

/** Counted within five minutes, and so within the hour; an hour ago where two numbers are given. */
function counts(of: Readonly<Record<string, number | readonly [five: number, hour: number]>>) {
  return {
    counts: new Map(
      Object.entries(of).map(([kind, count]) => {
        const [lastFiveMinutes, lastHour] = typeof count === 'number' ? [count, count] : count;
        return [kind, { kind, lastFiveMinutes, lastHour }] as const;
      }),
    ),
  };
}

const backups = (change: Partial<Signals['backups']>) => ({
  backups: { ...well.backups, ...change },
});

type Change = Partial<Signals>;

/** Of each rule what it bears, and what it finds. */
const edges: Readonly<Record<string, readonly (readonly [borne: Change, found: Change])[]>> = {
  ServiceSilent: [
    [silence(45, 45), silence(46, 46)],
    [silence(90_000, 40), silence(90_000, 46)],
  ],
  SweepLate: [
    [sweep(5, 60), sweep(5, 61)],
    [sweep(300, 900), sweep(300, 901)],
  ],
  PaidWithoutTickets: [
    [
      business({ paidWithoutTickets: 9, paidWithoutTicketsSeconds: 60 }),
      business({ paidWithoutTickets: 1, paidWithoutTicketsSeconds: 61 }),
    ],
  ],
  MessageDead: [[{}, business({ messagesDead: 1 })]],
  OutboxStuck: [[outbox(300), outbox(301)]],
  QueueStuck: [[{ queues: new Map([['refunds', 120]]) }, { queues: new Map([['refunds', 121]]) }]],
  HoldSweepLate: [[business({ holdsOverdueSeconds: 60 }), business({ holdsOverdueSeconds: 61 })]],
  RedisAway: [[{}, { redis: undefined }]],
  RedisLostData: [[redis({ lostSeconds: 60 }), redis({ lostSeconds: 59 })]],
  RedisMemory: [
    [redis({ usedBytes: 85 }), redis({ usedBytes: 86 })],
    [redis({ usedBytes: 86, maxBytes: 0 }), redis({ usedBytes: 86 })],
  ],
  RedisEvicts: [[{}, redis({ evictionPolicy: 'allkeys-lru' })]],
  WebhookLag: [[business({ eventsOpenSeconds: 60 }), business({ eventsOpenSeconds: 61 })]],
  WebhooksLost: [[{ unheardEvents: 2 }, { unheardEvents: 3 }]],
  WebhooksRefused: [
    [counts({ 'webhook.refused': 5 }), counts({ 'webhook.refused': 6 })],
    [counts({ 'webhook.refused': [5, 99] }), counts({ 'webhook.refused': [6, 99] })],
  ],
  ClockWrong: [[counts({ 'webhook.too_old': 2 }), counts({ 'webhook.too_old': 3 })]],
  ProviderFails: [
    [
      counts({ 'stripe.calls': 5, 'stripe.failures': 5 }),
      counts({ 'stripe.calls': 6, 'stripe.failures': 6 }),
    ],
    [
      counts({ 'resend.calls': 100, 'resend.failures': 10 }),
      counts({ 'resend.calls': 100, 'resend.failures': 11 }),
    ],
  ],
  MailStopped: [[incidents('email.bounced', 9), incidents('mail.stopped', 1)]],
  MailNotDelivered: [[incidents('email.bounced', 9), incidents('email.undelivered', 1)]],
  MailDeliveryRateLow: [
    [mails(2, 18), mails(3, 17)],
    [mails(19, 0), mails(20, 0)],
  ],
  BooksBroken: [[incidents('message.dead', 9), incidents('books.broken', 1)]],
  BooksNotAsked: [[books(0, 0), books(1, 0)]],
  CentsUnexplained: [
    [books(0, 0), books(0, 1)],
    [incidents('balance.strange', 9), incidents('balance.unexplained', 1)],
  ],
  OversellGuardTripped: [[counts({ 'guard.oversold': 0 }), counts({ 'guard.oversold': [0, 1] })]],
  TicketsLate: [
    [
      counts({ 'settle.orders': 10, 'settle.late': 4 }),
      counts({ 'settle.orders': 10, 'settle.late': 5 }),
    ],
    [
      counts({ 'settle.orders': 1_000, 'settle.late': 14 }),
      counts({ 'settle.orders': 1_000, 'settle.late': 15 }),
    ],
    // It was so, and is no more.
    [
      counts({ 'settle.orders': [10, 100], 'settle.late': [0, 50] }),
      counts({ 'settle.orders': [10, 100], 'settle.late': [1, 50] }),
    ],
    // Ticketing is down: none is issued, and so none is counted.
    [business({ paidLate: 4 }), business({ paidLate: 5 })],
    [
      { ...counts({ 'settle.orders': 1_000 }), ...business({ paidLate: 14 }) },
      { ...counts({ 'settle.orders': 1_000 }), ...business({ paidLate: 15 }) },
    ],
  ],
  BackupLate: [
    [backups({ ageSeconds: 7_200 }), backups({ ageSeconds: 7_201 })],
    [backups({ ageSeconds: null, failuresSince: 9 }), backups({ ageSeconds: 9_000 })],
  ],
  ArchivingFails: [[backups({ archiveFailingSeconds: 0 }), backups({ archiveFailingSeconds: 1 })]],
  CheckoutFails: [
    [
      counts({ 'checkout.requests': 100, 'checkout.failures': 4 }),
      counts({ 'checkout.requests': 100, 'checkout.failures': 5 }),
    ],
    [
      counts({ 'checkout.requests': 10_000, 'checkout.failures': 144 }),
      counts({ 'checkout.requests': 10_000, 'checkout.failures': 145 }),
    ],
  ],
};

/** What must last before anybody hears of it, in seconds. */
const lasting = { RedisAway: 25, BooksNotAsked: 3_600, ArchivingFails: 120 };

test('of a system that is well nothing is found', () => {
  expect(findAll(well)).toEqual([]);
});

test('each rule has its edges tried', () => {
  expect(Object.keys(edges).toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
});

describe.each(Object.entries(edges))('%s', (name, pairs) => {
  test.each(pairs)('bears %o and finds %o', (borne, found) => {
    expect(findAll({ ...well, ...borne }).map((finding) => finding.name)).toEqual([]);
    expect(findAll({ ...well, ...found })).toEqual([
      expect.objectContaining({
        name,
        runbook: `docs/runbook.md#${name.toLowerCase()}`,
        forS: lasting[name as keyof typeof lasting] ?? 0,
      }),
    ]);
  });
});
