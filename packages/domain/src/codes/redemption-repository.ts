import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import type { Transaction } from '@liventix/shared/db';
import { z } from 'zod';

/**
 * Which order has which promo code. Counters move by one conditional UPDATE, whose row count is the
 * answer; what they count stands in promo_redemptions, whose states are only ever left. Everything
 * here runs under the lock of the order.
 */

export interface Redeeming {
  readonly orderId: string;
  readonly eventId: string;
  /** As the buyer typed it. */
  readonly code: string;
  readonly buyerKey: string;
}

export type Redeemed = 'reserved' | 'unknown' | 'exhausted' | 'buyer_limit_reached';

/** Locks the code an order has and the one it wants, by id. */
export async function lockPromoCodes(
  tx: Transaction,
  of: { readonly orderId: string; readonly eventId: string; readonly code: string | undefined },
): Promise<void> {
  await tx.raw(
    `select 1
       from promo_codes
      where event_id = :eventId
        and (lower(code) = lower(:code)
             or id = (select promo_code_id from orders where id = :orderId))
      order by id
        for no key update`,
    { ...of, code: of.code ?? null },
  );
}

/**
 * Reserves the code for a pending order. Anything but 'reserved' must not be committed: one of the
 * counters may have moved already.
 */
export async function reservePromo(tx: Transaction, redeeming: Redeeming): Promise<Redeemed> {
  const { orderId, eventId, code, buyerKey } = redeeming;
  const { rows } = await tx.raw(
    `update promo_codes
        set used = used + 1
      where event_id = :eventId and lower(code) = lower(:code)
        and (max_redemptions is null or used < max_redemptions)
      returning id, max_per_buyer as "maxPerBuyer"`,
    { eventId, code },
  );
  const counted = z.object({ id: z.uuid(), maxPerBuyer: z.int().nullable() });
  const promo = counted.optional().parse(rows[0]);
  if (promo === undefined) {
    const { rows: known } = await tx.raw(
      'select 1 from promo_codes where event_id = :eventId and lower(code) = lower(:code)',
      { eventId, code },
    );
    return known.length > 0 ? 'exhausted' : 'unknown';
  }
  const { rowCount } = await tx.raw(
    `insert into promo_buyers as b (promo_code_id, buyer_key, used)
     values (:promoCodeId, :buyerKey, 1)
     on conflict (promo_code_id, buyer_key) do update
        set used = b.used + 1
      where :max::integer is null or b.used < :max::integer`,
    { promoCodeId: promo.id, buyerKey, max: promo.maxPerBuyer },
  );
  if (rowCount === 0) {
    return 'buyer_limit_reached';
  }
  await tx.raw(
    `insert into promo_redemptions (id, promo_code_id, order_id, event_id, state)
     values (:id, :promoCodeId, :orderId, :eventId, 'reserved')`,
    { id: randomUUIDv7(), promoCodeId: promo.id, orderId, eventId },
  );
  return 'reserved';
}

/**
 * Gives back the code of an order that ended unpaid, changed its code, or was refunded. Once:
 * compare-and-set on the redemption's state. Returns whether this call did it.
 */
export async function giveBackPromo(tx: Transaction, orderId: string): Promise<boolean> {
  const { rows } = await tx.raw(
    `update promo_redemptions r
        set state = 'given_back', ended_at = clock_timestamp()
       from orders o
      where o.id = r.order_id and r.order_id = :orderId and r.state in ('reserved', 'kept')
      returning r.promo_code_id as "promoCodeId", r.is_late as "isLate", o.buyer_key as "buyerKey"`,
    { orderId },
  );
  const ended = z.object({
    promoCodeId: z.uuid(),
    isLate: z.boolean(),
    buyerKey: z.string().nullable(),
  });
  const redemption = ended.optional().parse(rows[0]);
  if (redemption === undefined) {
    return false;
  }
  const { rowCount } = await tx.raw(
    `update promo_codes
        set used = used - 1, taken_late = taken_late - :isLate::boolean::integer
      where id = :promoCodeId and used > 0`,
    redemption,
  );
  assert.equal(rowCount, 1, `promo code ${redemption.promoCodeId} is used by nobody`);
  const buyer = await tx.raw(
    `update promo_buyers
        set used = used - 1
      where promo_code_id = :promoCodeId and buyer_key = :buyerKey and used > 0`,
    redemption,
  );
  const counted = redemption.buyerKey === null ? 0 : 1;
  assert.equal(buyer.rowCount, counted, `order ${orderId} was not counted for its buyer`);
  return true;
}

/**
 * Late money revives an expired order: its code is taken again, beyond every limit, since the buyer
 * has paid the reduced price already.
 */
export async function retakePromo(tx: Transaction, orderId: string): Promise<void> {
  const { rows } = await tx.raw(
    `update promo_codes p
        set used = p.used + 1, taken_late = p.taken_late + 1
       from orders o
      where o.id = :orderId and p.id = o.promo_code_id
        and not exists (select 1 from promo_redemptions r
                         where r.order_id = o.id and r.state in ('reserved', 'kept'))
      returning p.id as "promoCodeId", o.event_id as "eventId", o.buyer_key as "buyerKey"`,
    { orderId },
  );
  const taken = z.object({
    promoCodeId: z.uuid(),
    eventId: z.uuid(),
    buyerKey: z.string().nullable(),
  });
  const promo = taken.optional().parse(rows[0]);
  if (promo === undefined) {
    return;
  }
  await tx.raw(
    `insert into promo_buyers as b (promo_code_id, buyer_key, used)
     select :promoCodeId, :buyerKey::text, 1 where :buyerKey::text is not null
     on conflict (promo_code_id, buyer_key) do update set used = b.used + 1`,
    { promoCodeId: promo.promoCodeId, buyerKey: promo.buyerKey },
  );
  await tx.raw(
    `insert into promo_redemptions (id, promo_code_id, order_id, event_id, state, is_late)
     values (:id, :promoCodeId, :orderId, :eventId, 'kept', true)`,
    { id: randomUUIDv7(), orderId, promoCodeId: promo.promoCodeId, eventId: promo.eventId },
  );
}
