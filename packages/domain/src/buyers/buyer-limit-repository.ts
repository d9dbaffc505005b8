import assert from 'node:assert/strict';
import type { Transaction } from '@liventix/shared/db';
import { z } from 'zod';

/**
 * Tickets of a buyer in pending and paid orders of an event. Each count stands in orders too
 * (counted_tickets), so that what an order added is taken off once. Everything here runs under the
 * lock of the order.
 */

export interface CountedTickets {
  readonly orderId: string;
  readonly eventId: string;
  readonly buyerKey: string;
  readonly tickets: number;
}

export type CountOutcome =
  | { readonly kind: 'counted' }
  | { readonly kind: 'limit_reached'; readonly limit: number; readonly left: number };

/** Locks the counts of the buyer an order has and of the one it shall have, by key. */
export async function lockBuyers(
  tx: Transaction,
  of: { readonly orderId: string; readonly eventId: string; readonly buyerKey: string },
): Promise<void> {
  await tx.raw(
    `select 1
       from buyer_limits
      where event_id = :eventId
        and buyer_key in (:buyerKey, (select buyer_key from orders where id = :orderId))
      order by buyer_key
        for no key update`,
    of,
  );
}

/**
 * Counts an order's tickets for its buyer, unless they would be more than the event allows. The
 * count and the check are one statement, which judges the row as it is after any wait.
 */
export async function countTickets(
  tx: Transaction,
  counted: CountedTickets,
  limit: number | null,
): Promise<CountOutcome> {
  const added = await addTickets(tx, counted, limit);
  if (added) {
    return { kind: 'counted' };
  }
  const { rows } = await tx.raw(
    'select tickets from buyer_limits where event_id = :eventId and buyer_key = :buyerKey',
    { eventId: counted.eventId, buyerKey: counted.buyerKey },
  );
  const known = z.object({ tickets: z.int() }).optional().parse(rows[0])?.tickets ?? 0;
  return { kind: 'limit_reached', limit: limit ?? 0, left: Math.max(0, (limit ?? 0) - known) };
}

async function addTickets(
  tx: Transaction,
  counted: CountedTickets,
  limit: number | null,
): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `insert into buyer_limits as b (event_id, buyer_key, tickets)
     select :eventId, :buyerKey, :tickets::integer
      where :limit::integer is null or :tickets::integer <= :limit::integer
     on conflict (event_id, buyer_key) do update
        set tickets = b.tickets + excluded.tickets
      where :limit::integer is null or b.tickets + excluded.tickets <= :limit::integer`,
    { eventId: counted.eventId, buyerKey: counted.buyerKey, tickets: counted.tickets, limit },
  );
  if (rowCount === 0) {
    return false;
  }
  const order = await tx.raw(
    `update orders set counted_tickets = :tickets where id = :orderId and counted_tickets = 0`,
    { orderId: counted.orderId, tickets: counted.tickets },
  );
  assert.equal(order.rowCount, 1, `order ${counted.orderId} is counted already`);
  return true;
}

/**
 * Takes an order's tickets off its buyer's count: all of them when it ends unpaid, or so many when
 * they are refunded. Repeating takes off no more than the order has left.
 */
export async function giveBackTickets(
  tx: Transaction,
  order: { readonly orderId: string; readonly tickets: number | 'all' },
): Promise<void> {
  const { rows } = await tx.raw(
    `with was as (
       select id, least(counted_tickets, coalesce(:tickets::integer, counted_tickets)) as off
         from orders where id = :orderId for no key update
     )
     update orders o
        set counted_tickets = o.counted_tickets - was.off
       from was
      where o.id = was.id and was.off > 0
      returning o.event_id as "eventId", o.buyer_key as "buyerKey", was.off`,
    { orderId: order.orderId, tickets: order.tickets === 'all' ? null : order.tickets },
  );
  const changed = z.object({ eventId: z.uuid(), buyerKey: z.string().nullable(), off: z.int() });
  const off = changed.optional().parse(rows[0]);
  if (off === undefined || off.buyerKey === null) {
    return;
  }
  const { rowCount } = await tx.raw(
    `update buyer_limits
        set tickets = tickets - :off
      where event_id = :eventId and buyer_key = :buyerKey and tickets >= :off`,
    off,
  );
  assert.equal(rowCount, 1, `order ${order.orderId} was not counted for its buyer`);
}

/** Late money revives an expired order: its tickets count again, whatever the limit says. */
export async function recountTickets(tx: Transaction, orderId: string): Promise<void> {
  const { rows } = await tx.raw(
    `select o.id as "orderId", o.event_id as "eventId", o.buyer_key as "buyerKey",
            (select sum(quantity)::integer from order_items where order_id = o.id) as tickets
       from orders o
      where o.id = :orderId and o.counted_tickets = 0 and o.buyer_key is not null`,
    { orderId },
  );
  const uncounted = z.object({
    orderId: z.uuid(),
    eventId: z.uuid(),
    buyerKey: z.string(),
    tickets: z.int(),
  });
  const order = uncounted.optional().parse(rows[0]);
  if (order !== undefined) {
    await addTickets(tx, order, null);
  }
}
