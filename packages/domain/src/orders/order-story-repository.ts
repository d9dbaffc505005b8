import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import { type OrderStory, story } from './order-story.ts';

const listMax = 200;

/** What an event of Stripe's is about: as the index on it says it. */
const subject = `coalesce(payload #>> '{data,object,client_reference_id}',
  payload #>> '{data,object,payment_intent}', payload #>> '{data,object,id}')`;

/** Where each list of the story comes from; `its` are the ids of the order's own rows. */
const lists: Readonly<Record<keyof OrderStory, string>> = {
  holds: `select id, status, created_at, expires_at, ended_at
    from ticket_holds where order_id = :orderId order by created_at`,
  attempts: `select id, state, session_id, expected_amount_cents, created_at, closed_at, checks
    from checkout_attempts where order_id = :orderId order by created_at`,
  payments: `select id, provider, provider_id, session_id, amount_cents, currency, disposition,
           disposition_reason, created_at
    from payments where order_id = :orderId order by created_at`,
  refunds: `select id, amount_cents, currency, kind, reason, status, failure, created_at, ended_at
    from refunds where order_id = :orderId order by created_at`,
  disputes: `select id, amount_cents, currency, phase, reason, created_at
    from disputes where order_id = :orderId order by created_at`,
  emails: `select id, kind, status, provider_id, error, fate_reason, created_at, sent_at, delivered_at
    from emails where order_id = :orderId order by created_at`,
  events: `select id, type, source, created_at, received_at, processed_at, error
    from stripe_events
   where ${subject} in (select :orderId::text
           union all select provider_id from payments where order_id = :orderId
           union all select session_id from checkout_attempts
                      where order_id = :orderId and session_id is not null)
   order by received_at`,
  messages: `select id, queue, name, created_at, dispatched_at, done_at, dead_at, error,
           trace ->> 'traceparent' as trace
    from outbox where payload ? 'orderId' and payload ->> 'orderId' = :orderId::text
   order by created_at`,
  transfers: `select f.id, f.state, k.serial, f.created_at, f.ended_at
    from transfers f join tickets k on k.id = f.ticket_id
   where k.order_id = :orderId order by f.created_at`,
  scans: `select c.id, k.serial, c.gate, c.direction, c.outcome, c.at, c.undone_at
    from check_ins c join tickets k on k.id = c.ticket_id
   where k.order_id = :orderId order by c.at`,
  incidents: `select id, kind, message, opened_at, resolved_at
    from incidents
   where id in (select id from incidents where object_type = 'order' and object_id = :orderId::text
          union all select id from incidents
                     where details ? 'orderId' and details ->> 'orderId' = :orderId::text)
   order by opened_at`,
  acts: `select a.at, a.actor_type, a.actor_id, a.action,
           coalesce((select name from users where a.actor_type = 'user' and id::text = a.actor_id),
                    (select name from api_keys where a.actor_type = 'api_key' and id::text = a.actor_id))
             as actor
    from audit_log a
   where (a.object_type = 'order' and a.object_id = :orderId::text)
      or (a.object_type = 'refund'
          and a.object_id in (select id::text from refunds where order_id = :orderId))
   order by a.id`,
};

const sql = `select ${Object.entries(lists)
  .map(
    ([name, list]) =>
      `(select coalesce(jsonb_agg(r), '[]') from (${list} limit ${listMax}) r) as ${name}`,
  )
  .join(',\n')}`;

/**
 * What happened to an order, for support: one statement, so that all of it is of one moment. It
 * holds no payload and no secret; each list is bounded and oldest first.
 */
export async function readOrderStory(executor: Executor, orderId: string): Promise<OrderStory> {
  // knex reads a bare ? as a binding.
  const { rows } = await executor.raw(sql.replaceAll('?', '\\?'), { orderId });
  return z.object(story).parse(rows[0]);
}
