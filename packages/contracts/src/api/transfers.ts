import { z } from 'zod';

const timestamp = z.iso.datetime({ offset: true });
const noControls = /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u;

/** Body of POST /v1/tickets/{id}/transfers. */
export const offerBody = z
  .strictObject({ to: z.email().max(254) })
  .meta({ examples: [{ to: 'delivered+grace@resend.dev' }] });
export type OfferBody = z.output<typeof offerBody>;

const state = z.enum(['offered', 'accepted', 'declined', 'withdrawn', 'lapsed']);

export const transferView = z.object({
  id: z.uuid(),
  ticket: z.uuid(),
  state,
  expires_at: timestamp,
  created_at: timestamp,
});
export type TransferView = z.output<typeof transferView>;

/** An offer as whom it was made to sees it. */
export const offeredView = z.object({
  id: z.uuid(),
  state,
  from: z.string().nullable(),
  event: z.object({ title: z.string(), venue: z.string(), starts_at: timestamp }),
  tier: z.string(),
  expires_at: timestamp,
});
export type OfferedView = z.output<typeof offeredView>;

/** Body of POST /v1/transfers/{id}/accept: who will come in with it. */
export const acceptBody = z
  .strictObject({
    name: z.string().trim().min(1).max(200).regex(noControls, 'no control characters'),
  })
  .meta({ examples: [{ name: 'Grace Hopper' }] });

/** The ticket is theirs now: its token opens it, and nothing before it does. */
export const acceptedView = z.object({
  ticket: z.object({ id: z.uuid(), token: z.string() }),
});

/** Body of PUT /admin/v1/events/{id}/transfer-policy. */
export const transferPolicyBody = z
  .strictObject({
    allowed: z.boolean(),
    until_hours_before_start: z.int().min(0).max(8_760).default(0),
    max_per_ticket: z.int().min(0).max(100).default(5),
    /** Whether who holds a ticket may give it back at face value; the money goes to who paid. */
    returns_allowed: z.boolean().default(false),
  })
  .meta({ examples: [{ allowed: true, until_hours_before_start: 2 }] });
export const transferPolicyView = z.object({
  allowed: z.boolean(),
  until: timestamp,
  max_per_ticket: z.int(),
  returns_allowed: z.boolean(),
});

/** Answer of POST /v1/tickets/{id}/return: what goes to who paid, in minor units. */
export const returnedView = z.object({
  ticket: z.uuid(),
  amount_cents: z.int(),
  currency: z.string(),
});

/** Answer of GET /admin/v1/orders/{id}/transfers: the chain of custody. */
export const custodyView = z.object({
  transfers: z.array(
    z.object({
      id: z.uuid(),
      ticket: z.uuid(),
      state,
      from_name: z.string().nullable(),
      to_name: z.string().nullable(),
      to_email: z.string().nullable(),
      created_at: timestamp,
      ended_at: timestamp.nullable(),
    }),
  ),
});
