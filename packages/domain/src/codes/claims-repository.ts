import type { Transaction } from '@liventix/shared/db';
import { giveBackTickets, lockBuyers, recountTickets } from '#buyers/buyer-limit-repository';
import { giveBackAccess, lockAccessCode, retakeAccess } from './access-repository.ts';
import { giveBackPromo, lockPromoCodes, retakePromo } from './redemption-repository.ts';

/**
 * What an order has of things that are limited: its promo code, the use of an access code, and its
 * tickets in its buyer's count. Always in the one order of locks: promo codes → access codes →
 * buyer limits, after the order and its seats.
 */

/**
 * Locks what a change of an order's code and buyer touches, old and new, before any of it moves:
 * two orders that swap codes or buyers would wait for each other. A new order needs no such lock,
 * for its counters are counted in this order, and the counting statement locks them.
 */
export async function lockClaims(
  tx: Transaction,
  change: {
    readonly orderId: string;
    readonly eventId: string;
    readonly code: string | undefined;
    readonly buyerKey: string;
  },
): Promise<void> {
  const { orderId, eventId, code, buyerKey } = change;
  await lockPromoCodes(tx, { orderId, eventId, code });
  await lockAccessCode(tx, orderId);
  await lockBuyers(tx, { orderId, eventId, buyerKey });
}

/** Paid: all of it stays. One statement, for every payment comes by here. */
export async function keepClaims(tx: Transaction, orderId: string): Promise<void> {
  await tx.raw(
    `with kept as (
       update promo_redemptions set state = 'kept'
        where order_id = :orderId and state = 'reserved'
     )
     update access_code_uses set state = 'kept'
      where order_id = :orderId and state = 'reserved'`,
    { orderId },
  );
}

/**
 * Ended unpaid, changed, or refunded as a whole: all of it is given back. Once, whoever calls it
 * again. A refund of single tickets calls giveBackTickets alone.
 */
export async function giveBackClaims(tx: Transaction, orderId: string): Promise<void> {
  await giveBackPromo(tx, orderId);
  await giveBackAccess(tx, orderId);
  await giveBackTickets(tx, { orderId, tickets: 'all' });
}

/** Expired, and paid all the same: all of it is taken again, beyond every limit. */
export async function retakeClaims(tx: Transaction, orderId: string): Promise<void> {
  await retakePromo(tx, orderId);
  await retakeAccess(tx, orderId);
  await recountTickets(tx, orderId);
}
