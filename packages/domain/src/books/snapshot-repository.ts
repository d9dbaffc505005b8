import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import type { HealthSnapshot, SnapshotMoney } from './health-snapshot.ts';

const moneyRow = z.object({
  currency: z.string(),
  revenueCents: z.int(),
  refundedCents: z.int(),
  refundOpenCents: z.int(),
  owedCents: z.int(),
  feesCents: z.int(),
  unexplainedCents: z.int(),
}) satisfies z.ZodType<SnapshotMoney>;

const countsRow = z.object({
  ordersPaid: z.int(),
  reservedSeats: z.int(),
  reservedHolds: z.int(),
  failedPayments: z.int(),
});

const ticketsRow = z.object({ ticketsIssued: z.int(), duplicates: z.int() });

/**
 * The state of the business in a few numbers, of one organization or of all. Three statements that
 * each read big tables once; the money of a currency is judged in one of them, so in one snapshot.
 */
export async function readHealthSnapshot(
  executor: Executor,
  of: { readonly organizationId?: string } = {},
): Promise<HealthSnapshot> {
  const bindings = { organizationId: of.organizationId ?? null };
  const counts = await readCounts(executor, bindings);
  const tickets = await readTickets(executor, bindings);
  const money = await readMoney(executor, bindings);
  return { ...counts, ...tickets, money };
}

interface Of {
  readonly organizationId: string | null;
}

async function readCounts(executor: Executor, of: Of): Promise<z.output<typeof countsRow>> {
  const { rows } = await executor.raw(
    `select (select count(*) from orders
              where status in ('paid', 'fulfilled')
                and (:organizationId::uuid is null or organization_id = :organizationId))
              as "ordersPaid",
            (select coalesce(sum(t.reserved_quantity), 0)
               from ticket_tiers t
               join events e on e.id = t.event_id
              where :organizationId::uuid is null or e.organization_id = :organizationId)
              as "reservedSeats",
            (select count(*) from ticket_holds
              where status = 'active'
                and (:organizationId::uuid is null or organization_id = :organizationId))
              as "reservedHolds",
            (select count(*)
               from checkout_attempts a
               join orders o on o.id = a.order_id
              where a.state = 'failed'
                and (:organizationId::uuid is null or o.organization_id = :organizationId))
              as "failedPayments"`,
    { ...of },
  );
  return countsRow.parse(rows[0]);
}

async function readTickets(executor: Executor, of: Of): Promise<z.output<typeof ticketsRow>> {
  const { rows } = await executor.raw(
    `select t.issued::bigint as "ticketsIssued", (t.double + p.double)::bigint as duplicates
       from (select coalesce(sum(n), 0) as issued,
                    coalesce(sum(n - 1) filter (where n > 1), 0) as double
               from (select count(*) as n
                       from tickets
                      where :organizationId::uuid is null or organization_id = :organizationId
                      group by order_item_id, seq) s) t,
            (select coalesce(sum(n - 1), 0) as double
               from (select count(*) as n
                       from payments
                      where disposition = 'tickets'
                        and (:organizationId::uuid is null or organization_id = :organizationId)
                      group by order_id, provider = 'wallet'
                     having count(*) > 1) s) p`,
    { ...of },
  );
  return ticketsRow.parse(rows[0]);
}

async function readMoney(executor: Executor, of: Of): Promise<SnapshotMoney[]> {
  const { rows } = await executor.raw(
    `with failed as (
       select payment_id, coalesce(sum(amount_cents) filter (where replaced_at is null), 0) as cents,
              coalesce(sum(amount_cents) filter (where exists (
                         select from ledger_transactions t
                          where t.cause = 'refund/' || refunds.id || '/written_off')), 0)
                as written_off_cents
         from refunds
        where status = 'failed'
        group by payment_id
     ), came as (
       select p.currency, p.disposition, p.amount_cents, p.refunded_cents, p.refund_open_cents,
              p.fee_cents, coalesce(f.cents, 0) as failed_cents,
              coalesce(f.written_off_cents, 0) as written_off_cents,
              greatest(p.amount_cents - p.refunded_cents - p.refund_open_cents, 0) as left_cents,
              case when p.currency <> o.currency then 0
                   when p.provider = 'wallet' then o.wallet_cents
                   else o.total_cents - o.wallet_cents end as total_cents
         from payments p
         join orders o on o.id = p.order_id
         left join failed f on f.payment_id = p.id
        where :organizationId::uuid is null or p.organization_id = :organizationId
     ), judged as (
       select currency,
              case disposition when 'tickets' then amount_cents else 0 end as revenue,
              refunded_cents, refund_open_cents, fee_cents,
              case disposition when 'review' then 0 else least(failed_cents, left_cents) end as owed,
              greatest(refunded_cents + refund_open_cents - amount_cents, 0)
                + case disposition
                    when 'tickets' then abs(amount_cents - total_cents)
                    when 'refund' then greatest(left_cents - failed_cents - written_off_cents, 0)
                    else left_cents
                  end as unexplained
         from came
        union all
       select o.currency, 0, 0, 0, 0, 0, o.total_cents - o.wallet_cents
         from orders o
        where o.status in ('paid', 'fulfilled') and o.total_cents > o.wallet_cents
          and (:organizationId::uuid is null or o.organization_id = :organizationId)
          and not exists (select from payments p
                           where p.order_id = o.id and p.disposition = 'tickets'
                             and p.provider <> 'wallet')
     )
     select currency, sum(revenue)::bigint as "revenueCents",
            sum(refunded_cents)::bigint as "refundedCents",
            sum(refund_open_cents)::bigint as "refundOpenCents", sum(owed)::bigint as "owedCents",
            coalesce(sum(fee_cents), 0)::bigint as "feesCents",
            sum(unexplained)::bigint as "unexplainedCents"
       from judged
      group by currency
      order by currency`,
    { ...of },
  );
  return z.array(moneyRow).parse(rows);
}
