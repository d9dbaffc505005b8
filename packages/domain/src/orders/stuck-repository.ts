import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import { awaitingTickets } from './awaiting-tickets.ts';

const stuckRow = z.object({
  id: z.uuid(),
  number: z.string(),
  totalCents: z.int(),
  currency: z.string(),
  paidAt: z.date(),
});
export type StuckOrder = z.output<typeof stuckRow>;

/** Orders that have been paid for ten seconds and have no tickets, oldest first. */
export async function listPaidWithoutTickets(
  executor: Executor,
  organizationId: string,
): Promise<StuckOrder[]> {
  const { rows } = await executor.raw(
    `select id, number, total_cents as "totalCents", currency, since as "paidAt"
       from (${awaitingTickets}) waiting
      where organization_id = :organizationId
        and since < clock_timestamp() - interval '10 seconds'
      order by since limit 100`,
    { organizationId },
  );
  return z.array(stuckRow).parse(rows);
}

const waitingRow = z.object({
  orderId: z.uuid(),
  number: z.string(),
  job: z.string(),
  askedAt: z.date(),
});
export type WaitingOrder = z.output<typeof waitingRow>;

/** Orders for which something was asked ten seconds ago that is neither done nor given up. */
export async function listWaitingOrders(
  executor: Executor,
  organizationId: string,
): Promise<WaitingOrder[]> {
  const { rows } = await executor.raw(
    `select o.id as "orderId", o.number, m.name as job, m.created_at as "askedAt"
       from outbox m
       left join emails e on e.id = case when m.payload ->> 'emailId' ~ '^[0-9a-f-]{36}$'
                                         then (m.payload ->> 'emailId')::uuid end
       join orders o on o.id = case when m.payload ->> 'orderId' ~ '^[0-9a-f-]{36}$'
                                    then (m.payload ->> 'orderId')::uuid
                                    else e.order_id end
      where m.done_at is null and m.dead_at is null and o.organization_id = :organizationId
        and m.created_at < clock_timestamp() - interval '10 seconds'
      order by m.created_at limit 100`,
    { organizationId },
  );
  return z.array(waitingRow).parse(rows);
}
