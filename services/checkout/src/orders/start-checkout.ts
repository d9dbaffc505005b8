import type { CheckoutBody } from '@liventix/contracts/api/holds';
import { buyerKey } from '@liventix/domain/buyers';
import { getEvent, type SoldEvent } from '@liventix/domain/events/repository';
import type { Hold } from '@liventix/domain/inventory';
import { lockHold, markHoldOrdered } from '@liventix/domain/inventory/repository';
import { decideRepeat, type Order } from '@liventix/domain/orders';
import { getOrder, insertOrder, lockOrder } from '@liventix/domain/orders/repository';
import type { Transaction } from '@liventix/shared/db';
import type { Deps } from '#deps';
import { endedHoldError, refused } from '#holds/hold-errors';
import { changeCheckout } from '#orders/change-checkout';
import { claimLimits } from '#orders/claim-limits';
import { nameHolders } from '#orders/name-holders';
import { readyToPay } from '#orders/ready-to-pay';
import { openPaymentPage } from '#payments/open-payment-page';
import { payFromWallet, type WalletToken } from '#wallets/pay-from-wallet';

export interface CheckoutRequest {
  readonly hold: Hold;
  readonly body: CheckoutBody;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  /** What pays for it before a card does. */
  readonly wallet: WalletToken | undefined;
}

export interface Checkout {
  readonly order: Order;
  readonly checkoutUrl: string | null;
}

/**
 * Takes a hold to checkout: one order per hold, one open payment page per order. Asking again gives
 * the same page; other content closes the old page first.
 */
export async function startCheckout(deps: Deps, request: CheckoutRequest): Promise<Checkout> {
  const event = await getEvent(deps.db.pool, request.hold.eventId);
  const placed = await placeOrFindOrder(deps, event, request);
  const order = placed.isOther
    ? await changeCheckout(deps, { order: placed.order, event, request })
    : placed.order;
  if (order.status !== 'pending') {
    return { order, checkoutUrl: null };
  }
  const checkoutUrl = await openPaymentPage(deps, { order, event, request });
  return { order, checkoutUrl };
}

interface PlacedOrder {
  readonly order: Order;
  /** The order exists already, and this request brings another buyer or other addresses. */
  readonly isOther: boolean;
}

async function placeOrFindOrder(
  deps: Deps,
  event: SoldEvent,
  request: CheckoutRequest,
): Promise<PlacedOrder> {
  return await deps.db.inTransaction(async (tx) => {
    // Orders are locked before holds. A hold that goes to checkout at this very moment has its
    // order's id only after our wait for the hold: then the order is locked late, which at worst
    // is a deadlock that the database breaks and the transaction repeats.
    if (request.hold.orderId !== null) {
      await lockOrder(tx, request.hold.orderId);
    }
    const hold = await lockHold(tx, request.hold.id);
    if (hold === undefined) {
      throw refused('hold.not_found', 'There is no such hold.');
    }
    const order = hold.orderId === null ? undefined : await lockOrder(tx, hold.orderId);
    return order === undefined
      ? { order: await placeOrder(tx, { event, hold, request }), isOther: false }
      : { order, isOther: isOtherContent(order, hold, request) };
  });
}

function isOtherContent(order: Order, hold: Hold, request: CheckoutRequest): boolean {
  const decision = decideRepeat(order, { key: request.idempotencyKey, hash: request.requestHash });
  switch (decision) {
    case 'replay':
      return false;
    case 'key_reused':
      throw refused(
        'idempotency.key_reused',
        'This Idempotency-Key came with another checkout before. Use a new key.',
      );
    case 'paid':
      throw refused('order.already_paid', `Order ${order.number} is paid already.`);
    case 'ended':
      throw endedHoldError(hold) ?? refused('hold.expired', `Order ${order.number} has ended.`);
    case 'same_page':
    case 'other_content': {
      const ended = endedHoldError(hold);
      if (ended !== undefined) {
        throw ended;
      }
      return decision === 'other_content';
    }
    default:
      return decision satisfies never;
  }
}

async function placeOrder(
  tx: Transaction,
  input: { event: SoldEvent; hold: Hold; request: CheckoutRequest },
): Promise<Order> {
  const { event, hold, request } = input;
  const ended = endedHoldError(hold);
  if (ended !== undefined) {
    throw ended;
  }
  const { body } = request;
  const orderId = await insertOrder(tx, {
    organizationId: hold.organizationId,
    eventId: hold.eventId,
    holdId: hold.id,
    locale: event.locale,
    currency: event.currency,
    buyer: { ...body.buyer, key: buyerKey(body.buyer.email) },
    checkout: { key: request.idempotencyKey, hash: request.requestHash },
  });
  await nameHolders(tx, { orderId, body });
  await markHoldOrdered(tx, hold.id, orderId);
  await claimLimits(tx, { order: await getOrder(tx, orderId), event, body });
  await payFromWallet(tx, { orderId, token: request.wallet });
  return await readyToPay(tx, hold, orderId);
}
