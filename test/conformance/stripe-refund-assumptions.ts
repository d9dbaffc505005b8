import { randomUUID } from 'node:crypto';
import type Stripe from 'stripe';
import { expect } from 'vitest';
import { type Assumption, refusal } from './stripe-assumptions.ts';
import { eventTypesAbout, patience, probed, refundOf, type Till } from './stripe-till.ts';

async function refundBecomes({ stripe }: Till, id: string, status: string): Promise<Stripe.Refund> {
  const now = async () => (await stripe.refunds.retrieve(id)).status;
  await expect.poll(now, patience).toBe(status);
  return await stripe.refunds.retrieve(id);
}

export const refundAssumptions: readonly Assumption<Till>[] = [
  {
    says: 'a card refund succeeds at once, keeps what we sent, and is found by its payment',
    source: 'docs.stripe.com/api/refunds/create',
    check: async (till) => {
      const intentId = await till.pay('pm_card_visa');
      const sent = refundOf(intentId, 1_500);
      const made = await till.stripe.refunds.create(sent);
      expect(made).toMatchObject({
        object: 'refund',
        status: 'succeeded',
        amount: 1_500,
        payment_intent: intentId,
        metadata: sent.metadata,
      });
      const { data } = await till.stripe.refunds.list({ payment_intent: intentId, limit: 100 });
      expect(data.map(({ id }) => id)).toEqual([made.id]);
    },
  },
  {
    says: 'a refund that is asked for again with its key is made once',
    source: 'docs.stripe.com/api/idempotent_requests',
    check: async (till) => {
      const sent = refundOf(await till.pay('pm_card_visa'), 1_000);
      const options = { idempotencyKey: `refund/${randomUUID()}` };
      const made = await till.stripe.refunds.create(sent, options);
      const again = await till.stripe.refunds.create(sent, options);
      expect(again.id).toBe(made.id);
      const intentId = String(sent.payment_intent);
      const { data } = await till.stripe.refunds.list({ payment_intent: intentId });
      expect(data).toHaveLength(1);
    },
  },
  {
    says: 'more than is left is refused, and so is what is all given back',
    source: probed,
    check: async (till) => {
      const intentId = await till.pay('pm_card_visa');
      await till.stripe.refunds.create(refundOf(intentId, 4_000));
      const over = await refusal(till.stripe.refunds.create(refundOf(intentId, 1_001)));
      expect(over).toMatchObject({ statusCode: 400, param: 'amount' });
      expect(over.message).toContain('is greater than unrefunded amount on charge');
      await till.stripe.refunds.create(refundOf(intentId, 1_000));
      const none = await refusal(till.stripe.refunds.create(refundOf(intentId, 1)));
      expect(none).toMatchObject({ statusCode: 400, code: 'charge_already_refunded' });
    },
  },
  {
    says: 'a refund may be on its way at first and arrive later',
    source: 'docs.stripe.com/testing#refunds',
    check: async (till) => {
      const intentId = await till.pay('pm_card_pendingRefund');
      const made = await till.stripe.refunds.create(refundOf(intentId));
      expect(made.status).toBe('pending');
      const ended = await refundBecomes(till, made.id, 'succeeded');
      expect(ended.balance_transaction).not.toBeNull();
    },
  },
  {
    says: 'a refund that succeeded may fail later, and the money is back',
    source: 'docs.stripe.com/refunds#failed-refunds',
    check: async (till) => {
      const intentId = await till.pay('pm_card_refundFail');
      const made = await till.stripe.refunds.create(refundOf(intentId));
      expect(made.status).toBe('succeeded');
      const ended = await refundBecomes(till, made.id, 'failed');
      expect(ended.failure_reason).toBeTruthy();
      const back = await till.stripe.balanceTransactions.retrieve(
        String(ended.failure_balance_transaction),
      );
      expect(back).toMatchObject({ type: 'refund_failure', source: made.id });
      // In the account's own currency, which may be another.
      expect(back.net).toBeGreaterThan(0);
    },
  },
  {
    says: 'refund.created and charge.refunded tell of a refund, and name its payment',
    source: 'docs.stripe.com/api/events/types',
    check: async (till) => {
      const intentId = await till.pay('pm_card_visa');
      const made = await till.stripe.refunds.create(refundOf(intentId));
      const ids = [made.id, String(made.charge)];
      const types = async () => await eventTypesAbout(till, ids);
      await expect
        .poll(types, patience)
        .toEqual(expect.arrayContaining(['refund.created', 'charge.refunded']));
    },
  },
];
