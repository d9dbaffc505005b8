import { expect } from 'vitest';
import { type Assumption, refusal } from './stripe-assumptions.ts';
import { amount, disputeOf, patience, probed, refundOf, type Till } from './stripe-till.ts';

const disputesReference = 'docs.stripe.com/api/disputes';
const evidenceReference = 'docs.stripe.com/testing#evidence';

export const disputeAssumptions: readonly Assumption<Till>[] = [
  {
    says: 'a chargeback takes the money and a fee, and is found by its payment',
    source: probed,
    check: async (till) => {
      const intentId = await till.pay('pm_card_createDispute');
      const dispute = await disputeOf(till, intentId);
      expect(dispute).toMatchObject({
        status: 'needs_response',
        amount,
        payment_intent: intentId,
        is_charge_refundable: false,
        payment_method_details: { card: { case_type: 'chargeback' } },
      });
      const [withdrawal] = dispute.balance_transactions;
      expect(withdrawal).toMatchObject({ type: 'adjustment', reporting_category: 'dispute' });
      expect(withdrawal?.fee).toBeGreaterThan(0);
      expect(dispute.evidence_details.due_by).toBeGreaterThan(dispute.created);
      const read = await till.stripe.disputes.retrieve(dispute.id);
      expect(read.payment_intent).toBe(intentId);
    },
  },
  {
    says: 'what is charged back cannot be refunded',
    source: probed,
    check: async (till) => {
      const intentId = await till.pay('pm_card_createDispute');
      await disputeOf(till, intentId);
      const error = await refusal(till.stripe.refunds.create(refundOf(intentId)));
      expect(error).toMatchObject({ statusCode: 400, code: 'charge_disputed' });
    },
  },
  {
    says: 'an inquiry takes no money, and a full refund ends it',
    source: 'docs.stripe.com/disputes/how-disputes-work#inquiries',
    check: async (till) => {
      const intentId = await till.pay('pm_card_createDisputeInquiry');
      const inquiry = await disputeOf(till, intentId);
      expect(inquiry).toMatchObject({
        status: 'warning_needs_response',
        is_charge_refundable: true,
        balance_transactions: [],
        payment_method_details: { card: { case_type: 'inquiry' } },
      });
      await till.stripe.refunds.create(refundOf(intentId));
      const now = async () => (await till.stripe.disputes.retrieve(inquiry.id)).status;
      await expect.poll(now, patience).toBe('warning_closed');
    },
  },
  {
    says: 'a chargeback that is won gives the money back, without the fee',
    source: evidenceReference,
    check: async (till) => {
      const { id } = await disputeOf(till, await till.pay('pm_card_createDispute'));
      await till.stripe.disputes.update(id, {
        evidence: { uncategorized_text: 'winning_evidence' },
      });
      const now = async () => (await till.stripe.disputes.retrieve(id)).status;
      await expect.poll(now, patience).toBe('won');
      const won = await till.stripe.disputes.retrieve(id);
      expect(won.is_charge_refundable).toBe(true);
      const reversal = won.balance_transactions.find(
        ({ reporting_category: category }) => category === 'dispute_reversal',
      );
      expect(reversal?.fee).toBe(0);
      expect(reversal?.net).toBeGreaterThan(0);
    },
  },
  {
    says: 'evidence may be staged: nothing is sent to the bank',
    source: `${disputesReference}/update`,
    check: async (till) => {
      const { id } = await disputeOf(till, await till.pay('pm_card_createDispute'));
      const staged = await till.stripe.disputes.update(id, {
        evidence: { access_activity_log: 'Admitted at gate 3.' },
        submit: false,
      });
      expect(staged).toMatchObject({
        status: 'needs_response',
        evidence_details: { has_evidence: true, submission_count: 0 },
      });
    },
  },
  {
    says: 'a chargeback that we close is lost, and nothing can be changed after it',
    source: `${disputesReference}/close`,
    check: async (till) => {
      const { id } = await disputeOf(till, await till.pay('pm_card_createDispute'));
      expect((await till.stripe.disputes.close(id)).status).toBe('lost');
      const error = await refusal(
        till.stripe.disputes.update(id, { evidence: { uncategorized_text: 'late' } }),
      );
      expect(error.statusCode).toBe(400);
    },
  },
];
