import type { Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { RowsOfPeople } from './person-repository.ts';

const dueRow = z.object({
  eventId: z.guid(),
  organizationId: z.guid(),
  orderIds: z.array(z.guid()),
  ticketIds: z.array(z.guid()),
  transferIds: z.array(z.guid()),
});

/** People of one event that are to be forgotten. */
export interface DueRows {
  readonly organizationId: string;
  readonly eventId: string;
  readonly rows: RowsOfPeople;
}

const dueIds = z.array(z.object({ id: z.guid() }));

/**
 * Everybody in the next orders of an event that ended so many days ago, but for orders with which
 * something is open still, under the orders' locks: who else works on one has it, and whoever had it
 * may have opened something before it was ours, so that is asked again. Undefined when no event is left
 * that has any.
 */
export async function lockDueRows(
  tx: Transaction,
  due: { readonly days: number; readonly limit: number },
): Promise<DueRows | undefined> {
  const { rows: locked } = await tx.raw(
    `with event as materialized (
       select e.id
         from events e
        where e.forgotten_at is null
          and e.ends_at < clock_timestamp() - make_interval(days => :days::integer)
          and exists (select 1 from orders o
                       where o.event_id = e.id and o.erased_at is null
                         and order_needs_its_people(o) is null)
        order by e.ends_at, e.id
        limit 1
     )
     select o.id
       from orders o
       join event on event.id = o.event_id
      where o.erased_at is null and order_needs_its_people(o) is null
      order by o.id
      limit :limit
        for no key update of o skip locked`,
    due,
  );
  const { rows } = await tx.raw(
    `with due as materialized (
       select o.id, o.event_id, o.organization_id
         from orders o
        where o.id = any (:lockedIds::uuid[])
          and o.erased_at is null and order_needs_its_people(o) is null
     ), held as (
       select k.id from tickets k join due on due.id = k.order_id
     )
     select due.event_id as "eventId", due.organization_id as "organizationId",
            array_agg(due.id order by due.id) as "orderIds",
            array(select id from held) as "ticketIds",
            array(select x.id from transfers x join held on held.id = x.ticket_id) as "transferIds"
       from due
      group by due.event_id, due.organization_id`,
    { lockedIds: dueIds.parse(locked).map(({ id }) => id) },
  );
  const found = dueRow.optional().parse(rows[0]);
  if (found === undefined) {
    return undefined;
  }
  const { organizationId, eventId, orderIds, ticketIds, transferIds } = found;
  return {
    organizationId,
    eventId,
    rows: { orderIds, ticketIds, givenIds: transferIds, receivedIds: transferIds, walletIds: [] },
  };
}

/** Events of whose people none is left: they are not looked at again. */
export async function markForgotten(
  tx: Transaction,
  { days }: { readonly days: number },
): Promise<void> {
  await tx.raw(
    `update events e
        set forgotten_at = clock_timestamp()
      where e.forgotten_at is null
        and e.ends_at < clock_timestamp() - make_interval(days => :days::integer)
        and not exists (select 1 from orders o where o.event_id = e.id and o.erased_at is null)`,
    { days },
  );
}

/** Clears what was written in mails that ended so long ago. Whom they went to and when, stays. */
export async function dropOldContents(tx: Transaction, limit: number): Promise<number> {
  const { rowCount } = await tx.raw(
    `update emails
        set subject = null, html = '', body_text = null, attachments = '[]'
      where id in (select id from emails
                    where html <> '' and status <> 'queued'
                      and created_at < clock_timestamp() - interval '35 days'
                    order by created_at
                    limit :limit)`,
    { limit },
  );
  return z.int().parse(rowCount);
}
