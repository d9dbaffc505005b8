import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { EventStatus } from './event.ts';

export interface SoldEvent {
  readonly id: string;
  readonly organizationId: string;
  readonly slug: string;
  readonly title: string;
  readonly venue: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timezone: string;
  readonly locale: string;
  readonly currency: string;
  readonly status: EventStatus;
  readonly salesStartAt: Date | null;
  readonly salesEndAt: Date | null;
  readonly holdMinutes: number;
  readonly maxPerOrder: number;
  /** Tickets of one buyer in all orders; null for no limit. */
  readonly maxPerBuyer: number | null;
  /** How long before the beginning people are reminded; null for not at all. */
  readonly reminderHours: number | null;
  /** By the database's clock, at the moment it was read. */
  readonly hasEnded: boolean;
}

const eventRow = z.object({
  id: z.uuid(),
  organizationId: z.uuid(),
  slug: z.string(),
  title: z.string(),
  venue: z.string(),
  startsAt: z.date(),
  endsAt: z.date(),
  timezone: z.string(),
  locale: z.string(),
  currency: z.string(),
  status: z.enum(['draft', 'on_sale', 'closed', 'cancelled']),
  salesStartAt: z.date().nullable(),
  salesEndAt: z.date().nullable(),
  holdMinutes: z.int(),
  maxPerOrder: z.int(),
  maxPerBuyer: z.int().nullable(),
  reminderHours: z.int().nullable(),
  hasEnded: z.boolean(),
});

const columns = `id, organization_id as "organizationId", slug, title, venue,
  starts_at as "startsAt", ends_at as "endsAt", timezone, locale, currency, status,
  sales_start_at as "salesStartAt", sales_end_at as "salesEndAt", hold_minutes as "holdMinutes",
  max_per_order as "maxPerOrder", max_per_buyer as "maxPerBuyer",
  reminder_hours as "reminderHours",
  ends_at <= clock_timestamp() as "hasEnded"`;

export async function findEventBySlug(
  executor: Executor,
  slug: string,
): Promise<SoldEvent | undefined> {
  const { rows } = await executor.raw(`select ${columns} from events where slug = :slug`, { slug });
  return eventRow.optional().parse(rows[0]);
}

export async function findEvent(
  executor: Executor,
  eventId: string,
): Promise<SoldEvent | undefined> {
  const { rows } = await executor.raw(`select ${columns} from events where id = :eventId`, {
    eventId,
  });
  return eventRow.optional().parse(rows[0]);
}

/** An event that a row of ours refers to. */
export async function getEvent(executor: Executor, eventId: string): Promise<SoldEvent> {
  const event = await findEvent(executor, eventId);
  if (event === undefined) {
    throw new Error(`event ${eventId} vanished, though events are never deleted`);
  }
  return event;
}

/** What is on sale, soonest first, a page at a time. */
export async function listEventsOnSale(executor: Executor, limit: number): Promise<SoldEvent[]> {
  const { rows } = await executor.raw(
    `select ${columns}
       from events
      where status = 'on_sale' and ends_at > now()
      order by starts_at, id
      limit :limit`,
    { limit },
  );
  return z.array(eventRow).parse(rows);
}

const tierRow = z.object({
  tierId: z.uuid(),
  eventId: z.uuid(),
  name: z.string(),
  priceCents: z.int(),
  capacity: z.int(),
  minPerOrder: z.int(),
  maxPerOrder: z.int(),
  salesStartAt: z.date().nullable(),
  salesEndAt: z.date().nullable(),
  closedAt: z.date().nullable(),
  isHidden: z.boolean(),
  available: z.int(),
  asOf: z.date(),
});
export type OfferedTier = z.output<typeof tierRow>;

/** What is left of tier t in pools p, grouped by tier: the minimum over both, never negative. */
export const available = `greatest(0, least(t.capacity - t.reserved_quantity - t.issued_quantity,
                         min(p.capacity - p.reserved_quantity - p.issued_quantity)))`;

/**
 * The tiers of these events with what is left, as of the moment of reading. One query for any
 * number of events.
 */
