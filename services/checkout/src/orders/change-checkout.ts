import { buyerKey } from '@liventix/domain/buyers';
import { giveBackClaims, lockClaims } from '@liventix/domain/codes/claims-repository';
import type { SoldEvent } from '@liventix/domain/events/repository';
import { lockHold } from '@liventix/domain/inventory/repository';
import type { Order } from '@liventix/domain/orders';
import { lockOrder, updateOrderBuyer } from '@liventix/domain/orders/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { closeAttempt, findOpenAttempt } from '@liventix/domain/payments/attempt-repository';
import { setOrderWallet } from '@liventix/domain/wallets/escrow-repository';
import type { Transaction } from '@liventix/shared/db';
import type { Deps } from '#deps';
import { endedHoldError, refused } from '#holds/hold-errors';
import { claimLimits, priceWith } from '#orders/claim-limits';
import { promoError } from '#orders/limit-errors';
import { nameHolders } from '#orders/name-holders';
import { readyToPay, refuseBelowMinimum } from '#orders/ready-to-pay';
import type { CheckoutRequest } from '#orders/start-checkout';
import { inFlight } from '#payments/open-payment-page';
import { payFromWallet } from '#wallets/pay-from-wallet';

export interface OtherCheckout {
  readonly order: Order;
  readonly event: SoldEvent;
  readonly request: CheckoutRequest;
}

/**
 * Other content for a pending order: its page is closed first, so that nobody pays for what was
 * replaced. A page that turns out to be paid settles the order instead. The closed page is recorded
 * before the order is rewritten: when that is refused (somebody took the last use of the code), the
 * order stands as it was, and asking again opens a new page.
 */
export async function changeCheckout(deps: Deps, other: OtherCheckout): Promise<Order> {
  await refuseEarly(deps, other);
  await closePage(deps, other.order);
  return await deps.db.inTransaction(async (tx) => await rewrite(tx, other));
}

/** A mistyped code must not cost the buyer the page that is open. Nothing is decided here. */
async function refuseEarly(deps: Deps, { order, request }: OtherCheckout): Promise<void> {
  const code = request.body.promo_code;
  if (code === undefined) {
    return;
  }
  const { promo, lines } = await priceWith(deps.db.pool, order, code);
  if (promo.isExhausted && order.promo?.id !== promo.id) {
    throw promoError('exhausted', code);
  }
  if (request.wallet !== undefined) {
    // How little is left for the card is only known with the wallet's lock.
    return;
  }
  const discountCents = lines.reduce((sum, line) => sum + line.discountCents, 0);
  const totalCents = order.totalCents + order.discountCents - discountCents;
  refuseBelowMinimum({ totalCents, currency: order.currency });
}

async function closePage(deps: Deps, order: Order): Promise<void> {
  const attempt = await findOpenAttempt(deps.db.pool, order.id);
  if (attempt?.sessionId === null || attempt?.state === 'completed') {
    throw inFlight(order);
  }
  if (attempt === undefined) {
    return;
  }
  if (attempt.sessionId !== undefined && deps.stripe !== undefined) {
    const { sessionId } = attempt;
    const page = await deps.stripe.closePage(sessionId);
    if (page === 'complete') {
      await deps.db.inTransaction(async (tx) => {
        await enqueue(tx, 'order.settle', { orderId: order.id, sessionId });
      });
      throw refused('order.already_paid', `Order ${order.number} is paid already.`);
    }
  }
  await deps.db.inTransaction(async (tx) => {
    const locked = await lockOrder(tx, order.id);
    if (locked?.status !== 'pending') {
      throw unchangeable(order);
    }
    await closeAttempt(tx, { attemptId: attempt.id, as: 'superseded' });
  });
}

/** Gives back what the old content had, and takes what the new one needs, in one transaction. */
async function rewrite(tx: Transaction, other: OtherCheckout): Promise<Order> {
  const { order, event, request } = other;
  const { body } = request;
  const locked = await lockOrder(tx, order.id);
  if (locked?.status !== 'pending') {
    throw unchangeable(order);
  }
  const hold = await lockHold(tx, locked.holdId);
  const ended = hold === undefined ? undefined : endedHoldError(hold);
  if (hold === undefined || ended !== undefined) {
    throw ended ?? unchangeable(order);
  }
  // Somebody else asked for the old content meanwhile and has a page for it.
  if ((await findOpenAttempt(tx, order.id)) !== undefined) {
    throw inFlight(order);
  }
  const { id: orderId, eventId } = locked;
  const key = buyerKey(body.buyer.email);
  await lockClaims(tx, { orderId, eventId, code: body.promo_code, buyerKey: key });
  await giveBackClaims(tx, orderId);
  if (locked.walletId !== null) {
    await setOrderWallet(tx, { orderId, wallet: undefined });
  }
  await updateOrderBuyer(tx, {
    orderId,
    buyer: { ...body.buyer, key },
    checkout: { key: request.idempotencyKey, hash: request.requestHash },
  });
  await nameHolders(tx, { orderId, body });
  await claimLimits(tx, { order: locked, event, body });
  await payFromWallet(tx, { orderId, token: request.wallet, before: locked });
  return await readyToPay(tx, hold, orderId);
}

function unchangeable(order: Order) {
  return refused('order.already_paid', `Order ${order.number} cannot be changed any more.`);
}
