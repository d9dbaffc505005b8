import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import { buyerKey } from '#buyers/address';

const foundRow = z.object({
  id: z.uuid(),
  number: z.string(),
  status: z.string(),
  total_cents: z.int(),
  currency: z.string(),
  created_at: z.date(),
});

/**
 * Orders of an organization by their number, id, an address of the buyer, the beginning of the
 * buyer's name, the serial of a ticket, or the id of a Stripe session, payment or customer page;
 * newest first. Each way is a lookup of its own with an index of its own.
 */
export async function searchOrders(
  executor: Executor,
  search: { readonly organizationId: string; readonly query: string },
): Promise<z.output<typeof foundRow>[]> {
  const { organizationId, query } = search;
  const serial = /^\d{1,9}$/.test(query) ? Number(query) : null;
  const orderId = z.uuid().safeParse(query.toLowerCase()).data ?? null;
  const nameStart = `${query.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const { rows } = await executor.raw(
    `select id, number, status, total_cents, currency, created_at
       from orders
      where organization_id = :organizationId
        and id in (
          select id from orders where number = upper(:query)
          union all select id from orders where id = :orderId::uuid
          union all select id from orders where buyer_key in (:buyer, lower(:query))
          union all select id from orders where corrected_key = :buyer
          union all select id from orders
                     where organization_id = :organizationId
                       and lower(buyer_name) like :nameStart
          union all select order_id from payments where provider_id = :query
          union all select order_id from checkout_attempts where session_id = :query
          union all select t.order_id from tickets t join events e on e.id = t.event_id
                     where e.organization_id = :organizationId and t.serial = :serial::integer)
      order by created_at desc, id
      limit 50`,
    { organizationId, query, orderId, nameStart, serial, buyer: buyerKey(query) },
  );
  return z.array(foundRow).parse(rows);
}
