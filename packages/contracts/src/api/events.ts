import { z } from 'zod';
import { refundPolicyView } from './refund-policy.ts';

const timestamp = z.iso.datetime({ offset: true });
const cents = z.int().min(0).max(99_999_999);
const capacity = z.int().min(0).max(10_000_000);

export const tierView = z.object({
  id: z.uuid(),
  name: z.string(),
  price_cents: cents,
  min_per_order: z.int(),
  max_per_order: z.int(),
  /** The minimum over the tier and its pools, as of `as_of`. Never negative. */
  available: z.int().min(0),
  on_sale: z.boolean(),
});

export const eventView = z.object({
  id: z.uuid(),
  slug: z.string(),
  title: z.string(),
  venue: z.string(),
  starts_at: timestamp,
  ends_at: timestamp,
  timezone: z.string(),
  currency: z.string(),
  status: z.enum(['draft', 'on_sale', 'closed', 'cancelled']),
  /** Tickets of one buyer in all orders; null for no limit. */
  max_per_buyer: z.int().nullable(),
  /** What buyers may give back by themselves; only of a single event, null in lists. */
  refund_policy: refundPolicyView.nullable(),
  tiers: z.array(tierView),
  as_of: timestamp,
});
export type EventView = z.output<typeof eventView>;

export const eventList = z.object({ events: z.array(eventView) });

export const availabilityView = z.object({
  event: z.string(),
  status: z.enum(['on_sale', 'closed', 'cancelled']),
  as_of: timestamp,
  tiers: z.array(
    z.object({
      id: z.uuid(),
      available: z.int().min(0),
      /** Whether it can be bought at `as_of`: sales windows and closed tiers count too. */
      on_sale: z.boolean(),
    }),
  ),
});
export type AvailabilityView = z.output<typeof availabilityView>;

/**
 * Dates and amounts are written in it, which throws for anything that is no language tag: of all
 * tags, those of a language with or without a script and a region.
 */
const locale = z
  .string()
  .regex(/^[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i, 'a language tag such as en or de-CH');

/** Body of POST /admin/v1/events. Money in minor units of the currency. */
export const createEventBody = z
  .strictObject({
    slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens'),
    title: z.string().trim().min(1).max(200),
    venue: z.string().trim().min(1).max(200),
    starts_at: timestamp,
    ends_at: timestamp,
    timezone: z.string().min(1).max(64),
    locale: locale.default('en'),
    currency: z.string().regex(/^[a-z]{3}$/, 'three lower-case letters'),
    sales_start_at: timestamp.optional(),
    sales_end_at: timestamp.optional(),
    hold_minutes: z.int().min(1).max(120).default(15),
    max_per_order: z.int().min(1).max(500).default(20),
    max_per_buyer: z.int().min(1).max(10_000).optional(),
    tiers: z
      .array(
        z.strictObject({
          name: z.string().trim().min(1).max(100),
          price_cents: cents,
          capacity,
          min_per_order: z.int().min(1).max(500).default(1),
          max_per_order: z.int().min(1).max(500).default(20),
          sales_start_at: timestamp.optional(),
          sales_end_at: timestamp.optional(),
          /** Neither shown nor sold without an access code. */
          hidden: z.boolean().default(false),
        }),
      )
      .min(1)
      .max(50),
    pools: z
      .array(
        z.strictObject({
          name: z.string().trim().min(1).max(100),
          capacity,
          tiers: z.array(z.string()).min(1).max(50),
        }),
      )
      .max(50)
      .default([]),
  })
  .meta({
    examples: [
      {
        slug: 'opening-night',
        title: 'Opening Night',
        venue: 'The Old Power Station',
        starts_at: '2031-05-01T20:00:00+02:00',
        ends_at: '2031-05-01T23:00:00+02:00',
        timezone: 'Europe/Zurich',
        currency: 'eur',
        tiers: [
          { name: 'Floor', price_cents: 4_900, capacity: 300 },
          { name: 'Balcony', price_cents: 6_900, capacity: 100, max_per_order: 6 },
        ],
        pools: [{ name: 'House', capacity: 350, tiers: ['Floor', 'Balcony'] }],
      },
    ],
  });
export type CreateEventBody = z.output<typeof createEventBody>;

/** Answer of GET /v1/events/{slug}/keys: what the codes of its tickets are checked with. */
export const eventKeysView = z.object({
  event: z.uuid(),
  algorithm: z.literal('Ed25519'),
  keys: z.array(
    z.object({
      kid: z.int(),
      /** 32 bytes, base64url. */
      public_key: z.string(),
      created_at: z.iso.datetime({ offset: true }),
      /** From then on another key signs; what this one signed stays good. */
      retired_at: z.iso.datetime({ offset: true }).nullable(),
    }),
  ),
});
