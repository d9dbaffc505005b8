import { describe, expect, test } from 'vitest';
import { type StripeSession, sessionFact } from './session.ts';

const session: StripeSession = {
  id: 'cs_1',
  livemode: false,
  status: 'complete',
  payment_status: 'paid',
  amount_total: 5_000,
  currency: 'eur',
  payment_intent: 'pi_1',
};

describe('sessionFact', () => {
  test('a paid session says how much, in what, and by which payment', () => {
    expect(sessionFact(session)).toEqual({
      kind: 'paid',
      paid: {
        sessionId: 'cs_1',
        paymentIntentId: 'pi_1',
        chargeId: null,
        amountCents: 5_000,
        currency: 'eur',
        livemode: false,
      },
    });
  });

  test('read back with its payment, it names the charge too', () => {
    const intent = { id: 'pi_1', status: 'succeeded', latest_charge: { id: 'ch_1' } };
    expect(sessionFact({ ...session, payment_intent: intent })).toMatchObject({
      paid: { paymentIntentId: 'pi_1', chargeId: 'ch_1' },
    });
  });

  test.for<[string, Partial<StripeSession>, string]>([
    ['an open page', { status: 'open', payment_status: 'unpaid' }, 'open'],
    ['a page that has ended', { status: 'expired', payment_status: 'unpaid' }, 'expired'],
    ['a delayed method', { payment_status: 'unpaid' }, 'processing'],
    [
      'a delayed method that failed',
      {
        payment_status: 'unpaid',
        payment_intent: { id: 'pi_1', status: 'requires_payment_method' },
      },
      'failed',
    ],
    ['a status we do not know yet', { status: 'appealed', payment_status: 'unpaid' }, 'open'],
  ])('%s is no money yet', ([, change, kind]) => {
    expect(sessionFact({ ...session, ...change }).kind).toBe(kind);
  });
});
