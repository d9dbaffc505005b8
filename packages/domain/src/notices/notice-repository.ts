import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { currentTrace } from '@liventix/shared/telemetry/tracing';
import { z } from 'zod';
import { enqueueAll } from '#outbox/outbox-repository';
import { type NoticeFacts, noticeKinds } from './notice.ts';

/** Writes down that everybody of an event is told how it was before. Returns the notice's id. */
export async function insertChangeNotice(
  tx: Transaction,
  notice: { readonly eventId: string; readonly facts: NoticeFacts },
): Promise<string> {
  const id = randomUUIDv7();
  await tx.raw(
    `insert into event_notices (id, event_id, kind, facts, orders_before)
     values (:id, :eventId, 'event_changed', :facts::jsonb, clock_timestamp())`,
    { id, eventId: notice.eventId, facts: JSON.stringify(notice.facts) },
  );
  return id;
}

/**
 * Writes down, once, that everybody who got a ticket from its buyer is told that the event is cancelled.
 * Returns the notice's id; undefined when that is written down.
 */
export async function insertCancellationNotice(
  tx: Transaction,
  eventId: string,
): Promise<string | undefined> {
  const { rows } = await tx.raw(
    `insert into event_notices (id, event_id, kind, orders_before)
     values (:id, :eventId, 'event_cancelled', clock_timestamp())
     on conflict (event_id) where kind = 'event_cancelled' do nothing
     returning id`,
    { id: randomUUIDv7(), eventId },
  );
  return idsOf(rows)[0];
}

/** Writes down the reminders that are due, each once. Returns those that are new. */
export async function insertDueReminders(tx: Transaction, limit: number): Promise<string[]> {
  const { rows } = await tx.raw(
    `insert into event_notices (id, event_id, kind, orders_before)
     select gen_random_uuid(), e.id, 'event_reminder',
            e.starts_at - make_interval(hours => e.reminder_hours)
       from events e
      where e.status in ('on_sale', 'closed') and e.reminder_hours is not null
        and e.starts_at > clock_timestamp()
        and e.starts_at <= clock_timestamp() + make_interval(hours => e.reminder_hours)
        and not exists (select 1 from event_notices n
                         where n.event_id = e.id and n.kind = 'event_reminder'
                           and n.orders_before
                               = e.starts_at - make_interval(hours => e.reminder_hours))
      order by e.starts_at
      limit :limit
     on conflict (event_id, orders_before) where kind = 'event_reminder' do nothing
     returning id`,
    { limit },
  );
  return idsOf(rows);
}

const noticeRow = z.object({
  id: z.uuid(),
  eventId: z.uuid(),
  isDone: z.boolean(),
  kind: z.enum(noticeKinds),
  /** Nobody is reminded of what will not take place, or told where it would have been. */
  isCancelled: z.boolean(),
});
export type Notice = z.output<typeof noticeRow>;

export async function findNotice(
  executor: Executor,
  noticeId: string,
): Promise<Notice | undefined> {
  const { rows } = await executor.raw(
    `select n.id, n.event_id as "eventId", n.kind, n.done_at is not null as "isDone",
            e.status = 'cancelled' as "isCancelled"
       from event_notices n
       join events e on e.id = n.event_id
      where n.id = :noticeId`,
    { noticeId },
  );
  return noticeRow.optional().parse(rows[0]);
}

export async function markNoticeDone(tx: Transaction, noticeId: string): Promise<void> {
  await tx.raw(
    `update event_notices set done_at = clock_timestamp() where id = :noticeId and done_at is null`,
    { noticeId },
  );
}

export interface NoticePage {
  readonly notice: Notice;
  /** The last that was looked at before. */
  readonly after: string;
  readonly limit: number;
}

/**
 * Owes the next page of buyers their mail, who still have a ticket that lets somebody in. Returns the
 * last order looked at; undefined when there is none left.
 */
export async function tellBuyers(tx: Transaction, page: NoticePage): Promise<string | undefined> {
  const { rows } = await tx.raw(
    `select o.id
       from orders o
       join event_notices n on n.id = :noticeId
      where o.event_id = n.event_id and o.created_at < n.orders_before
        and o.status = 'fulfilled' and o.id > :after
      order by o.id
      limit :limit`,
    { noticeId: page.notice.id, after: page.after, limit: page.limit },
  );
  const orderIds = idsOf(rows);
  const { rows: owed } = await tx.raw(
    `insert into emails (id, organization_id, order_id, kind, dedupe_key, recipient, facts)
     select m.id, o.organization_id, o.id, n.kind, n.kind || '/' || n.id || '/' || o.id,
            o.buyer_email, n.facts
       from unnest(:ids::uuid[], :orderIds::uuid[]) as m (id, order_id)
       join orders o on o.id = m.order_id
       join event_notices n on n.id = :noticeId
      where o.buyer_email is not null
        and exists (select 1 from tickets k
                     where k.order_id = o.id and k.status in ('valid', 'suspended')
                       and k.transferred_at is null)
      order by o.id
     on conflict (dedupe_key) do nothing
     returning id`,
    { ids: orderIds.map(() => randomUUIDv7()), orderIds, noticeId: page.notice.id },
  );
  await sendOwed(tx, owed);
  return orderIds.at(-1);
}

/** The same for tickets that were passed on: who has one now is told, by how they got it. */
export async function tellHolders(tx: Transaction, page: NoticePage): Promise<string | undefined> {
  const { rows } = await tx.raw(
    `select k.id
       from tickets k
       join event_notices n on n.id = :noticeId
      where k.event_id = n.event_id and k.transferred_at is not null and k.id > :after
        and (k.status in ('valid', 'suspended')
             or (n.kind = 'event_cancelled' and k.ended_at >= n.orders_before))
      order by k.id
      limit :limit`,
    { noticeId: page.notice.id, after: page.after, limit: page.limit },
  );
  const ticketIds = idsOf(rows);
  const { rows: owed } = await tx.raw(
    `insert into emails (id, organization_id, transfer_id, kind, dedupe_key, recipient, facts)
     select m.id, k.organization_id, x.id, n.kind, n.kind || '/' || n.id || '/' || k.id,
            x.to_email, n.facts
       from unnest(:ids::uuid[], :ticketIds::uuid[]) as m (id, ticket_id)
       join tickets k on k.id = m.ticket_id
       join event_notices n on n.id = :noticeId
      cross join lateral (select id, to_email, ended_at
                            from transfers
                           where ticket_id = k.id and state = 'accepted'
                           order by ended_at desc, id desc
                           limit 1) x
      where x.to_email is not null and x.ended_at < n.orders_before
      order by k.id
     on conflict (dedupe_key) do nothing
     returning id`,
    { ids: ticketIds.map(() => randomUUIDv7()), ticketIds, noticeId: page.notice.id },
  );
  await sendOwed(tx, owed);
  return ticketIds.at(-1);
}

function idsOf(rows: unknown): string[] {
  return z
    .array(z.object({ id: z.uuid() }))
    .parse(rows)
    .map(({ id }) => id);
}

async function sendOwed(tx: Transaction, rows: unknown): Promise<void> {
  const trace = currentTrace();
  await enqueueAll(
    tx,
    idsOf(rows).map((emailId) => ({ name: 'email.send' as const, payload: { emailId }, trace })),
  );
}