export async function listTiers(
  executor: Executor,
  eventIds: readonly string[],
): Promise<OfferedTier[]> {
  const { rows } = await executor.raw(
    `select t.id as "tierId", t.event_id as "eventId", t.name, t.price_cents as "priceCents",
            t.capacity, t.min_per_order as "minPerOrder", t.max_per_order as "maxPerOrder",
            t.sales_start_at as "salesStartAt", t.sales_end_at as "salesEndAt",
            t.closed_at as "closedAt", t.is_hidden as "isHidden", clock_timestamp() as "asOf",
            ${available} as available
       from ticket_tiers t
       left join pool_tiers m on m.tier_id = t.id
       left join capacity_pools p on p.id = m.pool_id
      where t.event_id = any (:eventIds::uuid[])
      group by t.id
      order by t.event_id, t.position, t.id`,
    { eventIds: [...eventIds] },
  );
  return z.array(tierRow).parse(rows);
}

export interface NewEvent {
  readonly organizationId: string;
  readonly slug: string;
  readonly title: string;
  readonly venue: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timezone: string;
  readonly locale: string;
  readonly currency: string;
  readonly salesStartAt: Date | null;
  readonly salesEndAt: Date | null;
  readonly holdMinutes: number;
  readonly maxPerOrder: number;
  readonly maxPerBuyer?: number | null;
  readonly tiers: readonly {
    readonly name: string;
    readonly priceCents: number;
    readonly capacity: number;
    readonly minPerOrder: number;
    readonly maxPerOrder: number;
    readonly salesStartAt: Date | null;
    readonly salesEndAt: Date | null;
    readonly isHidden?: boolean;
  }[];
  readonly pools: readonly {
    readonly name: string;
    readonly capacity: number;
    readonly tiers: readonly string[];
  }[];
}

/** A draft with its tiers, pools and counter. The unique slug raises when it is taken. */
export async function insertEvent(tx: Transaction, event: NewEvent): Promise<string> {
  const id = randomUUIDv7();
  const { tiers, pools, ...columnsOf } = event;
  await tx.raw(
    `insert into events (id, organization_id, slug, title, venue, starts_at, ends_at, timezone,
                         locale, currency, sales_start_at, sales_end_at, hold_minutes,
                         max_per_order, max_per_buyer)
     values (:id, :organizationId, :slug, :title, :venue, :startsAt, :endsAt, :timezone, :locale,
             :currency, :salesStartAt, :salesEndAt, :holdMinutes, :maxPerOrder, :maxPerBuyer)`,
    { id, maxPerBuyer: null, ...columnsOf },
  );
  await tx.raw('insert into event_counters (event_id) values (:id)', { id });
  const rows = tiers.map((tier, position) => ({ id: randomUUIDv7(), position, ...tier }));
  await tx.raw(
    `insert into ticket_tiers (id, event_id, name, position, price_cents, capacity, min_per_order,
                               max_per_order, sales_start_at, sales_end_at, is_hidden)
     select t.id, :eventId, t.name, t.position, t."priceCents", t.capacity, t."minPerOrder",
            t."maxPerOrder", t."salesStartAt", t."salesEndAt", coalesce(t."isHidden", false)
       from jsonb_to_recordset(:rows::jsonb)
         as t (id uuid, name text, position int, "priceCents" bigint, capacity int,
               "minPerOrder" int, "maxPerOrder" int, "salesStartAt" timestamptz,
               "salesEndAt" timestamptz, "isHidden" boolean)`,
    { eventId: id, rows: JSON.stringify(rows) },
  );
  const poolRows = pools.map((pool) => ({ id: randomUUIDv7(), ...pool }));
  await tx.raw(
    `insert into capacity_pools (id, event_id, name, capacity)
     select p.id, :eventId, p.name, p.capacity
       from jsonb_to_recordset(:poolRows::jsonb) as p (id uuid, name text, capacity int)`,
    { eventId: id, poolRows: JSON.stringify(poolRows) },
  );
  await tx.raw(
    `insert into pool_tiers (pool_id, tier_id, event_id)
     select p.id, t.id, :eventId
       from jsonb_to_recordset(:poolRows::jsonb) as p (id uuid, tiers text[])
       join ticket_tiers t on t.event_id = :eventId and t.name = any (p.tiers)`,
    { eventId: id, poolRows: JSON.stringify(poolRows) },
  );
  return id;
}
