import assert from 'node:assert/strict';
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { Order } from './order.ts';

const orderRow = z
  .object({
    id: z.uuid(),
    organization_id: z.uuid(),
    event_id: z.uuid(),
    hold_id: z.uuid(),
    number: z.string(),
    status: z.enum(['pending', 'paid', 'fulfilled', 'expired', 'cancelled']),
    buyer_name: z.string().nullable(),
    buyer_email: z.string().nullable(),
    locale: z.string(),
    currency: z.string(),
    discount_cents: z.int(),
    total_cents: z.int(),
    wallet_cents: z.int(),
    wallet_id: z.uuid().nullable(),
    promo: z.object({ id: z.uuid(), code: z.string() }).nullable(),
    token_version: z.int(),
    checkout_key: z.uuid().nullable(),
    checkout_hash: z.string().nullable(),
    created_at: z.date(),
    is_erased: z.boolean(),
    items: z.array(
      z.object({
        tierId: z.uuid(),
        tierName: z.string(),
        quantity: z.int(),
        unitPriceCents: z.int(),
        discountCents: z.int(),
        totalCents: z.int(),
      }),
    ),
  })
  .transform(
    (row): Order => ({
      id: row.id,
      organizationId: row.organization_id,
      eventId: row.event_id,
      holdId: row.hold_id,
      number: row.number,
      status: row.status,
      buyerName: row.buyer_name,
      buyerEmail: row.buyer_email,
      locale: row.locale,
      currency: row.currency,
      discountCents: row.discount_cents,
      totalCents: row.total_cents,
      walletCents: row.wallet_cents,
      walletId: row.wallet_id,
      promo: row.promo,
      tokenVersion: row.token_version,
      checkoutKey: row.checkout_key,
      checkoutHash: row.checkout_hash,
      createdAt: row.created_at,
      isErased: row.is_erased,
      items: row.items,
    }),
  );

export async function findOrder(executor: Executor, orderId: string): Promise<Order | undefined> {
  const { rows } = await executor.raw(
    `select o.id, o.organization_id, o.event_id, o.hold_id, o.number, o.status, o.buyer_name,
            o.buyer_email, o.locale, o.currency, o.discount_cents, o.total_cents, o.wallet_cents,
            o.wallet_id, o.token_version,
            o.checkout_key, o.checkout_hash, o.created_at, o.erased_at is not null as is_erased,
            (select jsonb_build_object('id', p.id, 'code', p.code)
               from promo_codes p where p.id = o.promo_code_id) as promo,
            (select jsonb_agg(jsonb_build_object('tierId', i.tier_id, 'tierName', t.name,
                                'quantity', i.quantity, 'unitPriceCents', i.unit_price_cents,
                                'discountCents', i.discount_cents, 'totalCents', i.total_cents)
                              order by t.position, i.tier_id)
               from order_items i
               join ticket_tiers t on t.id = i.tier_id
              where i.order_id = o.id) as items
       from orders o
      where o.id = :orderId`,
    { orderId },
  );
  return rows[0] === undefined ? undefined : orderRow.parse(rows[0]);
}

/** An order that this transaction wrote or locked. */
export async function getOrder(executor: Executor, orderId: string): Promise<Order> {
  const order = await findOrder(executor, orderId);
  assert.ok(order, `order ${orderId} vanished, though orders are never deleted`);
  return order;
}

/**
 * Locks the order, then reads it as of after the wait, so that two causes for one order decide one
 * after the other. The first lock of every transaction that touches an order.
 */
export async function lockOrder(tx: Transaction, orderId: string): Promise<Order | undefined> {
  await tx.raw('select 1 from orders where id = :orderId for update', { orderId });
  return await findOrder(tx, orderId);
}

/** Crockford's alphabet: no letter that reads like a digit. */
const numberAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Forty random bits for people to read out; the unique constraint refuses the rare repetition. */
function orderNumber(): string {
  const letters = [...randomBytes(8)].map((byte) => numberAlphabet.charAt(byte & 31));
  return `LV-${letters.join('')}`;
}

export interface OrderBuyer {
  readonly name: string;
  readonly email: string;
  /** Whom the address reaches: see buyerKey. */
  readonly key: string;
}

export interface NewOrder {
  readonly organizationId: string;
  readonly eventId: string;
  readonly holdId: string;
  readonly locale: string;
  readonly currency: string;
  readonly buyer: OrderBuyer;
  readonly checkout: { readonly key: string; readonly hash: string };
}

/** The order of a hold, its lines copied from the hold's: what was shown is what is charged. */
export async function insertOrder(tx: Transaction, order: NewOrder): Promise<string> {
  const id = randomUUIDv7();
  await tx.raw(
    `insert into orders (id, organization_id, event_id, hold_id, number, buyer_name, buyer_email,
                         buyer_key, locale, currency, subtotal_cents, total_cents, checkout_key,
                         checkout_hash)
     select :id, :organizationId, :eventId, :holdId, :number, :name, :email, :buyerKey,
            :locale, :currency, s.subtotal, s.subtotal, :key, :hash
       from (select sum(quantity * unit_price_cents) as subtotal
               from hold_items where hold_id = :holdId) s`,
    {
      id,
      organizationId: order.organizationId,
      eventId: order.eventId,
      holdId: order.holdId,
      number: orderNumber(),
      name: order.buyer.name,
      email: order.buyer.email,
      buyerKey: order.buyer.key,
      locale: order.locale,
      currency: order.currency,
      key: order.checkout.key,
      hash: order.checkout.hash,
    },
  );
  const { rows } = await tx.raw(
    'select tier_id as "tierId" from hold_items where hold_id = :holdId order by tier_id',
    { holdId: order.holdId },
  );
  const tierIds = z.array(z.object({ tierId: z.uuid() })).parse(rows);
  await tx.raw(
    `insert into order_items (id, order_id, event_id, tier_id, quantity, unit_price_cents,
                              total_cents)
     select n.id, :orderId, h.event_id, h.tier_id, h.quantity, h.unit_price_cents,
            h.quantity * h.unit_price_cents
       from unnest(:ids::uuid[], :tierIds::uuid[]) as n (id, tier_id)
       join hold_items h on h.hold_id = :holdId and h.tier_id = n.tier_id`,
    {
      orderId: id,
      holdId: order.holdId,
      ids: tierIds.map(() => randomUUIDv7()),
      tierIds: tierIds.map((row) => row.tierId),
    },
  );
  return id;
}

