import type Stripe from 'stripe';
import { expect } from 'vitest';
import type { Assumption } from './stripe-assumptions.ts';
import {
  disputeOf,
  eventTypesAbout,
  patience,
  probed,
  refundOf,
  settledCharge,
  type Till,
} from './stripe-till.ts';

export const balanceAssumptions: readonly Assumption<Till>[] = [
  {
    says: 'the fee of a charge is known a moment after it, with charge.updated',
    source: 'docs.stripe.com/payments/payment-intents/asynchronous-capture',
    check: async (till) => {
      const { charge, moved } = await settledCharge(till, await till.pay('pm_card_visa'));
      expect(moved).toMatchObject({ type: 'charge', reporting_category: 'charge' });
      expect(moved.fee).toBeGreaterThan(0);
      expect(moved.net).toBe(moved.amount - moved.fee);
      expect(moved.source).toBe(charge.id);
      const types = async () => await eventTypesAbout(till, [charge.id]);
      await expect.poll(types, patience).toContain('charge.updated');
    },
  },
  {
    says: 'a refund gives no fee back',
    source: 'docs.stripe.com/refunds',
    check: async (till) => {
      const intentId = await till.pay('pm_card_visa');
      await settledCharge(till, intentId);
      const expand = ['balance_transaction'];
      const made = await till.stripe.refunds.create({ ...refundOf(intentId), expand });
      expect(made.balance_transaction).toMatchObject({
        type: 'refund',
        reporting_category: 'refund',
        fee: 0,
        source: made.id,
      });
    },
  },
  {
    says: 'movements are listed by the time they were made, each with its source and its payment',
    source: 'docs.stripe.com/api/balance_transactions/list',
    check: async (till) => {
      const since = Math.floor(Date.now() / 1_000) - 60;
      const [first, second] = [await till.pay('pm_card_visa'), await till.pay('pm_card_visa')];
      await settledCharge(till, first);
      await settledCharge(till, second);
      const refund = await till.stripe.refunds.create(refundOf(first, 700));
      const list = till.stripe.balanceTransactions.list({
        created: { gte: since, lt: since + 3_600 },
        limit: 2,
        expand: ['data.source'],
      });
      const all = await list.autoPagingToArray({ limit: 1_000 });
      const times = all.map(({ created }) => created);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      const sources = all.map(({ source }) => source as Stripe.Charge | Stripe.Refund);
      const intents = sources.map(({ payment_intent: intent }) => intent);
      expect(intents).toEqual(expect.arrayContaining([first, second]));
      expect(sources.find(({ id }) => id === refund.id)?.payment_intent).toBe(first);
    },
  },
  {
    says: 'movements of a dispute are found in it, and not by its id',
    source: probed,
    check: async (till) => {
      const dispute = await disputeOf(till, await till.pay('pm_card_createDispute'));
      expect(dispute.balance_transactions).toHaveLength(1);
      const { data } = await till.stripe.balanceTransactions.list({ source: dispute.id });
      expect(data).toEqual([]);
    },
  },
  {
    says: 'refunds and disputes are listed by the time they were made',
    source: 'docs.stripe.com/api/refunds/list, docs.stripe.com/api/disputes/list',
    check: async (till) => {
      const since = Math.floor(Date.now() / 1_000) - 60;
      const created = { gte: since, lt: since + 3_600 };
      const dispute = await disputeOf(till, await till.pay('pm_card_createDispute'));
      const refund = await till.stripe.refunds.create(refundOf(await till.pay('pm_card_visa')));
      const ids = async (found: Stripe.ApiListPromise<{ id: string }>) =>
        (await found.autoPagingToArray({ limit: 1_000 })).map(({ id }) => id);
      expect(await ids(till.stripe.refunds.list({ created, limit: 100 }))).toContain(refund.id);
      expect(await ids(till.stripe.disputes.list({ created, limit: 100 }))).toContain(dispute.id);
      const { data: older } = await till.stripe.refunds.list({ created: { lt: since } });
      expect(older.map(({ id }) => id)).not.toContain(refund.id);
    },
  },
];
