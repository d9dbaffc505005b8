import { z } from 'zod';
import { flag, int, metadata, page, range } from './params.ts';

const expand = z.array(z.string()).optional();
/** An empty text in place of the whole, or of one key, takes it away. */
const metadataChange = z.union([z.literal(''), metadata]).optional();
export type MetadataChange = z.output<typeof metadataChange>;

export const refundReasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

export const refundCreate = z.strictObject({
  charge: z.string().optional(),
  payment_intent: z.string().optional(),
  amount: int.min(1).optional(),
  reason: z.enum(refundReasons).optional(),
  metadata: metadataChange,
  instructions_email: z.email().optional(),
  expand,
});
export type RefundCreate = z.output<typeof refundCreate>;

export const refundUpdate = z.strictObject({ metadata: metadataChange, expand });

/** Of refunds, of disputes and of charges. */
export const byPayment = page.extend({
  charge: z.string().optional(),
  payment_intent: z.string().optional(),
  created: range.optional(),
});
export type ByPayment = z.output<typeof byPayment>;

export const chargeList = byPayment.omit({ charge: true });

export const sessionList = page.extend({
  payment_intent: z.string().optional(),
  status: z.enum(['complete', 'expired', 'open']).optional(),
  created: range.optional(),
});
export type SessionList = z.output<typeof sessionList>;

export const transactionList = page.extend({
  created: range.optional(),
  currency: z.string().optional(),
  payout: z.string().optional(),
  source: z.string().optional(),
  type: z.string().optional(),
});
export type TransactionList = z.output<typeof transactionList>;

export const payoutList = page.extend({
  arrival_date: range.optional(),
  created: range.optional(),
  status: z.enum(['canceled', 'failed', 'in_transit', 'paid', 'pending']).optional(),
});
export type PayoutList = z.output<typeof payoutList>;

const text = z.string().max(150_000).optional();
/** Of a file uploaded before: a text in its place is refused. */
const file = z
  .string()
  .regex(/^file_\w+$/, 'it must be the ID of a file upload')
  .optional();

const evidence = z.strictObject({
  access_activity_log: text,
  billing_address: text,
  cancellation_policy: file,
  cancellation_policy_disclosure: text,
  cancellation_rebuttal: text,
  customer_communication: file,
  customer_email_address: text,
  customer_name: text,
  customer_purchase_ip: text,
  customer_signature: file,
  duplicate_charge_documentation: file,
  duplicate_charge_explanation: text,
  duplicate_charge_id: text,
  product_description: text,
  receipt: file,
  refund_policy: file,
  refund_policy_disclosure: text,
  refund_refusal_explanation: text,
  service_date: text,
  service_documentation: file,
  shipping_address: text,
  shipping_carrier: text,
  shipping_date: text,
  shipping_documentation: file,
  shipping_tracking_number: text,
  uncategorized_file: file,
  uncategorized_text: text,
});

export const disputeUpdate = z.strictObject({
  evidence: evidence.optional(),
  metadata: metadataChange,
  submit: flag.optional(),
  expand,
});
export type DisputeUpdate = z.output<typeof disputeUpdate>;

/** Metadata after a change: keys are laid over the old ones, empty ones are taken away. */
export function changedMetadata(
  old: Readonly<Record<string, string>>,
  change: MetadataChange,
): Record<string, string> {
  if (change === undefined || change === '') {
    return change === '' ? {} : { ...old };
  }
  return Object.fromEntries(
    Object.entries({ ...old, ...change }).filter(([, value]) => value !== ''),
  );
}
