import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { buyerKey } from '#buyers/address';
import type { Signer } from '#credentials/signer';
import type { TransferableTicket, TransferPolicy, TransferTerms } from './transfer.ts';

const storedPolicy = z
  .object({
    allowed: z.boolean().default(true),
    untilHoursBeforeStart: z.int().default(0),
    maxPerTicket: z.int().default(5),
    returnsAllowed: z.boolean().default(false),
  })
  .prefault({}) satisfies z.ZodType<TransferPolicy>;

const termsRow = z.object({ policy: storedPolicy, until: z.date(), isOver: z.boolean() });

/** What an event allows of passing tickets on now, by the database's clock. */
export async function findTransferTerms(
  executor: Executor,
  eventId: string,
): Promise<TransferTerms & { readonly until: Date }> {
  const { rows } = await executor.raw(
    `select e.transfer_policy as policy, d.until,
            d.until <= clock_timestamp() or e.ends_at <= clock_timestamp()
              or e.status = 'cancelled' as "isOver"
       from events e
      cross join lateral (
        select e.starts_at - make_interval(
                 hours => coalesce((e.transfer_policy ->> 'untilHoursBeforeStart')::int, 0)) as until) d
      where e.id = :eventId`,
    { eventId },
  );
  return termsRow.parse(rows[0]);
}

export async function setTransferPolicy(
  tx: Transaction,
  change: { readonly eventId: string; readonly policy: TransferPolicy },
): Promise<void> {
  await tx.raw('update events set transfer_policy = :policy::jsonb where id = :eventId', {
    eventId: change.eventId,
    policy: JSON.stringify(change.policy),
  });
}

const ticketRow = z.object({
  id: z.uuid(),
  eventId: z.uuid(),
  orderId: z.uuid(),
  status: z.enum(['valid', 'suspended', 'refunded', 'void']),
  isAdmitted: z.boolean(),
  holderName: z.string().nullable(),
  holderEmail: z.string().nullable(),
  credentialVersion: z.int(),
  tokenVersion: z.int(),
});

const stateRow = z.object({ transfers: z.int(), openId: z.uuid().nullable() });

export type LockedTransferTicket = TransferableTicket &
  z.output<typeof ticketRow> & { readonly openId: string | null };

/**
 * Locks a ticket, then reads what of it was passed on before, as of after the wait. An offer whose time
 * is over is ended here. Call it under the order's lock.
 */
export async function lockTransferTicket(
  tx: Transaction,
  ticketId: string,
): Promise<LockedTransferTicket | undefined> {
  const locked = await tx.raw(
    `select id, event_id as "eventId", order_id as "orderId", status,
            admitted_at is not null as "isAdmitted", holder_name as "holderName",
            holder_email as "holderEmail", credential_version as "credentialVersion",
            token_version as "tokenVersion"
       from tickets where id = :ticketId
        for no key update`,
    { ticketId },
  );
  const ticket = ticketRow.optional().parse(locked.rows[0]);
  if (ticket === undefined) {
    return undefined;
  }
  await tx.raw(
    `update transfers set state = 'lapsed', ended_at = clock_timestamp()
      where ticket_id = :ticketId and state = 'offered' and expires_at <= clock_timestamp()`,
    { ticketId },
  );
  const { rows } = await tx.raw(
    `select count(*) filter (where state = 'accepted')::int as transfers,
            (array_agg(id) filter (where state = 'offered'))[1] as "openId"
       from transfers where ticket_id = :ticketId`,
    { ticketId },
  );
  const { transfers, openId } = stateRow.parse(rows[0]);
  const { holderEmail } = ticket;
  return {
    ...ticket,
    transfers,
    openId,
    hasOpenOffer: openId !== null,
    holderKey: holderEmail === null ? null : buyerKey(holderEmail),
  };
}

/** Days an offer stands, if the event does not begin sooner. */
const offerDays = 7;

