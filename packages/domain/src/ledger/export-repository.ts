import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

const exportedRow = z.object({
  at: z.date(),
  /** The same to the microsecond: a page goes on exactly after the last. */
  exactAt: z.string(),
  transactionId: z.uuid(),
  position: z.int(),
  kind: z.string(),
  cause: z.string(),
  event: z.string().nullable(),
  order: z.string().nullable(),
  account: z.string(),
  amountCents: z.int(),
  currency: z.string(),
  payout: z.string().nullable(),
});
export type ExportedEntry = z.output<typeof exportedRow>;

/** Entries read by one statement: an export of millions holds up nobody. */
const pageMax = 1_000;

/**
 * An organization's ledger between two times, oldest first, page by page. Each entry names the payout
 * of Stripe's that its money was paid out with, once that is known.
 */
export async function* exportEntries(
  executor: Executor,
  of: { readonly organizationId: string; readonly from: Date; readonly until: Date },
): AsyncGenerator<ExportedEntry[]> {
  let after = { at: of.from.toISOString(), transactionId: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const { rows } = await executor.raw(
      `with page as (
         select id, kind, cause, event_id, order_id, at
           from ledger_transactions
          where organization_id = :organizationId and at < :until
            and (at, id) > (:at::timestamptz, :transactionId::uuid)
          order by at, id
          limit ${pageMax}
       )
       select t.at, t.at::text as "exactAt", t.id as "transactionId", e.position, t.kind, t.cause, v.slug as event,
              o.number as "order", e.account, e.amount_cents as "amountCents", e.currency,
              case t.kind
                when 'payment_received' then
                  (select b.payout_id from payments p
                     join stripe_balance_transactions b
                       on b.payment_intent_id = p.provider_id and b.type in ('charge', 'payment')
                    where p.id = split_part(t.cause, '/', 2)::uuid limit 1)
                when 'refund_made' then
                  (select b.payout_id from refunds r
                     join stripe_balance_transactions b on b.source_id = r.stripe_refund_id
                    where r.id = split_part(t.cause, '/', 2)::uuid limit 1)
                else
                  (select b.payout_id from stripe_balance_transactions b
                    where b.id in (split_part(t.cause, '/', 2), split_part(t.cause, '/', 3)) limit 1)
              end as payout
         from page t
         join ledger_entries e on e.transaction_id = t.id
         left join events v on v.id = t.event_id
         left join orders o on o.id = t.order_id
        order by t.at, t.id, e.position`,
      { organizationId: of.organizationId, until: of.until, ...after },
    );
    const entries = z.array(exportedRow).parse(rows);
    const last = entries.at(-1);
    if (last === undefined) {
      return;
    }
    yield entries;
    after = { at: last.exactAt, transactionId: last.transactionId };
  }
}
