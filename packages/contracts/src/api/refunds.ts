import { z } from 'zod';

const timestamp = z.iso.datetime({ offset: true });

/** Body of POST /admin/v1/orders/{id}/refunds. Without tickets and amount: the whole order. */
export const refundBody = z
  .strictObject({
    /** Tickets that are given back; their money goes with them. */
    tickets: z.array(z.uuid()).min(1).max(500).optional(),
    /** Money without tickets, as goodwill. */
    amount_cents: z.int().min(1).max(99_999_999).optional(),
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
  amount_cents: z.int(),
  refunded_cents: z.int(),
  /** Nothing is under way any more. */
  done: z.boolean(),
});
