import type { Transaction } from '@liventix/shared/db';

/**
 * Gives back what many orders have of things that are limited, in as many statements as for one:
 * their promo codes, access codes and the tickets in their buyers' counts. Call it under the locks of
 * the orders. Each once, by its state, as giveBackClaims does for one order.
 */
export async function giveBackManyClaims(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<void> {
  await giveBackPromos(tx, orderIds);
  await giveBackAccesses(tx, orderIds);
  await giveBackCounts(tx, orderIds);
}

/** Codes are locked by id before any counter moves, as everywhere. */
async function giveBackPromos(tx: Transaction, orderIds: readonly string[]): Promise<void> {
  const ids = [...orderIds];
  await tx.raw(
    `select 1 from promo_codes
      where id in (select promo_code_id from promo_redemptions
                    where order_id = any (:ids::uuid[]) and state in ('reserved', 'kept'))
      order by id for no key update`,
    { ids },
  );
  await tx.raw(
    `with ended as (
       update promo_redemptions r
          set state = 'given_back', ended_at = clock_timestamp()
         from orders o
        where o.id = r.order_id and r.order_id = any (:ids::uuid[]) and r.state in ('reserved', 'kept')
        returning r.promo_code_id, r.is_late, o.buyer_key
     ), codes as (
       update promo_codes p
          set used = p.used - e.uses, taken_late = p.taken_late - e.late
         from (select promo_code_id, count(*) as uses, count(*) filter (where is_late) as late
                 from ended group by 1) e
        where p.id = e.promo_code_id
     )
     update promo_buyers b
        set used = b.used - e.uses
       from (select promo_code_id, buyer_key, count(*) as uses from ended group by 1, 2) e
      where b.promo_code_id = e.promo_code_id and b.buyer_key = e.buyer_key`,
    { ids },
  );
}

async function giveBackAccesses(tx: Transaction, orderIds: readonly string[]): Promise<void> {
  const ids = [...orderIds];
  await tx.raw(
    `select 1 from access_codes
      where id in (select access_code_id from access_code_uses
                    where order_id = any (:ids::uuid[]) and state in ('reserved', 'kept'))
      order by id for no key update`,
    { ids },
  );
  await tx.raw(
    `with was as (
       select hold_id, is_late from access_code_uses
        where order_id = any (:ids::uuid[]) and state in ('reserved', 'kept')
     ), ended as (
       update access_code_uses u
          set state = 'given_back', is_late = false
         from was
        where u.hold_id = was.hold_id
        returning u.access_code_id, was.is_late
     )
     update access_codes a
        set used = a.used - e.uses, taken_late = a.taken_late - e.late
       from (select access_code_id, count(*) as uses, count(*) filter (where is_late) as late
               from ended group by 1) e
      where a.id = e.access_code_id`,
    { ids },
  );
}

async function giveBackCounts(tx: Transaction, orderIds: readonly string[]): Promise<void> {
  const ids = [...orderIds];
  await tx.raw(
    `select 1 from buyer_limits
      where (event_id, buyer_key) in (select event_id, buyer_key from orders
                                       where id = any (:ids::uuid[]) and counted_tickets > 0)
      order by event_id, buyer_key for no key update`,
    { ids },
  );
  await tx.raw(
    `with was as (
       select id, event_id, buyer_key, counted_tickets from orders
        where id = any (:ids::uuid[]) and counted_tickets > 0
     ), ended as (
       update orders o set counted_tickets = 0 from was where o.id = was.id
     )
     update buyer_limits b
        set tickets = b.tickets - w.tickets
       from (select event_id, buyer_key, sum(counted_tickets) as tickets from was group by 1, 2) w
      where b.event_id = w.event_id and b.buyer_key = w.buyer_key`,
    { ids },
  );
}
