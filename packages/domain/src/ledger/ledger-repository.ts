import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { accounts, type Posting } from './ledger.ts';

/** Whose money it is: an order's, an event's, or, for what Stripe does with its own, nobody's. */
export interface Owner {
  readonly organizationId: string | null;
  readonly eventId?: string;
  readonly orderId?: string;
}

/**
 * Writes down what happened, once per cause: a second telling changes nothing. Two statements' worth
 * in one, for any number. The database refuses what does not sum to zero.
 */
export async function post(
  tx: Transaction,
  postings: readonly (Posting & { readonly owner: Owner })[],
): Promise<void> {
  const rows = postings
    .filter(({ entries }) => entries.length > 0)
    .map(({ kind, cause, owner, entries }) => ({
      id: randomUUIDv7(),
      kind,
      cause,
      organization_id: owner.organizationId,
      event_id: owner.eventId ?? null,
      order_id: owner.orderId ?? null,
      entries,
    }));
  if (rows.length === 0) {
    return;
  }
  await tx.raw(
    `with told as (
       select * from json_to_recordset(:rows::json)
         as t (id uuid, kind text, cause text, organization_id uuid, event_id uuid, order_id uuid,
               entries json)
     ), posted as (
       insert into ledger_transactions (id, organization_id, event_id, order_id, kind, cause)
       select id, organization_id, event_id, order_id, kind, cause from told order by cause
       on conflict (cause) do nothing
       returning id
     )
     insert into ledger_entries (transaction_id, position, account, amount_cents, currency)
     select p.id, e.position - 1, e.entry ->> 'account', (e.entry ->> 'amountCents')::bigint,
            e.entry ->> 'currency'
       from posted p
       join told t on t.id = p.id
      cross join lateral json_array_elements(t.entries) with ordinality as e (entry, position)`,
    { rows: JSON.stringify(rows) },
  );
}

const balanceRow = z.object({
  account: z.enum(accounts),
  currency: z.string(),
  balanceCents: z.int(),
});
export type Balance = z.output<typeof balanceRow>;

/** What stands in each account that is not empty, of an organization or of one of its events. */
export async function readBalances(
  executor: Executor,
  of: { readonly organizationId: string; readonly eventId?: string },
): Promise<Balance[]> {
  const { rows } = await executor.raw(
    `select e.account, e.currency, sum(e.amount_cents)::bigint as "balanceCents"
       from ledger_transactions t
       join ledger_entries e on e.transaction_id = t.id
      where t.organization_id = :organizationId
        and (:eventId::uuid is null or t.event_id = :eventId)
      group by e.account, e.currency
     having sum(e.amount_cents) <> 0
      order by e.currency, e.account`,
    { organizationId: of.organizationId, eventId: of.eventId ?? null },
  );
  return z.array(balanceRow).parse(rows);
}
