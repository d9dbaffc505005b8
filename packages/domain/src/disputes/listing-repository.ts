import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

const listedRow = z.object({
  id: z.string(),
  orderId: z.uuid().nullable(),
  phase: z.enum(['inquiry', 'open', 'won', 'lost']),
  status: z.string(),
  reason: z.string(),
  amountCents: z.int(),
  currency: z.string(),
  dueBy: z.date().nullable(),
  createdAt: z.date(),
});
export type ListedDispute = z.output<typeof listedRow>;

const columns = `id, order_id as "orderId", phase, status, reason, amount_cents as "amountCents",
  currency, due_by as "dueBy", created_at as "createdAt"`;

/** Disputes of an organization: those to answer first, by their day, then the latest. */
export async function listDisputes(
  executor: Executor,
  organizationId: string,
): Promise<ListedDispute[]> {
  const { rows } = await executor.raw(
    `select ${columns} from disputes
      where organization_id = :organizationId
      order by phase not in ('inquiry', 'open'), due_by, created_at desc
      limit 200`,
    { organizationId },
  );
  return z.array(listedRow).parse(rows);
}

/** One dispute, if it is of this organization. */
export async function findDispute(
  executor: Executor,
  of: { readonly organizationId: string; readonly disputeId: string },
): Promise<ListedDispute | undefined> {
  const { rows } = await executor.raw(
    `select ${columns} from disputes where id = :disputeId and organization_id = :organizationId`,
    of,
  );
  return listedRow.optional().parse(rows[0]);
}

const mailRow = z.object({ kind: z.string(), status: z.string(), sentAt: z.date().nullable() });

/** Mails to an order's buyer, oldest first. */
export async function listMailsTo(
  executor: Executor,
  orderId: string,
): Promise<z.output<typeof mailRow>[]> {
  const { rows } = await executor.raw(
    `select kind, status, sent_at as "sentAt" from emails
      where order_id = :orderId and kind <> 'dispute_opened' order by created_at limit 100`,
    { orderId },
  );
  return z.array(mailRow).parse(rows);
}
