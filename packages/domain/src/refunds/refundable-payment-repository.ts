import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';

/** Why a payment for tickets became one that is owed back (ADR 0030). */
export const givenUp = 'given_up';

const paymentRow = z.object({
  id: z.uuid(),
  organizationId: z.uuid(),
  eventId: z.uuid(),
  orderId: z.uuid(),
  provider: z.enum(['stripe', 'wallet', 'free']),
  paymentIntentId: z.string(),
  disposition: z.enum(['tickets', 'refund', 'review']),
  /**
   * Its money was for tickets, whether they were issued or given up: what is given back of it is a debt that a
   * refund makes. Money that never was for tickets is owed from the start, or waits to be explained.
   */
  wasForTickets: z.boolean(),
  amountCents: z.int(),
  currency: z.string(),
  refundedCents: z.int(),
  refundOpenCents: z.int(),
  /** Of refunds that failed: nobody has it, and retrying them gives it back. */
  refundFailedCents: z.int(),
});
export type RefundablePayment = z.output<typeof paymentRow>;

const paymentColumns = `id, organization_id as "organizationId",
  (select o.event_id from orders o where o.id = payments.order_id) as "eventId", order_id as "orderId", provider, provider_id as "paymentIntentId",
  disposition, disposition = 'tickets' or disposition_reason = '${givenUp}' as "wasForTickets",
  amount_cents as "amountCents", currency, refunded_cents as "refundedCents",
  refund_open_cents as "refundOpenCents",
  (select coalesce(sum(r.amount_cents), 0)::bigint from refunds r
    where r.payment_id = payments.id and r.status = 'failed' and r.replaced_at is null)
    as "refundFailedCents"`;

export async function lockPayment(
  tx: Transaction,
  { paymentId }: { readonly paymentId: string },
): Promise<RefundablePayment | undefined> {
  const { rows } = await tx.raw(
    `select ${paymentColumns} from payments where id = :paymentId for no key update`,
    { paymentId },
  );
  return paymentRow.optional().parse(rows[0]);
}

/** Locks what paid for an order's tickets: one payment, or a wallet's and another. */
export async function lockTicketPayments(
  tx: Transaction,
  orderId: string,
): Promise<RefundablePayment[]> {
  const { rows } = await tx.raw(
    `select ${paymentColumns} from payments
      where order_id = :orderId and disposition = 'tickets'
      order by id
        for no key update`,
    { orderId },
  );
  return z.array(paymentRow).parse(rows);
}

/** A payment, if it is of this organization. */
export async function findOwnPayment(
  executor: Executor,
  of: { readonly organizationId: string; readonly paymentId: string },
): Promise<RefundablePayment | undefined> {
  if (!z.uuid().safeParse(of.paymentId).success) {
    return undefined;
  }
  const { rows } = await executor.raw(
    `select ${paymentColumns} from payments
      where id = :paymentId and organization_id = :organizationId`,
    of,
  );
  return paymentRow.optional().parse(rows[0]);
}

/** Which payment a PaymentIntent is, once it is recorded. */
export async function findPaymentOfIntent(
  executor: Executor,
  paymentIntentId: string,
): Promise<RefundablePayment | undefined> {
  const { rows } = await executor.raw(
    `select ${paymentColumns} from payments
      where provider = 'stripe' and provider_id = :paymentIntentId`,
    { paymentIntentId },
  );
  return paymentRow.optional().parse(rows[0]);
}

/** Counts a payment's refunds anew: rows are the truth, and its columns their sums. */
export async function recountRefunds(tx: Transaction, paymentId: string): Promise<void> {
  await tx.raw(
    `update payments p
        set refunded_cents = r.done, refund_open_cents = r.open
       from (select coalesce(sum(amount_cents) filter (where status = 'succeeded'), 0) as done,
                    coalesce(sum(amount_cents) filter (where status in ('requested', 'submitted')), 0)
                      as open
               from refunds where payment_id = :paymentId) r
      where p.id = :paymentId and (p.refunded_cents, p.refund_open_cents) is distinct from (r.done, r.open)`,
    { paymentId },
  );
}

/** What is neither given back, nor on its way, nor owed by a refund that failed. */
export function leftOf(
  payment: Pick<
    RefundablePayment,
    'amountCents' | 'refundedCents' | 'refundOpenCents' | 'refundFailedCents'
  >,
): number {
  const { amountCents, refundedCents, refundOpenCents, refundFailedCents } = payment;
  return Math.max(0, amountCents - refundedCents - refundOpenCents - refundFailedCents);
}
