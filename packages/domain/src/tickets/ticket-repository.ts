import assert from 'node:assert/strict';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { SignedTickets } from '#credentials/signer';
import type { Ticket } from './ticket.ts';

const ticketRow = z
  .object({
    id: z.uuid(),
    order_id: z.uuid(),
    event_id: z.uuid(),
    tier_id: z.uuid(),
    tier_name: z.string(),
    seq: z.int(),
    serial: z.int(),
    status: z.enum(['valid', 'suspended', 'refunded', 'void']),
    holder_name: z.string().nullable(),
    credential_version: z.int(),
    token_version: z.int(),
    is_passed_on: z.boolean(),
    credential_kid: z.int().nullable(),
    credential_signature: z.instanceof(Uint8Array).nullable(),
  })
  .transform(
    (row): Ticket => ({
      id: row.id,
      orderId: row.order_id,
      eventId: row.event_id,
      tierId: row.tier_id,
      tierName: row.tier_name,
      seq: row.seq,
      serial: row.serial,
      status: row.status,
      holderName: row.holder_name,
      credentialVersion: row.credential_version,
      tokenVersion: row.token_version,
      isPassedOn: row.is_passed_on,
      signed:
        row.credential_kid === null || row.credential_signature === null
          ? null
          : { kid: row.credential_kid, signature: row.credential_signature },
    }),
  );

const columns = `k.id, k.order_id, k.event_id, k.tier_id, t.name as tier_name, k.seq, k.serial,
  k.status, k.holder_name, k.credential_version, k.token_version,
  k.credential_kid, k.credential_signature, k.transferred_at is not null as is_passed_on`;

/** Orders that are given away have up to ten thousand: so many are read at once. */
const pageMax = 500;

/** Tickets of an order by serial, from after this one: the first page, unless it says otherwise. */
export async function listOrderTickets(
  executor: Executor,
  orderId: string,
  afterSerial = 0,
): Promise<Ticket[]> {
  return (await pageOrderTickets(executor, { orderId, afterSerial })).tickets;
}

/** A page of them, and the serial after which the next begins; undefined when it is the last. */
export async function pageOrderTickets(
  executor: Executor,
  page: { readonly orderId: string; readonly afterSerial: number },
): Promise<{ readonly tickets: Ticket[]; readonly next: number | undefined }> {
  const { rows } = await executor.raw(
    `select ${columns}
       from tickets k
       join ticket_tiers t on t.id = k.tier_id
      where k.order_id = :orderId and k.serial > :afterSerial
      order by k.serial
      limit ${pageMax + 1}`,
    { ...page },
  );
  const found = z.array(ticketRow).parse(rows);
  const tickets = found.slice(0, pageMax);
  return { tickets, next: found.length > pageMax ? tickets.at(-1)?.serial : undefined };
}

export async function findTicket(
  executor: Executor,
  ticketId: string,
): Promise<Ticket | undefined> {
  const { rows } = await executor.raw(
    `select ${columns}
       from tickets k
       join ticket_tiers t on t.id = k.tier_id
      where k.id = :ticketId`,
    { ticketId },
  );
  return rows[0] === undefined ? undefined : ticketRow.parse(rows[0]);
}

/**
 * Turns a hold's reserved seats over to tickets and takes the next `count` serials; returns the
 * first. One statement, since from here on every order of the event waits for our commit: the
 * counter is locked before the tiers, which the trigger locks when the statement ends. The hold
 * ends before its tickets are inserted, for the CHECK of the tiers judges at once.
 */
export async function beginIssuing(
  tx: Transaction,
  issue: { readonly eventId: string; readonly holdId: string; readonly count: number },
): Promise<number> {
  const { rows } = await tx.raw(
    `with serial as (
       update event_counters
          set next_serial = next_serial + :count
        where event_id = :eventId
        returning next_serial - :count as first
     ), converted as (
       update ticket_holds
          set status = 'converted', ended_at = clock_timestamp()
        where id = :holdId and status = 'active'
        returning id
     )
     select serial.first from serial, converted`,
    issue,
  );
  assert.equal(rows.length, 1, `hold ${issue.holdId} is not active`);
  return z.object({ first: z.int() }).parse(rows[0]).first;
}

/**
 * Issues one ticket per admitted person of an order: one statement for any number. The unique
 * (order_item, seq) refuses a second set, whatever went wrong before it. They are suspended while a
 * bank disputes their payment.
 */
export async function insertTickets(
  tx: Transaction,
  order: {
    readonly orderId: string;
    readonly firstSerial: number;
    readonly ids: readonly string[];
    /** Of these ids in this order. */
    readonly signed: SignedTickets;
  },
): Promise<void> {
  const { ids, signed } = order;
  const { rowCount } = await tx.raw(
    `with admitted as (
       select i.id as order_item_id, i.tier_id, s.seq, i.holder_names[s.seq] as holder_name,
              row_number() over (order by i.id, s.seq) as position
         from order_items i
        cross join lateral generate_series(1, i.quantity) as s (seq)
        where i.order_id = :orderId
     )
     insert into tickets (id, organization_id, event_id, order_id, order_item_id, tier_id, seq,
                          serial, holder_name, holder_email, credential_kid,
                          credential_signature, status)
     select n.id, o.organization_id, o.event_id, o.id, a.order_item_id, a.tier_id, a.seq,
            :firstSerial::integer + a.position - 1, coalesce(a.holder_name, o.buyer_name), o.buyer_email, :kid::smallint,
            n.signature,
            case when exists (select 1 from disputes d
                               where d.order_id = o.id and d.phase in ('open', 'lost'))
                 then 'suspended' else 'valid' end
       from admitted a
       join orders o on o.id = :orderId
       join unnest(:ids::uuid[], :signatures::bytea[]) with ordinality as n (id, signature, position)
         on n.position = a.position`,
    {
      orderId: order.orderId,
      firstSerial: order.firstSerial,
      ids: [...ids],
      kid: signed.kid,
      signatures: signed.signatures.map((signature) => Buffer.from(signature)),
    },
  );
  assert.equal(rowCount, ids.length, `order ${order.orderId} did not get all its tickets`);
}
