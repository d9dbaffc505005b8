import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { RefundPolicy, RefundTerms } from './policy.ts';

/** As it stands in events.refund_policy. An empty one allows nothing. */
const storedPolicy = z
  .object({
    allowed: z.boolean().default(false),
    untilHoursBeforeStart: z.int().default(0),
    keptPercent: z.int().default(0),
    keptCentsPerTicket: z.int().default(0),
  })
  .prefault({}) satisfies z.ZodType<RefundPolicy>;

const termsRow = z.object({ policy: storedPolicy, until: z.date(), isOver: z.boolean() });

/** What buyers of an event may give back now, by the database's clock. */
export async function findRefundTerms(executor: Executor, eventId: string): Promise<RefundTerms> {
  const { rows } = await executor.raw(
    `select e.refund_policy as policy, d.until,
            d.until <= clock_timestamp() or e.ends_at <= clock_timestamp()
              or e.status = 'cancelled' as "isOver"
       from events e
      cross join lateral (
        select e.starts_at - make_interval(
                 hours => coalesce((e.refund_policy ->> 'untilHoursBeforeStart')::int, 0)) as until) d
      where e.id = :eventId`,
    { eventId },
  );
  return termsRow.parse(rows[0]);
}

/** Changes what buyers may give back from now on. */
export async function setRefundPolicy(
  tx: Transaction,
  change: { readonly eventId: string; readonly policy: RefundPolicy },
): Promise<void> {
  await tx.raw('update events set refund_policy = :policy::jsonb where id = :eventId', {
    eventId: change.eventId,
    policy: JSON.stringify(change.policy),
  });
}
