import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openShop, patience, refusalOf, type Shop } from './testing/shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});
afterEach(async () => await shop[Symbol.asyncDispose]());

async function dispute(charge: Stripe.Charge): Promise<Stripe.Dispute> {
  return await shop.control('disputes', { payment_intent: charge.payment_intent });
}

async function statusOf(id: string): Promise<string> {
  return (await shop.stripe.disputes.retrieve(id)).status;
}

describe('evidence', () => {
  test('goes to the bank, which takes its time', async () => {
    const { id } = await dispute(await shop.buy());
    const before = (await shop.events()).length;
    const answered = await shop.stripe.disputes.update(id, {
      evidence: { access_activity_log: 'Admitted at gate 3.', service_date: '2031-05-01' },
      metadata: { order_id: 'order-1' },
    });
    expect(answered).toMatchObject({
      status: 'under_review',
      metadata: { order_id: 'order-1' },
      evidence: { access_activity_log: 'Admitted at gate 3.', service_date: '2031-05-01' },
      evidence_details: {
        has_evidence: true,
        submission_count: 1,
        submission_method: 'manual',
      },
    });
    const told = (await shop.events()).slice(before);
    expect(told.map(({ type }) => type)).toEqual(['charge.dispute.updated', 'charge.updated']);
    expect(told[0]?.data.previous_attributes).toMatchObject({
      status: 'needs_response',
      evidence_details: { submission_count: 0 },
    });
    await shop.control(`disputes/${id}/win`);
    expect(await statusOf(id)).toBe('won');
  });

  test('is staged beside what was given before, and sent later', async () => {
    const { id } = await dispute(await shop.buy());
    const { disputes } = shop.stripe;
    await disputes.update(id, { evidence: { customer_name: 'Ada' }, submit: false });
    const staged = await disputes.update(id, { evidence: { service_date: 'May' }, submit: false });
    expect(staged).toMatchObject({
      status: 'needs_response',
      evidence: { customer_name: 'Ada', service_date: 'May' },
      evidence_details: { has_evidence: true, submission_count: 0 },
    });
    expect((await disputes.update(id, { submit: true })).status).toBe('under_review');
  });

  test.for([
    [{ colour: 'red' }, 'evidence[colour]'],
    [{ receipt: 'a text' }, 'evidence[receipt]'],
    [{ uncategorized_text: 'x'.repeat(150_001) }, 'evidence[uncategorized_text]'],
    [
      { uncategorized_text: 'x'.repeat(80_000), refund_policy_disclosure: 'x'.repeat(80_000) },
      'evidence',
    ],
  ] as const)('that is none is refused: %#', async ([evidence, param]) => {
    const { id } = await dispute(await shop.buy());
    const error = await refusalOf(shop.stripe.disputes.update(id, { evidence } as never));
    expect(error).toMatchObject({ statusCode: 400, param });
    expect(await statusOf(id)).toBe('needs_response');
  });

  test.for([
    ['winning_evidence', 'won'],
    ['losing_evidence', 'lost'],
  ] as const)('%s decides: %s', async ([text, status]) => {
    const { id } = await dispute(await shop.buy());
    await shop.stripe.disputes.update(id, { evidence: { uncategorized_text: text } });
    await expect.poll(async () => await statusOf(id), patience).toBe(status);
  });
});
