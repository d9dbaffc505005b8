import { describe, expect, test } from 'vitest';
import { decideStripeEvent, stripeEventSchema } from './stripe-event.ts';

const orderId = '019aa0de-0000-7000-8000-000000000001';

function event(overrides: { type?: string; session?: Record<string, unknown> }) {
  return stripeEventSchema.parse({
    id: 'evt_1',
    object: 'event',
    type: overrides.type ?? 'checkout.session.completed',
    api_version: '2026-09-30.endive',
    created: 1_795_000_000,
    livemode: false,
    pending_webhooks: 1,
    data: {
      object: {
        object: 'checkout.session',
        id: 'cs_1',
        client_reference_id: orderId,
        status: 'a status that Stripe will invent',
        ...overrides.session,
      },
    },
  });
}

describe('which job a Stripe event causes', () => {
  test.for([
    'checkout.session.completed',
    'checkout.session.async_payment_succeeded',
    'checkout.session.async_payment_failed',
    'checkout.session.expired',
  ])('%s settles the order its session names', (type) => {
    expect(decideStripeEvent(event({ type }))).toEqual({
      kind: 'enqueue',
      name: 'order.settle',
      payload: { orderId, sessionId: 'cs_1', eventId: 'evt_1' },
    });
  });

  test.for(['charge.updated', 'payment_intent.payment_failed', 'checkout.session.reinvented'])(
    '%s causes nothing yet',
    (type) => {
      expect(decideStripeEvent(event({ type }))).toEqual({ kind: 'ignore', reason: 'type' });
    },
  );

  test.for([
    ['no reference', { client_reference_id: null }],
    ['a reference that is not an order id', { client_reference_id: 'customer 7' }],
    ['no id', { id: 7 }],
    ['another kind of object', { object: 'checkout.session.line_item' }],
  ] as const)('a session with %s is not ours', ([, session]) => {
    expect(decideStripeEvent(event({ session }))).toEqual({
      kind: 'ignore',
      reason: 'not_our_session',
    });
  });
});

describe('an early fraud warning', () => {
  const type = 'radar.early_fraud_warning.created';
  const warning = {
    object: 'radar.early_fraud_warning',
    id: 'issfr_1',
    payment_intent: 'pi_1',
    actionable: true,
  };

  test('tells of the payment it is about', () => {
    expect(decideStripeEvent(event({ type, session: warning }))).toEqual({
      kind: 'enqueue',
      name: 'payment.warn',
      payload: { paymentIntentId: 'pi_1', eventId: 'evt_1' },
    });
  });

  test.for([
    ['one that was refunded or disputed', { actionable: false }, 'not_actionable'],
    ['one of a charge without a PaymentIntent', { payment_intent: null }, 'no_payment_intent'],
    ['another kind of object', { object: 'review' }, 'no_payment_intent'],
  ] as const)('%s causes nothing', ([, difference, reason]) => {
    const session = { ...warning, ...difference };
    expect(decideStripeEvent(event({ type, session }))).toEqual({ kind: 'ignore', reason });
  });
});

describe('reading a Stripe event', () => {
  test('keeps the fields nobody asked for', () => {
    expect(event({})).toMatchObject({ pending_webhooks: 1, api_version: '2026-09-30.endive' });
  });

  test.for([
    [
      'a thin event',
      { id: 'evt_1', object: 'v2.core.event', type: 'v1.checkout.session.completed' },
    ],
    ['a list', []],
    ['an event without its object', { id: 'evt_1', object: 'event', type: 'x', data: {} }],
  ] as const)('%s is not one', ([, value]) => {
    expect(stripeEventSchema.safeParse(value).success).toBe(false);
  });
});
