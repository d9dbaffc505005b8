import { randomUUID } from 'node:crypto';
import { ensureOrganization } from '@liventix/domain/access/repository';
import { insertEvent, listTiers } from '@liventix/domain/events/repository';
import { setEventStatus } from '@liventix/domain/events/sale-repository';
import type { Database } from '@liventix/shared/db';
import { requestHash } from '@liventix/shared/http/idempotency-key';
import { EventIds } from '#events/event-ids';
import { createHoldDesk, type HoldRequest } from '#holds/hold-desk';
import type { PlaceHoldDeps } from '#holds/place-hold';

/** What one instance of checkout has. */
export function openDesk(db: Database): PlaceHoldDeps {
  const holdDesk = createHoldDesk({ db }, { waitingMax: 1_000, inFlightMax: 4 });
  return { db, eventIds: new EventIds(db), holdDesk };
}

export interface TestSale {
  readonly slug: string;
  readonly eventId: string;
  readonly organizationId: string;
  /** In the order given. */
  readonly tierIds: readonly string[];
}

/** An event on sale, with tiers of these capacities and pools by the numbers of their tiers. */
export async function sell(
  db: Database,
  sale: {
    readonly capacities: readonly number[];
    readonly priceCents?: number;
    readonly maxPerBuyer?: number;
    /** Tiers that need an access code, by their numbers. */
    readonly hidden?: readonly number[];
    readonly pools?: readonly { readonly capacity: number; readonly tiers: readonly number[] }[];
  },
): Promise<TestSale> {
  const slug = `event-${randomUUID()}`;
  const { organizationId } = await ensureOrganization(db.pool, { slug: 'house', name: 'House' });
  const eventId = await db.inTransaction(async (tx) => {
    const id = await insertEvent(tx, {
      organizationId,
      slug,
      title: 'A night',
      venue: 'Hall',
      startsAt: new Date('2035-01-01T20:00:00Z'),
      endsAt: new Date('2035-01-01T23:00:00Z'),
      timezone: 'Europe/Zurich',
      locale: 'en',
      currency: 'eur',
      salesStartAt: null,
      salesEndAt: null,
      holdMinutes: 15,
      maxPerOrder: 20,
      maxPerBuyer: sale.maxPerBuyer ?? null,
      tiers: sale.capacities.map((capacity, number) => ({
        name: `Tier ${number}`,
        priceCents: sale.priceCents ?? 2_500,
        capacity,
        minPerOrder: 1,
        maxPerOrder: 10,
        salesStartAt: null,
        salesEndAt: null,
        isHidden: sale.hidden?.includes(number) ?? false,
      })),
      pools: (sale.pools ?? []).map(({ capacity, tiers }, number) => ({
        name: `Pool ${number}`,
        capacity,
        tiers: tiers.map((tier) => `Tier ${tier}`),
      })),
    });
    await setEventStatus(tx, { eventId: id, to: 'on_sale', from: ['draft'] });
    return id;
  });
  const tiers = await listTiers(db.pool, [eventId]);
  return { slug, eventId, organizationId, tierIds: tiers.map((tier) => tier.tierId) };
}

/** A request for this basket, with a key of its own. */
export function ask(
  sale: TestSale,
  basket: readonly (readonly [tier: number, quantity: number])[],
  accessCode?: string,
): HoldRequest {
  const body = {
    event: sale.slug,
    ...(accessCode !== undefined && { access_code: accessCode }),
    items: basket.map(([tier, quantity]) => ({ tier: sale.tierIds[tier] ?? '', quantity })),
  };
  return { body, idempotencyKey: randomUUID(), requestHash: requestHash(body) };
}

export interface Counters {
  readonly tiers: readonly number[];
  readonly pools: readonly number[];
}

/** What the counters of tiers and pools say is reserved, in the order given. */
export async function reservedBy(db: Database, sale: TestSale): Promise<Counters> {
  const read = async (table: string, order: string) => {
    const { rows } = await db.pool.raw(
      `select reserved_quantity as reserved from ${table} where event_id = :id order by ${order}`,
      { id: sale.eventId },
    );
    return rows.map((row: { reserved: number }) => row.reserved);
  };
  return {
    tiers: await read('ticket_tiers', 'position'),
    pools: await read('capacity_pools', 'name'),
  };
}

/** What active holds add up to: what the counters must say. */
export async function heldBy(db: Database, sale: TestSale): Promise<Counters> {
  const { rows: tiers } = await db.pool.raw(
    `select coalesce(sum(i.quantity) filter (where h.status = 'active'), 0)::int as held
       from ticket_tiers t
       left join hold_items i on i.tier_id = t.id
       left join ticket_holds h on h.id = i.hold_id
      where t.event_id = :id
      group by t.id order by t.position`,
    { id: sale.eventId },
  );
  const { rows: pools } = await db.pool.raw(
    `select coalesce(sum(i.quantity) filter (where h.status = 'active'), 0)::int as held
       from capacity_pools p
       left join pool_tiers m on m.pool_id = p.id
       left join hold_items i on i.tier_id = m.tier_id
       left join ticket_holds h on h.id = i.hold_id
      where p.event_id = :id
      group by p.id order by p.name`,
    { id: sale.eventId },
  );
  const held = (row: { held: number }) => row.held;
  return { tiers: tiers.map(held), pools: pools.map(held) };
}
