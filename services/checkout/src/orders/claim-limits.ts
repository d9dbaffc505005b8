import type { CheckoutBody } from '@liventix/contracts/api/holds';
import { buyerKey } from '@liventix/domain/buyers';
import { countTickets } from '@liventix/domain/buyers/repository';
import { decidePromo, type PromoCode } from '@liventix/domain/codes';
import { reserveAccess } from '@liventix/domain/codes/access-repository';
import { reservePromo } from '@liventix/domain/codes/redemption-repository';
import { findPromoCode } from '@liventix/domain/codes/repository';
import type { SoldEvent } from '@liventix/domain/events/repository';
import type { Order } from '@liventix/domain/orders';
import { setOrderDiscount } from '@liventix/domain/orders/repository';
import type { Executor, Transaction } from '@liventix/shared/db';
import { accessExhausted, buyerLimitError, promoError } from '#orders/limit-errors';

interface Claim {
  /** Pending, and with nothing claimed: new, or given back in this transaction. */
  readonly order: Order;
  readonly event: SoldEvent;
  readonly body: CheckoutBody;
}

/**
 * Takes what this checkout needs of limited things: its promo code, the use of an access code, its
 * tickets in the buyer's count. In the one order of locks. What cannot be had is thrown, and takes
 * the transaction with it.
 */
export async function claimLimits(tx: Transaction, claim: Claim): Promise<void> {
  const { order, event, body } = claim;
  await claimPromo(tx, claim);
  if (!(await reserveAccess(tx, { holdId: order.holdId, orderId: order.id }))) {
    throw accessExhausted();
  }
  const counted = {
    orderId: order.id,
    eventId: order.eventId,
    buyerKey: buyerKey(body.buyer.email),
    tickets: order.items.reduce((sum, item) => sum + item.quantity, 0),
  };
  const outcome = await countTickets(tx, counted, event.maxPerBuyer);
  if (outcome.kind === 'limit_reached') {
    throw buyerLimitError(outcome.limit, outcome.left);
  }
}

/** Counts first, which locks the code, and reads its terms by a later statement. */
async function claimPromo(tx: Transaction, { order, body }: Claim): Promise<void> {
  const code = body.promo_code;
  if (code === undefined) {
    if (order.promo !== null) {
      const lines = order.items.map(({ tierId }) => ({ tierId, discountCents: 0 }));
      await setOrderDiscount(tx, { orderId: order.id, promoCodeId: null, lines });
    }
    return;
  }
  const redeemed = await reservePromo(tx, {
    orderId: order.id,
    eventId: order.eventId,
    code,
    buyerKey: buyerKey(body.buyer.email),
  });
  if (redeemed !== 'reserved') {
    throw promoError(redeemed, code);
  }
  const { promo, lines } = await priceWith(tx, order, code);
  await setOrderDiscount(tx, { orderId: order.id, promoCodeId: promo.id, lines });
}

interface Priced {
  readonly promo: PromoCode;
  readonly lines: readonly { readonly tierId: string; readonly discountCents: number }[];
}

/** What the code takes off the lines of this order now; refused when it does not apply to them. */
export async function priceWith(executor: Executor, order: Order, code: string): Promise<Priced> {
  const promo = await findPromoCode(executor, { eventId: order.eventId, code });
  if (promo === undefined) {
    throw promoError('unknown', code);
  }
  const decision = decidePromo({
    promo,
    lines: order.items.map((item) => ({
      tierId: item.tierId,
      cents: item.quantity * item.unitPriceCents,
    })),
    currency: order.currency,
    isHeld: order.promo?.id === promo.id,
  });
  if (decision.kind === 'refuse') {
    throw promoError(decision.reason, code);
  }
  const lines = order.items.map(({ tierId }, at) => ({
    tierId,
    discountCents: decision.discounts[at] ?? 0,
  }));
  return { promo, lines };
}
