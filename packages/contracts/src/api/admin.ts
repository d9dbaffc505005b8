import { z } from 'zod';

const timestamp = z.iso.datetime({ offset: true });
const cents = z.int().min(0);

export const adminTierView = z.object({
  id: z.uuid(),
  name: z.string(),
  price_cents: cents,
  capacity: z.int(),
  /** In holds that have not ended. */
  reserved: z.int(),
  /** Tickets that have a seat. */
  issued: z.int(),
  available: z.int().min(0),
  closed: z.boolean(),
  /** Neither shown nor sold without an access code. */
  hidden: z.boolean(),
});

export const adminPoolView = z.object({
  id: z.uuid(),
  name: z.string(),
  capacity: z.int(),
  reserved: z.int(),
  issued: z.int(),
  tiers: z.array(z.uuid()),
});

/** An event as those who sell it see it. */
export const adminEventView = z.object({
  id: z.uuid(),
  slug: z.string(),
  title: z.string(),
  status: z.enum(['draft', 'on_sale', 'closed', 'cancelled']),
  currency: z.string(),
  venue: z.string(),
  starts_at: timestamp,
  ends_at: timestamp,
  /** Tickets of one buyer in all orders; null for no limit. */
  max_per_buyer: z.int().nullable(),
  /** How long before the beginning people are reminded; null for not at all. */
  reminder_hours_before: z.int().nullable(),
  tiers: z.array(adminTierView),
  pools: z.array(adminPoolView),
});
export type AdminEventView = z.output<typeof adminEventView>;

export const adminEventList = z.object({
  events: z.array(
    adminEventView.omit({
      venue: true,
      max_per_buyer: true,
      reminder_hours_before: true,
      tiers: true,
      pools: true,
    }),
  ),
});

/** Body of PUT /admin/v1/events/{id}/buyer-limit; null lifts it. */
export const buyerLimitBody = z
  .strictObject({ max_per_buyer: z.int().min(1).max(10_000).nullable() })
  .meta({ examples: [{ max_per_buyer: 8 }] });

/** Body of PUT /admin/v1/events/{id}/reminder; null for none. */
export const reminderBody = z
  .strictObject({ hours_before: z.int().min(1).max(336).nullable() })
  .meta({ examples: [{ hours_before: 48 }] });

/** Body of PUT /admin/v1/events/{id}/details: all of it, as it is from now on. */
export const eventDetailsBody = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    venue: z.string().trim().min(1).max(200),
    starts_at: timestamp,
    ends_at: timestamp,
    /** Whether everybody who has a ticket is told by mail. */
    notify: z.boolean().default(true),
  })
  .meta({
    examples: [
      {
        title: 'Opening Night',
        venue: 'The New Power Station',
        starts_at: '2031-05-02T20:00:00+02:00',
        ends_at: '2031-05-02T23:00:00+02:00',
      },
    ],
  });

export const capacityBody = z
  .strictObject({ capacity: z.int().min(0).max(10_000_000) })
  .meta({ examples: [{ capacity: 400 }] });

export const foundOrders = z.object({
  is_cut: z.boolean().describe('Whether there are more than these, or may be.'),
  orders: z.array(
    z.object({
      id: z.uuid(),
      number: z.string(),
      status: z.string(),
      total_cents: cents,
      currency: z.string(),
      created_at: timestamp,
    }),
  ),
});

const facts = z.array(z.record(z.string(), z.unknown()));

/** All that happened to an order, each list oldest first. Ids and states; no payloads. */
export const orderStory = z.object({
  id: z.uuid(),
  number: z.string(),
  status: z.string(),
  buyer: z.object({ name: z.string().nullable(), email: z.string().nullable() }),
  promo_code: z.string().nullable(),
  discount_cents: cents,
  total_cents: cents,
  currency: z.string(),
  created_at: timestamp,
  items: z.array(
    z.object({
      tier: z.uuid(),
      name: z.string(),
      quantity: z.int(),
      unit_price_cents: cents,
      discount_cents: cents,
    }),
  ),
  tickets: z.array(z.object({ id: z.uuid(), serial: z.string(), status: z.string() })),
  holds: facts,
  attempts: facts,
  payments: facts,
  refunds: facts,
  disputes: facts,
  emails: facts,
  events: facts,
  mail_events: facts,
  messages: facts,
  transfers: facts,
  scans: facts,
  incidents: facts,
  /** Who touched it. */
  acts: facts,
});

export const queuedView = z.object({ order: z.uuid(), status: z.literal('queued') });

export const incidentView = z.object({
  id: z.uuid(),
  kind: z.string(),
  object_type: z.string(),
  object_id: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
  opened_at: timestamp,
  seen: z.int(),
});
export const incidentList = z.object({ incidents: z.array(incidentView) });
export const resolveIncidentBody = z
  .strictObject({ note: z.string().trim().min(1).max(500) })
  .meta({ examples: [{ note: 'Refunded in the Dashboard.' }] });
export const resolvedView = z.object({ id: z.uuid(), status: z.literal('resolved') });

export const deadMessageList = z.object({
  messages: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      order: z.uuid().nullable(),
      error: z.string().nullable(),
      created_at: timestamp,
      dead_at: timestamp,
    }),
  ),
});
export const replayedView = z.object({ id: z.uuid(), status: z.literal('queued') });

export const organizationView = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  /** Where mails to the organizer go, as of disputes. */
  contact_email: z.string().nullable(),
});
/** Without `contact_email` the address stays; null takes it away. */
export const organizationBody = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    contact_email: z.email().max(254).nullable().optional(),
  })
  .meta({ examples: [{ name: 'The Old Power Station', contact_email: 'house@example.com' }] });

/** Of the audit log: from before an act, and one kind of act alone. */
export const auditQuery = z.object({
  before: z.coerce.number().int().positive().optional(),
  action: z
    .string()
    .trim()
    .max(100)
    .optional()
    .transform((action) => (action === '' ? undefined : action)),
});

export const auditList = z.object({
  entries: z.array(
    z.object({
      /** `before` it begins the next page. */
      id: z.int(),
      at: timestamp,
      actor_type: z.string(),
      actor_id: z.string(),
      /** Their name, where it is known still. */
      actor: z.string().nullable(),
      action: z.string(),
      object_type: z.string(),
      object_id: z.string(),
      facts: z.record(z.string(), z.unknown()),
      /** What names people, until they are forgotten. */
      details: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
});

/** Answer of GET /admin/v1/mail-delivery: mails of the last hours, by what became of them. */
export const mailDeliveryView = z.object({
  hours: z.int(),
  kinds: z.array(
    z.object({
      kind: z.string(),
      sent: z.int(),
      delivered: z.int(),
      lost: z.int(),
      waiting: z.int(),
    }),
  ),
  /** The same for each hour in which mails were owed, newest first. */
  by_hour: z.array(
    z.object({
      hour: timestamp,
      kind: z.string(),
      sent: z.int(),
      delivered: z.int(),
      lost: z.int(),
      waiting: z.int(),
    }),
  ),
});
