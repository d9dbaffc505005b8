import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import { awaitingTickets } from '#orders/awaiting-tickets';

const todayRow = z.object({
  asOf: z.date(),
  ordersPaid: z.int(),
  ordersWaiting: z.int(),
  longestWaitSeconds: z.number(),
  holdsActive: z.int(),
  incidentsOpen: z.int(),
  messagesDead: z.int(),
});
export type Today = z.output<typeof todayRow>;

const revenueRow = z.object({ currency: z.string(), cents: z.int() });

/** The last day of an organization: each number by an index of what is recent or under way. */
export async function readToday(executor: Executor, organizationId: string): Promise<Today> {
  const { rows } = await executor.raw(
    `select clock_timestamp() as "asOf",
            (select count(*)::int from orders
              where organization_id = :organizationId and paid_at > now() - interval '1 day') as "ordersPaid",
            w.count as "ordersWaiting", w.seconds as "longestWaitSeconds",
            (select count(*)::int from ticket_holds
              where status = 'active' and organization_id = :organizationId) as "holdsActive",
            (select count(*)::int from incidents
              where resolved_at is null
                and (organization_id = :organizationId or organization_id is null and h.operates)
            ) as "incidentsOpen",
            (select count(*)::int from outbox
              where dead_at is not null
                and (organization_id = :organizationId or organization_id is null and h.operates)
            ) as "messagesDead"
       from (select count(*)::int,
                    coalesce(extract(epoch from clock_timestamp() - min(since)), 0)::float8 as seconds
               from (${awaitingTickets}) waiting where organization_id = :organizationId) w,
            (select operates from organizations where id = :organizationId) h`,
    { organizationId },
  );
  return todayRow.parse(rows[0]);
}

/** What came in within the last day, by currency. */
export async function readTodaysRevenue(
  executor: Executor,
  organizationId: string,
): Promise<z.output<typeof revenueRow>[]> {
  const { rows } = await executor.raw(
    `select currency, sum(total_cents)::bigint as cents from orders
      where organization_id = :organizationId and paid_at > now() - interval '1 day'
      group by currency order by currency`,
    { organizationId },
  );
  return z.array(revenueRow).parse(rows);
}
