import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import qs from 'qs';
import { z } from 'zod';
import { strikes, waitLatency } from '../http/weather.ts';
import { invalid, missing, StripeRefusal } from './errors.ts';
import { expanded } from './expand.ts';
import type { Answer } from './idempotency.ts';
import { nowSeconds, stripeId } from './ids.ts';
import { listEndpoints, listEvents } from './lists.ts';
import { checkedSession, eventList, expandOnly, pageOnly, parseParams } from './params.ts';
import type { World } from './simulator.ts';

/** Work of one API call: what it answers, given the id in the path and the parameters. */
type Call = (id: string, params: unknown, requestId: string) => Answer;

const path = z.object({ id: z.string().default('') });

/** The part of Stripe's API that a sale needs. */
export function apiRoutes(app: FastifyInstance, world: World): void {
  const { books } = world;
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
      return ok(expanded(books, object, expand));
    };
  const { events } = world.deliveries;
  const get: Record<string, Call> = {
    '/v1/checkout/sessions/:id': reads('checkout.session', (id) => books.sessions.get(id)),
    '/v1/payment_intents/:id': reads('payment_intent', (id) => books.paymentIntents.get(id)),
    '/v1/charges/:id': reads('charge', (id) => books.charges.get(id)),
    '/v1/balance_transactions/:id': reads('balance transaction', (id) =>
      books.balanceTransactions.get(id),
    ),
    '/v1/events/:id': reads('event', (id) => events.find(({ event }) => event.id === id)?.event),
    '/v1/webhook_endpoints': (_id, params) =>
      ok(listEndpoints(world, parseParams(pageOnly, params))),
    '/v1/events': (_id, params) =>
      ok(listEvents(world.deliveries.events, parseParams(eventList, params))),
  };
  const post: Record<string, Call> = {
    '/v1/checkout/sessions': (_id, params) => {
      if (!world.sessionLimit.take()) {
        throw rateLimited();
      }
      const checked = checkedSession(params, nowSeconds());
      return ok(expanded(books, books.createSession(checked), checked.expand));
    },
    '/v1/checkout/sessions/:id/expire': (id, params, requestId) => {
      const { expand } = parseParams(expandOnly, params);
      return ok(expanded(books, books.expireSession(id, requestId), expand));
    },
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
    throw invalid(`Unrecognized request URL (${request.method}: ${request.url}).`, { status: 404 });
  };
}

function rateLimited(): StripeRefusal {
  return new StripeRefusal(429, {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message:
      'Request rate limit exceeded. Learn more about rate limits here: https://stripe.com/docs/rate-limits.',
  });
}

async function answer(
  world: World,
  call: Call,
  http: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const { request, reply } = http;
  const requestId = stripeId('req_', 14);
  const key = request.headers['idempotency-key'];
  const seen = {
    method: request.method,
    path: request.url,
    body: request.body,
    idempotencyKey: typeof key === 'string' ? key : undefined,
    status: undefined as number | undefined,
  };
  world.requests.push(seen);
  reply.header('request-id', requestId).header('stripe-version', '2026-10-28.endive');
  if (seen.idempotencyKey !== undefined) {
    reply.header('idempotency-key', seen.idempotencyKey);
  }
  await waitLatency(world.weather);
  try {
    const result = await run(world, call, { request, requestId, key: seen.idempotencyKey });
    seen.status = result.status;
    if (result.isReplay) {
      reply.header('idempotent-replayed', 'true');
    }
    if (strikes(world.weather.timeout_after_success_rate)) {
      // The work is done and nobody hears of it: the connection breaks off.
      request.raw.socket.destroy();
    }
    return await reply.code(result.status).send(result.body);
  } catch (error) {
    if (!(error instanceof StripeRefusal)) {
      throw error;
    }
    seen.status = error.status;
    return await refuse(reply, error, requestId);
  }
}

/** Stripe says of what it knows whether trying again helps; of a 429 it says nothing. */
async function refuse(
  reply: FastifyReply,
  refusal: StripeRefusal,
  requestId: string,
): Promise<FastifyReply> {
  const { status } = refusal;
  if (status !== 429 && status < 500) {
    reply.header('stripe-should-retry', String(status === 409));
  }
  const log = `https://dashboard.stripe.com/test/logs/${requestId}`;
  return await reply.code(status).send({ error: { ...refusal.body.error, request_log_url: log } });
}

async function run(
  world: World,
  call: Call,
  from: {
    readonly request: FastifyRequest;
    readonly requestId: string;
    readonly key: string | undefined;
  },
): Promise<Answer & { isReplay: boolean }> {
  const { request } = from;
  authenticate(world.options.secretKey, request.headers.authorization);
  const { weather } = world;
  if (weather.down || strikes(weather.error_rate)) {
    throw new StripeRefusal(503, { type: 'api_error', message: 'An unexpected error occurred.' });
  }
  if (!world.rateLimit.take()) {
    throw rateLimited();
  }
  const { id } = path.parse(request.params ?? {});
  const [, search = ''] = request.url.split('?');
  const isRead = request.method === 'GET';
  const params = isRead ? qs.parse(search, { arrayLimit: 100 }) : (request.body ?? {});
  return await world.keys.run(
    { key: isRead ? undefined : from.key, path: request.url, params },
    async () => call(id, params, from.requestId),
  );
}

function authenticate(secretKey: string, header = ''): void {
  const [scheme = '', value = ''] = header.split(' ');
  const given =
    scheme.toLowerCase() === 'basic'
      ? (Buffer.from(value, 'base64').toString().split(':')[0] ?? '')
      : value;
  const [a, b] = [Buffer.from(given), Buffer.from(secretKey)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) {
    throw new StripeRefusal(401, {
      type: 'invalid_request_error',
      message: given === '' ? 'You did not provide an API key.' : 'Invalid API Key provided.',
    });
  }
}
