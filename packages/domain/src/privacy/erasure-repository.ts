import { randomUUID } from 'node:crypto';
import type { Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { Person, RowsOfPeople } from './person-repository.ts';
import { eraseStaffTexts, forgetDetails } from './staff-text-repository.ts';

/** What was cleared, in rows. */
export interface Erased {
  readonly orders: number;
  readonly tickets: number;
  readonly transfers: number;
  readonly wallets: number;
  readonly mails: number;
}

/**
 * Clears who stands in these rows, and leaves ids and amounts: the books are the same before and after.
 * Under the locks of lockRowsOf. What opened the orders and tickets opens nothing any more; a wallet
 * keeps its token, since it may have money. Repeating clears nothing.
 */
export async function erasePeople(tx: Transaction, rows: RowsOfPeople): Promise<Erased> {
  const nobody = `erased/${randomUUID()}`;
  await lockMails(tx, rows);
  await nameNobodyInClaims(tx, { orderIds: rows.orderIds, nobody });
  const orders = await eraseOrders(tx, { orderIds: rows.orderIds, nobody });
  const mails = await eraseMails(tx, rows);
  const tickets = await tx.raw(
    `update tickets
        set holder_name = null, holder_email = null, token_version = token_version + 1
      where id = any (:ticketIds::uuid[]) and num_nonnulls(holder_name, holder_email) > 0`,
    { ticketIds: [...rows.ticketIds] },
  );
  const transfers = await eraseTransfers(tx, rows);
  const wallets = await tx.raw(
    `update wallets set owner_key = null, owner_email = null where id = any (:walletIds::uuid[])`,
    { walletIds: [...rows.walletIds] },
  );
  await forgetDetails(tx, rows);
  await eraseStaffTexts(tx, rows);
  const counted = z.int();
  return {
    orders,
    mails,
    transfers,
    tickets: counted.parse(tickets.rowCount),
    wallets: counted.parse(wallets.rowCount),
  };
}

/** What an order counts for its buyer is counted for nobody from now on. Promo codes first, then limits. */
async function nameNobodyInClaims(
  tx: Transaction,
  of: { readonly orderIds: readonly string[]; readonly nobody: string },
): Promise<void> {
  const bindings = { orderIds: [...of.orderIds], nobody: of.nobody };
  await tx.raw(
    `with counted as (
       select r.promo_code_id, o.buyer_key,
              count(*) filter (where r.state in ('reserved', 'kept'))::integer as used
         from promo_redemptions r
         join orders o on o.id = r.order_id
        where o.id = any (:orderIds::uuid[]) and o.buyer_key is not null
        group by r.promo_code_id, o.buyer_key
     ), taken as (
       update promo_buyers b set used = b.used - c.used
         from counted c
        where b.promo_code_id = c.promo_code_id and b.buyer_key = c.buyer_key
     )
     insert into promo_buyers (promo_code_id, buyer_key, used)
     select promo_code_id, :nobody, sum(used) from counted group by promo_code_id`,
    bindings,
  );
  await tx.raw(
    `with counted as (
       select event_id, buyer_key, sum(counted_tickets)::integer as tickets
         from orders
        where id = any (:orderIds::uuid[]) and buyer_key is not null
        group by event_id, buyer_key
     ), taken as (
       update buyer_limits b set tickets = b.tickets - c.tickets
         from counted c
        where b.event_id = c.event_id and b.buyer_key = c.buyer_key
     )
     insert into buyer_limits (event_id, buyer_key, tickets)
     select event_id, :nobody, sum(tickets) from counted group by event_id`,
    bindings,
  );
  await tx.raw(
    `delete from promo_buyers b
      using promo_redemptions r join orders o on o.id = r.order_id
      where o.id = any (:orderIds::uuid[]) and b.used = 0
        and b.promo_code_id = r.promo_code_id and b.buyer_key = o.buyer_key`,
    bindings,
  );
  await tx.raw(
    `delete from buyer_limits b
      using orders o
      where o.id = any (:orderIds::uuid[]) and b.tickets = 0
        and b.event_id = o.event_id and b.buyer_key = o.buyer_key`,
    bindings,
  );
}

/** A hash of a request that named somebody can be guessed: it goes too. */
async function eraseOrders(
  tx: Transaction,
  of: { readonly orderIds: readonly string[]; readonly nobody: string },
): Promise<number> {
  const bindings = { orderIds: [...of.orderIds], nobody: of.nobody };
  const { rowCount } = await tx.raw(
    `update orders
        set buyer_name = null, buyer_email = null, corrected_key = null,
            buyer_key = case when buyer_key is not null then :nobody end,
            checkout_hash = case when checkout_hash is not null then repeat('0', 64) end,
            token_version = token_version + 1, erased_at = clock_timestamp()
      where id = any (:orderIds::uuid[]) and erased_at is null`,
    bindings,
  );
  await tx.raw(
    `update order_items set holder_names = null
      where order_id = any (:orderIds::uuid[]) and holder_names is not null`,
    bindings,
  );
  await tx.raw(
    `update checkout_attempts set parameters = parameters - 'customer_email'
      where order_id = any (:orderIds::uuid[])`,
    bindings,
  );
  return z.int().parse(rowCount);
}

/**
 * Who learns what became of a mail has it locked, and may write its address down as one that takes no
 * more: that is waited for, so that the statement after this one sees it.
 */
async function lockMails(tx: Transaction, rows: RowsOfPeople): Promise<void> {
  await tx.raw(
    `select 1 from emails
      where order_id = any (:orderIds::uuid[]) or wallet_id = any (:walletIds::uuid[])
         or transfer_id = any (:givenIds::uuid[] || :receivedIds::uuid[])
      order by id
        for update`,
    { ...rows },
  );
}

/**
 * Mails to these people keep when they were sent and what became of them. What others were sent about
 * them loses its content alone. Addresses that take no mail are forgotten with the mails that told.
 */
async function eraseMails(tx: Transaction, rows: RowsOfPeople): Promise<number> {
  const { rowCount } = await tx.raw(
    `with concerned as (
       select id, recipient,
              order_id = any (:orderIds::uuid[]) is true
              or wallet_id = any (:walletIds::uuid[]) is true
              or (kind = 'transfer_accepted' and transfer_id = any (:givenIds::uuid[])) is true
              or (kind <> 'transfer_accepted' and transfer_id = any (:receivedIds::uuid[])) is true
                as is_theirs
         from emails
        where order_id = any (:orderIds::uuid[]) or wallet_id = any (:walletIds::uuid[])
           or transfer_id = any (:givenIds::uuid[] || :receivedIds::uuid[])
     ), unsuppressed as (
       delete from email_suppressions s
        using concerned c
        where c.is_theirs and (s.email_id = c.id or s.recipient = lower(c.recipient))
     )
     update emails m
        set recipient = case when c.is_theirs then null else m.recipient end,
            status = case when m.status in ('queued', 'withheld') then 'failed' else m.status end,
            subject = null, html = case when m.html is not null then '' end, body_text = null,
            attachments = '[]', facts = default, fate_reason = null, error = null
       from concerned c
      where m.id = c.id`,
    { ...rows },
  );
  return z.int().parse(rowCount);
}

async function eraseTransfers(tx: Transaction, rows: RowsOfPeople): Promise<number> {
  const { rowCount } = await tx.raw(
    `update transfers
        set from_name = case when id = any (:givenIds::uuid[]) then null else from_name end,
            from_email = case when id = any (:givenIds::uuid[]) then null else from_email end,
            to_name = case when id = any (:receivedIds::uuid[]) then null else to_name end,
            to_email = case when id = any (:receivedIds::uuid[]) then null else to_email end,
            to_key = case when id = any (:receivedIds::uuid[]) then null else to_key end,
            request_hash = case when id = any (:receivedIds::uuid[]) then repeat('0', 64)
                                else request_hash end
      where id = any (:givenIds::uuid[] || :receivedIds::uuid[])`,
    { givenIds: [...rows.givenIds], receivedIds: [...rows.receivedIds] },
  );
  return z.int().parse(rowCount);
}

/** Counts of this person that came to nothing, such as those of an address that was typed wrong. */
export async function forgetEmptyCounts(tx: Transaction, person: Person): Promise<void> {
  await tx.raw(
    `delete from buyer_limits b
      using events e
      where e.id = b.event_id and e.organization_id = :organizationId
        and b.buyer_key = :key and b.tickets = 0`,
    { ...person },
  );
  await tx.raw(
    `delete from promo_buyers b
      using promo_codes p
      where p.id = b.promo_code_id and p.organization_id = :organizationId
        and b.buyer_key = :key and b.used = 0`,
    { ...person },
  );
}
