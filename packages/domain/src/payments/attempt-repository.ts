import assert from 'node:assert/strict';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { CheckoutAttempt } from './payment.ts';

const attemptRow = z
  .object({
    id: z.uuid(),
    order_id: z.uuid(),
    state: z.enum(['creating', 'open', 'completed', 'paid', 'expired', 'failed', 'superseded']),
    livemode: z.boolean(),
    expected_amount_cents: z.int(),
    currency: z.string(),
    parameters: z.unknown(),
    expires_at: z.date(),
    session_id: z.string().nullable(),
    url: z.string().nullable(),
    leased: z.boolean(),
    beyond_page: z.boolean(),
  })
  .transform(
    (row): CheckoutAttempt => ({
      id: row.id,
      orderId: row.order_id,
      state: row.state,
      livemode: row.livemode,
      expectedAmountCents: row.expected_amount_cents,
      currency: row.currency,
      parameters: row.parameters,
      expiresAt: row.expires_at,
      sessionId: row.session_id,
      url: row.url,
      isLeased: row.leased,
      isBeyondPage: row.beyond_page,
    }),
  );

const columns = `id, order_id, state, livemode, expected_amount_cents, currency, parameters,
  expires_at, session_id, url, leased_until > clock_timestamp() as leased,
  expires_at + interval '5 minutes' < clock_timestamp() as beyond_page`;

function toAttempt(rows: readonly unknown[]): CheckoutAttempt | undefined {
  return rows[0] === undefined ? undefined : attemptRow.parse(rows[0]);
}

/** The one attempt of an order that can still become a payment. */
export async function findOpenAttempt(
  executor: Executor,
  orderId: string,
): Promise<CheckoutAttempt | undefined> {
  const { rows } = await executor.raw(
    `select ${columns}
       from checkout_attempts
      where order_id = :orderId and state in ('creating', 'open', 'completed')`,
    { orderId },
  );
  return toAttempt(rows);
}

/**
 * The attempt a session belongs to: by its id, or by the attempt named in its metadata when the
 * answer that would have told us the id was lost.
 */
export async function findAttemptOfSession(
  executor: Executor,
  session: {
    readonly orderId: string;
    readonly sessionId: string;
    readonly attemptId: string | undefined;
  },
): Promise<CheckoutAttempt | undefined> {
  const { rows } = await executor.raw(
    `select ${columns}
       from checkout_attempts
      where order_id = :orderId
        and (session_id = :sessionId or (session_id is null and id::text = :attemptId))
      order by session_id nulls last
      limit 1`,
    { ...session, attemptId: session.attemptId ?? null },
  );
  return toAttempt(rows);
}

/** Sessions of an order, newest first: what a return page asks to be settled. */
export async function findLatestSession(
  executor: Executor,
  orderId: string,
): Promise<string | undefined> {
  const { rows } = await executor.raw(
    `select session_id as "sessionId"
       from checkout_attempts
      where order_id = :orderId and session_id is not null
      order by created_at desc
      limit 1`,
    { orderId },
  );
  return z.object({ sessionId: z.string() }).optional().parse(rows[0])?.sessionId;
}

/** Intent before the call: everything Stripe will be sent. The database's clock sets the end. */
export async function insertAttempt(
  tx: Transaction,
  attempt: {
    readonly attemptId: string;
    readonly orderId: string;
    readonly livemode: boolean;
    readonly expectedAmountCents: number;
    readonly currency: string;
    readonly parameters: unknown;
    readonly expiresAt: Date;
  },
): Promise<void> {
  await tx.raw(
    `insert into checkout_attempts (id, order_id, livemode, expected_amount_cents, currency,
                                    parameters, expires_at)
     values (:attemptId, :orderId, :livemode, :expectedAmountCents, :currency,
             :parameters::jsonb, :expiresAt)`,
    { ...attempt, parameters: JSON.stringify(attempt.parameters) },
  );
}

/** When a page opened now will close, by the database's clock. */
export async function pageEnd(executor: Executor, minutes: number): Promise<Date> {
  const { rows } = await executor.raw(
    'select clock_timestamp() + make_interval(mins => :minutes::integer) as "expiresAt"',
    { minutes },
  );
  return z.object({ expiresAt: z.date() }).parse(rows[0]).expiresAt;
}

/** Takes over an attempt whose asker died or failed. Compare-and-set on the lease. */
export async function leaseAttempt(tx: Transaction, attemptId: string): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update checkout_attempts
        set leased_until = clock_timestamp() + interval '30 seconds'
      where id = :attemptId and state = 'creating' and leased_until <= clock_timestamp()`,
    { attemptId },
  );
  return rowCount === 1;
}

/** The call failed without an answer: the next request may carry on at once. */
export async function releaseAttempt(executor: Executor, attemptId: string): Promise<void> {
  await executor.raw(
    `update checkout_attempts
        set leased_until = clock_timestamp()
      where id = :attemptId and state = 'creating'`,
    { attemptId },
  );
}

/** Stripe answered. False when the attempt was closed meanwhile: then the page must be, too. */
export async function markAttemptOpen(
  tx: Transaction,
  attempt: { readonly attemptId: string; readonly sessionId: string; readonly url: string | null },
): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update checkout_attempts
        set state = 'open', session_id = :sessionId, url = :url
      where id = :attemptId and state = 'creating'`,
    attempt,
  );
  return rowCount === 1;
}

/** Complete but unpaid: the money is on its way, which can take days. */
export async function markAttemptCompleted(
  tx: Transaction,
  attempt: { readonly attemptId: string; readonly sessionId: string },
): Promise<void> {
  await tx.raw(
    `update checkout_attempts
        set state = 'completed', session_id = :sessionId
      where id = :attemptId and state in ('creating', 'open')`,
    attempt,
  );
}

/**
 * Ends an attempt. A paid one may have been closed before (late money), so 'paid' is set from any
 * state; other ends only from an open one.
 */
export async function closeAttempt(
  tx: Transaction,
  attempt: {
    readonly attemptId: string;
    readonly as: 'paid' | 'expired' | 'failed' | 'superseded';
    readonly sessionId?: string;
  },
): Promise<void> {
  const { rowCount } = await tx.raw(
    `update checkout_attempts
        set state = :as, session_id = coalesce(session_id, :sessionId),
            closed_at = coalesce(closed_at, clock_timestamp())
      where id = :attemptId
        and (state in ('creating', 'open', 'completed') or :as = 'paid')`,
    { attemptId: attempt.attemptId, as: attempt.as, sessionId: attempt.sessionId ?? null },
  );
  assert.ok(rowCount <= 1);
}

/**
 * Open pages nobody told us about for too long, to be read back at Stripe. Each is put off further
 * every time: two minutes, doubling, at most an hour.
 */
export async function takeAttemptsToCheck(
  tx: Transaction,
  limit: number,
): Promise<{ orderId: string; sessionId: string }[]> {
  const { rows } = await tx.raw(
    `with due as (
       select id from checkout_attempts
        where state in ('open', 'completed') and next_check_at <= clock_timestamp()
        order by next_check_at
        limit :limit
          for update skip locked
     )
     update checkout_attempts a
        set checks = a.checks + 1,
            next_check_at = clock_timestamp()
              + least(interval '2 minutes' * power(2, least(a.checks + 1, 10)), interval '1 hour')
       from due
      where a.id = due.id
      returning a.order_id as "orderId", a.session_id as "sessionId"`,
    { limit },
  );
  return z.array(z.object({ orderId: z.uuid(), sessionId: z.string() })).parse(rows);
}
