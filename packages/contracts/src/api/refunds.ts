import { z } from 'zod';

const timestamp = z.iso.datetime({ offset: true });

/** Where the money of a refund goes. */
export const refundTarget = z.enum(['origin', 'wallet']);

/** Body of POST /admin/v1/orders/{id}/refunds. Without tickets and amount: the whole order. */
export const refundBody = z
  .strictObject({
    /** Tickets that are given back; their money goes with them. */
    tickets: z.array(z.uuid()).min(1).max(500).optional(),
    /** Money without tickets, as goodwill. */
    amount_cents: z.int().min(1).max(99_999_999).optional(),
    /** To what was paid with, or into the buyer's wallet, which is opened when there is none. */
    to: refundTarget.default('origin'),
    /** Also tickets that were used at the door. Their seats stay taken. */
    even_admitted: z.boolean().default(false),
    reason: z.string().trim().min(1).max(100),
  })
  .refine((body) => body.tickets === undefined || body.amount_cents === undefined, {
    message: 'Name tickets or an amount, not both.',
    path: ['amount_cents'],
  })
  .meta({ examples: [{ reason: 'The buyer is ill.' }] });
export type RefundBody = z.output<typeof refundBody>;

export const refundView = z.object({
  id: z.uuid(),
  order: z.uuid(),
  kind: z.enum([
    'whole',
    'tickets',
    'amount',
    'disposition',
    'external',
    'event_cancelled',
    'buyer',
  ]),
  status: z.enum(['requested', 'submitted', 'succeeded', 'failed', 'cancelled']),
  amount_cents: z.int(),
  currency: z.string(),
  reason: z.string(),
  tickets: z.array(z.uuid()),
  failure: z.string().nullable(),
  stripe_refund_id: z.string().nullable(),
  /** The wallet it went into. */
  wallet: z.uuid().nullable(),
  /** The refund it was asked for with, of what another payment gave back. */
  part_of: z.uuid().nullable(),
  created_at: timestamp,
});
export type RefundView = z.output<typeof refundView>;

export const refundList = z.object({ refunds: z.array(refundView) });

/** Answer of GET /admin/v1/events/{id}/refunds: how far the refunds of a cancelled event are. */
export const eventRefundsView = z.object({
  /** Orders whose refund is written down, by what became of it. */
  orders: z.int(),
  requested: z.int(),
  submitted: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  /** Orders that have none yet: the job is under way, or a bank disputes their payment. */
  left_orders: z.int(),
  /** Payments that match no order and wait for a person: see the incidents. */
  in_review: z.int(),
  amount_cents: z.int(),
  refunded_cents: z.int(),
  /** Nothing is under way any more. */
  done: z.boolean(),
});

/** Body of …/allot: the tickets that money was of which went back, or was lost; none is an answer. */
export const allotBody = z
  .strictObject({ tickets: z.array(z.uuid()).max(400) })
  .meta({ examples: [{ tickets: [] }] });

/** Body of …/write-off and of …/payments/{id}/refund: why, as people read it, beside a word of ours. */
export const reasonBody = z
  .strictObject({ reason: z.string().trim().min(1).max(80) })
  .meta({ examples: [{ reason: 'Nobody answers.' }] });

export const disputeView = z.object({
  id: z.string(),
  order: z.uuid().nullable(),
  phase: z.enum(['inquiry', 'open', 'won', 'lost']),
  status: z.string(),
  reason: z.string(),
  amount_cents: z.int(),
  currency: z.string(),
  due_by: timestamp.nullable(),
  created_at: timestamp,
});
export const disputeList = z.object({ disputes: z.array(disputeView) });

/** What our own data say to the bank, for a person to send. Holds the buyer's name and address. */
export const disputeEvidence = disputeView.extend({
  evidence: z.object({
    customer_name: z.string().nullable(),
    customer_email_address: z.string().nullable(),
    service_date: timestamp,
    product_description: z.string(),
    /** What was mailed to the buyer, and what became of it. */
    customer_communication: z.array(
      z.object({ kind: z.string(), status: z.string(), sent_at: timestamp.nullable() }),
    ),
    tickets: z.array(z.object({ serial: z.string(), tier: z.string(), status: z.string() })),
    bought_at: timestamp,
  }),
});
