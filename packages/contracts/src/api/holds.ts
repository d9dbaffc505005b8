import { z } from 'zod';
import { typedCode } from './codes.ts';

const timestamp = z.iso.datetime({ offset: true });
const exampleTier = '01990000-0000-7000-8000-000000000001';

/** Body of POST /v1/holds. Prices never come from the client. */
export const placeHoldBody = z
  .strictObject({
    event: z.string().min(1).max(63),
    items: z
      .array(
        z.strictObject({
          tier: z.uuid(),
          quantity: z.int().min(1).max(500),
        }),
      )
      .min(1)
      .max(50),
    /** Opens hidden tiers. One that is wrong opens none, and nothing else changes. */
    access_code: typedCode.optional(),
  })
  .meta({ examples: [{ event: 'opening-night', items: [{ tier: exampleTier, quantity: 2 }] }] });
export type PlaceHoldBody = z.output<typeof placeHoldBody>;

export const holdView = z.object({
  id: z.uuid(),
  token: z.string(),
  status: z.enum(['active', 'converted', 'released', 'expired']),
  items: z.array(
    z.object({
      tier: z.uuid(),
      name: z.string(),
      quantity: z.int(),
      unit_price_cents: z.int(),
    }),
  ),
  currency: z.string(),
  subtotal_cents: z.int(),
  /** Null once the hold is pinned by a payment. */
  expires_at: timestamp.nullable(),
  server_time: timestamp,
});
export type HoldView = z.output<typeof holdView>;

const noControls = /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u;

const personName = z.string().trim().min(1).max(200).regex(noControls, 'no control characters');

/** Body of POST /v1/holds/{id}/checkout. */
export const checkoutBody = z
  .strictObject({
    buyer: z.strictObject({
      name: personName,
      email: z.email().max(254),
    }),
    promo_code: typedCode.optional(),
    /** Store credit pays as much of the total as it can; a card pays the rest. */
    wallet_token: z.string().min(1).max(300).optional(),
    /** Who will come in, a tier each in the order of the serials; the rest are in the buyer's name. */
    holders: z
      .array(z.strictObject({ tier: z.uuid(), names: z.array(personName).min(1).max(500) }))
      .max(50)
      .optional(),
    success_url: z.url().max(2_000).optional(),
    cancel_url: z.url().max(2_000).optional(),
  })
  .meta({ examples: [{ buyer: { name: 'Ada Lovelace', email: 'delivered@resend.dev' } }] });
export type CheckoutBody = z.output<typeof checkoutBody>;

export const checkoutView = z.object({
  order: z.object({
    id: z.uuid(),
    number: z.string(),
    status: z.string(),
    discount_cents: z.int(),
    total_cents: z.int(),
    /** What of the total store credit pays; the rest is due on the payment page. */
    wallet_cents: z.int(),
    currency: z.string(),
    token: z.string(),
  }),
  /** Stripe's payment page; null when nothing is to pay. */
  checkout_url: z.url().nullable(),
});
export type CheckoutView = z.output<typeof checkoutView>;
