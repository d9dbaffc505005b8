import type { Transaction } from '@liventix/shared/db';
import type { RowsOfPeople } from './person-repository.ts';

/** What stands where somebody of the house had written a sentence. */
const neutral = 'erased';

/**
 * Sentences that staff wrote about these people: why money went back or was given, why tickets were a gift,
 * what an incident says. Nobody can tell which of them name somebody, so all of them go. Codes stay, and
 * so do amounts; a reason that chose between refunds keeps the beginning by which it is told apart.
 */
export async function eraseStaffTexts(tx: Transaction, rows: RowsOfPeople): Promise<void> {
  const bindings = { ...rows, neutral };
  await tx.raw(
    `update refunds r
        set reason = case r.kind when 'disposition' then 'disposition.' || :neutral else :neutral end
       from payments p
      where p.id = r.payment_id and r.order_id = any (:orderIds::uuid[])
        and (r.kind <> 'disposition' or p.disposition = 'review')`,
    bindings,
  );
  await tx.raw(
    `update orders set complimentary_reason = :neutral
      where id = any (:orderIds::uuid[]) and complimentary_reason is not null`,
    bindings,
  );
  await tx.raw(
    `update wallet_entries set reason = :neutral
      where (wallet_id = any (:walletIds::uuid[]) or order_id = any (:orderIds::uuid[]))
        and reason is not null`,
    bindings,
  );
  await tx.raw(
    `with ${objectsOfPeople}
     update incidents i
        set message = 'Whom this was about was forgotten.',
            details = case when details -> 'orderId' is not null
                           then jsonb_build_object('orderId', details -> 'orderId') else '{}' end
       from objects o
      where i.object_type = o.type and i.object_id = o.id`,
    bindings,
  );
}

/** The readable values of what was done to these rows: the audit log's chain is not over them. */
export async function forgetDetails(tx: Transaction, rows: RowsOfPeople): Promise<void> {
  await tx.raw(
    `with ${objectsOfPeople},
     concerned as (
       select type, id from objects
        union all
       select 'incident', i.id::text
         from incidents i join objects o on i.object_type = o.type and i.object_id = o.id
     )
     delete from audit_details d
      using audit_log a, concerned c
      where a.id = d.audit_id and a.object_type = c.type and a.object_id = c.id`,
    { ...rows },
  );
}

/**
 * What an incident or an act may be about, that is about these people. Messages are few of which there is
 * either; they are looked up by those.
 */
const objectsOfPeople = `
  mails as (
    select id from emails
     where order_id = any (:orderIds::uuid[]) or wallet_id = any (:walletIds::uuid[])
        or transfer_id = any (:givenIds::uuid[] || :receivedIds::uuid[])
  ), objects_but_messages (type, id) as (
    select 'order', unnest(:orderIds::uuid[]::text[])
     union all select 'ticket', unnest(:ticketIds::uuid[]::text[])
     union all select 'wallet', unnest(:walletIds::uuid[]::text[])
     union all select 'transfer', unnest((:givenIds::uuid[] || :receivedIds::uuid[])::text[])
     union all select 'email', id::text from mails
     union all select 'payment', id::text from payments where order_id = any (:orderIds::uuid[])
     union all select 'refund', id::text from refunds where order_id = any (:orderIds::uuid[])
     union all select 'dispute', id from disputes where order_id = any (:orderIds::uuid[])
  ), looked_at as (
    select object_id from incidents where object_type = 'message'
     union select object_id from audit_log where object_type = 'message'
  ), objects (type, id) as (
    select type, id from objects_but_messages
     union all
    select 'message', m.id::text
      from looked_at l
      join outbox m on m.id::text = l.object_id
     where m.order_id = any (:orderIds::uuid[])
        or exists (select 1 from objects_but_messages o where o.id = subject_of(m.payload))
  )`;
