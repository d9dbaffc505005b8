import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

const listMax = 200;

const facts = z.array(z.record(z.string(), z.unknown()));

const story = z.object({
  attempts: facts,
  payments: facts,
  refunds: facts,
  emails: facts,
  events: facts,
  messages: facts,
  incidents: facts,
});
export type OrderStory = z.output<typeof story>;

/**
 * What happened to an order, for support: one statement, so that all of it is of one moment. It
 * holds no payload and no secret; each list is bounded and oldest first.
 */
export async function readOrderStory(executor: Executor, orderId: string): Promise<OrderStory> {
  const list = (columns: string, rest: string) =>
    `(select coalesce(jsonb_agg(r), '[]') from (select ${columns} ${rest} limit ${listMax}) r)`;
  const { rows } = await executor.raw(
    `select
       ${list('id, state, session_id, expected_amount_cents, created_at, closed_at, checks', 'from checkout_attempts where order_id = :orderId order by created_at')} as attempts,
       ${list('id, provider, provider_id, session_id, amount_cents, currency, disposition, disposition_reason, created_at', 'from payments where order_id = :orderId order by created_at')} as payments,
       ${list('r.id, r.amount_cents, r.currency, r.reason, r.status, r.created_at', 'from refunds r join payments p on p.id = r.payment_id where p.order_id = :orderId order by r.created_at')} as refunds,
       ${list('id, kind, status, provider_id, error, created_at, sent_at', 'from emails where order_id = :orderId order by created_at')} as emails,
       ${list('id, type, source, created_at, received_at, processed_at, error', "from stripe_events where payload -> 'data' -> 'object' ->> 'client_reference_id' = :orderId::text order by received_at")} as events,
       ${list('id, name, created_at, dispatched_at, done_at, dead_at, error', "from outbox where payload ->> 'orderId' = :orderId::text order by created_at")} as messages,
       ${list('id, kind, message, opened_at, resolved_at', "from incidents where (object_type = 'order' and object_id = :orderId::text) or details ->> 'orderId' = :orderId::text order by opened_at")} as incidents`,
    { orderId },
  );
  return story.parse(rows[0]);
}
