import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { feesBody } from './balance.ts';
import { newFraudWarning } from './money-objects.ts';
import { refundReasons } from './money-params.ts';
import { failureReasons, refundPlanBody } from './refund-plans.ts';
import { paidChargeOf } from './refund-rules.ts';
import type { World } from './simulator.ts';

const path = z.object({ id: z.string() });
const amount = z.int().min(1).max(99_999_999);

const refundBody = z.strictObject({
  payment_intent: z.string(),
  amount: amount.optional(),
  reason: z.enum(refundReasons).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});

const failBody = z.strictObject({
  failure_reason: z.enum(failureReasons).default('expired_or_canceled_card'),
});

const disputeBody = z.strictObject({
  payment_intent: z.string(),
  amount: amount.optional(),
  reason: z.string().default('fraudulent'),
  inquiry: z.boolean().default(false),
  /** Whether refunds that are on their way fail by it. */
  fails_pending_refunds: z.boolean().default(true),
});

const warningBody = z.strictObject({
  payment_intent: z.string(),
  fraud_type: z.string().default('unauthorized_use_of_card'),
});

const currency = z.string().regex(/^[a-z]{3}$/);
const availableBody = z.strictObject({ currency: currency.optional() });
const payoutBody = z.strictObject({
  currency: currency.optional(),
  outcome: z.enum(['paid', 'failed']).default('paid'),
  /** As if the days had passed after which pending money is available. */
  with_pending: z.boolean().default(true),
});

/** The Dashboard's side of money, and what banks decide. None of this is part of Stripe's API. */
export function moneyControlRoutes(app: FastifyInstance, world: World): void {
  const { balance, payouts } = world;
  refundControlRoutes(app, world);
  disputeControlRoutes(app, world);
  app.get('/_simulator/fees', async () => balance.fees);
  app.put('/_simulator/fees', async (request) => {
    balance.fees = feesBody.parse(request.body);
    return balance.fees;
  });
  app.post('/_simulator/balance/make_available', async (request) => {
    balance.makeAvailable({ ...availableBody.parse(request.body ?? {}), inAdvance: true });
    return balance.shown();
  });
  app.post('/_simulator/payouts', async (request) => {
    const { with_pending: inAdvance, ...how } = payoutBody.parse(request.body ?? {});
    balance.makeAvailable({ inAdvance, currency: how.currency });
    return { payouts: payouts.payOut(how) };
  });
}

function refundControlRoutes(app: FastifyInstance, world: World): void {
  const { refunds, refundPlans } = world;
  app.post('/_simulator/refunds', async (request) =>
    refunds.create(refundBody.parse(request.body)),
  );
  app.post('/_simulator/refunds/:id/succeed', async (request) =>
    refunds.succeed(path.parse(request.params).id),
  );
  app.post('/_simulator/refunds/:id/fail', async (request) => {
    const { failure_reason: reason } = failBody.parse(request.body ?? {});
    return refunds.fail(path.parse(request.params).id, reason);
  });
  app.post('/_simulator/refund_plans', async (request) => {
    const plan = refundPlanBody.parse(request.body);
    refundPlans.add(plan);
    return plan;
  });
  app.delete('/_simulator/refund_plans', async () => {
    refundPlans.clear();
    return { cleared: true };
  });
}

function disputeControlRoutes(app: FastifyInstance, world: World): void {
  const { disputes, deliveries } = world;
  app.post('/_simulator/fraud_warnings', async (request) => {
    const { payment_intent: intentId, fraud_type } = warningBody.parse(request.body);
    const warning = newFraudWarning(paidChargeOf(world.books, intentId), fraud_type);
    deliveries.emit('radar.early_fraud_warning.created', warning);
    return warning;
  });
  app.post('/_simulator/disputes', async (request) => {
    const body = disputeBody.parse(request.body);
    const { payment_intent: intentId, fails_pending_refunds: failsPendingRefunds, ...more } = body;
    return disputes.open(intentId, { ...more, failsPendingRefunds });
  });
  const ends = {
    win: (id: string) => disputes.win(id),
    lose: (id: string) => disputes.lose(id),
    close_inquiry: (id: string) => disputes.closeInquiry(id),
    escalate: (id: string) => disputes.escalate(id),
  };
  for (const [end, decide] of Object.entries(ends)) {
    app.post(`/_simulator/disputes/:id/${end}`, async (request) =>
      decide(path.parse(request.params).id),
    );
  }
}
