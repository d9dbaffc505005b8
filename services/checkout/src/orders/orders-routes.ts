import { type CheckoutBody, type CheckoutView, checkoutBody } from '@liventix/contracts/api/holds';
import type { Order } from '@liventix/domain/orders';
import { findOrder } from '@liventix/domain/orders/repository';
import { idempotencyKeyOf, requestHash } from '@liventix/shared/http/idempotency-key';
import { parseRequest } from '@liventix/shared/http/parse-request';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authorizedId } from '#access/authorize';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';
import { holdOf } from '#holds/holds-routes';
import { orderToken } from '#orders/order-page-url';
import { readOrderView } from '#orders/order-view';
import { refreshOrder } from '#orders/refresh-order';
import { type Checkout, startCheckout } from '#orders/start-checkout';
import { checkReturnUrls } from '#payments/return-urls';

export function ordersRoutes(app: FastifyInstance, deps: Deps): void {
  app.post('/v1/holds/:id/checkout', async (request, reply) => {
    const idempotencyKey = idempotencyKeyOf(request);
    const hold = await holdOf(deps, request);
    const body: CheckoutBody = parseRequest(checkoutBody, request.body);
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
    });
    return await reply.code(201).send(toCheckoutView(deps, checkout));
  });

  app.get('/v1/orders/:id', async (request) => {
    return await readOrderView(deps, await orderOf(deps, request));
  });

  app.post('/v1/orders/:id/refresh', async (request, reply) => {
    const status = await refreshOrder(deps, await orderOf(deps, request));
    return await reply.code(202).send({ status });
  });
}

function toCheckoutView(deps: Deps, { order, checkoutUrl }: Checkout): CheckoutView {
  return {
    order: {
      id: order.id,
      number: order.number,
      status: order.status,
      total_cents: order.totalCents,
      currency: order.currency,
      token: orderToken(deps, order),
    },
    checkout_url: checkoutUrl,
  };
}

/** The order that the request's path and token name together. */
async function orderOf(deps: Deps, request: FastifyRequest): Promise<Order> {
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
