import { connectDatabase, type Database } from '@liventix/shared/db';
import type { Shop } from './load.ts';

/** Rows a statement: large enough to be fast, small enough for its time limit. */
const chunk = 10_000;

/** Ids that grow as UUIDv7 do, so that an index is filled as years of sales fill it. */
const idOf = (kind: string, of = 'n') =>
  `(lpad(to_hex(n), 8, '0') || '00007' || substr(md5('${kind}' || ${of}), 14, 3) || '8'
    || substr(md5('${kind}' || ${of}), 18))::uuid`;

/**
 * A buyer of each order's own. Of a million 38,000 have the same first name, 2,300 the same surname
 * and 89 the same whole name.
 */
const nameOf = `(array['Ada', 'Bo', 'Chiara', 'Dmitri', 'Emre', 'Fatima', 'Grace', 'Hiroshi', 'Ines', 'Jonas',
                       'Kofi', 'Lena', 'Maria', 'Marta', 'Noor', 'Oskar', 'Priya', 'Rosa', 'Sven', 'Tariq',
                       'Uma', 'Vera', 'Wei', 'Xenia', 'Yusuf', 'Zoe'])[1 + n % 26] || ' ' ||
               (array['Abbott', 'Bauer', 'Costa', 'Dubois', 'Eriksen', 'Fischer', 'Garcia', 'Huber', 'Ito',
                      'Jansen', 'Kim', 'Lopez', 'Meier', 'Novak', 'Okafor', 'Petrov', 'Quist', 'Rossi',
                      'Santos', 'Tanaka', 'Ueda', 'Vogel', 'Weber', 'Xu', 'Yilmaz', 'Zeller',
                      'Olsen'])[1 + n % 27] ||
               (array['', 'mann', 'son', 'ova', 'ez', 'ic', 'sen', 'i', 'ens', 'ard', 'ot', 'el', 'ow', 'as',
                      'us', 'im'])[1 + n / 702 % 16]`;
const addressOf = `'buyer-' || n || '@example.org'`;

/**
 * What an old order leaves behind, table by table: the rows of one real order, under ids of their
 * own. Bodies of mails and events are cut short, since they are deleted or never read again.
 */
const tables: readonly {
  readonly name: string;
  readonly where: string;
  readonly fresh: Readonly<Record<string, string>>;
}[] = [
  {
    name: 'ticket_holds',
    where: 'order_id = :order',
    fresh: { id: idOf('hold'), order_id: idOf('order'), idempotency_key: idOf('key') },
  },
  {
    name: 'hold_items',
    where: 'hold_id = (select hold_id from orders where id = :order)',
    fresh: { hold_id: idOf('hold') },
  },
  {
    name: 'orders',
    where: 'id = :order',
    fresh: {
      id: idOf('order'),
      hold_id: idOf('hold'),
      number: `'LV-' || lpad(n::text, 8, '0')`,
      checkout_key: idOf('checkout'),
      buyer_name: nameOf,
      buyer_email: addressOf,
      buyer_key: addressOf,
    },
  },
  {
    name: 'order_items',
    where: 'order_id = :order',
    fresh: { id: idOf('item'), order_id: idOf('order') },
  },
  {
    name: 'checkout_attempts',
    where: 'order_id = :order',
    fresh: { id: idOf('attempt'), order_id: idOf('order'), session_id: `'cs_' || n` },
  },
  {
    name: 'payments',
    where: 'order_id = :order',
    fresh: {
      id: idOf('payment'),
      order_id: idOf('order'),
      attempt_id: idOf('attempt'),
      provider_id: `'pi_' || n`,
      session_id: `'cs_' || n`,
    },
  },
  {
    name: 'ledger_transactions',
    where: `order_id = :order and kind = 'payment_received'`,
    fresh: {
      id: idOf('ledger'),
      order_id: idOf('order'),
      cause: `'payment/' || ${idOf('payment')}`,
    },
  },
  {
    name: 'ledger_entries',
    where: `transaction_id = (select id from ledger_transactions
                               where order_id = :order and kind = 'payment_received')`,
    fresh: { transaction_id: idOf('ledger') },
  },
  {
    name: 'tickets',
    where: 'order_id = :order',
    fresh: {
      id: idOf('ticket', `t.seq || '/' || n`),
      order_id: idOf('order'),
      order_item_id: idOf('item'),
      serial: '1000 + 2 * n + t.seq',
    },
  },
  {
    name: 'emails',
    where: 'order_id = :order',
    fresh: {
      id: idOf('email'),
      order_id: idOf('order'),
      dedupe_key: `'old/' || n`,
      html: `'-'`,
      attachments: `'[]'::jsonb`,
    },
  },
  {
    name: 'stripe_events',
    where: `id = (select id from stripe_events where type = 'checkout.session.completed' limit 1)`,
    fresh: {
      id: `'evt_old_' || n`,
      payload: `jsonb_build_object('data', jsonb_build_object('object',
                  jsonb_build_object('client_reference_id', ${idOf('order')})))`,
    },
  },
  {
    name: 'outbox',
    where: `id = (select id from outbox where name = 'order.settle' and done_at is not null limit 1)`,
    fresh: {
      id: idOf('message'),
      payload: `jsonb_build_object('orderId', ${idOf('order')}, 'sessionId', 'cs_' || n)`,
    },
  },
];

