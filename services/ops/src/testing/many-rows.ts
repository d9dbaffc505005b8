import { connectDatabase } from '@liventix/shared/db';

/** So many a statement, which has two minutes. */
const batch = 20_000;
const statementTimeoutMs = 120_000;

interface Many {
  readonly organizationId: string;
  readonly eventId: string;
  readonly orderId: string;
  readonly tierId: string;
  readonly count: number;
}

/**
 * Tickets of one event, with serials from 1,001 on and long names. Triggers and foreign keys are left
 * out: their counters and lines are of no concern to whoever lists them.
 */
export async function insertManyTickets(url: string, of: Many) {
  await inBatches(url, of, async (between) => {
    await between(
      `insert into tickets (id, organization_id, event_id, order_id, order_item_id, tier_id, seq,
                            serial, holder_name)
       select gen_random_uuid(), :organizationId, :eventId, :orderId, md5((n / 500)::text)::uuid,
              :tierId, n % 500 + 1, 1000 + n, 'Guest ' || n || repeat(' of the house', 10)
         from generate_series(:first::int, :last::int) as n`,
    );
  });
}

/** So many entries of the ledger within June 2030, two a transaction. */
export async function insertManyEntries(url: string, of: Many) {
  await inBatches(url, { ...of, count: of.count / 2 }, async (between) => {
    await between(
      `with posted as (
         insert into ledger_transactions (id, organization_id, event_id, order_id, kind, cause, at)
         select gen_random_uuid(), :organizationId, :eventId, :orderId, 'wallet_moved',
                'wallet_entry/' || gen_random_uuid(),
                timestamptz '2030-06-01 00:00Z' + n * interval '1 second'
           from generate_series(:first::int, :last::int) as n
         returning id
       )
       insert into ledger_entries (transaction_id, position, account, amount_cents, currency)
       select id, side, case side when 0 then 'stripe_balance' else 'ticket_sales' end,
              case side when 0 then 2500 else -2500 end, 'eur'
         from posted cross join generate_series(0, 1) as side`,
    );
  });
}

async function inBatches(
  url: string,
  of: Many,
  insert: (between: (sql: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  await using db = connectDatabase({ url, poolMax: 1, statementTimeoutMs });
  for (let first = 1; first <= of.count; first += batch) {
    const bounds = { first, last: Math.min(of.count, first + batch - 1) };
    await db.inTransaction(async (tx) => {
      await tx.raw('set local session_replication_role = replica');
      await insert(async (sql) => await tx.raw(sql, { ...of, ...bounds }));
    });
  }
  await db.pool.raw('analyze tickets, ledger_transactions, ledger_entries');
}
