import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { currentTrace } from '@liventix/shared/telemetry/tracing';
import { z } from 'zod';
import { enqueueAll } from '#outbox/outbox-repository';
import type { CancelledOrder, EventRefund } from './event-refund.ts';
import type { RefundableTicket } from './refund.ts';
import { shareOut } from './refund.ts';

/**
 * Locks the next orders of an event that were paid for, by id. The caller goes on after the last of
 * them until none is left. Orders that are being fulfilled are waited for.
 */
export async function lockPaidOrders(
  tx: Transaction,
  page: { readonly eventId: string; readonly after: string; readonly limit: number },
): Promise<{ readonly ids: readonly string[]; readonly fulfilled: readonly string[] }> {
  const { rows } = await tx.raw(
    `select id, status from orders
      where event_id = :eventId and status in ('paid', 'fulfilled') and id > :after
      order by id limit :limit
        for no key update`,
    page,
  );
  const found = z.array(z.object({ id: z.uuid(), status: z.string() })).parse(rows);
  return {
    ids: found.map(({ id }) => id),
    fulfilled: found.filter(({ status }) => status === 'fulfilled').map(({ id }) => id),
  };
}

/**
 * Which of these orders still have something to give back: not those whose money a bank has taken or
 * may take, and none that was dealt with before. Under the orders' locks, which everybody takes who
 * gives money back.
 */