/** Offers a ticket to an address. Returns the offer's id. */
export async function insertTransfer(
  tx: Transaction,
  offer: {
    readonly ticket: LockedTransferTicket;
    readonly toEmail: string;
    readonly until: Date;
    readonly idempotency: { readonly key: string; readonly requestHash: string };
  },
): Promise<string> {
  const id = randomUUIDv7();
  const { ticket, toEmail, until, idempotency } = offer;
  await tx.raw(
    `insert into transfers (id, ticket_id, from_name, from_email, to_email, to_key,
                            idempotency_key, request_hash, expires_at)
     values (:id, :ticketId, :fromName, :fromEmail, :toEmail, :toKey, :key, :requestHash,
             least(:until::timestamptz, clock_timestamp() + make_interval(days => ${offerDays})))`,
    {
      id,
      ticketId: ticket.id,
      fromName: ticket.holderName,
      fromEmail: ticket.holderEmail,
      toEmail,
      toKey: buyerKey(toEmail),
      until,
      key: idempotency.key,
      requestHash: idempotency.requestHash,
    },
  );
  return id;
}

const transferRow = z.object({
  id: z.uuid(),
  ticketId: z.uuid(),
  orderId: z.uuid(),
  state: z.enum(['offered', 'accepted', 'declined', 'withdrawn', 'lapsed']),
  fromName: z.string().nullable(),
  toName: z.string().nullable(),
  toEmail: z.string().nullable(),
  requestHash: z.string(),
  expiresAt: z.date(),
  createdAt: z.date(),
  endedAt: z.date().nullable(),
});
export type Transfer = z.output<typeof transferRow>;

const columns = `x.id, x.ticket_id as "ticketId", k.order_id as "orderId",
  case when x.state = 'offered' and x.expires_at <= clock_timestamp() then 'lapsed' else x.state end
    as state,
  x.from_name as "fromName", x.to_name as "toName", x.to_email as "toEmail",
  x.request_hash as "requestHash", x.expires_at as "expiresAt", x.created_at as "createdAt",
  x.ended_at as "endedAt"`;

export async function findTransfer(
  executor: Executor,
  by: { readonly transferId: string } | { readonly idempotencyKey: string },
): Promise<Transfer | undefined> {
  const [column, value] =
    'transferId' in by ? ['id', by.transferId] : ['idempotency_key', by.idempotencyKey];
  const { rows } = await executor.raw(
    `select ${columns} from transfers x join tickets k on k.id = x.ticket_id
      where x.${column} = :value`,
    { value },
  );
  return transferRow.optional().parse(rows[0]);
}

/** Every time tickets of an order changed hands, or were offered, oldest first. */
export async function listOrderTransfers(executor: Executor, orderId: string): Promise<Transfer[]> {
  const { rows } = await executor.raw(
    `select ${columns} from transfers x join tickets k on k.id = x.ticket_id
      where k.order_id = :orderId
      order by x.created_at, x.id
      limit 500`,
    { orderId },
  );
  return z.array(transferRow).parse(rows);
}

/** Ends an offer that stands. False when it ended before. */
export async function endTransfer(
  tx: Transaction,
  end: { readonly transferId: string; readonly as: 'declined' | 'withdrawn' },
): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update transfers set state = :as, ended_at = clock_timestamp()
      where id = :transferId and state = 'offered' and expires_at > clock_timestamp()`,
    end,
  );
  return rowCount === 1;
}

/**
 * The ticket changes hands: its holder, its code and its token are new with this transaction, and those
 * before it are worthless.
 */
export async function acceptTransfer(
  tx: Transaction,
  accepted: {
    readonly transferId: string;
    readonly ticket: LockedTransferTicket;
    readonly name: string;
    readonly signer: Signer;
  },
): Promise<boolean> {
  const { transferId, ticket, name, signer } = accepted;
  const { rowCount } = await tx.raw(
    `update transfers set state = 'accepted', to_name = :name, ended_at = clock_timestamp()
      where id = :transferId and state = 'offered' and expires_at > clock_timestamp()`,
    { transferId, name },
  );
  if (rowCount === 0) {
    return false;
  }
  const version = ticket.credentialVersion + 1;
  const { kid, signatures } = await signer.sign(tx, ticket.eventId, [{ id: ticket.id, version }]);
  const [signature] = signatures;
  assert.ok(signature, 'a ticket was not signed');
  await tx.raw(
    `update tickets k
        set holder_name = x.to_name, holder_email = x.to_email, credential_version = :version,
            credential_kid = :kid, credential_signature = :signature,
            token_version = token_version + 1, transferred_at = clock_timestamp()
       from transfers x
      where x.id = :transferId and k.id = x.ticket_id`,
    { transferId, version, kid, signature: Buffer.from(signature) },
  );
  return true;
}
