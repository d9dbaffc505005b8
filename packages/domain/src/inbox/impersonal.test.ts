import { describe, expect, test } from 'vitest';
import { impersonal } from './impersonal.ts';

describe('what is kept of an event', () => {
  test('ids, amounts and states stay, wherever they stand', () => {
    const object = {
      id: 'cs_1',
      amount_total: 5_000,
      payment_intent: { id: 'pi_1', status: 'succeeded', latest_charge: null },
      metadata: { attempt_id: 'a', traceparent: '00-1-2-01' },
      list: [1, true, { reason: 'fraudulent' }],
    };
    expect(impersonal({ data: { object } })).toEqual({ data: { object } });
  });

  test('who it was goes, at any depth', () => {
    const person = { name: 'Ada', email: 'ada@example.org', address: { city: 'London' } };
    const event = {
      customer_details: person,
      customer_email: person.email,
      charges: { data: [{ id: 'ch_1', billing_details: person, receipt_email: person.email }] },
      evidence: { customer_name: person.name },
      last_payment_error: { message: 'declined', payment_method: { billing_details: person } },
    };
    expect(impersonal(event)).toEqual({
      charges: { data: [{ id: 'ch_1' }] },
      last_payment_error: { message: 'declined', payment_method: {} },
    });
  });
});
