import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { Refund, RefundableTicket, RefundKind, RefundStatus } from './refund.ts';
import { shareOut } from './refund.ts';

const refundRow = z.object({
  id: z.uuid(),
  organizationId: z.uuid(),
  orderId: z.uuid(),
  paymentId: z.uuid(),
  kind: z.enum([
    'whole',
    'tickets',
    'amount',
    'disposition',
    'external',
    'event_cancelled',
    'buyer',
  ]),
  status: z.enum(['requested', 'submitted', 'succeeded', 'failed', 'cancelled']),
  amountCents: z.int(),
  currency: z.string(),
  reason: z.string(),
  stripeRefundId: z.string().nullable(),
  attempt: z.int(),
  sinceFirstCallMs: z.int().nullable(),
  requestHash: z.string().nullable(),
}) satisfies z.ZodType<Refund>;

const columns = `id, organization_id as "organizationId", order_id as "orderId",
  payment_id as "paymentId", kind, status, amount_cents as "amountCents", currency, reason,
  stripe_refund_id as "stripeRefundId", attempt, request_hash as "requestHash",
  (extract(epoch from clock_timestamp() - first_called_at) * 1000)::bigint as "sinceFirstCallMs"`;

export async function findRefund(
  executor: Executor,
  refundId: string,
): Promise<Refund | undefined> {
  const { rows } = await executor.raw(`select ${columns} from refunds where id = :refundId`, {
    refundId,
  });
  return refundRow.optional().parse(rows[0]);
}

/** The refund that a request with this key made. */
export async function findRefundByKey(
  executor: Executor,
  key: string,
): Promise<Refund | undefined> {
  const { rows } = await executor.raw(
    `select ${columns} from refunds where idempotency_key = :key`,
    { key },
  );
  return refundRow.optional().parse(rows[0]);
}

/** What a request gave back, by card and wallet together. */
export async function sumOfRequest(executor: Executor, refundId: string): Promise<number> {
  const { rows } = await executor.raw(
    `select coalesce(sum(amount_cents), 0)::bigint as cents
       from refunds
      where id = :refundId
         or (part_of = :refundId and order_id = (select order_id from refunds where id = :refundId))`,
    { refundId },
  );
  return z.object({ cents: z.int() }).parse(rows[0]).cents;
}

/** Refunds of one payment, oldest first; call it under the payment's lock. */
export async function listPaymentRefunds(tx: Transaction, paymentId: string): Promise<Refund[]> {
  const { rows } = await tx.raw(
    `select ${columns} from refunds where payment_id = :paymentId order by created_at, id`,
    { paymentId },
  );
  return z.array(refundRow).parse(rows);
}

/** An order's tickets with what each cost, its line's net total shared out by seq. */
export async function listRefundableTickets(
  executor: Executor,
  order: { readonly orderId: string; readonly currency: string },
): Promise<RefundableTicket[]> {
  const { rows } = await executor.raw(
    `select k.id, k.tier_id as "tierId", k.status, k.seq, i.quantity,
            k.admitted_at is not null as "isAdmitted",
            k.transferred_at is not null as "isPassedOn", i.total_cents as "lineCents"
       from tickets k
       join order_items i on i.id = k.order_item_id
      where k.order_id = :orderId
      order by i.id, k.seq`,
    { orderId: order.orderId },
  );
  const row = z.object({
    id: z.uuid(),
    tierId: z.uuid(),
    status: z.enum(['valid', 'suspended', 'refunded', 'void']),
    seq: z.int(),
    quantity: z.int(),
    lineCents: z.int(),
    isAdmitted: z.boolean(),
    isPassedOn: z.boolean(),
  });
  return z
    .array(row)
    .parse(rows)
    .map(({ seq, quantity, lineCents, ...ticket }) => ({
      ...ticket,
      paidCents: shareOut(lineCents, quantity, order.currency)[seq - 1] ?? 0,
    }));
}

export interface NewRefund {
  readonly organizationId: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly kind: RefundKind;
  readonly status: RefundStatus;
  readonly amountCents: number;
  readonly currency: string;
  readonly reason: string;
  readonly stripeRefundId?: string;
  /** The wallet it goes into; then it is made with its row. */
  readonly walletId?: string | undefined;
  /** The refund that has the tickets, of one that another payment gives back with it. */
  readonly partOf?: string | undefined;
  readonly idempotency?: { readonly key: string; readonly requestHash: string };
}

