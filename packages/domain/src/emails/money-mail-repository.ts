import { randomUUIDv7 } from 'node:crypto';
import type { Transaction } from '@liventix/shared/db';
import { currentTrace } from '@liventix/shared/telemetry/tracing';
import { z } from 'zod';
import { enqueueAll } from '#outbox/outbox-repository';
import { type DisputeFacts, lateReasons } from './money-facts.ts';

/**
 * Each of these owes one mail for one reason, in the transaction that brings the reason about: a
 * second call finds it owed and changes nothing. Where there is no address there is no mail, and no
 * refusal: money never waits for one.
 */

/** So many tickets are named; of more the number is said. */
const serialsMax = 20;

/**
 * Tells the buyer of a refund. That it is on its way was said before when the event was cancelled,
 * and so was that free tickets are worth no money. Where money of a cancelled order is still on its way, its
 * own mail says that no tickets come.
 */
export async function oweRefundMail(
  tx: Transaction,
  mail: {
    readonly refundId: string;
    readonly kind: 'refund_requested' | 'refund_made' | 'refund_failed';
  },
): Promise<void> {
  const { rows } = await tx.raw(
    `insert into emails (id, organization_id, order_id, refund_id, kind, dedupe_key, recipient, facts)
     select :id, o.organization_id, o.id, r.id, :kind, :kind::text || '/' || r.id, o.buyer_email,
            jsonb_build_object(
              'amountCents', r.amount_cents, 'currency', r.currency,
              'isCancelled', o.status = 'cancelled',
              'tickets', (select count(*) from refund_items i where i.refund_id = r.id),
              'serials', array(select k.serial
                                 from refund_items i
                                 join tickets k on k.id = i.ticket_id
                                where i.refund_id = r.id
                                order by k.serial
                                limit ${serialsMax}))
       from refunds r
       join orders o on o.id = r.order_id
      where r.id = :refundId and o.buyer_email is not null
        and ((:kind::text <> 'refund_requested' and r.amount_cents > 0)
             or not exists (select 1 from emails c where c.dedupe_key = 'event_cancelled/' || o.id))
        and (r.amount_cents > 0 or o.status <> 'cancelled'
             or not exists (select 1 from refunds other
                             where other.order_id = o.id
                               and other.status in ('requested', 'submitted')))
     on conflict (dedupe_key) do nothing
     returning id`,
    { id: randomUUIDv7(), ...mail },
  );
  await sendOwed(tx, rows);
}

/** Tells the buyer that this payment came too late and goes back. A second payment did not. */
export async function oweLateMoneyMail(
  tx: Transaction,
  late: { readonly orderId: string; readonly paymentId: string },
): Promise<void> {
  const { rows } = await tx.raw(
    `insert into emails (id, organization_id, order_id, payment_id, kind, dedupe_key, recipient, facts)
     select :id, o.organization_id, o.id, p.id, 'payment_too_late', 'payment_too_late/' || p.id,
            o.buyer_email,
            jsonb_build_object('amountCents', p.amount_cents, 'currency', p.currency,
                               'reason', p.disposition_reason)
       from payments p
       join orders o on o.id = p.order_id
      where p.id = :paymentId and o.id = :orderId and o.buyer_email is not null
        and p.disposition = 'refund' and p.disposition_reason = any (:reasons::text[])
        and p.amount_cents > 0
     on conflict (dedupe_key) do nothing
     returning id`,
    { id: randomUUIDv7(), reasons: [...lateReasons], ...late },
  );
  await sendOwed(tx, rows);
}

/**
 * Tells the buyer that the event is cancelled and how much goes back. Owed before the order's
 * refund is requested, it spares them a second mail about the same money.
 */
export async function oweCancellationMail(
  tx: Transaction,
  { orderId }: { readonly orderId: string },
): Promise<void> {
  await oweCancellationMails(tx, { orderIds: [orderId] });
}

/** The same for many orders, in as many statements as for one. */
export async function oweCancellationMails(
  tx: Transaction,
  { orderIds }: { readonly orderIds: readonly string[] },
): Promise<void> {
  const { rows } = await tx.raw(
    `insert into emails (id, organization_id, order_id, kind, dedupe_key, recipient, facts)
     select m.id, o.organization_id, o.id, 'event_cancelled', 'event_cancelled/' || o.id,
            o.buyer_email,
            jsonb_build_object(
              'currency', o.currency,
              'amountCents', coalesce((select sum(p.amount_cents - p.refunded_cents)
                                         from payments p
                                        where p.order_id = o.id and p.disposition = 'tickets'), 0))
       from unnest(:ids::uuid[], :orderIds::uuid[]) as m (id, order_id)
       join orders o on o.id = m.order_id
      where o.buyer_email is not null
      order by o.id
     on conflict (dedupe_key) do nothing
     returning id`,
    { ids: orderIds.map(() => randomUUIDv7()), orderIds: [...orderIds] },
  );
  await sendOwed(tx, rows);
}

/** Tells the organizer that a payment is disputed, and until when to answer. */
export async function oweDisputeMail(
  tx: Transaction,
  dispute: Omit<DisputeFacts, 'orderNumber' | 'eventTitle' | 'dueAt'> & {
    /** What names the dispute once for all: its row, or its id at Stripe. */
    readonly disputeId: string;
    readonly orderId: string;
    readonly dueAt: Date | null;
  },
): Promise<void> {
  const { disputeId, orderId, dueAt, amountCents, currency, reason } = dispute;
  const facts = { amountCents, currency, reason, dueAt: dueAt?.toISOString() ?? null };
  const { rows } = await tx.raw(
    `insert into emails (id, organization_id, order_id, kind, dedupe_key, recipient, facts)
     select :id, o.organization_id, o.id, 'dispute_opened',
            'dispute_opened/' || left(:disputeId::text, 180), g.contact_email,
            :facts::jsonb || jsonb_build_object('orderNumber', o.number, 'eventTitle', e.title)
       from orders o
       join events e on e.id = o.event_id
       join organizations g on g.id = o.organization_id
      where o.id = :orderId and g.contact_email is not null
     on conflict (dedupe_key) do nothing
     returning id`,
    { id: randomUUIDv7(), orderId, disputeId, facts: JSON.stringify(facts) },
  );
  await sendOwed(tx, rows);
}

const owedRow = z.object({ id: z.uuid() });

async function sendOwed(tx: Transaction, rows: unknown): Promise<void> {
  const owed = z.array(owedRow).parse(rows);
  const trace = currentTrace();
  await enqueueAll(
    tx,
    owed.map(({ id: emailId }) => ({ name: 'email.send' as const, payload: { emailId }, trace })),
  );
}
