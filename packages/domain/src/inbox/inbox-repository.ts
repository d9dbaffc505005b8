import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { enqueue } from '#outbox/outbox-repository';
import { decideStripeEvent, type StripeEvent, type StripeEventDecision } from './stripe-event.ts';

/** How an event reached us: pushed and signed, or read from Stripe's list. */
export type EventSource = 'webhook' | 'poll';

/**
 * Stores an event by Stripe's own id, as processed when nothing follows from it. Of two deliveries at once the second waits for the first and
 * then finds it known; after a rollback it stores it itself.
 */
export async function storeStripeEvent(
  tx: Transaction,
  event: StripeEvent,
  source: EventSource,
): Promise<'stored' | 'known'> {
  const { rowCount } = await tx.raw(
    `insert into stripe_events (id, type, api_version, livemode, stripe_account, source, payload,
                                created_at, processed_at)
     values (:id, :type, :apiVersion, :livemode, :account, :source, :payload::jsonb,
             to_timestamp(:created), case when :isIgnored then clock_timestamp() end)
     on conflict (id) do nothing`,
    {
      id: event.id,
      type: event.type,
      apiVersion: event.api_version ?? null,
      livemode: event.livemode,
      account: event.account ?? null,
      source,
      payload: toStorableJson(event),
      created: event.created,
      isIgnored: decideStripeEvent(event).kind === 'ignore',
    },
  );
  return rowCount === 1 ? 'stored' : 'known';
}

/**
 * What jsonb refuses inside valid JSON: NUL, and half a surrogate pair. A buyer can type either
 * into Stripe's page, and an event we cannot store would be a payment without tickets. An escaped
 * backslash is matched first, so that a literal `\u0000` in a text stays.
 */
function toStorableJson(value: unknown): string {
  return JSON.stringify(value).replace(/\\\\|\\u0000|\\ud[89a-f][0-9a-f]{2}/g, (found) =>
    found === '\\\\' ? found : '\ufffd',
  );
}

export type ReceivedEvent =
  | { readonly outcome: 'known' }
  | { readonly outcome: 'stored'; readonly decision: StripeEventDecision };

/**
 * Takes one event in: stored once, with the message that it causes in the same transaction. What
 * causes nothing is kept as processed. Webhooks and the reconciler both come through here.
 */
export async function receiveStripeEvent(
  tx: Transaction,
  event: StripeEvent,
  source: EventSource,
): Promise<ReceivedEvent> {
  if ((await storeStripeEvent(tx, event, source)) === 'known') {
    return { outcome: 'known' };
  }
  const decision = decideStripeEvent(event);
  if (decision.kind === 'enqueue') {
    await enqueue(tx, decision.name, decision.payload);
  }
  return { outcome: 'stored', decision };
}

/** Closes an event. The first closing stays: a second consumer of it changes nothing. */
export async function markStripeEventProcessed(
  executor: Executor,
  eventId: string,
  error?: string,
): Promise<void> {
  await executor.raw(
    `update stripe_events
        set processed_at = clock_timestamp(), error = :error
      where id = :eventId and processed_at is null`,
    { eventId, error: error?.replaceAll('\0', '').slice(0, 2_000) ?? null },
  );
}

const storedRow = z.object({
  payload: z.unknown(),
  receivedAt: z.date(),
  ageMs: z.int(),
});
export type StoredStripeEvent = z.output<typeof storedRow>;

/**
 * A stored event and its age by the database's clock, counted from when Stripe made it or we got
 * it, whichever is longer ago: one that was delivered late is late evidence.
 */
export async function findStripeEvent(
  executor: Executor,
  eventId: string,
): Promise<StoredStripeEvent | undefined> {
  const { rows } = await executor.raw(
    `select payload, received_at as "receivedAt",
            (extract(epoch from clock_timestamp() - least(created_at, received_at)) * 1000)::bigint
              as "ageMs"
       from stripe_events
      where id = :eventId`,
    { eventId },
  );
  return rows[0] === undefined ? undefined : storedRow.parse(rows[0]);
}

/** Deletes a batch of processed events, of each inbox, past their retention. */
export async function deleteOldEvents(tx: Transaction, limit: number): Promise<number> {
  let deleted = 0;
  for (const table of ['stripe_events', 'resend_events'] as const) {
    const { rowCount } = await tx.raw(
      `delete from :table:
        where id in (select id
                       from :table:
                      where received_at < now() - interval '35 days'
                        and processed_at is not null
                      order by received_at
                      limit :limit)`,
      { table, limit },
    );
    deleted += z.int().parse(rowCount);
  }
  return deleted;
}