/** A refund's row, before any call. Returns its id. */
export async function insertRefund(tx: Transaction, refund: NewRefund): Promise<string> {
  const id = randomUUIDv7();
  const { idempotency, stripeRefundId = null, walletId = null, partOf = null, ...row } = refund;
  await tx.raw(
    `insert into refunds (id, organization_id, order_id, payment_id, kind, status, amount_cents,
                          currency, reason, stripe_refund_id, wallet_id, part_of, idempotency_key,
                          request_hash, ended_at)
     values (:id, :organizationId, :orderId, :paymentId, :kind, :status, :amountCents, :currency,
             :reason, :stripeRefundId, :walletId, :partOf, :key, :requestHash,
             case when :status in ('succeeded', 'failed', 'cancelled') then clock_timestamp() end)`,
    {
      id,
      ...row,
      stripeRefundId,
      walletId,
      partOf,
      key: idempotency?.key ?? null,
      requestHash: idempotency?.requestHash ?? null,
    },
  );
  return id;
}

/**
 * Ends tickets by a refund: dead at the door at once, their seats free unless somebody came in with
 * them or the event is over.
 * Call it under the locks of the order and its tiers. A ticket that ended before fails the assertion.
 */
export async function refundTickets(
  tx: Transaction,
  refund: {
    readonly refundId: string;
    readonly tickets: readonly { readonly id: string; readonly paidCents: number }[];
  },
): Promise<void> {
  const { refundId, tickets } = refund;
  if (tickets.length === 0) {
    return;
  }
  const ids = tickets.map(({ id }) => id);
  await tx.raw(
    `insert into refund_items (refund_id, ticket_id, amount_cents)
     select :refundId, i.ticket_id, i.amount_cents
       from unnest(:ids::uuid[], :amounts::bigint[]) as i (ticket_id, amount_cents)`,
    { refundId, ids, amounts: tickets.map(({ paidCents }) => paidCents) },
  );
  const { rowCount } = await tx.raw(
    `update tickets k
        set status = 'refunded', ended_at = clock_timestamp(),
            holds_seat = k.admitted_at is not null
              or (select e.ends_at <= clock_timestamp() from events e where e.id = k.event_id)
      where k.id = any (:ids::uuid[]) and k.status in ('valid', 'suspended')`,
    { ids },
  );
  assert.equal(rowCount, ids.length, `a ticket of refund ${refundId} ended meanwhile`);
}

/** Moves a refund along. False when it was there already, or further. */
export async function advanceRefund(
  tx: Transaction,
  step: {
    readonly refundId: string;
    readonly from: RefundStatus;
    readonly to: RefundStatus;
    readonly stripeRefundId: string;
    readonly amountCents: number;
    readonly failure?: string | null;
  },
): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update refunds
        set status = :to, stripe_refund_id = :stripeRefundId, amount_cents = :amountCents,
            failure = coalesce(left(:failure, 500), failure),
            ended_at = case when :to = 'submitted' then null else clock_timestamp() end
      where id = :refundId and status = :from`,
    { ...step, failure: step.failure ?? null },
  );
  return rowCount === 1;
}

/** Ends a refund that Stripe never made. */
export async function endUnmadeRefund(
  tx: Transaction,
  end: {
    readonly refundId: string;
    readonly as: 'failed' | 'cancelled';
    readonly failure: string;
  },
): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update refunds
        set status = :as, failure = left(:failure, 500), ended_at = clock_timestamp()
      where id = :refundId and status = 'requested'`,
    end,
  );
  return rowCount === 1;
}

/** From here on Stripe may know of it: kept before the call, so that a crash finds it. */
export async function markRefundCalled(executor: Executor, refundId: string): Promise<void> {
  await executor.raw(
    `update refunds
        set first_called_at = coalesce(first_called_at, clock_timestamp())
      where id = :refundId and status = 'requested'`,
    { refundId },
  );
}

/** Another key for a refund that Stripe does not have: of less, or after the first key's day. */
export async function reviseRefund(
  tx: Transaction,
  revised: { readonly refundId: string; readonly amountCents: number },
): Promise<void> {
  const { rowCount } = await tx.raw(
    `update refunds
        set amount_cents = :amountCents, attempt = attempt + 1, first_called_at = null
      where id = :refundId and status = 'requested'`,
    revised,
  );
  assert.equal(rowCount, 1, `refund ${revised.refundId} is not ours to change any more`);
}

/** Says that a failed refund's money was requested anew. False when it was before. */
export async function markReplaced(tx: Transaction, refundId: string): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update refunds set replaced_at = clock_timestamp()
      where id = :refundId and status = 'failed' and replaced_at is null`,
    { refundId },
  );
  return rowCount === 1;
}
