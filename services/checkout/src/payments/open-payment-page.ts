import { randomUUIDv7 } from 'node:crypto';
import type { SoldEvent } from '@liventix/domain/events/repository';
import { extendHoldOnce, lockHold } from '@liventix/domain/inventory/repository';
import { dueCents, type Order } from '@liventix/domain/orders';
import { lockOrder } from '@liventix/domain/orders/repository';
import type { CheckoutAttempt } from '@liventix/domain/payments';
import {
  closeAttempt,
  findOpenAttempt,
  insertAttempt,
  leaseAttempt,
  markAttemptOpen,
  pageEnd,
  releaseAttempt,
} from '@liventix/domain/payments/attempt-repository';
import { pageLifeMinutes, sessionParameters } from '@liventix/domain/payments/stripe-request';
import { AppError } from '@liventix/shared/errors';
import { currentTrace } from '@liventix/shared/telemetry/tracing';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';
import { orderPageUrl } from '#orders/order-page-url';
import type { CheckoutRequest } from '#orders/start-checkout';
import { returnUrls } from '#payments/return-urls';
import type { OpenedPage, StripeClient } from '#payments/stripe-client';

export interface PageOrder {
  readonly order: Order;
  readonly event: SoldEvent;
  readonly request: CheckoutRequest;
}

/**
 * The payment page of a pending order: the open one, or a new one. Intent is committed, Stripe is
 * called with the attempt's own key, the answer is committed: a crash between leaves an attempt
 * that the next request, or the sweep, carries on with.
 */
export async function openPaymentPage(deps: Deps, input: PageOrder): Promise<string | null> {
  const stripe = deps.stripe;
  if (stripe === undefined) {
    throw new AppError('stripe.not_configured', {
      message: 'Paid checkout is not set up here. Your tickets stay held until the hold ends.',
      retry: 'transient',
    });
  }
  const known = await findOpenAttempt(deps.db.pool, input.order.id);
  if (known !== undefined && known.state !== 'creating') {
    return known.url;
  }
  if (known?.isLeased) {
    throw inFlight(input.order);
  }
  const busy = await deps.slots.take();
  if (busy !== undefined) {
    throw new AppError('checkout.busy', {
      message: 'Too many people are paying at this moment. Your tickets stay held: try again.',
      retry: 'transient',
      details: { retryAfterS: busy.retryAfterS },
    });
  }
  const attempt = await prepareAttempt(deps, stripe, input);
  const page = await askStripe(deps, stripe, attempt);
  return await recordPage(deps, { stripe, attempt, page, holdId: input.order.holdId });
}

export function inFlight(order: Order): AppError {
  return refused(
    'idempotency.in_flight',
    `The payment page of order ${order.number} is being opened. Ask again in a moment.`,
  );
}

/** The attempt this request works on: a new one, or one whose asker died, under a fresh lease. */
async function prepareAttempt(
  deps: Deps,
  stripe: StripeClient,
  input: PageOrder,
): Promise<CheckoutAttempt> {
  const attempt = await deps.db.inTransaction(async (tx) => {
    const order = await lockOrder(tx, input.order.id);
    if (order?.status !== 'pending') {
      throw refused('order.already_paid', `Order ${input.order.number} is not open any more.`);
    }
    const known = await findOpenAttempt(tx, order.id);
    if (known !== undefined) {
      return known.state === 'creating' && (await leaseAttempt(tx, known.id)) ? known : undefined;
    }
    const hold = await lockHold(tx, order.holdId);
    if (hold?.status !== 'active' || hold.isPastDeadline || hold.isGivenBack) {
      throw refused('hold.expired', 'The time to pay for this hold has passed. Place a new one.');
    }
    const attemptId = randomUUIDv7();
    const expiresAt = await pageEnd(tx, pageLifeMinutes);
    await insertAttempt(tx, {
      attemptId,
      orderId: order.id,
      livemode: stripe.livemode,
      expectedAmountCents: dueCents(order),
      currency: order.currency,
      expiresAt,
      parameters: sessionParameters({
        orderId: order.id,
        attemptId,
        number: order.number,
        eventTitle: input.event.title,
        currency: order.currency,
        locale: order.locale,
        buyerEmail: input.request.body.buyer.email,
        expiresAt,
        ...returnUrls(input.request.body, orderPageUrl(deps, order)),
        items: order.items,
        walletCents: order.walletCents,
        traceparent: currentTrace()?.traceparent,
      }),
    });
    return await findOpenAttempt(tx, order.id);
  });
  if (attempt === undefined) {
    throw inFlight(input.order);
  }
  return attempt;
}

async function askStripe(
  deps: Deps,
  stripe: StripeClient,
  attempt: CheckoutAttempt,
): Promise<OpenedPage> {
  try {
    return await stripe.openPage(attempt.id, attempt.parameters);
  } catch (error) {
    if (error instanceof AppError && error.code === 'stripe.refused') {
      // Refused is final: the same parameters would be refused again, so the attempt is over.
      await deps.db.inTransaction(async (tx) => {
        await closeAttempt(tx, { attemptId: attempt.id, as: 'failed' });
      });
    } else {
      await releaseAttempt(deps.db.pool, attempt.id);
    }
    throw error;
  }
}

/** Hands the page out, unless the sweep closed the attempt meanwhile: then the page closes too. */
async function recordPage(
  deps: Deps,
  opened: { stripe: StripeClient; attempt: CheckoutAttempt; page: OpenedPage; holdId: string },
): Promise<string | null> {
  const { attempt, page } = opened;
  const isOurs = await deps.db.inTransaction(async (tx) => {
    await lockOrder(tx, attempt.orderId);
    const marked = await markAttemptOpen(tx, { attemptId: attempt.id, ...page });
    if (marked) {
      await extendHoldOnce(tx, opened.holdId);
    }
    return marked;
  });
  if (isOurs) {
    return page.url;
  }
  // Twins that carried on for one attempt share one page: the other one recorded it.
  const current = await findOpenAttempt(deps.db.pool, attempt.orderId);
  if (current?.sessionId === page.sessionId) {
    return current.url;
  }
  await opened.stripe.closePage(page.sessionId);
  throw refused('hold.expired', 'The time to pay for this hold has passed. Place a new one.');
}
