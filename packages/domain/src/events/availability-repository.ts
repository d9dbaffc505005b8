import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import type { Stock } from './availability.ts';
import { available } from './event-repository.ts';

const stockRow = z.object({
  slug: z.string(),
  status: z.enum(['draft', 'on_sale', 'closed', 'cancelled']),
  endsAt: z.date(),
  salesStartAt: z.date().nullable(),
  salesEndAt: z.date().nullable(),
  asOf: z.date(),
  tierId: z.uuid(),
  tierSalesStartAt: z.date().nullable(),
  tierSalesEndAt: z.date().nullable(),
  closedAt: z.date().nullable(),
  isHidden: z.boolean(),
  available: z.int(),
});

/**
 * What is left of an event, in one statement: it is asked four times a second while anyone watches.
 * "As of" is when the statement came in, which is before its snapshot: the counts are never older
 * than they say.
 */
export async function findStock(executor: Executor, slug: string): Promise<Stock | undefined> {
  const { rows } = await executor.raw(
    `select e.slug, e.status, e.ends_at as "endsAt", e.sales_start_at as "salesStartAt",
            e.sales_end_at as "salesEndAt", statement_timestamp() as "asOf", t.id as "tierId",
            t.sales_start_at as "tierSalesStartAt", t.sales_end_at as "tierSalesEndAt",
            t.closed_at as "closedAt", t.is_hidden as "isHidden", ${available} as available
       from events e
       join ticket_tiers t on t.event_id = e.id
       left join pool_tiers m on m.tier_id = t.id
       left join capacity_pools p on p.id = m.pool_id
      where e.slug = :slug
      group by e.id, t.id
      order by t.position, t.id`,
    { slug },
  );
  const parsed = z.array(stockRow).parse(rows);
  const [event] = parsed;
  return event === undefined
    ? undefined
    : {
        slug: event.slug,
        status: event.status,
        endsAt: event.endsAt,
        salesStartAt: event.salesStartAt,
        salesEndAt: event.salesEndAt,
        asOf: event.asOf,
        tiers: parsed.map((row) => ({
          tierId: row.tierId,
          salesStartAt: row.tierSalesStartAt,
          salesEndAt: row.tierSalesEndAt,
          closedAt: row.closedAt,
          isHidden: row.isHidden,
          available: row.available,
        })),
      };
}
