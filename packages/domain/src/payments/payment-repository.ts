import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { paymentReceived } from '#ledger/ledger';
import { post } from '#ledger/ledger-repository';
import { enqueue } from '#outbox/outbox-repository';
import type { PaidSession } from './session.ts';

const paymentRow = z.object({
  paymentId: z.uuid(),
  disposition: z.enum(['tickets', 'refund', 'review']),
});

/** What an earlier run decided about this money, if one did. */
export async function findStripePayment(
  executor: Executor,
  paymentIntentId: string,
): Promise<z.output<typeof paymentRow> | undefined> {
  const { rows } = await executor.raw(
    `select id as "paymentId", disposition
       from payments
      where provider = 'stripe' and provider_id = :paymentIntentId`,
    { paymentIntentId },
  );
  return paymentRow.optional().parse(rows[0]);
}

export interface NewPayment {
  readonly organizationId: string;
  readonly eventId: string;
  readonly orderId: string;
  readonly attemptId: string | undefined;
  readonly paid: PaidSession;
  readonly disposition: 'tickets' | 'refund' | 'review';
  readonly reason: string;
}

/** Records money as Stripe reports it, and in the ledger. UNIQUE(provider, account, id) refuses a second row. */
export async function insertStripePayment(tx: Transaction, payment: NewPayment): Promise<string> {
  const id = randomUUIDv7();
  await tx.raw(
    `insert into payments (id, organization_id, order_id, attempt_id, provider, provider_id,
                           session_id, charge_id, livemode, amount_cents, currency, disposition,
                           disposition_reason)
     values (:id, :organizationId, :orderId, :attemptId, 'stripe', :paymentIntentId, :sessionId,
             :chargeId, :livemode, :amountCents, :currency, :disposition, :reason)`,
    {
      id,
      organizationId: payment.organizationId,
      orderId: payment.orderId,
      attemptId: payment.attemptId ?? null,
      paymentIntentId: payment.paid.paymentIntentId,
      sessionId: payment.paid.sessionId,
      chargeId: payment.paid.chargeId,
      livemode: payment.paid.livemode,
      amountCents: payment.paid.amountCents,
      currency: payment.paid.currency,
      disposition: payment.disposition,
      reason: payment.reason,
    },
  );
  const { organizationId, eventId, orderId, disposition, paid } = payment;
  await post(tx, [
    {
      ...paymentReceived({ ...paid, paymentId: id, disposition }),
      owner: { organizationId, eventId, orderId },
    },
  ]);
  return id;
}

/** Nothing to pay is a payment too: an order is paid exactly when it has one for its tickets. */
export async function insertFreePayment(
  tx: Transaction,
  payment: {
    readonly organizationId: string;
    readonly orderId: string;
    readonly currency: string;
  },
): Promise<void> {
  await tx.raw(
    `insert into payments (id, organization_id, order_id, provider, provider_id, livemode,
                           amount_cents, currency, disposition, disposition_reason)
     values (:id, :organizationId, :orderId, 'free', :orderId, true, 0, :currency, 'tickets',
             'free')`,
    { id: randomUUIDv7(), ...payment },
  );
}

/** A payment that becomes no tickets is owed back whole, once. The refunds worker asks Stripe for it. */
export async function insertWholeRefund(
  tx: Transaction,
  refund: {
    readonly organizationId: string;
    readonly orderId: string;
    readonly paymentId: string;
    readonly amountCents: number;
    readonly currency: string;
    readonly reason: string;
  },
): Promise<void> {
  const id = randomUUIDv7();
  await tx.raw(
    `insert into refunds (id, organization_id, order_id, payment_id, kind, amount_cents, currency,
                          reason)
     values (:id, :organizationId, :orderId, :paymentId, 'disposition', :amountCents, :currency,
             :reason)`,
    { id, ...refund, reason: `disposition.${refund.reason}` },
  );
  await enqueue(tx, 'refund.submit', { refundId: id });
  await tx.raw(
    `update payments
        set refund_open_cents = refund_open_cents + :amountCents
      where id = :paymentId`,
    { paymentId: refund.paymentId, amountCents: refund.amountCents },
  );
}
