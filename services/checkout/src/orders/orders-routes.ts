import { type CheckoutView, checkoutBody, checkoutView } from '@liventix/contracts/api/holds';
import { orderView, refreshView, resendView, ticketsQuery } from '@liventix/contracts/api/orders';
import { sendConfirmationAgain } from '@liventix/domain/emails/resend-repository';
import type { Order } from '@liventix/domain/orders';
import { findOrder } from '@liventix/domain/orders/repository';
import type { HttpApp } from '@liventix/shared/http';
import { idempotencyKeyOf, requestHash } from '@liventix/shared/http/idempotency-key';
import { operation } from '@liventix/shared/http/operation';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { authorizedId } from '#access/authorize';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';
import { holdOf } from '#holds/holds-routes';
import { orderToken } from '#orders/order-page-url';
import { readOrderView } from '#orders/order-view';
import { refreshOrder } from '#orders/refresh-order';
import { type Checkout, startCheckout } from '#orders/start-checkout';
import { checkReturnUrls } from '#payments/return-urls';
import { walletTokenOf } from '#wallets/pay-from-wallet';

const byId = { params: z.object({ id: z.uuid() }), tag: 'Orders' } as const;

const checkout = operation({
  ...byId,
  summary: 'Turn a hold into an order and open its payment page',
  description:
    'Send the buyer to `checkout_url`; when nothing is to pay it is null and the order is confirmed at once. Asked again with another buyer or promo code, it changes the same order.',
  access: 'hold_token',
  idempotent: true,
  body: checkoutBody,
  answers: { 201: checkoutView },
  problems: [
    'hold.not_found',
    'hold.expired',
    'hold.released',
    'order.already_paid',
    'order.below_minimum',
    'order.holders_do_not_fit',
    'buyer.limit_reached',
    'promo.not_found',
    'promo.not_active',
    'promo.exhausted',
    'promo.buyer_limit_reached',
    'promo.not_applicable',
    'access_code.exhausted',
    'wallet.not_usable',
    'wallet.empty',
    'return_url.not_allowed',
    'checkout.busy',
    'stripe.unavailable',
    'stripe.not_configured',
    'idempotency.key_missing',
    'idempotency.key_invalid',
    'idempotency.key_reused',
    'idempotency.in_flight',
  ],
});
const read = operation({
  ...byId,
  summary: 'An order with its tickets',
  querystring: ticketsQuery,
  access: 'order_token',
  answers: { 200: orderView },
  problems: ['order.not_found'],
});
const refresh = operation({
  ...byId,
  summary: 'Ask the payment provider how it stands',
  description: 'For the page a buyer returns to: it does not wait for a webhook.',
  access: 'order_token',
  answers: { 202: refreshView },
  problems: ['order.not_found'],
});

const mailAgain = operation({
  ...byId,
  summary: 'Mail the tickets again, to the address of the order',
  access: 'order_token',
  answers: { 202: resendView },
  problems: ['order.not_found', 'order.not_paid', 'email.too_many'],
});

export function ordersRoutes(app: HttpApp, deps: Deps): void {
  app.post('/v1/holds/:id/checkout', checkout, async (request, reply) => {
    const idempotencyKey = idempotencyKeyOf(request);
    const hold = await holdOf(deps, request);
    const { body } = request;
    checkReturnUrls(body, {
      publicUrl: deps.config.PUBLIC_URL,
      allowedOrigins: deps.config.ALLOWED_RETURN_ORIGINS,
    });
    const content = { hold: hold.id, body };
    const checkout = await startCheckout(deps, {
      hold,
      body,
      idempotencyKey,
      requestHash: requestHash(content),
      wallet: walletTokenOf(deps.tokens, body),
    });
    return await reply.code(201).send(toCheckoutView(deps, checkout));
  });

  app.get('/v1/orders/:id', read, async (request) => {
    return await readOrderView(deps, await orderOf(deps, request), request.query.after);
  });

  app.post('/v1/orders/:id/refresh', refresh, async (request, reply) => {
    const status = await refreshOrder(deps, await orderOf(deps, request));
    return await reply.code(202).send({ status });
  });

  app.post('/v1/orders/:id/resend-confirmation', mailAgain, async (request, reply) => {
    await resend(deps, await orderOf(deps, request));
    return await reply.code(202).send({ status: 'queued' });
  });
}

/** To the address of the order only: whoever holds the link cannot send it elsewhere. */
async function resend(deps: Deps, order: Order): Promise<void> {
  if (order.status !== 'fulfilled' || order.buyerEmail === null) {
    throw refused('order.not_paid', `Order ${order.number} has no tickets to mail.`);
  }
  const again = await deps.db.inTransaction(async (tx) => await sendConfirmationAgain(tx, order));
  // Forgotten while this waited: the link that it came by opens nothing any more.
  if (again.kind === 'no_address') {
    throw refused('order.not_found', 'There is no such order.');
  }
  if (again.kind === 'too_many') {
    throw refused('email.too_many', 'The tickets were mailed several times. Wait a while.');
  }
}

function toCheckoutView(deps: Deps, { order, checkoutUrl }: Checkout): CheckoutView {
  return {
    order: {
      id: order.id,
      number: order.number,
      status: order.status,
      discount_cents: order.discountCents,
      total_cents: order.totalCents,
      wallet_cents: order.walletCents,
      currency: order.currency,
      token: orderToken(deps, order),
    },
    checkout_url: checkoutUrl,
  };
}

/** The order that the request's path and token name together. */
export async function orderOf(deps: Deps, request: FastifyRequest): Promise<Order> {
  const { id, version } = authorizedId(deps.tokens, request, 'order');
  return await getOrder(deps, id, version);
}

export async function getOrder(deps: Deps, orderId: string, version: number): Promise<Order> {
  const order = await findOrder(deps.db.pool, orderId);
  if (order === undefined || order.tokenVersion !== version) {
    throw refused('order.not_found', 'There is no such order.');
  }
  return order;
}
