import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answer, type Call } from './answering.ts';
import { invalid, missing, rateLimited } from './errors.ts';
import { expanded } from './expand.ts';
import type { Answer } from './idempotency.ts';
import { nowSeconds } from './ids.ts';
import { listEndpoints, listEvents } from './lists.ts';
import { moneyRoutes } from './money-routes.ts';
import { checkedSession, eventList, expandOnly, pageOnly, parseParams } from './params.ts';
import type { World } from './simulator.ts';

/** The part of Stripe's API that a sale needs. */
export function apiRoutes(app: FastifyInstance, world: World): void {
  const { books, balance, refunds, disputes, payouts } = world;
  const money = moneyRoutes(world);
  // A body that cannot be read does not get as far as a call.
  app.setErrorHandler(async (error, _request, reply) => {
    const { error: body } = invalid(`Invalid request: ${String(error)}`);
    return await reply.code(400).send({ error: body });
  });
  const ok = (body: unknown): Answer => ({ status: 200, body });
  /** A read of one object by its id. */
  const reads =
    (kind: string, find: (id: string) => object | undefined): Call =>
    (id, params) => {
      const { expand } = parseParams(expandOnly, params);
      const object = find(id);
      if (object === undefined) {
        throw missing(kind, id);
      }
      return ok(expanded(world, object, expand));
    };
  const { events } = world.deliveries;
  const get: Record<string, Call> = {
    '/v1/checkout/sessions/:id': reads('checkout.session', (id) => books.sessions.get(id)),
    '/v1/payment_intents/:id': reads('payment_intent', (id) => books.paymentIntents.get(id)),
    '/v1/charges/:id': reads('charge', (id) => books.charges.get(id)),
    '/v1/balance_transactions/:id': reads('balance transaction', (id) =>
      balance.transactions.get(id),
    ),
    '/v1/refunds/:id': reads('refund', (id) => refunds.all.get(id)),
    '/v1/disputes/:id': reads('dispute', (id) => disputes.all.get(id)),
    '/v1/payouts/:id': reads('payout', (id) => payouts.all.get(id)),
    '/v1/events/:id': reads('event', (id) => events.find(({ event }) => event.id === id)?.event),
    '/v1/webhook_endpoints': (_id, params) =>
      ok(listEndpoints(world, parseParams(pageOnly, params))),
    '/v1/events': (_id, params) =>
      ok(listEvents(world.deliveries.events, parseParams(eventList, params))),
    ...money.get,
  };
  const post: Record<string, Call> = {
    '/v1/checkout/sessions': (_id, params) => {
      if (!world.sessionLimit.take()) {
        throw rateLimited('endpoint-rate');
      }
      const checked = checkedSession(params, nowSeconds());
      return ok(expanded(world, books.createSession(checked), checked.expand));
    },
    '/v1/checkout/sessions/:id/expire': (id, params, cause) => {
      const { expand } = parseParams(expandOnly, params);
      return ok(expanded(world, books.expireSession(id, cause), expand));
    },
    ...money.post,
  };
  for (const [url, call] of Object.entries(get)) {
    app.get(url, async (request, reply) => await answer(world, call, { request, reply }));
  }
  for (const [url, call] of Object.entries(post)) {
    app.post(url, async (request, reply) => await answer(world, call, { request, reply }));
  }
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/v1/*',
    handler: async (request, reply) =>
      await answer(world, unknownRoute(request), { request, reply }),
  });
}

function unknownRoute(request: FastifyRequest): Call {
  return () => {
    throw invalid(
      `Unrecognized request URL (${request.method}: ${request.url}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
      { status: 404 },
    );
  };
}
