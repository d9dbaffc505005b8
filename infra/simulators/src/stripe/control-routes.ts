import type { FastifyInstance } from 'fastify';
import type Stripe from 'stripe';
import { z } from 'zod';
import { fineDay, TokenBucket, weatherSchema } from '../http/weather.ts';
import { accountsOf } from './accounts.ts';
import { usualFees } from './balance.ts';
import { StripeRefusal } from './errors.ts';
import { moneyControlRoutes } from './money-control.ts';
import { planBody } from './planned-refusals.ts';
import type { World } from './simulator.ts';

const path = z.object({ id: z.string() });

const payBody = z.strictObject({
  /** What the buyer types beside their card. */
  name: z.string().optional(),
  card: z.string().default('4242424242424242'),
  three_d_secure: z.enum(['pass', 'fail']).default('pass'),
  tamper: z
    .strictObject({
      amount_total: z.int().optional(),
      currency: z.string().optional(),
      livemode: z.boolean().optional(),
    })
    .optional(),
});

const arriveBody = z.strictObject({
  outcome: z.enum(['succeeded', 'failed']).default('succeeded'),
});

const rollBody = z.strictObject({
  secret: z.string().min(8),
  /** How long the old secret signs as well; until it is told to expire without it. */
  expires_in_s: z.number().min(0).max(86_400).optional(),
});
const redeliverBody = z.strictObject({ times: z.int().min(1).max(100).default(1) });
/** A session made up by a test: reading it back must find it. */
const sessionBody = z.looseObject({ id: z.string() });
const booksQuery = z.strictObject({
  /** Only these, with commas between: of many thousands of orders all of it is much. */
  parts: z
    .string()
    .transform((text) => text.split(','))
    .optional(),
});
const emitBody = z.strictObject({ type: z.string(), object: z.looseObject({}) });

/** Weather, people, and a look into the provider's books. None of this exists at Stripe. */
export function controlRoutes(app: FastifyInstance, world: World): void {
  app.setErrorHandler(async (error, _request, reply) => {
    if (error instanceof StripeRefusal) {
      return await reply.code(error.status).send({ error: error.error });
    }
    const isInput = error instanceof z.ZodError;
    return await reply.code(isInput ? 400 : 500).send({ error: String(error) });
  });
  app.get('/_simulator/weather', async () => world.weather);
  app.put('/_simulator/weather', async (request) => {
    world.weather = weatherSchema.parse(request.body);
    world.rateLimit = new TokenBucket(world.weather.rate_limit_per_s ?? 0);
    return world.weather;
  });
  app.post('/_simulator/checkout_sessions/:id/pay', async (request) => {
    const { id } = path.parse(request.params);
    const body = payBody.parse(request.body ?? {});
    const outcome = world.books.pay(id, {
      card: body.card,
      threeDSecure: body.three_d_secure,
      name: body.name,
      tamper: definedOnly(body.tamper),
    });
    const session = world.books.getSession(id);
    return { ...outcome, session: id, success_url: session.success_url };
  });
  app.post('/_simulator/checkout_sessions/:id/pay_later', async (request) => {
    const { id } = path.parse(request.params);
    return { ...world.books.payLater(id), session: id };
  });
  app.post('/_simulator/checkout_sessions/:id/arrive', async (request) => {
    const { id } = path.parse(request.params);
    const { outcome } = arriveBody.parse(request.body ?? {});
    world.books.arrive(id, outcome);
    return { session: id, outcome };
  });
  app.post('/_simulator/checkout_sessions/:id/abandon', async (request) => {
    const session = world.books.getSession(path.parse(request.params).id);
    return { session: session.id, status: session.status, cancel_url: session.cancel_url };
  });
  app.post('/_simulator/events/:id/deliver', async (request) => {
    const { id } = path.parse(request.params);
    const { times } = redeliverBody.parse(request.body ?? {});
    const stored = world.deliveries.events.find(({ event }) => event.id === id);
    return { accepted: stored === undefined ? 0 : await world.deliveries.redeliver(stored, times) };
  });
  app.post('/_simulator/events', async (request) => {
    const { type, object } = emitBody.parse(request.body);
    return world.deliveries.emit(type, object);
  });
  app.post('/_simulator/sessions', async (request) => {
    const session = sessionBody.parse(request.body);
    world.books.sessions.set(session.id, session as unknown as Stripe.Checkout.Session);
    return { session: session.id };
  });
  app.get('/_simulator/requests', async () => ({ requests: world.requests }));
  app.get('/_simulator/books', async (request) => {
    const { parts } = booksQuery.parse(request.query);
    const all = shownBooks(world);
    const asked = parts ?? Object.keys(all);
    return Object.fromEntries(
      Object.entries(all).flatMap(([part, show]) => (asked.includes(part) ? [[part, show()]] : [])),
    );
  });
  moneyControlRoutes(app, world);
  troubleRoutes(app, world);
  app.post('/_simulator/reset_weather', async () => {
    world.weather = fineDay;
    world.rateLimit = new TokenBucket(0);
    world.refusals.clear();
    world.refundPlans.clear();
    world.balance.fees = usualFees;
    return world.weather;
  });
}

/** What the provider believes, part by part. */
function shownBooks(world: World): Readonly<Record<string, () => unknown>> {
  const { books, refunds, disputes, payouts, deliveries } = world;
  return {
    sessions: () => [...books.sessions.values()],
    payment_intents: () => [...books.paymentIntents.values()],
    charges: () => [...books.charges.values()],
    refunds: () => [...refunds.all.values()],
    disputes: () => [...disputes.all.values()],
    payouts: () => [...payouts.all.values()],
    payments: () => accountsOf(world).payments,
    totals: () => accountsOf(world).totals,
    events: () =>
      deliveries.events.map(({ event: { id, type, data }, pending }) => ({
        id,
        type,
        about: 'id' in data.object ? data.object.id : null,
        delivered: pending.size === 0,
      })),
  };
}

/** What goes wrong to order, and what time takes away. */
function troubleRoutes(app: FastifyInstance, world: World): void {
  app.post('/_simulator/refusals', async (request) => {
    const plan = planBody.parse(request.body);
    world.refusals.add(plan);
    return plan;
  });
  app.delete('/_simulator/refusals', async () => {
    world.refusals.clear();
    return { cleared: true };
  });
  app.post('/_simulator/idempotency_keys/forget', async () => {
    world.keys.forget();
    return { forgotten: true };
  });
  app.post('/_simulator/webhook_endpoints/roll', async (request) => {
    const { secret, expires_in_s: keptS = Number.POSITIVE_INFINITY } = rollBody.parse(request.body);
    world.deliveries.rollSecrets(secret, keptS * 1_000);
    return { rolled: true };
  });
  app.post('/_simulator/webhook_endpoints/expire_old_secret', async () => {
    world.deliveries.expireRolledSecrets();
    return { expired: true };
  });
}

/** Keys whose value is undefined are left out, so that they overwrite nothing. */
function definedOnly(
  tamper: z.output<typeof payBody>['tamper'],
): { amount_total?: number; currency?: string; livemode?: boolean } | undefined {
  return tamper === undefined
    ? undefined
    : Object.fromEntries(Object.entries(tamper).filter(([, value]) => value !== undefined));
}
