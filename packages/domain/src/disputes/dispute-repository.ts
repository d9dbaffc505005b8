import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { StripeDispute } from './stripe-dispute.ts';

const storedRow = z.object({
  id: z.string(),
  phase: z.enum(['inquiry', 'open', 'won', 'lost']),
  amountCents: z.int(),
  currency: z.string(),
  reason: z.string(),
  dueBy: z.date().nullable(),
  withdrawnCents: z.int(),
  isAllotted: z.boolean(),
});
export type StoredDispute = z.output<typeof storedRow>;

/**
 * Keeps a dispute as it was read, whether or not its payment is known, and returns it as it stands
 * now: a read that was overtaken, that knows of fewer movements or of an earlier phase, changes
 * nothing. Under the lock of its PaymentIntent (lockPaymentIntent).
 */
export async function storeDispute(
  tx: Transaction,
  dispute: StripeDispute & { readonly paymentIntentId: string },
): Promise<StoredDispute> {
  await tx.raw(
    `insert into disputes (id, payment_intent_id, charge_id, amount_cents, currency, status, phase,
                           reason, due_by, withdrawn_cents, movements, created_at)
     values (:id, :paymentIntentId, :chargeId, :amountCents, :currency, :status, :phase, :reason,
             :dueBy, :withdrawnCents, :moved, :createdAt)
     on conflict (id) do update
        set amount_cents = excluded.amount_cents, status = excluded.status,
            phase = excluded.phase, due_by = excluded.due_by,
            withdrawn_cents = excluded.withdrawn_cents, movements = excluded.movements,
            read_at = clock_timestamp()
      where (excluded.movements, array_position(:phases::text[], excluded.phase))
         >= (disputes.movements, array_position(:phases::text[], disputes.phase))`,
    {
      ...dispute,
      moved: dispute.movements.length,
      phases: ['inquiry', 'open', 'won', 'lost'],
    },
  );
  const { rows } = await tx.raw(
    `select id, phase, amount_cents as "amountCents", currency, reason, due_by as "dueBy",
            withdrawn_cents as "withdrawnCents", allotted_at is not null as "isAllotted"
       from disputes where id = :id`,
    { id: dispute.id },
  );
  return storedRow.parse(rows[0]);
}

/** Says whose money the disputes of a PaymentIntent are about. Returns those it was news for. */
export async function attachDisputes(
  tx: Transaction,
  payment: {
    readonly paymentIntentId: string;
    readonly paymentId: string;
    readonly orderId: string;
    readonly organizationId: string;
  },
): Promise<string[]> {
  const { rows } = await tx.raw(
    `update disputes
        set payment_id = :paymentId, order_id = :orderId, organization_id = :organizationId
      where payment_intent_id = :paymentIntentId and payment_id is null
      returning id`,
    payment,
  );
  return rows.map((row: { id: string }) => row.id);
}

/** Whether a chargeback of this PaymentIntent is undecided, or was lost: Stripe refunds neither. */
export async function isChargedBack(executor: Executor, paymentIntentId: string): Promise<boolean> {
  const { rows } = await executor.raw(
    `select 1 from disputes
      where payment_intent_id = :paymentIntentId and phase in ('open', 'lost') limit 1`,
    { paymentIntentId },
  );
  return rows.length > 0;
}

/** No ticket of the order opens the door while the bank thinks. */
export async function suspendTickets(tx: Transaction, orderId: string): Promise<void> {
  await tx.raw(
    `update tickets set status = 'suspended' where order_id = :orderId and status = 'valid'`,
    { orderId },
  );
}

/** They are good again, unless another dispute of the order is open or was lost. */
export async function reinstateTickets(tx: Transaction, orderId: string): Promise<void> {
  await tx.raw(
    `update tickets set status = 'valid'
      where order_id = :orderId and status = 'suspended'
        and not exists (select 1 from disputes d
                         where d.order_id = :orderId
                           and (d.phase = 'open' or (d.phase = 'lost' and d.allotted_at is null)))`,
    { orderId },
  );
}

/**
 * Ends tickets whose money was lost; returns how many. Their seats are free unless the event is
 * over. Without ids, all of the order's. Call it under the locks of the order and its tiers.
 */
export async function voidTickets(
  tx: Transaction,
  ended: { readonly orderId: string; readonly ticketIds?: readonly string[] },
): Promise<number> {
  const { rowCount } = await tx.raw(
    `update tickets k
        set status = 'void', ended_at = clock_timestamp(),
            holds_seat = k.admitted_at is not null
              or (select e.ends_at <= clock_timestamp() from events e where e.id = k.event_id)
      where k.order_id = :orderId and k.status in ('valid', 'suspended')
        and (:ids::uuid[] is null or k.id = any (:ids::uuid[]))`,
    { orderId: ended.orderId, ids: ended.ticketIds ? [...ended.ticketIds] : null },
  );
  return z.int().parse(rowCount);
}

/** A person said which tickets a lost part was of. False when somebody had said so before. */
export async function markDisputeAllotted(tx: Transaction, disputeId: string): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update disputes set allotted_at = clock_timestamp()
      where id = :disputeId and phase = 'lost' and allotted_at is null`,
    { disputeId },
  );
  return rowCount === 1;
}
