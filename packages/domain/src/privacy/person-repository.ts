import type { Executor, Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { z } from 'zod';

/** One person in one organization, by their address as it reaches people: see buyerKey. */
export interface Person {
  readonly organizationId: string;
  readonly key: string;
}

const ids = z.array(z.guid());

const rowsOfPeople = z.object({
  orderIds: ids,
  /** Tickets that they hold: of their orders and not passed on, or passed on to them. */
  ticketIds: ids,
  /** Transfers in which they gave, and in which they were offered. */
  givenIds: ids,
  receivedIds: ids,
  walletIds: ids,
});
/** The rows in which people stand. */
export type RowsOfPeople = z.output<typeof rowsOfPeople>;

/**
 * Where a person stands, who was not erased there. Two orders are theirs: bought, or corrected to them.
 * All of it, however much: half of what is kept of somebody is no answer, and to forget half no forgetting.
 * A statement that takes too long ends with an error.
 */
export async function findRowsOf(executor: Executor, person: Person): Promise<RowsOfPeople> {
  const { rows } = await executor.raw(
    `with own as materialized (
       select id from orders
        where organization_id = :organizationId and erased_at is null
          and (buyer_key = :key or corrected_key = :key)
     ), received as materialized (
       select x.id, x.ticket_id, x.state, x.ended_at
         from transfers x join tickets k on k.id = x.ticket_id
        where x.to_key = :key and k.organization_id = :organizationId
     ), held as (
       select k.id from tickets k join own on own.id = k.order_id where k.transferred_at is null
        union
       select r.ticket_id from received r
        where r.state = 'accepted'
          and not exists (select 1 from transfers l
                           where l.ticket_id = r.ticket_id and l.state = 'accepted'
                             and (l.ended_at, l.id) > (r.ended_at, r.id))
     ), given as (
       select x.id
         from transfers x
         join tickets k on k.id = x.ticket_id
         left join lateral (select p.id from transfers p
                             where p.ticket_id = x.ticket_id and p.state = 'accepted'
                               and p.ended_at <= x.created_at
                             order by p.ended_at desc, p.id desc
                             limit 1) before on true
        where x.ticket_id in (select t.id from tickets t join own on own.id = t.order_id
                               union all select ticket_id from received)
          and case when before.id is null then k.order_id in (select id from own)
                   else before.id in (select id from received) end
     )
     select array(select id from own order by id) as "orderIds",
            array(select id from held) as "ticketIds",
            array(select id from given) as "givenIds",
            array(select id from received) as "receivedIds",
            array(select id from wallets
                   where organization_id = :organizationId and kind = 'buyer'
                     and owner_key = :key) as "walletIds"`,
    { ...person },
  );
  return rowsOfPeople.parse(rows[0]);
}

/** Orders that become theirs while others are waited for: as many times, and no more. */
const looksMax = 5;

/**
 * Finds where a person stands and locks it: whoever touches an order, or a wallet, locks it first. What
 * became theirs during the wait is locked too, so that nothing that is returned moves any more.
 */
export async function lockRowsOf(tx: Transaction, person: Person): Promise<RowsOfPeople> {
  let rows = await findRowsOf(tx, person);
  for (let looks = 0; looks < looksMax; looks += 1) {
    await lockOrdersOf(tx, rows);
    await tx.raw(
      'select 1 from wallets where id = any (:walletIds::uuid[]) order by id for no key update',
      { walletIds: rows.walletIds },
    );
    const again = await findRowsOf(tx, person);
    if (isWithin(again, rows)) {
      return again;
    }
    rows = again;
  }
  throw new AppError('request.overloaded', {
    message: 'Orders of this person change all the time at this moment. Try again.',
    retry: 'transient',
  });
}

/** Whether all that is locked by an order, or is one, was there before. */
function isWithin(now: RowsOfPeople, before: RowsOfPeople): boolean {
  const parts = ['orderIds', 'ticketIds', 'receivedIds', 'walletIds'] as const;
  return parts.every((part) => {
    const known = new Set(before[part]);
    return now[part].every((id) => known.has(id));
  });
}

/** The orders of these rows, and those whose tickets were passed on to a person, by id. */
async function lockOrdersOf(tx: Transaction, rows: RowsOfPeople): Promise<void> {
  await tx.raw(
    `select 1 from orders
      where id = any (:orderIds::uuid[])
         or id in (select k.order_id from tickets k
                    where k.id = any (:ticketIds::uuid[])
                       or k.id in (select ticket_id from transfers
                                    where id = any (:receivedIds::uuid[])))
      order by id
        for no key update`,
    { ...rows },
  );
}

const needRow = z.object({
  order: z.string(),
  reason: z.enum(['order', 'payment', 'refund', 'dispute', 'mail', 'transfer', 'ticket']),
});
/** Why somebody is still needed, and for which order. */
export type Need = z.output<typeof needRow>;

/** What is open between these people and the house: while anything is, they cannot be forgotten. */
export async function listNeeds(executor: Executor, rows: RowsOfPeople): Promise<Need[]> {
  const { rows: found } = await executor.raw(
    `select o.number as "order", order_needs_its_people(o) as reason
       from orders o
      where o.id = any (:orderIds::uuid[]) and order_needs_its_people(o) is not null
      union
     select o.number, 'ticket'
       from tickets k
       join orders o on o.id = k.order_id
       join events e on e.id = k.event_id
      where k.id = any (:ticketIds::uuid[]) and k.transferred_at is not null
        and k.status in ('valid', 'suspended') and e.ends_at > clock_timestamp()
      union
     select o.number, 'transfer'
       from transfers x
       join tickets k on k.id = x.ticket_id
       join orders o on o.id = k.order_id
      where x.id = any (:givenIds::uuid[] || :receivedIds::uuid[])
        and (x.state = 'offered' and x.expires_at > clock_timestamp()
             or exists (select 1 from emails m where m.transfer_id = x.id and m.status = 'queued'))
      union
     select coalesce(o.number, m.id::text), 'mail'
       from emails m
       left join orders o on o.id = m.order_id
      where m.wallet_id = any (:walletIds::uuid[]) and m.status = 'queued'
      order by 1, 2
      limit 100`,
    { ...rows },
  );
  return z.array(needRow).parse(found);
}
