import { z } from 'zod';
import { refundTarget } from './refunds.ts';

const timestamp = z.iso.datetime({ offset: true });
const cents = z.int().min(0).max(99_999_999);

/** Body of PUT /admin/v1/events/{id}/refund-policy: what buyers may give back by themselves. */
export const refundPolicyBody = z
  .strictObject({
    allowed: z.boolean(),
    /** Until so many hours before the event begins. */
    until_hours_before_start: z.int().min(0).max(8_760).default(0),
    /** Of what a ticket cost, so much is kept. */
    kept_percent: z.int().min(0).max(100).default(0),
    /** And so much of each ticket, in minor units. */
    kept_cents_per_ticket: cents.default(0),
  })
  .meta({ examples: [{ allowed: true, until_hours_before_start: 48, kept_percent: 10 }] });
export type RefundPolicyBody = z.output<typeof refundPolicyBody>;

export const refundPolicyView = z.object({
  allowed: z.boolean(),
  until: timestamp,
  kept_percent: z.int(),
  kept_cents_per_ticket: z.int(),
});

/** Body of POST /v1/orders/{id}/refund-requests. Without tickets: all that are still good. */
export const refundRequestBody = z
  .strictObject({
    tickets: z.array(z.uuid()).min(1).max(400).optional(),
    /** To what was paid with, or into a wallet for other tickets of this organizer. */
    to: refundTarget.default('origin'),
    /** false only says what would be given back. */
    commit: z.boolean().default(false),
  })
  .meta({ examples: [{ commit: false }] });
export type RefundRequestBody = z.output<typeof refundRequestBody>;

export const refundRequestView = z.object({
  committed: z.boolean(),
  currency: z.string(),
  amount_cents: z.int(),
  kept_cents: z.int(),
  until: timestamp,
  tickets: z.array(
    z.object({
      id: z.uuid(),
      paid_cents: z.int(),
      kept_cents: z.int(),
      back_cents: z.int(),
    }),
  ),
  /** The refund, once it was asked for. */
  refund: z.uuid().nullable(),
});
export type RefundRequestView = z.output<typeof refundRequestView>;
