import { z } from 'zod';

const timestamp = z.iso.datetime({ offset: true });

export const ticketView = z.object({
  id: z.uuid(),
  serial: z.string(),
  status: z.enum(['valid', 'suspended', 'refunded', 'void']),
  tier: z.string(),
  holder_name: z.string().nullable(),
  /** What the code at the door holds. Absent while the ticket admits nobody. */
  qr: z.string().nullable(),
  /** Somebody else than the buyer holds it: then the order shows neither code nor token. */
  passed_on: z.boolean(),
  token: z.string().nullable(),
});
export type TicketView = z.output<typeof ticketView>;

/** Query of GET /v1/orders/{id}: the serial after which its tickets begin. */
export const ticketsQuery = z.object({
  after: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
});

export const orderView = z.object({
  id: z.uuid(),
  number: z.string(),
  status: z.enum(['pending', 'paid', 'fulfilled', 'expired', 'cancelled']),
  event: z.object({
    slug: z.string(),
    title: z.string(),
    venue: z.string(),
    starts_at: timestamp,
    ends_at: timestamp,
    timezone: z.string(),
  }),
  items: z.array(
    z.object({
      tier: z.uuid(),
      name: z.string(),
      quantity: z.int(),
      unit_price_cents: z.int(),
      discount_cents: z.int(),
      total_cents: z.int(),
    }),
  ),
  currency: z.string(),
  promo_code: z.string().nullable(),
  discount_cents: z.int(),
  total_cents: z.int(),
  /** What of the total store credit pays. */
  wallet_cents: z.int(),
  /** Five hundred at most, by serial. */
  tickets: z.array(ticketView),
  /** Ask with it as `after` for the next of them; null when these are the last. */
  tickets_next: z.string().nullable(),
  mails: z.array(
    z.object({
      kind: z.string(),
      status: z.string(),
      provider_id: z.string().nullable(),
      /** Where it went: its first letter and its domain. */
      to: z.string().nullable(),
      /** Nobody has heard of it for ten minutes. */
      overdue: z.boolean(),
    }),
  ),
  refunds: z.array(z.object({ amount_cents: z.int(), status: z.string() })),
  created_at: timestamp,
});
export type OrderView = z.output<typeof orderView>;

export const ticketPageView = ticketView.extend({
  order: z.uuid(),
  event: orderView.shape.event,
});

export const refreshView = z.object({ status: z.enum(['queued', 'nothing_to_settle']) });
export const resendView = z.object({ status: z.literal('queued') });

/** Body of PUT /v1/orders/{id}/address. */
export const addressBody = z
  .strictObject({ email: z.email().max(254) })
  .meta({ examples: [{ email: 'delivered@resend.dev' }] });
