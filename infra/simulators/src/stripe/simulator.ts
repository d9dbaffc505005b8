import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { acceptForms } from '../http/body.ts';
import { fineDay, TokenBucket, type Weather } from '../http/weather.ts';
import { apiRoutes } from './api-routes.ts';
import { Balance } from './balance.ts';
import { Books } from './books.ts';
import { controlRoutes } from './control-routes.ts';
import { Deliveries, type WebhookTarget } from './deliveries.ts';
import { Disputes } from './disputes.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { pageRoutes } from './page-routes.ts';
import { Payouts } from './payouts.ts';
import { PlannedRefusals } from './planned-refusals.ts';
import { RefundPlans } from './refund-plans.ts';
import { Refunds } from './refunds.ts';

export interface StripeSimulatorOptions {
  readonly port: number;
  readonly host: string;
  /** The one key it accepts. */
  readonly secretKey: string;
  readonly webhooks: readonly WebhookTarget[];
  /** Stripe's own default is 25/s for one endpoint; 0 is no limit. */
  readonly sessionsPerSecond?: number;
}

/** A request as it came, for tests to look at. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
  status: number | undefined;
}

export interface World {
  readonly options: StripeSimulatorOptions;
  readonly books: Books;
  readonly balance: Balance;
  readonly refunds: Refunds;
  readonly refundPlans: RefundPlans;
  readonly disputes: Disputes;
  readonly payouts: Payouts;
  readonly deliveries: Deliveries;
  readonly keys: IdempotencyKeys;
  readonly refusals: PlannedRefusals;
  readonly requests: SeenRequest[];
  readonly sessionLimit: TokenBucket;
  weather: Weather;
  rateLimit: TokenBucket;
}

export interface StripeSimulator {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A local double of Stripe, with which the SDK talks unchanged. It keeps everything in memory. */
export async function startStripeSimulator(
  options: StripeSimulatorOptions,
): Promise<StripeSimulator> {
  const app = Fastify({ logger: false, bodyLimit: 512 * 1024, forceCloseConnections: true });
  let url = '';
  const deliveries = new Deliveries(options.webhooks, () => world.weather);
  const world: World = {
    options,
    ...moneyOf(deliveries, (id) => `${url}/c/pay/${id}`),
    deliveries,
    keys: new IdempotencyKeys(),
    refusals: new PlannedRefusals(),
    requests: [],
    sessionLimit: new TokenBucket(options.sessionsPerSecond ?? 25),
    weather: fineDay,
    rateLimit: new TokenBucket(0),
  };
  acceptForms(app);
  await mount(app, world);
  await app.listen({ port: options.port, host: options.host });
  const { port } = app.server.address() as AddressInfo;
  url = `http://${options.host}:${port}`;
  const clock = setInterval(() => world.books.expireOverdue(), 1_000);
  return {
    url,
    port,
    close: async () => {
      clearInterval(clock);
      deliveries.close();
      await app.close();
    },
  };
}

/** The parts through which money goes. They know of each other only what happened. */
function moneyOf(deliveries: Deliveries, pageUrl: (id: string) => string) {
  const balance = new Balance();
  const plans = new RefundPlans();
  const books = new Books({
    deliveries,
    balance,
    pageUrl,
    onCharged: (charge, card) => disputes.openByCard(charge, card),
  });
  const refunds = new Refunds({
    books,
    balance,
    deliveries,
    plans,
    isChargedBack: (chargeId) => disputes.isChargedBack(chargeId),
    onFullyRefunded: (chargeId) => disputes.closeInquiryOf(chargeId),
  });
  const disputes: Disputes = new Disputes({
    books,
    balance,
    deliveries,
    failPendingRefundsOf: (chargeId) => refunds.failPendingOf(chargeId),
  });
  const payouts = new Payouts(balance, deliveries);
  return { balance, books, refunds, refundPlans: plans, disputes, payouts };
}

/** Each part in a scope of its own, so that their error answers stay apart. */
async function mount(app: FastifyInstance, world: World): Promise<void> {
  app.get('/_simulator/health', async () => ({ status: 'ready' }));
  for (const routes of [apiRoutes, controlRoutes, pageRoutes]) {
    await app.register((scope, _options, done) => {
      routes(scope, world);
      done();
    });
  }
}
