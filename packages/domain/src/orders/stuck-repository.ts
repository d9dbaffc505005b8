import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import { awaitingTickets } from './awaiting-tickets.ts';

const stuckRow = z.object({
  id: z.guid(),
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
  orderId: z.guid(),
  number: z.string(),
  job: z.string(),
  askedAt: z.date(),
});
export type WaitingOrder = z.output<typeof waitingRow>;

/** Open messages older than ten seconds, by one of the two indexes on such; the oldest of each. */
const openMessages = (where: string, by: 'created_at' | 'id') => `
  (select payload, name, created_at
     from outbox
    where ${where} and done_at is null and dead_at is null
      and created_at < clock_timestamp() - interval '10 seconds'
    order by ${by}
    limit 500)`;

/** Of a long queue of mails, which may wait for days, none hides what is about money and tickets. */
const waitingJobs = [
  openMessages(`dispatched_at is null and queue <> 'notifications'`, 'created_at'),
  openMessages(`dispatched_at is null and queue = 'notifications'`, 'created_at'),
  openMessages(`dispatched_at is not null and queue <> 'notifications'`, 'id'),
  openMessages(`dispatched_at is not null and queue = 'notifications'`, 'id'),
].join(' union all ');

/**
 * Orders for which something was asked ten seconds ago that is neither done nor given up: a job, or a payment
 * page of Stripe.
 */
export async function listWaitingOrders(
  executor: Executor,
  organizationId: string,
): Promise<WaitingOrder[]> {
  const { rows } = await executor.raw(
    `with jobs as (
       select a.order_id, m.name as job, m.created_at
         from (${waitingJobs}) m
        cross join lateral about_message(m.payload) a
     ), waits as (
       select order_id, job, created_at from jobs
        union all
       select order_id, 'a payment page', created_at
         from checkout_attempts
        where state = 'creating' and created_at < clock_timestamp() - interval '10 seconds'
     )
     select o.id as "orderId", o.number, w.job, w.created_at as "askedAt"
       from waits w
       join orders o on o.id = w.order_id
      where o.organization_id = :organizationId
      order by w.created_at limit 100`,
    { organizationId },
  );
  return z.array(waitingRow).parse(rows);
}
