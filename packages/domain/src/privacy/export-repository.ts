import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import type { RowsOfPeople } from './person-repository.ts';

const at = z.iso.datetime({ offset: true });
const text = z.string().nullable();

/** What is kept of a person, as they are given it. Amounts in minor units of their currency. */
export const personalData = z.object({
  orders: z.array(
    z.object({
      number: z.string(),
      status: z.string(),
      event: z.string(),
      event_starts_at: at,
      name: text,
      email: text,
      locale: z.string(),
      currency: z.string(),
      total_cents: z.int(),
      created_at: at,
      items: z.array(
        z.object({ tier: z.string(), quantity: z.int(), holder_names: z.array(z.string()) }),
      ),
      payments: z.array(z.object({ provider: z.string(), amount_cents: z.int(), at })),
      refunds: z.array(
        z.object({ amount_cents: z.int(), status: z.string(), reason: z.string(), at }),
      ),
      disputes: z.array(z.object({ amount_cents: z.int(), reason: z.string(), at })),
    }),
  ),
  tickets: z.array(
    z.object({
      serial: z.int(),
      event: z.string(),
      tier: z.string(),
      status: z.string(),
      holder_name: text,
      holder_email: text,
      issued_at: at,
      scans: z.array(z.object({ outcome: z.string(), gate: z.string(), at })),
    }),
  ),
  transfers: z.array(
    z.object({
      serial: z.int(),
      event: z.string(),
      direction: z.enum(['given', 'received']),
      state: z.string(),
      name: text,
      email: text,
      at,
    }),
  ),
  wallets: z.array(
    z.object({
      email: text,
      currency: z.string(),
      balance_cents: z.int(),
      entries: z.array(z.object({ kind: z.string(), amount_cents: z.int(), reason: text, at })),
    }),
  ),
  mails: z.array(
    z.object({ kind: z.string(), to: text, subject: text, text, status: z.string(), at }),
  ),
});
export type PersonalData = z.output<typeof personalData>;

/** Reads what is kept in these rows, in one statement, so that it is of one moment. */
export async function readPersonalData(
  executor: Executor,
  rows: RowsOfPeople,
): Promise<PersonalData> {
  const { rows: found } = await executor.raw(
    `select jsonb_build_object('orders', (${ordersOf}), 'tickets', (${ticketsOf}),
              'transfers', (${transfersOf}), 'wallets', (${walletsOf}), 'mails', (${mailsOf})) as data`,
    { ...rows },
  );
  return z.object({ data: personalData }).parse(found[0]).data;
}

const ordersOf = `
  select coalesce(jsonb_agg(jsonb_build_object(
           'number', o.number, 'status', o.status, 'event', e.title,
           'event_starts_at', e.starts_at, 'name', o.buyer_name, 'email', o.buyer_email,
           'locale', o.locale, 'currency', o.currency, 'total_cents', o.total_cents,
           'created_at', o.created_at,
           'items', (select jsonb_agg(jsonb_build_object('tier', t.name, 'quantity', i.quantity,
                              'holder_names', coalesce(i.holder_names, '{}')) order by t.position, t.id)
                       from order_items i join ticket_tiers t on t.id = i.tier_id
                      where i.order_id = o.id),
           'payments', (select coalesce(jsonb_agg(jsonb_build_object('provider', p.provider,
                                 'amount_cents', p.amount_cents, 'at', p.created_at)
                                 order by p.created_at), '[]')
                          from payments p where p.order_id = o.id),
           'refunds', (select coalesce(jsonb_agg(jsonb_build_object('amount_cents', r.amount_cents,
                                'status', r.status, 'reason', r.reason, 'at', r.created_at)
                                order by r.created_at), '[]')
                         from refunds r where r.order_id = o.id),
           'disputes', (select coalesce(jsonb_agg(jsonb_build_object('amount_cents', d.amount_cents,
                                 'reason', d.reason, 'at', d.created_at) order by d.created_at), '[]')
                          from disputes d where d.order_id = o.id))
         order by o.created_at, o.id), '[]')
    from orders o join events e on e.id = o.event_id
   where o.id = any (:orderIds::uuid[])`;

const ticketsOf = `
  select coalesce(jsonb_agg(jsonb_build_object(
           'serial', k.serial, 'event', e.title, 'tier', t.name, 'status', k.status,
           'holder_name', k.holder_name, 'holder_email', k.holder_email, 'issued_at', k.issued_at,
           'scans', (select coalesce(jsonb_agg(jsonb_build_object('outcome', c.outcome,
                              'gate', c.gate, 'at', c.at) order by c.at), '[]')
                       from check_ins c where c.ticket_id = k.id))
         order by k.issued_at, k.id), '[]')
    from tickets k
    join events e on e.id = k.event_id
    join ticket_tiers t on t.id = k.tier_id
   where k.id = any (:ticketIds::uuid[])`;

/** Of a transfer each is told their own side of it. */
const transfersOf = `
  select coalesce(jsonb_agg(jsonb_build_object(
           'serial', k.serial, 'event', e.title, 'direction', m.direction, 'state', x.state,
           'name', case m.direction when 'given' then x.from_name else x.to_name end,
           'email', case m.direction when 'given' then x.from_email else x.to_email end,
           'at', x.created_at)
         order by x.created_at, x.id), '[]')
    from (select unnest(:givenIds::uuid[]) as id, 'given' as direction
           union all select unnest(:receivedIds::uuid[]), 'received') m
    join transfers x on x.id = m.id
    join tickets k on k.id = x.ticket_id
    join events e on e.id = k.event_id`;

const walletsOf = `
  select coalesce(jsonb_agg(jsonb_build_object(
           'email', w.owner_email, 'currency', w.currency, 'balance_cents', w.balance_cents,
           'entries', (select coalesce(jsonb_agg(jsonb_build_object('kind', n.kind,
                                'amount_cents', n.amount_cents, 'reason', n.reason, 'at', n.at)
                                order by n.at), '[]')
                         from wallet_entries n where n.wallet_id = w.id))
         order by w.currency), '[]')
    from wallets w where w.id = any (:walletIds::uuid[])`;

const mailsOf = `
  select coalesce(jsonb_agg(jsonb_build_object(
           'kind', m.kind, 'to', m.recipient, 'subject', m.subject, 'text', m.body_text,
           'status', m.status, 'at', m.created_at)
         order by m.created_at, m.id), '[]')
    from emails m
   where m.order_id = any (:orderIds::uuid[]) or m.wallet_id = any (:walletIds::uuid[])
      or (m.kind = 'transfer_accepted' and m.transfer_id = any (:givenIds::uuid[]))
      or (m.kind <> 'transfer_accepted' and m.transfer_id = any (:receivedIds::uuid[]))`;
