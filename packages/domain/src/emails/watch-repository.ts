import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { overdueMinutes } from './delivery.ts';

/** A mail that has not arrived after this is told by another way, and its incident ends with it. */
const watchedHours = 48;

const overdueRow = z.object({
  organizationId: z.uuid(),
  count: z.int(),
  emailIds: z.array(z.uuid()),
  orderIds: z.array(z.uuid()),
});
export type Overdue = z.output<typeof overdueRow>;

/** Mails nobody has heard of for ten minutes, by organization, with the first few of each. */
export async function listOverdue(executor: Executor): Promise<Overdue[]> {
  const { rows } = await executor.raw(
    `select organization_id as "organizationId", count(*)::int as count,
            (array_agg(id order by created_at))[1:5] as "emailIds",
            coalesce((array_agg(order_id order by created_at)
                        filter (where order_id is not null))[1:5], '{}') as "orderIds"
       from emails
      where status in ('queued', 'sent')
        and created_at > clock_timestamp() - make_interval(hours => :watchedHours)
        and created_at < clock_timestamp() - make_interval(mins => :overdueMinutes)
      group by organization_id`,
    { watchedHours, overdueMinutes },
  );
  return z.array(overdueRow).parse(rows);
}

/** Closes incidents of this kind whose object is no longer among these. */
export async function closeAllBut(
  tx: Transaction,
  open: { readonly kind: string; readonly objectIds: readonly string[] },
): Promise<void> {
  await tx.raw(
    `update incidents
        set resolved_at = clock_timestamp()
      where kind = :kind and resolved_at is null and object_id <> all (:objectIds::text[])`,
    { kind: open.kind, objectIds: [...open.objectIds] },
  );
}

/** Closes what said that the provider takes no mails: it has taken one since. */
export async function closeStopped(tx: Transaction): Promise<void> {
  await tx.raw(
    `update incidents i
        set resolved_at = clock_timestamp()
      where i.kind = 'mail.stopped' and i.resolved_at is null
        and exists (select 1 from emails m
                     where m.created_at > clock_timestamp() - make_interval(hours => :watchedHours)
                       and m.sent_at > i.last_seen_at)`,
    { watchedHours },
  );
}

const fatesRow = z.object({
  kind: z.string(),
  delivered: z.int(),
  lost: z.int(),
  waiting: z.int(),
});
export type LastHour = z.output<typeof fatesRow>;

/** How mails of the last hour fared, of all organizations, by kind. */
export async function readLastHour(executor: Executor): Promise<LastHour[]> {
  const { rows } = await executor.raw(
    `select kind, count(*) filter (where status = 'delivered')::int as delivered,
            count(*) filter (where status in ('bounced', 'complained', 'failed', 'suppressed'))::int
              as lost,
            count(*) filter (where status in ('queued', 'withheld', 'sent'))::int as waiting
       from emails
      where created_at > clock_timestamp() - interval '1 hour'
      group by kind`,
  );
  return z.array(fatesRow).parse(rows);
}

const queueRow = z.object({ waiting: z.int(), oldestSeconds: z.number() });

/** Mails that were never handed over, and for how long the oldest of them has waited. */
export async function readQueue(executor: Executor): Promise<z.output<typeof queueRow>> {
  const { rows } = await executor.raw(
    `select count(*)::int as waiting,
            coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8
              as "oldestSeconds"
       from emails
      where status = 'queued' and first_attempt_at is null`,
  );
  return queueRow.parse(rows[0]);
}
