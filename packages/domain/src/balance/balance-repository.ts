import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { Owner } from '#ledger/ledger-repository';
import type { Movement } from './booking.ts';
import type { StripeBalanceTransaction } from './stripe-balance-transaction.ts';

/** Keeps movements as Stripe lists them, each once. Returns how many were new. */
export async function storeBalanceTransactions(
  tx: Transaction,
  transactions: readonly StripeBalanceTransaction[],
): Promise<number> {
  const { rowCount } = await tx.raw(
    `insert into stripe_balance_transactions
            (id, type, category, amount_cents, fee_cents, currency, source_id, payment_intent_id,
             created_at, available_on)
     select b.id, b.type, b.category, b."amountCents", b."feeCents", b.currency, b."sourceId",
            b."paymentIntentId", b."createdAt", b."availableOn"
       from json_to_recordset(:transactions::json)
         as b (id text, type text, category text, "amountCents" bigint, "feeCents" bigint,
               currency text, "sourceId" text, "paymentIntentId" text, "createdAt" timestamptz,
               "availableOn" timestamptz)
      order by b.id
     on conflict (id) do nothing`,
    { transactions: JSON.stringify(transactions) },
  );
  return z.int().parse(rowCount);
}

/** Says which movements a payout paid out. */
export async function markPaidOut(
  executor: Executor,
  payout: { readonly payoutId: string; readonly transactionIds: readonly string[] },
): Promise<void> {
  await executor.raw(
    `update stripe_balance_transactions
        set payout_id = :payoutId
      where id = any (:ids::text[]) and payout_id is distinct from :payoutId`,
    { payoutId: payout.payoutId, ids: [...payout.transactionIds] },
  );
}

/** Payouts whose movements were not read yet, oldest first. */
export async function listUnreadPayouts(executor: Executor, limit: number): Promise<string[]> {
  const { rows } = await executor.raw(
    `select b.source_id as id
       from stripe_balance_transactions b
      where b.type = 'payout' and b.payout_id is null and b.source_id is not null
      order by b.created_at limit :limit`,
    { limit },
  );
  return rows.map((row: { id: string }) => row.id);
}

const unbookedRow = z.object({
  id: z.string(),
  type: z.string(),
  category: z.string(),
  amountCents: z.int(),
  feeCents: z.int(),
  currency: z.string(),
  isLate: z.boolean(),
  organizationId: z.uuid().nullable(),
  eventId: z.uuid().nullable(),
  orderId: z.uuid().nullable(),
  paymentId: z.uuid().nullable(),
  ourCents: z.int().nullable(),
  ourCurrency: z.string().nullable(),
});

export interface UnbookedMovement extends Movement {
  /** So old that its source should be known by now. */
  readonly isLate: boolean;
  readonly paymentId: string | null;
  readonly owner: Owner;
}

/**
 * Movements that are not in the ledger, oldest first, each beside what we have of its source: a
 * payment by its PaymentIntent, a refund and a movement of a dispute by their own ids.
 */
export async function listUnbooked(
  executor: Executor,
  page: { readonly after: string; readonly limit: number; readonly lateAfterS: number },
): Promise<UnbookedMovement[]> {
  const { rows } = await executor.raw(
    `select b.id, b.type, b.category, b.amount_cents as "amountCents", b.fee_cents as "feeCents",
            b.currency, b.created_at < clock_timestamp() - make_interval(secs => :lateAfterS) as "isLate",
            p.organization_id as "organizationId", o.event_id as "eventId", o.id as "orderId",
            p.id as "paymentId",
            case when b.category like 'dispute%' then m.amount_cents
                 when b.type in ('charge', 'payment') then p.amount_cents
                 when b.amount_cents < 0 then -r.amount_cents else r.amount_cents end as "ourCents",
            coalesce(m.currency, p.currency) as "ourCurrency"
       from stripe_balance_transactions b
       left join payments p on p.provider = 'stripe' and p.provider_id = b.payment_intent_id
       left join orders o on o.id = p.order_id
       left join refunds r on r.stripe_refund_id = b.source_id
       left join lateral (
         select e.amount_cents, e.currency
           from ledger_transactions t
           join ledger_entries e on e.transaction_id = t.id and e.account = 'stripe_balance'
          where t.cause = 'dispute/' || b.source_id || '/' || b.id) m on true
      where b.booked_at is null and b.id > :after
      order by b.id
      limit :limit`,
    page,
  );
  return z
    .array(unbookedRow)
    .parse(rows)
    .map(({ ourCents, ourCurrency, organizationId, eventId, orderId, ...movement }) => ({
      ...movement,
      ours:
        ourCents === null || ourCurrency === null
          ? null
          : { amountCents: ourCents, currency: ourCurrency },
      owner: {
        organizationId,
        ...(eventId !== null && { eventId }),
        ...(orderId !== null && { orderId }),
      },
    }));
}

/** They are in the ledger, and payments know what Stripe kept of them. */
export async function markBooked(
  tx: Transaction,
  movements: readonly Pick<
    UnbookedMovement,
    'id' | 'type' | 'feeCents' | 'amountCents' | 'paymentId'
  >[],
): Promise<void> {
  await tx.raw(
    `update stripe_balance_transactions set booked_at = clock_timestamp()
      where id = any (:ids::text[]) and booked_at is null`,
    { ids: movements.map(({ id }) => id) },
  );
  const charges = movements.filter(({ type }) => type === 'charge' || type === 'payment');
  await tx.raw(
    `with fees as (
       select f.payment_id, f.fee, f.amount
         from unnest(:paymentIds::uuid[], :fees::bigint[], :amounts::bigint[])
           as f (payment_id, fee, amount)
     ), locked as (
       select id from payments where id in (select payment_id from fees)
        order by id for no key update
     )
     update payments p
        set fee_cents = f.fee, net_cents = f.amount - f.fee
       from fees f
       join locked l on l.id = f.payment_id
      where p.id = f.payment_id`,
    {
      paymentIds: charges.map(({ paymentId }) => paymentId),
      fees: charges.map(({ feeCents }) => feeCents),
      amounts: charges.map(({ amountCents }) => amountCents),
    },
  );
}
