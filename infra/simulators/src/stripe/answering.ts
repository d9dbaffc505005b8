import { timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import qs from 'qs';
import { z } from 'zod';
import { strikes, waitLatency } from '../http/weather.ts';
import type { Cause } from './deliveries.ts';
import { rateLimited, StripeRefusal } from './errors.ts';
import type { Answer, Outcome } from './idempotency.ts';
import { nowSeconds, stripeId } from './ids.ts';
import type { World } from './simulator.ts';

/** Work of one API call: what it answers, given the id in the path and the parameters. */
export type Call = (id: string, params: unknown, cause: Cause) => Answer;

interface Http {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const path = z.object({ id: z.string().default('') });
const pinnedVersion = '2026-10-28.endive';

/** What Stripe does around each call: its key, its weather, its idempotency, its headers. */
export async function answer(world: World, call: Call, http: Http): Promise<FastifyReply> {
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
  const version = request.headers['stripe-version'] ?? pinnedVersion;
  reply.header('request-id', requestId).header('stripe-version', version);
  if (seen.idempotencyKey !== undefined) {
    reply.header('idempotency-key', seen.idempotencyKey);
  }
  try {
    const outcome = await run(world, call, { request, requestId, key: seen.idempotencyKey });
    seen.status = outcome.status;
    if (strikes(world.weather.timeout_after_success_rate)) {
      // The work is done and nobody hears of it: the connection breaks off.
      request.raw.socket.destroy();
    }
    return await sendOutcome(reply, outcome);
  } catch (error) {
    const refusal = error instanceof StripeRefusal ? error : failureOf(error);
    seen.status = refusal.status;
    return await sendRefusal(reply, refusal, requestId);
  }
}

/** What went wrong here and not at Stripe is told in Stripe's form, and is not kept. */
function failureOf(error: unknown): StripeRefusal {
  return new StripeRefusal(500, { type: 'api_error', message: `The simulator: ${String(error)}` });
}

async function sendOutcome(reply: FastifyReply, outcome: Outcome): Promise<FastifyReply> {
  const { original } = outcome;
  if (original !== undefined) {
    // A repetition would be answered with the very same, a stored 500 too.
    reply
      .header('original-request', original.requestId)
      .header('stripe-should-retry', 'false')
      .headers(original.isReplay ? { 'idempotent-replayed': 'true' } : {});
  }
  return await reply.code(outcome.status).send(outcome.body);
}

/** Stripe says of what it knows whether trying again helps; of most 429 and 5xx it says nothing. */
async function sendRefusal(
  reply: FastifyReply,
  refusal: StripeRefusal,
  requestId: string,
): Promise<FastifyReply> {
  const { status } = refusal;
  if (status !== 429 && status < 500) {
    reply.header('stripe-should-retry', String(status === 409));
  }
  reply.headers(refusal.headers);
  return await reply.code(status).send(bodyOf(refusal, requestId));
}

/** Whoever shows no key has no log to be sent to. */
function bodyOf({ status, error }: StripeRefusal, requestId: string): { readonly error: object } {
  const log = `https://dashboard.stripe.com/test/logs/${requestId}?t=${nowSeconds()}`;
  return { error: status === 401 ? error : { ...error, request_log_url: log } };
}

async function run(
  world: World,
  call: Call,
  from: {
    readonly request: FastifyRequest;
    readonly requestId: string;
    readonly key: string | undefined;
  },
): Promise<Outcome> {
  const { request, requestId } = from;
  authenticate(world.options.secretKey, request.headers.authorization);
  const { weather } = world;
  if (weather.down || strikes(weather.error_rate)) {
    throw new StripeRefusal(503, { type: 'api_error', message: 'An unexpected error occurred.' });
  }
  if (!world.rateLimit.take()) {
    throw rateLimited('global-rate');
  }
  const { id } = path.parse(request.params ?? {});
  const [url = '', search = ''] = request.url.split('?');
  const isRead = request.method === 'GET';
  const params = isRead ? qs.parse(search, { arrayLimit: 100 }) : (request.body ?? {});
  const key = isRead ? undefined : from.key;
  return await world.keys.run({ key, path: url, params, requestId }, async () => {
    // Within the key's hold: a second request under it meanwhile is a conflict.
    await waitLatency(weather);
    try {
      const cause = { requestId, idempotencyKey: key ?? null };
      const done = work(world, `${request.method} ${url}`, () => call(id, params, cause));
      // What was done is told to the endpoints meanwhile.
      if (weather.answer_delay_ms > 0) {
        await sleep(weather.answer_delay_ms);
      }
      return done;
    } catch (error) {
      if (error instanceof StripeRefusal && error.isStored) {
        return { status: error.status, body: bodyOf(error, requestId) };
      }
      throw error;
    }
  });
}

function work(world: World, name: string, call: () => Answer): Answer {
  const planned = world.refusals.next(name);
  if (planned === undefined) {
    return call();
  }
  if (planned.hasEffect) {
    call();
  }
  throw planned.refusal;
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
