import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';
import { type OrderStory, story, storyMax } from './order-story.ts';

/** What an event of Stripe's is about: as the index on it says it. */
const subject = `coalesce(payload #>> '{data,object,client_reference_id}',
  payload #>> '{data,object,payment_intent}', payload #>> '{data,object,id}')`;

/** The order's own rows, by which others name it. */
const its = `
  its_mails as materialized (
    select id, provider_id from emails where order_id = :orderId
     union
    select m.id, m.provider_id
      from emails m
      join transfers x on x.id = m.transfer_id
      join tickets k on k.id = x.ticket_id
     where k.order_id = :orderId),
  its_mail_events as materialized (
    select id from resend_events
     where payload #>> '{data,email_id}' in (select provider_id from its_mails)),
  its_subjects as materialized (
    select :orderId::text as subject
     union all select provider_id from payments where order_id = :orderId
     union all select id::text from refunds where order_id = :orderId
     union all select id from disputes where order_id = :orderId
     union all select payload #>> '{data,object,id}' from stripe_events
                where type like 'charge.dispute.%'
                  and ${subject} in (select provider_id from payments where order_id = :orderId)
     union all select id::text from its_mails
     union all select id from its_mail_events),
  its_messages as materialized (
    select id from outbox where subject_of(payload) in (select subject from its_subjects)),
  its_incidents as materialized (
    select id from incidents where object_type = 'order' and object_id = :orderId::text
     union
    select id from incidents where details ? 'orderId' and details ->> 'orderId' = :orderId::text),
  its_objects as materialized (
    select 'order' as type, :orderId::text as id
     union all select 'refund', id::text from refunds where order_id = :orderId
     union all select 'payment', id::text from payments where order_id = :orderId
     union all select 'dispute', id from disputes where order_id = :orderId
     union all select 'message', id::text from its_messages
     union all select 'incident', id::text from its_incidents)`;

/** Where each list of the story comes from, and by which of its columns it is in order. */
const lists: Readonly<Record<keyof OrderStory, { readonly rows: string; readonly by: string }>> = {
  holds: {
    by: 'created_at',
    rows: `select id, status, created_at, expires_at, ended_at
      from ticket_holds where order_id = :orderId`,
  },
  attempts: {
    by: 'created_at',
    rows: `select id, state, session_id, expected_amount_cents, created_at, closed_at, checks
      from checkout_attempts where order_id = :orderId`,
  },
  payments: {
    by: 'created_at',
    rows: `select id, provider, provider_id, session_id, amount_cents, currency, disposition,
             disposition_reason, created_at
      from payments where order_id = :orderId`,
  },
  refunds: {
    by: 'created_at',
    rows: `select id, amount_cents, currency, kind, reason, status, failure, created_at, ended_at
      from refunds where order_id = :orderId`,
  },
  disputes: {
    by: 'created_at',
    rows: `select id, amount_cents, currency, phase, reason, created_at
      from disputes where order_id = :orderId`,
  },
  emails: {
    by: 'created_at',
    rows: `select id, kind, status, provider_id, error, fate_reason, created_at, sent_at, delivered_at
      from emails where id in (select id from its_mails)`,
  },
  events: {
    by: 'received_at',
    rows: `select id, type, source, created_at, received_at, processed_at, error
      from stripe_events
     where ${subject} in (select subject from its_subjects
             union all select session_id from checkout_attempts
                        where order_id = :orderId and session_id is not null)`,
  },
  mail_events: {
    by: 'received_at',
    rows: `select id, type, received_at, processed_at, error
      from resend_events where id in (select id from its_mail_events)`,
  },
  messages: {
    by: 'created_at',
    rows: `select m.id, m.queue, m.name, m.created_at, m.dispatched_at, m.done_at, m.dead_at, m.error,
             m.trace ->> 'traceparent' as trace,
             (select coalesce(jsonb_agg(a order by a.at), '[]')
                from (select at, last_at, attempt, outcome, error, times
                        from message_attempts where message_id = m.id
                       order by at desc limit 20) a) as attempts
      from outbox m where m.id in (select id from its_messages)`,
  },
  transfers: {
    by: 'created_at',
    rows: `select f.id, f.state, k.serial, f.created_at, f.ended_at
      from transfers f join tickets k on k.id = f.ticket_id where k.order_id = :orderId`,
  },
  scans: {
    by: 'at',
    rows: `select c.id, k.serial, c.gate, c.direction, c.outcome, c.at, c.undone_at
      from check_ins c join tickets k on k.id = c.ticket_id where k.order_id = :orderId`,
  },
  incidents: {
    by: 'opened_at',
    rows: `select id, kind, object_type, object_id, message, opened_at, resolved_at
      from incidents where id in (select id from its_incidents)`,
  },
  acts: {
    by: 'at',
    rows: `select a.at, a.actor_type, a.actor_id, a.action, a.object_type,
             (select details from audit_details where audit_id = a.id) as details,
             coalesce((select name from users where a.actor_type = 'user' and id::text = a.actor_id),
                      (select name from api_keys
                        where a.actor_type = 'api_key' and id::text = a.actor_id)) as actor
      from its_objects o
      join audit_log a on a.object_type = o.type and a.object_id = o.id`,
  },
};

const sql = `with ${its}
select ${Object.entries(lists)
  .map(
    ([name, { rows, by }]) => `(select coalesce(jsonb_agg(r order by r.${by}), '[]')
   from (select * from (${rows}) l order by ${by} desc limit ${storyMax}) r) as ${name}`,
  )
  .join(',\n')}`;

/**
 * What happened to an order, for support: one statement, so that all of it is of one moment. It
 * holds no payload and no secret.
 */
export async function readOrderStory(executor: Executor, orderId: string): Promise<OrderStory> {
  // knex reads a bare ? as a binding.
  const { rows } = await executor.raw(sql.replaceAll('?', '\\?'), { orderId });
  return z.object(story).parse(rows[0]);
}
