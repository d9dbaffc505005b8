import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { EventDetails } from '#notices/notice';
import type { EventStatus } from './event.ts';

/** Changes to an event that is or was on sale. What is sold already stays sold. */

const soldTier = z.object({
  id: z.uuid(),
  name: z.string(),
  price_cents: z.int(),
  capacity: z.int(),
  reserved: z.int(),
  issued: z.int(),
  available: z.int(),
  closed: z.boolean(),
  hidden: z.boolean(),
});

const soldPool = z.object({
  id: z.uuid(),
  name: z.string(),
  capacity: z.int(),
  reserved: z.int(),
  issued: z.int(),
  tiers: z.array(z.uuid()),
});

export interface Sale {
  readonly tiers: readonly z.output<typeof soldTier>[];
  readonly pools: readonly z.output<typeof soldPool>[];
}

/** Tiers and pools of an event with their counters, as of the moment of reading. */
export async function readSale(executor: Executor, eventId: string): Promise<Sale> {
  const { rows: tiers } = await executor.raw(
    `select t.id, t.name, t.price_cents, t.capacity, t.reserved_quantity as reserved,
            t.issued_quantity as issued, t.closed_at is not null as closed,
            t.is_hidden as hidden,
            greatest(0, least(t.capacity - t.reserved_quantity - t.issued_quantity,
                              min(p.capacity - p.reserved_quantity - p.issued_quantity)))
              as available
       from ticket_tiers t
       left join pool_tiers m on m.tier_id = t.id
       left join capacity_pools p on p.id = m.pool_id
      where t.event_id = :eventId
      group by t.id
      order by t.position, t.id`,
    { eventId },
  );
  const { rows: pools } = await executor.raw(
    `select p.id, p.name, p.capacity, p.reserved_quantity as reserved,
            p.issued_quantity as issued,
            coalesce(jsonb_agg(m.tier_id) filter (where m.tier_id is not null), '[]') as tiers
       from capacity_pools p
       left join pool_tiers m on m.pool_id = p.id
      where p.event_id = :eventId
      group by p.id
      order by p.name`,
    { eventId },
  );
  return { tiers: z.array(soldTier).parse(tiers), pools: z.array(soldPool).parse(pools) };
}

/** Which event a tier or a pool belongs to. */
export async function findEventOf(
  executor: Executor,
  what: { readonly table: 'ticket_tiers' | 'capacity_pools'; readonly id: string },
): Promise<string | undefined> {
  const { rows } = await executor.raw('select event_id as "eventId" from :table: where id = :id', {
    table: what.table,
    id: what.id,
  });
  return z.object({ eventId: z.uuid() }).optional().parse(rows[0])?.eventId;
}

/**
 * Sets how many a tier or a pool may sell. Takes the lock that holds take, and changes nothing when
 * more is held or sold already; then it returns how many.
 */
export async function setCapacity(
  tx: Transaction,
  change: {
    readonly table: 'ticket_tiers' | 'capacity_pools';
    readonly id: string;
    readonly capacity: number;
  },
): Promise<{ readonly taken: number; readonly changed: boolean }> {
  const { rows } = await tx.raw(
    `with row as (
       select id, reserved_quantity + issued_quantity as taken
         from :table: where id = :id for no key update
     ), changed as (
       update :table: t set capacity = :capacity
         from row where t.id = row.id and row.taken <= :capacity
       returning t.id
     )
     select row.taken, exists (select from changed) as changed from row`,
    { ...change },
  );
  return z.object({ taken: z.int(), changed: z.boolean() }).parse(rows[0]);
}

/** Ends or resumes the sale of one tier. */
export async function setTierClosed(
  tx: Transaction,
  change: { readonly tierId: string; readonly closed: boolean },
): Promise<void> {
  await tx.raw(
    `update ticket_tiers
        set closed_at = case when :closed then coalesce(closed_at, clock_timestamp()) end
      where id = :tierId`,
    change,
  );
}

/** Sets how many tickets one buyer may have in all orders; what they have already they keep. */
export async function setBuyerLimit(
  tx: Transaction,
  change: { readonly eventId: string; readonly maxPerBuyer: number | null },
): Promise<void> {
  await tx.raw('update events set max_per_buyer = :maxPerBuyer where id = :eventId', change);
}

/** Sets how long before the beginning people are reminded; null for not at all. */
export async function setReminder(
  tx: Transaction,
  change: { readonly eventId: string; readonly hoursBefore: number | null },
): Promise<void> {
  await tx.raw('update events set reminder_hours = :hoursBefore where id = :eventId', change);
}

/** Sets what an event is and where and when; returns how it was. Undefined of one that is cancelled. */
export async function setEventDetails(
  tx: Transaction,
  change: EventDetails & { readonly eventId: string },
): Promise<EventDetails | undefined> {
  const { rows } = await tx.raw(
    `with before as (
       select id, title, venue, starts_at, ends_at
         from events where id = :eventId and status <> 'cancelled' for no key update
     ), changed as (
       update events e
          set title = :title, venue = :venue, starts_at = :startsAt, ends_at = :endsAt
         from before b where e.id = b.id
     )
     select title, venue, starts_at as "startsAt", ends_at as "endsAt" from before`,
    { ...change },
  );
  return z
    .object({ title: z.string(), venue: z.string(), startsAt: z.date(), endsAt: z.date() })
    .optional()
    .parse(rows[0]);
}

/**
 * Moves an event on, from any of these states. Repeating is harmless; false when it is in another.
 */
export async function setEventStatus(
  tx: Transaction,
  change: {
    readonly eventId: string;
    readonly to: EventStatus;
    readonly from: readonly EventStatus[];
  },
): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update events set status = :to where id = :eventId and status = any (:from::text[])`,
    { eventId: change.eventId, to: change.to, from: [...change.from, change.to] },
  );
  return rowCount === 1;
}

const listed = z.object({
  id: z.uuid(),
  slug: z.string(),
  title: z.string(),
  status: z.enum(['draft', 'on_sale', 'closed', 'cancelled']),
  currency: z.string(),
  startsAt: z.date(),
  endsAt: z.date(),
});

/** Events of an organization, latest first. */
export async function listEventsOf(executor: Executor, organizationId: string) {
  const { rows } = await executor.raw(
    `select id, slug, title, status, currency, starts_at as "startsAt", ends_at as "endsAt"
       from events
      where organization_id = :organizationId
      order by starts_at desc, id
      limit 200`,
    { organizationId },
  );
  return z.array(listed).parse(rows);
}
