import type Stripe from 'stripe';
import { nowSeconds, stripeId } from './ids.ts';

export function newRefund(
  charge: Stripe.Charge,
  of: {
    readonly amount: number;
    readonly reason: Stripe.Refund.Reason | null;
    readonly metadata: Readonly<Record<string, string>>;
  },
): Stripe.Refund {
  return {
    id: stripeId('re_3'),
    object: 'refund',
    amount: of.amount,
    balance_transaction: null,
    charge: charge.id,
    created: nowSeconds(),
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: {
      card: {
        reference_status: 'pending',
        reference_type: 'acquirer_reference_number',
        type: 'refund',
      },
      type: 'card',
    },
    metadata: { ...of.metadata },
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: of.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'pending',
    transfer_reversal: null,
  } satisfies Stripe.Refund;
}

const day = 86_400;
/** Banks leave about a week to answer. */
const answerDays = 8;

export function newDispute(
  charge: Stripe.Charge,
  of: { readonly amount: number; readonly reason: string; readonly isInquiry: boolean },
): Stripe.Dispute {
  const created = nowSeconds();
  return {
    id: stripeId('du_1'),
    object: 'dispute',
    amount: of.amount,
    balance_transactions: [],
    charge: charge.id,
    created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: (Math.floor(created / day) + answerDays + 1) * day - 1,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: of.isInquiry,
    livemode: charge.livemode,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand: 'visa',
        case_type: of.isInquiry ? 'inquiry' : 'chargeback',
        network: 'visa',
        network_reason_code: of.isInquiry ? '10' : reasonCodeOf(of.reason),
      },
      type: 'card',
    },
    reason: of.reason,
    status: of.isInquiry ? 'warning_needs_response' : 'needs_response',
  } satisfies Stripe.Dispute;
}

/** The issuer's word that a charge is fraud, before any dispute. */
export function newFraudWarning(
  charge: Stripe.Charge,
  fraudType: string,
): Stripe.Radar.EarlyFraudWarning {
  return {
    id: stripeId('issfr_1'),
    object: 'radar.early_fraud_warning',
    actionable: !charge.disputed && !charge.refunded,
    charge: charge.id,
    created: nowSeconds(),
    fraud_type: fraudType,
    livemode: charge.livemode,
    payment_intent: String(charge.payment_intent),
  };
}

/** Visa's own code of a chargeback; all but fraud and what never arrived pass for fraud here. */
export function reasonCodeOf(reason: string): string {
  return reason === 'product_not_received' ? '13.1' : '10.4';
}

const noEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};

export function newPayout(amount: number, currency: string): Stripe.Payout {
  const created = nowSeconds();
  return {
    id: stripeId('po_1'),
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: created,
    automatic: true,
    balance_transaction: null,
    created,
    currency,
    description: 'STRIPE PAYOUT',
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'in_progress',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'pending',
    trace_id: null,
    type: 'bank_account',
  } satisfies Stripe.Payout;
}
