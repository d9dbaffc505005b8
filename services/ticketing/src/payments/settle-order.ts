import type { JobPayload } from '@liventix/contracts/jobs';
import { findStripeEvent } from '@liventix/domain/inbox/repository';
import { findOrder } from '@liventix/domain/orders/repository';
import { markMessageDone } from '@liventix/domain/outbox/repository';
import {
  type SessionFact,
  type StripeSession,
  sessionFact,
  stripeSession,
} from '@liventix/domain/payments/session';
import type { Transaction } from '@liventix/shared/db';
import { withRedisLock } from '@liventix/shared/locks/redis-lock';
import { createSeconds } from '@liventix/shared/telemetry/metrics';
import { z } from 'zod';
import type { Deps } from '#deps';
import { recordPayment } from '#payments/record-payment';
import { recordUnpaidSession } from '#payments/record-unpaid-session';
import { fulfilOrder } from '#tickets/ensure-tickets';

type Cause = JobPayload<'order.settle'>;

/** Evidence older than this is read back: money may have moved since. */
const evidenceMaxAgeMs = 60_000;

/** What an objective is kept by: docs/slo.md says ten seconds. */
const paymentToTicket = createSeconds({
  name: 'payment_to_ticket_seconds',
  help: 'From Stripe saying that an order is paid to its tickets.',
  buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 3_600],
});

interface Evidence {
  readonly session: StripeSession;
  /** When Stripe said so, by our clock and to its second; when nobody said, now. */
  readonly paidMs: number;
}

const storedSession = z.object({ data: z.object({ object: stripeSession }) });

/**
 * Shorter than the wait: who carries on for a killed worker gets the order within one wait. The
 * living renew theirs, and whoever loses it all the same meets constraints, not harm.
 */
const orderLock = { ttlMs: 2_000, waitMs: 3_000 };

/**
 * Makes an order agree with one of its Stripe sessions. Two phases, each one transaction and safe
 * to repeat: the payment is recorded with its disposition, then the tickets are issued. The message
 * stays open until the last of them, so a crash between the two is carried on by the next run.
 */
export async function settleOrder(deps: Deps, messageId: string, cause: Cause): Promise<void> {
  const lock = { redis: deps.locks, key: `order/${cause.orderId}`, options: orderLock };
  await withRedisLock(lock, async () => {
    const { session, paidMs } = await evidenceOf(deps, cause);
    const fact = sessionFact(session);
    const outcome = await deps.db.inTransaction(async (tx) => {
      const recorded = await recordFact(tx, { cause, session, fact });
      if (recorded !== 'tickets') {
        await markMessageDone(tx, messageId);
      }
      return recorded;
    });
    if (outcome === 'tickets') {
      const issued = await deps.db.inTransaction(async (tx) => {
        await markMessageDone(tx, messageId);
        return await fulfilOrder(tx, cause.orderId, deps.signer);
      });
      if (issued === 'issued') {
        paymentToTicket.observe((Date.now() - paidMs) / 1_000);
      }
    }
    deps.log.info(
      { orderId: cause.orderId, sessionId: cause.sessionId, messageId, outcome },
      'order settled',
    );
  });
}

async function recordFact(
  tx: Transaction,
  known: { readonly cause: Cause; readonly session: StripeSession; readonly fact: SessionFact },
): Promise<string> {
  const { cause, session, fact } = known;
  const attemptId = session.metadata?.attempt_id;
  const { orderId, eventId } = cause;
  if (fact.kind === 'paid') {
    return await recordPayment(tx, { orderId, eventId, attemptId, paid: fact.paid });
  }
  const unpaid = { orderId, eventId, attemptId, sessionId: session.id, kind: fact.kind };
  return await recordUnpaidSession(tx, unpaid);
}

/**
 * A stored, signed event that says paid, while it is fresh and the order waits for it; else the
 * session as Stripe has it now. Late money is always read back.
 */
async function evidenceOf(deps: Deps, cause: Cause): Promise<Evidence> {
  let paidMs = Date.now();
  if (cause.eventId !== undefined) {
    const event = await findStripeEvent(deps.db.pool, cause.eventId);
    const session = storedSession.safeParse(event?.payload);
    paidMs -= event?.ageMs ?? 0;
    const isFresh = event !== undefined && event.ageMs < evidenceMaxAgeMs;
    if (isFresh && session.success && sessionFact(session.data.data.object).kind === 'paid') {
      const order = await findOrder(deps.db.pool, cause.orderId);
      const { object } = session.data.data;
      if (order?.status === 'pending' && object.id === cause.sessionId) {
        return { session: object, paidMs };
      }
    }
  }
  return { session: await deps.stripe.readSession(cause.sessionId), paidMs };
}