/** One was bought every two seconds: 43,200 a day, and a million in 23 days. */
const age = (column: string) => `t.${column} - (:last::integer - n) * interval '2 seconds'`;

/** Leaves so many old, fulfilled orders behind, without triggers: no counter counts them. */
export async function fillWithOldOrders(shop: Shop, count: number): Promise<void> {
  const [template] = await shop.buyMany(await shop.makeEvent(), 1, 1);
  if (template === undefined) {
    throw new Error('there is no order to copy');
  }
  await shop.allFulfilled([template]);
  await shop.allQuiet();
  // A stack may be filled from an earlier run: its orders' numbers all lie below their count.
  await using patient = connectPatiently(shop);
  const { rows } = await patient.pool.raw('select count(*)::int as n from orders');
  const first: number = rows[0].n;
  const moments = await momentsOf(patient);
  for (let from = first; from < first + count; from += chunk) {
    const to = Math.min(first + count, from + chunk) - 1;
    await patient.inTransaction(async (tx) => {
      await tx.raw('set local session_replication_role = replica');
      for (const { name, where, fresh } of tables) {
        const aged = (moments.get(name) ?? []).map((column) => [column, age(column)] as const);
        const changed = [...Object.entries(fresh), ...aged].map(
          ([column, value]) => `'${column}', ${value}`,
        );
        await tx.raw(
          `insert into ${name}
           select r.*
             from (select * from ${name} where ${where}) t
            cross join generate_series(:from::integer, :to::integer) n
            cross join lateral jsonb_populate_record(
                    t::${name}, jsonb_build_object(${changed.join(', ')})) r`,
          {
            from,
            to,
            ...(aged.length > 0 && { last: first + count }),
            ...(where.includes(':order') && { order: template.orderId }),
          },
        );
      }
    });
  }
  // What Postgres would do meanwhile is done before anything is measured.
  await patient.pool.raw('vacuum analyze');
  await patient.pool.raw('checkpoint');
}

/** The columns of each table that say when. */
async function momentsOf(patient: Database): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await patient.pool.raw(
    `select table_name as name, array_agg(column_name::text) as columns
       from information_schema.columns
      where table_schema = 'public' and data_type = 'timestamp with time zone'
      group by table_name`,
  );
  return new Map(
    rows.map((row: { name: string; columns: readonly string[] }) => [row.name, row.columns]),
  );
}

/** Whole tables are read: a sale's connection gives up after six seconds. */
function connectPatiently(shop: Shop): Database {
  const url = shop.stack.database_url;
  return connectDatabase({ url, poolMax: 1, statementTimeoutMs: 600_000 });
}

/** Makes every counter what the rows of old orders say: then the books of such a stack are sound. */
export async function countOldOrders(shop: Shop): Promise<void> {
  await using patient = connectPatiently(shop);
  await patient.inTransaction(async (tx) => {
    await tx.raw(
      `update ticket_tiers t
          set issued_quantity = k.tickets, capacity = 10000000
         from (select tier_id, count(*) as tickets from tickets where holds_seat group by tier_id) k
        where t.id = k.tier_id`,
    );
    await tx.raw(
      `update event_counters c
          set next_serial = k.serial + 1
         from (select event_id, max(serial) as serial from tickets group by event_id) k
        where c.event_id = k.event_id`,
    );
    await tx.raw(
      `insert into buyer_limits (event_id, buyer_key, tickets)
       select event_id, buyer_key, sum(counted_tickets)
         from orders where buyer_key is not null group by event_id, buyer_key
           on conflict (event_id, buyer_key) do update set tickets = excluded.tickets`,
    );
  });
}
