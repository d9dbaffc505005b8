import { addressBody, orderView } from '@liventix/contracts/api/orders';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import { tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { correctAddress } from '#orders/correct-address';
import { readOrderView } from '#orders/order-view';
import { getOrder, orderOf } from '#orders/orders-routes';

const tag = 'Orders';
const problems = ['order.not_found', 'order.address_works', 'email.too_many'];

const correct = operation({
  summary: 'Correct the address of an order whose confirmation did not arrive',
  description: 'The tickets are mailed there at once. An address that works cannot be changed.',
  tag,
  access: 'order_token',
  params: z.object({ id: z.uuid() }),
  body: addressBody,
  answers: { 200: orderView },
  problems,
});
const form = operation({
  summary: 'The same, by the form of the order page',
  tag,
  access: 'token_in_path',
  params: z.object({ token: z.string() }),
  body: addressBody,
  answers: {},
  form: true,
  forwards: true,
  problems: ['token.invalid', ...problems],
});

export function addressRoutes(app: HttpApp, deps: Deps): void {
  app.put('/v1/orders/:id/address', correct, async (request) => {
    const order = await orderOf(deps, request);
    await correctAddress(deps, { order, email: request.body.email });
    return await readOrderView(deps, await orderOf(deps, request));
  });
}

/** What the form of the order's page sends. */
export function addressForm(app: HttpApp, deps: Deps): void {
  app.post('/orders/t/:token/address', form, async (request, reply) => {
    const { token } = request.params;
    const { id, version } = tokenSubject(deps.tokens, token, 'order');
    const order = await getOrder(deps, id, version);
    await correctAddress(deps, { order, email: request.body.email });
    return await reply.redirect(`/orders/t/${token}`, 303);
  });
}
