import type { Executor, Transaction } from '@liventix/shared/db';
import type { TraceCarrier } from '@liventix/shared/telemetry/tracing';
import { z } from 'zod';
import { enqueueAll } from '#outbox/outbox-repository';
import { impersonal } from './impersonal.ts';
import { observeProcessed } from './processing-repository.ts';
import { decideStripeEvent, type StripeEvent, type StripeEventDecision } from './stripe-event.ts';

/** How an event reached us: pushed and signed, or read from Stripe's list. */
export type EventSource = 'webhook' | 'poll';

/** An event as it came in, with the trace that its message is to carry. */
export interface Arrival {
  readonly event: StripeEvent;
  readonly source: EventSource;
  readonly trace?: TraceCarrier | undefined;
}

/**
 * Stores events by Stripe's own id, as processed when nothing follows from them, and returns the
 * ids that were new. Of two deliveries at once the second waits for the first and then finds it
 * known; after a rollback it stores it itself. In the order of ids, so that two batches that share
 * several of them wait for each other one way. Whom an event names is not kept.
 */
async function storeStripeEvents(
  tx: Transaction,
  arrivals: readonly Arrival[],
): Promise<ReadonlySet<string>> {
  const rows = arrivals.map(({ event, source }) => ({
    id: event.id,
    type: event.type,
    api_version: event.api_version ?? null,
    livemode: event.livemode,
    account: event.account ?? null,
    source,
    payload: impersonal(event),
    created: event.created,
    is_ignored: decideStripeEvent(event).kind === 'ignore',
  }));
  const { rows: stored } = await tx.raw(
    `insert into stripe_events (id, type, api_version, livemode, stripe_account, source, payload,
                                created_at, processed_at)
     select e.id, e.type, e.api_version, e.livemode, e.account, e.source, e.payload,
            to_timestamp(e.created), case when e.is_ignored then clock_timestamp() end
       from json_to_recordset(:rows::json)
         as e (id text, type text, api_version text, livemode boolean, account text, source text,
               payload jsonb, created bigint, is_ignored boolean)
      order by e.id
     on conflict (id) do nothing
     returning id`,
    { rows: toStorableJson(rows) },
  );
  return new Set(stored.map((row: { id: string }) => row.id));
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
 * Takes events in: each stored once, with the message that it causes in the same transaction. What
 * causes nothing is kept as processed. Webhooks and the reconciler both come through here. Two
 * statements for any number; the answers stand in the order of the events.
 */
export async function receiveStripeEvents(
  tx: Transaction,
  arrivals: readonly Arrival[],
): Promise<ReceivedEvent[]> {
  const firsts = new Map<string, Arrival>();
  for (const arrival of arrivals) {
    if (!firsts.has(arrival.event.id)) {
      firsts.set(arrival.event.id, arrival);
    }
  }
  const stored = await storeStripeEvents(tx, [...firsts.values()]);
  const received = arrivals.map((arrival): ReceivedEvent => {
    const { id } = arrival.event;
    return stored.has(id) && firsts.get(id) === arrival
      ? { outcome: 'stored', decision: decideStripeEvent(arrival.event) }
      : { outcome: 'known' };
  });
  await enqueueAll(
    tx,
    received.flatMap((one, at) => {
      const trace = arrivals[at]?.trace;
      return one.outcome === 'stored' && one.decision.kind === 'enqueue'
        ? [{ name: one.decision.name, payload: one.decision.payload, trace }]
        : [];
    }),
  );
  return received;
}

/** Which of these events are stored. */
export async function findStoredEvents(
  executor: Executor,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await executor.raw(
    'select id from stripe_events where id = any (:eventIds::text[])',
    { eventIds: [...eventIds] },
  );
  return new Set(rows.map((row: { id: string }) => row.id));
}

/** Closes an event. The first closing stays: a second consumer of it changes nothing. */
export async function markStripeEventProcessed(
  tx: Transaction,
  eventId: string,
  error?: string,
): Promise<void> {
  const { rows } = await tx.raw(
    `update stripe_events
        set processed_at = clock_timestamp(), error = :error
      where id = :eventId and processed_at is null
     returning type, extract(epoch from processed_at - received_at)::float8 as seconds`,
    { eventId, error: error?.replaceAll('\0', '').slice(0, 2_000) ?? null },
  );
  observeProcessed(tx, 'stripe', rows);
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
