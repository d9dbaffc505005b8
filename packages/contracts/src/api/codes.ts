import { z } from 'zod';

const timestamp = z.iso.datetime({ offset: true });

/** As people type it: blanks around it and the case of its letters do not matter. */
export const typedCode = z.string().trim().min(1).max(64);

const newCode = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,39}$/, '3 to 40 letters, digits, hyphens and underscores');
const count = z.int().min(1).max(10_000_000);
const percent = z.int().min(1).max(100);
const amount = z.int().min(1).max(99_999_999);
const tiers = z.array(z.uuid()).max(50);
const exampleTier = '01990000-0000-7000-8000-000000000001';

/** Body of POST /admin/v1/events/{id}/promo-codes. */
export const createPromoCodeBody = z
  .strictObject({
    code: newCode,
    discount: z.union([
      z.strictObject({ percent }),
      /** Off all lines together, and never more than they cost. */
      z.strictObject({ amount_cents: amount }),
    ]),
    /** None: every tier of the event. */
    tiers: tiers.default([]),
    starts_at: timestamp.optional(),
    ends_at: timestamp.optional(),
    /** Orders that may have it, in all and of one buyer. */
    max_redemptions: count.optional(),
    max_per_buyer: count.optional(),
  })
  .meta({ examples: [{ code: 'EARLY', discount: { percent: 20 }, max_redemptions: 100 }] });
export type CreatePromoCodeBody = z.output<typeof createPromoCodeBody>;

const codeView = z.object({
  id: z.uuid(),
  event: z.uuid(),
  code: z.string(),
  tiers,
  starts_at: timestamp.nullable(),
  ends_at: timestamp.nullable(),
  /** Orders that have it now: they wait for their money or are paid. */
  used: z.int().min(0),
  disabled_at: timestamp.nullable(),
  created_at: timestamp,
});

export const promoCodeView = codeView.extend({
  discount: z.union([z.object({ percent }), z.object({ amount_cents: amount })]),
  max_redemptions: z.int().nullable(),
  max_per_buyer: z.int().nullable(),
});
export type PromoCodeView = z.output<typeof promoCodeView>;
export const promoCodeList = z.object({ promo_codes: z.array(promoCodeView) });

/** Body of POST /admin/v1/events/{id}/access-codes. */
export const createAccessCodeBody = z
  .strictObject({
    code: newCode,
    /** The hidden tiers it shows. */
    tiers: tiers.min(1),
    starts_at: timestamp.optional(),
    ends_at: timestamp.optional(),
    /** Orders that may use it. */
    max_uses: count.optional(),
  })
  .meta({ examples: [{ code: 'BACKSTAGE', tiers: [exampleTier], max_uses: 20 }] });
export type CreateAccessCodeBody = z.output<typeof createAccessCodeBody>;

export const accessCodeView = codeView.extend({ max_uses: z.int().nullable() });
export type AccessCodeView = z.output<typeof accessCodeView>;
export const accessCodeList = z.object({ access_codes: z.array(accessCodeView) });
