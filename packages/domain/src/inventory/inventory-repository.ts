import assert from 'node:assert/strict';
import type { Executor, Transaction } from '@liventix/shared/db';
import { arrayLiteral } from '@liventix/shared/db/array-literal';
import { z } from 'zod';
import type { Hold, HoldDeadline, HoldItem, Offer } from './hold.ts';

const offerRow = z
  .object({
    id: z.uuid(),
    name: z.string(),
    price_cents: z.int(),
    min_per_order: z.int(),
    max_per_order: z.int(),
    available: z.int(),
    sales_start_at: z.date().nullable(),
    sales_end_at: z.date().nullable(),
    closed_at: z.date().nullable(),
    is_hidden: z.boolean(),
    as_of: z.date(),
    pools: z.array(z.object({ poolId: z.uuid(), left: z.int() })),
  })
  .transform(
    (row): Offer => ({
      tierId: row.id,
      name: row.name,
      priceCents: row.price_cents,
      minPerOrder: row.min_per_order,
      maxPerOrder: row.max_per_order,
      available: row.available,
      salesStartAt: row.sales_start_at,
      salesEndAt: row.sales_end_at,
      closedAt: row.closed_at,
      isHidden: row.is_hidden,
      asOf: row.as_of,
      pools: row.pools,
    }),
  );

/**
 * Locks tiers of the event, then the pools they draw on, each by id: the one lock order. What they
 * have left is read by a later statement, since a locking one answers from before its wait.
 */
export async function lockInventory(
  tx: Transaction,
  eventId: string,
  tierIds: readonly string[],
): Promise<void> {
  await tx.raw('select lock_inventory(:eventId, :tierIds::uuid[])', {
    eventId,
    tierIds: [...tierIds],
  });
}

/** What these tiers of the event have left, and on which terms; call it under lockInventory. */
export async function readOffers(
  tx: Transaction,
  eventId: string,
  tierIds: readonly string[],
): Promise<Offer[]> {
  const { rows } = await tx.raw(
    `select t.id, t.name, t.price_cents, t.min_per_order, t.max_per_order,
            t.sales_start_at, t.sales_end_at, t.closed_at, t.is_hidden, clock_timestamp() as as_of,
            greatest(0, least(t.capacity - t.reserved_quantity - t.issued_quantity,
                              min(p.capacity - p.reserved_quantity - p.issued_quantity)))
              as available,
            coalesce(jsonb_agg(jsonb_build_object(
                       'poolId', p.id,
                       'left', greatest(0, p.capacity - p.reserved_quantity - p.issued_quantity)))
                     filter (where p.id is not null), '[]') as pools
       from ticket_tiers t
       left join pool_tiers m on m.tier_id = t.id
       left join capacity_pools p on p.id = m.pool_id
      where t.event_id = :eventId and t.id = any (:tierIds::uuid[])
      group by t.id
      order by t.position, t.id`,
    { eventId, tierIds: [...tierIds] },
  );
  return z.array(offerRow).parse(rows);
}

export interface NewHold {
  readonly id: string;
  readonly items: readonly HoldItem[];
  readonly deadline: HoldDeadline;
  readonly idempotency?: { readonly key: string; readonly requestHash: string };
}

/**
 * Takes capacity for any number of holds of one event, in two statements, through the triggers; the
 * CHECK of the tiers raises if it is not there.
 */
export async function insertHolds(
  tx: Transaction,
  event: { readonly id: string; readonly organizationId: string },
  holds: readonly NewHold[],
): Promise<void> {
  await tx.raw(
    `insert into ticket_holds (id, organization_id, event_id, expires_at, idempotency_key,
                               request_hash)
     select h.id, :organizationId, :eventId, h.expires_at, h.key, h.hash
       from unnest(:ids::uuid[], :deadlines::timestamptz[], :keys::uuid[], :hashes::text[])
         as h (id, expires_at, key, hash)`,
    {
      organizationId: event.organizationId,
      eventId: event.id,
      ids: arrayLiteral(holds.map((hold) => hold.id)),
      deadlines: arrayLiteral(
        holds.map(({ deadline }) => (deadline === 'pinned' ? 'infinity' : deadline.toISOString())),
      ),
      keys: arrayLiteral(holds.map((hold) => hold.idempotency?.key ?? null)),
      hashes: arrayLiteral(holds.map((hold) => hold.idempotency?.requestHash ?? null)),
    },
  );
  const lines = holds.flatMap((hold) => hold.items.map((item) => ({ holdId: hold.id, ...item })));
  await tx.raw(
    `insert into hold_items (hold_id, tier_id, event_id, quantity, unit_price_cents)
     select i.hold_id, i.tier_id, :eventId, i.quantity, i.unit_price_cents
       from unnest(:holdIds::uuid[], :tierIds::uuid[], :quantities::integer[], :prices::bigint[])
         as i (hold_id, tier_id, quantity, unit_price_cents)`,
    {
      eventId: event.id,
      holdIds: arrayLiteral(lines.map((line) => line.holdId)),
      tierIds: arrayLiteral(lines.map((line) => line.tierId)),
      quantities: arrayLiteral(lines.map((line) => line.quantity)),
      prices: arrayLiteral(lines.map((line) => line.unitPriceCents)),
    },
  );
}

