import { z } from 'zod';
import { count, type Placed, resend, type SoldEvent, stripe, type World } from '#support/world';

/** One order on an event of its own, so that the event's counters are this order's alone. */
export interface Work {
  readonly event: SoldEvent;
  readonly placed: Placed;
}

/** How often each thing is there that may be there once, or as often as was bought. */
export type Effects = Readonly<Record<string, number>>;

const rowCounts = z.record(z.string(), z.int());

const ofOrder = `o.id = :orderId`;

/** Messages about the order or its mails. */
const messagesOf = `from outbox m
  where (m.payload ->> 'orderId' = :orderId
         or m.payload ->> 'emailId' in (select id::text from emails where order_id = :orderId::uuid))`;

/** Everything an order can leave behind: in Postgres, at Stripe, at Resend. */
export async function effectsOf(world: World, work: Work): Promise<Effects> {
  const { orderId, sessionId } = work.placed;
  const { rows } = await world.db.pool.raw(
    `select (select count(*)::int from stripe_events
              where payload -> 'data' -> 'object' ->> 'id' = :sessionId
                and type = 'checkout.session.completed') as "paid events",
            (select count(*)::int from payments where order_id = o.id) as payments,
            (select count(*)::int from tickets where order_id = o.id) as tickets,
            (select count(*)::int from emails where order_id = o.id) as mails,
            (select count(*)::int from emails
              where order_id = o.id and status in ('sent', 'delivered')) as "mails known as sent",
            (select count(*)::int from incidents) as incidents,
            (select sum(reserved_quantity)::int from ticket_tiers
              where event_id = o.event_id) as "seats held",
            (select sum(issued_quantity)::int from ticket_tiers
              where event_id = o.event_id) as "seats issued",
            (o.status = 'fulfilled')::int as "orders fulfilled",
            (o.status = 'expired')::int as "orders expired",
            (select count(*)::int ${messagesOf} and m.done_at is null) as "messages open",
            (select count(*)::int ${messagesOf} and m.name = 'email.send') as "mails asked for"
       from orders o
      where ${ofOrder}`,
    { orderId, sessionId },
  );
  const [providers, ours] = [await providersOf(world, work), rowCounts.parse(rows[0])];
  return { ...ours, ...providers };
}

const number = z.object({ number: z.string() });
const sessions = z.object({
  sessions: z.array(z.object({ id: z.string(), status: z.string(), payment_status: z.string() })),
});
const emails = z.object({ emails: z.array(z.object({ subject: z.string() })) });

async function providersOf(world: World, work: Work): Promise<Effects> {
  const { orderId, sessionId } = work.placed;
  const { rows } = await world.db.pool.raw('select number from orders where id = :orderId', {
    orderId,
  });
  const order = number.parse(rows[0]);
  const pages = sessions
    .parse((await stripe(world, 'books')).body)
    .sessions.filter((session) => session.id === sessionId);
  const accepted = emails
    .parse((await resend(world, 'books')).body)
    .emails.filter((mail) => mail.subject.includes(order.number));
  return {
    'pages paid at Stripe': pages.filter((page) => page.payment_status === 'paid').length,
    'pages closed at Stripe': pages.filter((page) => page.status === 'expired').length,
    'mails at Resend': accepted.length,
  };
}

/** What a bought order of two leaves behind. */
export const bought: Effects = {
  'paid events': 0,
  payments: 1,
  tickets: 2,
  mails: 1,
  'mails known as sent': 1,
  incidents: 0,
  'seats held': 0,
  'seats issued': 2,
  'orders fulfilled': 1,
  'orders expired': 0,
  'messages open': 0,
  'mails asked for': 1,
  'pages paid at Stripe': 1,
  'pages closed at Stripe': 0,
  'mails at Resend': 1,
};

/** What an order leaves behind that was never paid. */
export const expired: Effects = {
  ...Object.fromEntries(Object.keys(bought).map((name) => [name, 0])),
  'orders expired': 1,
  'pages closed at Stripe': 1,
};

/** Whether all that follows from the work is there and nothing is open. */
export async function isDone(world: World, work: Work, expected: Effects): Promise<boolean> {
  const { orderId } = work.placed;
  const isEnded =
    expected['orders fulfilled'] === 1
      ? `o.status = 'fulfilled'
         and exists (select 1 from emails where order_id = o.id and status in ('sent', 'delivered'))`
      : `o.status = 'expired'`;
  const query = `from orders o where ${ofOrder} and ${isEnded}
                   and not exists (select 1 ${messagesOf} and m.done_at is null)`;
  return (await count(world, query, { orderId })) === 1;
}

/** Whether every message of the order was stamped: the last that a service writes about it. */
export async function isStamped(world: World, work: Work): Promise<boolean> {
  const { orderId } = work.placed;
  return (await count(world, `${messagesOf} and m.dispatched_at is null`, { orderId })) === 0;
}
