import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

const listedRow = z.object({
  id: z.uuid(),
  orderId: z.uuid(),
  kind: z.enum([
    'whole',
    'tickets',
    'amount',
    'disposition',
    'external',
    'event_cancelled',
    'buyer',
  ]),
  status: z.enum(['requested', 'submitted', 'succeeded', 'failed', 'cancelled']),
  amountCents: z.int(),
  currency: z.string(),
  reason: z.string(),
  failure: z.string().nullable(),
  stripeRefundId: z.string().nullable(),
  walletId: z.uuid().nullable(),
  partOf: z.uuid().nullable(),
  createdAt: z.date(),
  ticketIds: z.array(z.uuid()),
});
export type ListedRefund = z.output<typeof listedRow>;

const columns = `r.id, r.order_id as "orderId", r.kind, r.status, r.amount_cents as "amountCents",
  r.currency, r.reason, r.failure, r.stripe_refund_id as "stripeRefundId",
  r.wallet_id as "walletId", r.part_of as "partOf",
  r.created_at as "createdAt",
  array(select i.ticket_id::text from refund_items i where i.refund_id = r.id order by 1)
    as "ticketIds"`;

/** Refunds of an order, oldest first. */
export async function listOrderRefunds(
  executor: Executor,
  orderId: string,
): Promise<ListedRefund[]> {
  const { rows } = await executor.raw(
    `select ${columns} from refunds r where r.order_id = :orderId order by r.created_at, r.id limit 200`,
    { orderId },
  );
  return z.array(listedRow).parse(rows);
}

/** One refund, if it is of this organization. */
export async function findListedRefund(
  executor: Executor,
  of: { readonly organizationId: string; readonly refundId: string },
): Promise<ListedRefund | undefined> {
  const { rows } = await executor.raw(
    `select ${columns} from refunds r
      where r.id = :refundId and r.organization_id = :organizationId`,
    of,
  );
  return listedRow.optional().parse(rows[0]);
}