/** Other content for a pending order, under its lock, after the old page was closed. */
export async function updateOrderBuyer(
  tx: Transaction,
  order: {
    readonly orderId: string;
    readonly buyer: OrderBuyer;
    readonly checkout: NewOrder['checkout'];
  },
): Promise<void> {
  const { rowCount } = await tx.raw(
    `update orders
        set buyer_name = :name, buyer_email = :email, buyer_key = :buyerKey,
            checkout_key = :key, checkout_hash = :hash
      where id = :orderId and status = 'pending'`,
    {
      orderId: order.orderId,
      name: order.buyer.name,
      email: order.buyer.email,
      buyerKey: order.buyer.key,
      key: order.checkout.key,
      hash: order.checkout.hash,
    },
  );
  assert.equal(rowCount, 1, `order ${order.orderId} is not pending`);
}

/**
 * Prices a pending order anew: so much off each of its lines, by the code it has. The trigger that
 * compares the total with the lines judges when the transaction ends.
 */
export async function setOrderDiscount(
  tx: Transaction,
  order: {
    readonly orderId: string;
    readonly promoCodeId: string | null;
    readonly lines: readonly { readonly tierId: string; readonly discountCents: number }[];
  },
): Promise<void> {
  await tx.raw(
    `update order_items i
        set discount_cents = d.discount,
            total_cents = i.quantity * i.unit_price_cents - d.discount + i.tax_cents + i.fee_cents
       from unnest(:tierIds::uuid[], :discounts::bigint[]) as d (tier_id, discount)
      where i.order_id = :orderId and i.tier_id = d.tier_id`,
    {
      orderId: order.orderId,
      tierIds: order.lines.map((line) => line.tierId),
      discounts: order.lines.map((line) => line.discountCents),
    },
  );
  const { rowCount } = await tx.raw(
    `update orders o
        set promo_code_id = :promoCodeId, discount_cents = s.discount, total_cents = s.total
       from (select sum(discount_cents) as discount, sum(total_cents) as total
               from order_items where order_id = :orderId) s
      where o.id = :orderId and o.status = 'pending'`,
    { orderId: order.orderId, promoCodeId: order.promoCodeId },
  );
  assert.equal(rowCount, 1, `order ${order.orderId} is not pending`);
}

/** Compare-and-set under the lock, so a miss is a bug and not a lost race. */
export async function markOrderPaid(
  tx: Transaction,
  order: { readonly orderId: string; readonly holdId: string },
): Promise<void> {
  const { rowCount } = await tx.raw(
    `update orders
        set status = 'paid', paid_at = clock_timestamp(), ended_at = null, hold_id = :holdId
      where id = :orderId and status in ('pending', 'expired')`,
    { orderId: order.orderId, holdId: order.holdId },
  );
  assert.equal(rowCount, 1, `order ${order.orderId} cannot become paid`);
}

const unfinishedRow = z.object({
  /** The PaymentIntent, when some of its money went back before there were tickets. */
  refundedIntent: z.string().nullable(),
  isEventCancelled: z.boolean(),
});

/** What happened to an order between its payment and its tickets, and must be looked at again. */
export type Unfinished = z.output<typeof unfinishedRow>;

export async function markOrderFulfilled(tx: Transaction, orderId: string): Promise<Unfinished> {
  const { rows } = await tx.raw(
    `update orders o
        set status = 'fulfilled', fulfilled_at = clock_timestamp()
      where o.id = :orderId and o.status = 'paid'
      returning (select p.provider_id
                   from payments p
                  where p.order_id = o.id and p.disposition = 'tickets' and p.provider = 'stripe'
                    and p.refunded_cents + p.refund_open_cents > 0) as "refundedIntent",
                (select e.status = 'cancelled' from events e where e.id = o.event_id)
                  as "isEventCancelled"`,
    { orderId },
  );
  assert.equal(rows.length, 1, `order ${orderId} is not paid`);
  return unfinishedRow.parse(rows[0]);
}

/** A pending order whose hold ended: expired by the clock, cancelled when it was given back. */
export async function markOrderEnded(
  tx: Transaction,
  order: { readonly orderId: string; readonly as: 'expired' | 'cancelled' },
): Promise<void> {
  const { rowCount } = await tx.raw(
    `update orders
        set status = :as, ended_at = clock_timestamp()
      where id = :orderId and status = 'pending'`,
    { orderId: order.orderId, as: order.as },
  );
  assert.equal(rowCount, 1, `order ${order.orderId} is not pending`);
}
