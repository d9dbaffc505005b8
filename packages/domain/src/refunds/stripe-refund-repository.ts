import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { ReadRefund, StripeRefund } from './stripe-refund.ts';

/** Keeps Stripe's refunds of a PaymentIntent as they were read, whether or not we know its payment. */
export async function storeStripeRefunds(
  tx: Transaction,
  paymentIntentId: string,
  refunds: readonly StripeRefund[],
): Promise<void> {
  await tx.raw(
    `insert into stripe_refunds (id, payment_intent_id, amount_cents, currency, status, refund_id,
                                 failure_reason, created_at)
     select r.id, :paymentIntentId, r."amountCents", r.currency, r.status, left(r."refundId", 500),
            left(r."failureReason", 500), r."createdAt"
       from json_to_recordset(:refunds::json)
         as r (id text, "amountCents" bigint, currency text, status text, "refundId" text,
               "failureReason" text, "createdAt" timestamptz)
      order by r.id
     on conflict (id) do update
        set amount_cents = excluded.amount_cents, status = excluded.status,
            failure_reason = excluded.failure_reason, read_at = clock_timestamp()`,
    { paymentIntentId, refunds: JSON.stringify(refunds) },
  );
}

/** What Stripe gave back of a PaymentIntent, or is giving back, as far as we have read. */
export async function sumStripeRefunds(
  executor: Executor,
  paymentIntentId: string,
): Promise<{ readonly count: number; readonly cents: number }> {
  const { rows } = await executor.raw(
    `select count(*)::int as count,
            coalesce(sum(amount_cents) filter (where status not in ('failed', 'canceled')), 0)::bigint
              as cents
       from stripe_refunds
      where payment_intent_id = :paymentIntentId`,
    { paymentIntentId },
  );
  return z.object({ count: z.int(), cents: z.int() }).parse(rows[0]);
}

/**
 * One at a time per PaymentIntent: settling reads what was given back before it was settled, and
 * whoever stores that reads whether it is settled. Both at once would each miss the other.
 */
export async function lockPaymentIntent(tx: Transaction, paymentIntentId: string): Promise<void> {
  await tx.raw(`select pg_advisory_xact_lock(hashtextextended(:key, 0))`, {
    key: `payment_intent/${paymentIntentId}`,
  });
}

/** Stripe's refunds of a PaymentIntent as they were last read. */
export async function listReadRefunds(
  executor: Executor,
  paymentIntentId: string,
): Promise<ReadRefund[]> {
  const { rows } = await executor.raw(
    `select id, amount_cents as "amountCents", status
       from stripe_refunds where payment_intent_id = :paymentIntentId`,
    { paymentIntentId },
  );
  return z
    .array(z.object({ id: z.string(), amountCents: z.int(), status: z.string() }))
    .parse(rows);
}
