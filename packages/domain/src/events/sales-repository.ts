import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

const bucketRow = z.object({
  at: z.date(),
  orders: z.int(),
  tickets: z.int(),
  revenueCents: z.int(),
});
export type SalesBucket = z.output<typeof bucketRow>;

/** What was paid for an event, by hour or day of its timezone; buckets without a sale are left out. */
export async function readSales(
  executor: Executor,
  of: { readonly eventId: string; readonly by: 'hour' | 'day'; readonly timezone: string },
): Promise<SalesBucket[]> {
  const { rows } = await executor.raw(
    `select date_trunc(:by, o.paid_at, :timezone) as at, count(*)::int as orders,
            coalesce(sum(i.tickets), 0)::int as tickets, sum(o.total_cents)::bigint as "revenueCents"
       from orders o
       join lateral (select sum(quantity) as tickets from order_items where order_id = o.id) i on true
      where o.event_id = :eventId and o.paid_at is not null
      group by 1 order by 1 desc limit 1000`,
    of,
  );
  return z.array(bucketRow).parse(rows).reverse();
}

const arrivalRow = z.object({ at: z.date(), admitted: z.int() });
export type Arrival = z.output<typeof arrivalRow>;

/** People admitted, in steps of ten minutes. */
export async function readArrivals(executor: Executor, eventId: string): Promise<Arrival[]> {
  const { rows } = await executor.raw(
    `select date_bin('10 minutes', at, 'epoch'::timestamptz) as at, count(*)::int as admitted
       from check_ins
      where event_id = :eventId and outcome = 'admitted' and undone_at is null
      group by 1 order by 1 desc limit 1000`,
    { eventId },
  );
  return z.array(arrivalRow).parse(rows).reverse();
}