export async function listOwedOrders(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<CancelledOrder[]> {
  const ids = [...orderIds];
  const { rows } = await tx.raw(
    `select p.order_id as "orderId", p.id as "paymentId", p.organization_id as "organizationId",
            p.currency, case p.provider when 'wallet' then o.wallet_id end as "walletId",
            greatest(0, p.amount_cents - p.refunded_cents - p.refund_open_cents - f.cents) as "leftCents"
       from payments p
       join orders o on o.id = p.order_id
      cross join lateral (
        select coalesce(sum(r.amount_cents), 0)::bigint as cents from refunds r
         where r.payment_id = p.id and r.status = 'failed' and r.replaced_at is null) f
      where p.order_id = any (:ids::uuid[]) and p.disposition = 'tickets'
        and not exists (select from disputes d
                         where d.payment_id = p.id and d.phase in ('open', 'lost'))
        and not exists (select from refunds r
                         where r.payment_id = p.id and r.kind = 'event_cancelled')
        and (p.amount_cents > p.refunded_cents + p.refund_open_cents + f.cents
             or exists (select from tickets k
                         where k.order_id = p.order_id and k.status in ('valid', 'suspended')))
      order by (p.provider = 'wallet'), p.id`,
    { ids },
  );
  const row = z.object({
    orderId: z.uuid(),
    paymentId: z.uuid(),
    organizationId: z.uuid(),
    currency: z.string(),
    leftCents: z.int(),
    walletId: z.uuid().nullable(),
  });
  return z.array(row).parse(rows);
}

/** The tickets of these orders that are somebody's, by order, with what each cost. */
export async function listLiveTickets(
  executor: Executor,
  orders: readonly Pick<CancelledOrder, 'orderId' | 'currency'>[],
): Promise<Map<string, Pick<RefundableTicket, 'id' | 'paidCents'>[]>> {
  const currencies = new Map(orders.map(({ orderId, currency }) => [orderId, currency]));
  const { rows } = await executor.raw(
    `select k.id, k.order_id as "orderId", k.seq, i.quantity, i.total_cents as "lineCents"
       from tickets k
       join order_items i on i.id = k.order_item_id
      where k.order_id = any (:ids::uuid[]) and k.status in ('valid', 'suspended')
      order by k.order_id, i.id, k.seq`,
    { ids: [...currencies.keys()] },
  );
  const row = z.object({
    id: z.uuid(),
    orderId: z.uuid(),
    seq: z.int(),
    quantity: z.int(),
    lineCents: z.int(),
  });
  const tickets = new Map<string, Pick<RefundableTicket, 'id' | 'paidCents'>[]>();
  for (const { id, orderId, seq, quantity, lineCents } of z.array(row).parse(rows)) {
    const shares = shareOut(lineCents, quantity, currencies.get(orderId) ?? '');
    const paidCents = shares[seq - 1] ?? 0;
    tickets.set(orderId, [...(tickets.get(orderId) ?? []), { id, paidCents }]);
  }
  return tickets;
}

export type WrittenEventRefund = EventRefund & { readonly refundId: string };

/**
 * Locks the payments, writes these refunds and ends their tickets, in as many statements as for one.
 * They wait for their turn to be asked for; those without money, or into a wallet, are made at once.
 * Returns them with their ids.
 */
export async function insertEventRefunds(
  tx: Transaction,
  decided: readonly EventRefund[],
): Promise<WrittenEventRefund[]> {
  const refunds = decided.map((refund) => ({ ...refund, refundId: randomUUIDv7() }));
  await tx.raw(
    'select 1 from payments where id = any (:ids::uuid[]) order by id for no key update',
    { ids: refunds.map(({ paymentId }) => paymentId) },
  );
  await tx.raw(
    `insert into refunds (id, organization_id, order_id, payment_id, kind, status, amount_cents,
                          currency, reason, wallet_id, is_waiting, ended_at)
     select r."refundId", r."organizationId", r."orderId", r."paymentId", 'event_cancelled',
            case when d.is_due then 'requested' else 'succeeded' end, r."leftCents", r.currency,
            'The event is cancelled.', r."walletId", d.is_due,
            case when not d.is_due then clock_timestamp() end
       from json_to_recordset(:refunds::json)
         as r ("refundId" uuid, "organizationId" uuid, "orderId" uuid, "paymentId" uuid,
               "leftCents" bigint, currency text, "walletId" uuid)
      cross join lateral (select r."leftCents" > 0 and r."walletId" is null as is_due) d`,
    { refunds: JSON.stringify(refunds.map(({ tickets: _, ...row }) => row)) },
  );
  await tx.raw(
    `update payments p
        set refund_open_cents = p.refund_open_cents
              + case when r.wallet_id is null then r.amount_cents else 0 end,
            refunded_cents = p.refunded_cents
              + case when r.wallet_id is null then 0 else r.amount_cents end
       from refunds r
      where r.id = any (:ids::uuid[]) and p.id = r.payment_id and r.amount_cents > 0`,
    { ids: refunds.map(({ refundId }) => refundId) },
  );
  const items = refunds.flatMap(({ refundId, tickets }) =>
    tickets.map(({ id, paidCents }) => ({ refundId, ticketId: id, paidCents })),
  );
  await tx.raw(
    `with item as (
       insert into refund_items (refund_id, ticket_id, amount_cents)
       select * from json_to_recordset(:items::json)
         as i ("refundId" uuid, "ticketId" uuid, "paidCents" bigint)
       returning ticket_id
     )
     update tickets k
        set status = 'refunded', ended_at = clock_timestamp(),
            holds_seat = k.admitted_at is not null
              or (select e.ends_at <= clock_timestamp() from events e where e.id = k.event_id)
       from item
      where k.id = item.ticket_id and k.status in ('valid', 'suspended')`,
    { items: JSON.stringify(items) },
  );
  return refunds;
}

/** Refunds of cancelled events that are asked for and not made, counted up to `limit`. */
export async function countHandedOut(executor: Executor, limit: number): Promise<number> {
  const { rows } = await executor.raw(
    `select count(*)::int as n
       from (select 1 from refunds
              where kind = 'event_cancelled' and status = 'requested' and not is_waiting
              limit :limit) r`,
    { limit },
  );
  return z.object({ n: z.int() }).parse(rows[0]).n;
}

/**
 * Has the next of the waiting refunds asked for. Returns how many. Rows that somebody else is handing
 * out are left to them.
 */
export async function handOutRefunds(tx: Transaction, limit: number): Promise<number> {
  const { rows } = await tx.raw(
    `update refunds
        set is_waiting = false
      where id in (select id from refunds where is_waiting order by id limit :limit
                      for update skip locked)
      returning id, status`,
    { limit: Math.max(0, limit) },
  );
  const due = z.array(z.object({ id: z.uuid(), status: z.string() })).parse(rows);
  const trace = currentTrace();
  await enqueueAll(
    tx,
    due
      .filter(({ status }) => status === 'requested')
      .map(({ id: refundId }) => ({
        name: 'refund.submit' as const,
        payload: { refundId },
        trace,
      })),
  );
  return due.length;
}

const progressRow = z.object({
  orders: z.int(),
  requested: z.int(),
  submitted: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  amountCents: z.int(),
  refundedCents: z.int(),
  leftOrders: z.int(),
  /** Payments that became no tickets and wait for a person. */
  inReview: z.int(),
});
export type EventRefundProgress = z.output<typeof progressRow>;

/** How far the refunds of a cancelled event are, and how many of its orders have none yet. */
export async function readEventRefunds(
  executor: Executor,
  eventId: string,
): Promise<EventRefundProgress> {
  const { rows } = await executor.raw(
    `select count(distinct r.order_id)::int as orders,
            count(*) filter (where r.status = 'requested')::int as requested,
            count(*) filter (where r.status = 'submitted')::int as submitted,
            count(*) filter (where r.status = 'succeeded')::int as succeeded,
            count(*) filter (where r.status in ('failed', 'cancelled'))::int as failed,
            coalesce(sum(r.amount_cents), 0)::bigint as "amountCents",
            coalesce(sum(r.amount_cents) filter (where r.status = 'succeeded'), 0)::bigint
              as "refundedCents",
            (select count(distinct o.id) from orders o
               join payments p on p.order_id = o.id and p.disposition = 'tickets'
              where o.event_id = :eventId and o.status in ('paid', 'fulfilled')
                and not exists (select from refunds x
                                 where x.payment_id = p.id and x.kind = 'event_cancelled')
                and (p.amount_cents > p.refunded_cents + p.refund_open_cents
                     or exists (select from tickets k where k.order_id = o.id
                                   and k.status in ('valid', 'suspended'))))::int as "leftOrders",
            (select count(*) from payments p
               join orders o on o.id = p.order_id
              where o.event_id = :eventId and p.disposition = 'review'
                and p.amount_cents > p.refunded_cents + p.refund_open_cents)::int as "inReview"
       from orders o
       join refunds r on r.order_id = o.id and r.kind = 'event_cancelled'
      where o.event_id = :eventId`,
    { eventId },
  );
  return progressRow.parse(rows[0]);
}