const holdRow = z
  .object({
    id: z.uuid(),
    organization_id: z.uuid(),
    event_id: z.uuid(),
    order_id: z.uuid().nullable(),
    status: z.enum(['active', 'converted', 'released', 'expired']),
    expires_at: z.union([z.date(), z.literal(Number.POSITIVE_INFINITY)]),
    past_deadline: z.boolean(),
    given_back: z.boolean(),
    token_version: z.int(),
    items: z.array(
      z.object({
        tierId: z.uuid(),
        tierName: z.string(),
        quantity: z.int(),
        unitPriceCents: z.int(),
      }),
    ),
  })
  .transform(
    (row): Hold => ({
      id: row.id,
      organizationId: row.organization_id,
      eventId: row.event_id,
      orderId: row.order_id,
      status: row.status,
      deadline: row.expires_at instanceof Date ? row.expires_at : 'pinned',
      isPastDeadline: row.past_deadline,
      isGivenBack: row.given_back,
      tokenVersion: row.token_version,
      items: row.items,
    }),
  );

/** The hold with its lines, by the database's clock. */
export async function findHold(executor: Executor, holdId: string): Promise<Hold | undefined> {
  const { rows } = await executor.raw(
    `select h.id, h.organization_id, h.event_id, h.order_id, h.status, h.expires_at,
            h.expires_at <= clock_timestamp() as past_deadline,
            h.release_requested_at is not null as given_back, h.token_version,
            (select jsonb_agg(jsonb_build_object('tierId', i.tier_id, 'tierName', t.name,
                                'quantity', i.quantity, 'unitPriceCents', i.unit_price_cents)
                              order by t.position, i.tier_id)
               from hold_items i
               join ticket_tiers t on t.id = i.tier_id
              where i.hold_id = h.id) as items
       from ticket_holds h
      where h.id = :holdId`,
    { holdId },
  );
  return rows[0] === undefined ? undefined : holdRow.parse(rows[0]);
}

/** Locks the hold, then reads it: what is returned is as of after the wait. */
export async function lockHold(tx: Transaction, holdId: string): Promise<Hold | undefined> {
  await tx.raw('select 1 from ticket_holds where id = :holdId for update', { holdId });
  return await findHold(tx, holdId);
}

const keyRow = z.object({ key: z.uuid(), holdId: z.uuid(), requestHash: z.string() });
export type KnownHold = z.output<typeof keyRow>;

/** The holds that these keys made, by key; a key that made none is absent. */
export async function findHoldsByKeys(
  executor: Executor,
  keys: readonly string[],
): Promise<Map<string, KnownHold>> {
  const { rows } = await executor.raw(
    `select idempotency_key as key, id as "holdId", request_hash as "requestHash"
       from ticket_holds
      where idempotency_key = any (:keys::uuid[])`,
    { keys: arrayLiteral(keys) },
  );
  return new Map(
    z
      .array(keyRow)
      .parse(rows)
      .map((row) => [row.key, row]),
  );
}

/** The hold goes to checkout. Compare-and-set: a hold belongs to one order for ever. */
export async function markHoldOrdered(
  tx: Transaction,
  holdId: string,
  orderId: string,
): Promise<void> {
  const { rowCount } = await tx.raw(
    `update ticket_holds
        set order_id = :orderId
      where id = :holdId and status = 'active' and order_id is null`,
    { holdId, orderId },
  );
  assert.equal(rowCount, 1, `hold ${holdId} cannot go to checkout`);
}

/** Handing out a payment page leaves at least ten minutes to pay, once. */
export async function extendHoldOnce(tx: Transaction, holdId: string): Promise<void> {
  await tx.raw(
    `update ticket_holds
        set expires_at = greatest(expires_at, clock_timestamp() + interval '10 minutes'),
            deadline_extended_at = clock_timestamp()
      where id = :holdId and status = 'active' and deadline_extended_at is null`,
    { holdId },
  );
}

/** Paid for: the sweep must not take it any more. */
export async function pinHold(tx: Transaction, holdId: string): Promise<void> {
  const { rowCount } = await tx.raw(
    `update ticket_holds
        set expires_at = 'infinity', release_requested_at = null
      where id = :holdId and status = 'active'`,
    { holdId },
  );
  assert.equal(rowCount, 1, `hold ${holdId} is not active`);
}

/** A delayed payment failed: the hold may end again, from now on. */
export async function unpinHold(tx: Transaction, holdId: string): Promise<void> {
  await tx.raw(
    `update ticket_holds
        set expires_at = clock_timestamp()
      where id = :holdId and status = 'active' and expires_at = 'infinity'`,
    { holdId },
  );
}
