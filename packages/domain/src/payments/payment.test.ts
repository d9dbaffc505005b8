import { describe, expect, test } from 'vitest';
import { type CheckoutAttempt, decideDisposition } from './payment.ts';
import type { PaidSession } from './session.ts';

const attempt: CheckoutAttempt = {
  id: 'a',
  orderId: 'o',
  state: 'open',
  livemode: false,
  expectedAmountCents: 5_000,
  currency: 'eur',
  parameters: {},
  expiresAt: new Date(0),
  sessionId: 'cs_1',
  url: null,
  isLeased: false,
  isBeyondPage: false,
};

const paid: PaidSession = {
  sessionId: 'cs_1',
  paymentIntentId: 'pi_1',
  chargeId: null,
  amountCents: 5_000,
  currency: 'eur',
  livemode: false,
};

const usual = {
  order: 'pending',
  isErased: false,
  hold: { status: 'active' },
  event: { isCancelled: false, hasEnded: false },
  attempt,
  paid,
  refundedCents: 0,
} as const;

describe('decideDisposition', () => {
  test.for<[string, Partial<Parameters<typeof decideDisposition>[0]>, unknown]>([
    ['a payment in time becomes tickets', {}, { kind: 'tickets', reason: 'in_time' }],
    [
      'late, with the hold gone: the seats are taken again if they are there',
      { order: 'expired', hold: { status: 'expired' } },
      { kind: 'retake' },
    ],
    [
      'a second payment of a paid order goes back',
      { order: 'paid' },
      { kind: 'refund', reason: 'second_payment' },
    ],
    [
      'a second payment of a fulfilled order goes back',
      { order: 'fulfilled', hold: { status: 'converted' } },
      { kind: 'refund', reason: 'second_payment' },
    ],
    [
      'a payment of somebody who was forgotten goes back: no link of theirs opens tickets any more',
      { order: 'expired', hold: { status: 'expired' }, isErased: true },
      { kind: 'refund', reason: 'people_forgotten' },
    ],
    [
      'a payment of a cancelled order goes back',
      { order: 'cancelled', hold: { status: 'released' } },
      { kind: 'refund', reason: 'order_cancelled' },
    ],
    [
      'a payment for a cancelled event goes back',
      { event: { isCancelled: true, hasEnded: false } },
      { kind: 'refund', reason: 'event_cancelled' },
    ],
    [
      'a payment for an event that is over goes back',
      { event: { isCancelled: false, hasEnded: true } },
      { kind: 'refund', reason: 'event_ended' },
    ],
    [
      'money that was given back before we heard of it is no ticket',
      { refundedCents: 5_000 },
      { kind: 'refund', reason: 'already_refunded' },
    ],
    [
      'money of which a part was given back is tickets all the same',
      { refundedCents: 4_999 },
      { kind: 'tickets', reason: 'in_time' },
    ],
    [
      'a session we never opened is looked at',
      { attempt: undefined },
      { kind: 'review', reason: 'attempt_unknown' },
    ],
    [
      'another amount is looked at',
      { paid: { ...paid, amountCents: 4_999 } },
      { kind: 'review', reason: 'amount_differs' },
    ],
    [
      'another currency is looked at, even when the number is the same',
      { paid: { ...paid, currency: 'jpy' } },
      { kind: 'review', reason: 'currency_differs' },
    ],
    [
      'real money for a test session is looked at, before anything else',
      { paid: { ...paid, livemode: true, amountCents: 1 }, order: 'fulfilled' },
      { kind: 'review', reason: 'mode_differs' },
    ],
  ])('%s', ([, facts, decision]) => {
    expect(decideDisposition({ ...usual, ...facts })).toEqual(decision);
  });
});
