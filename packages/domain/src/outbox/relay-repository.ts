import type { Executor, Transaction } from '@liventix/shared/db';
import { traceCarrier } from '@liventix/shared/telemetry/tracing';
import { z } from 'zod';
import type { OutboxMessage } from './outbox-repository.ts';

const messageRows = z.array(
  z.object({
    id: z.uuid(),
    queue: z.string(),
    name: z.string(),
    payload: z.unknown(),
    trace: traceCarrier.nullish().transform((trace) => trace ?? undefined),
  }),
);

/**
 * Leases messages that never reached Redis. The lease outlives one send, which is bounded to three
 * calls to Redis of a second each, so that two relays do not send the same row; and it ends by
 * itself soon enough for what a dead relay had taken to be on its way within ten seconds. Ids are
 * those read: their order is not the order of commits. Materialized, for a plan that repeats the
 * subquery leases beyond the limit.
 */
export async function claimUndispatched(
  tx: Transaction,
  options: { readonly limit: number; readonly olderThanMs: number },
): Promise<OutboxMessage[]> {
  const { rows } = await tx.raw(
    `with due as materialized (
       select id
         from outbox
        where dispatched_at is null and done_at is null and dead_at is null
          and created_at <= clock_timestamp() - make_interval(secs => :olderThanS)
          and (leased_until is null or leased_until <= clock_timestamp())
        order by created_at
        limit :limit
          for update skip locked
     )
     update outbox o
        set leased_until = clock_timestamp() + interval '5 seconds'
       from due
      where o.id = due.id
     returning o.id, o.queue, o.name, o.payload, o.trace`,
    { limit: options.limit, olderThanS: options.olderThanMs / 1_000 },
  );
  return messageRows.parse(rows);
}

/**
 * Messages Redis took a while ago whose work is not done, a page at a time from the newest id of
 * the page before. Whether they still exist there is for the caller to ask.
 */
export async function listDispatchedOpen(
  executor: Executor,
  page: { readonly limit: number; readonly olderThanMs: number; readonly afterId: string },
): Promise<OutboxMessage[]> {
  const { rows } = await executor.raw(
    `select id, queue, name, payload, trace
       from outbox
      where dispatched_at < clock_timestamp() - make_interval(secs => :olderThanS)
        and done_at is null and dead_at is null and id > :afterId
      order by id
      limit :limit`,
    { limit: page.limit, olderThanS: page.olderThanMs / 1_000, afterId: page.afterId },
  );
  return messageRows.parse(rows);
}

/**
 * Which of these messages no consumer has closed as of now. Asked after their states in Redis: a
 * message that is gone there and still open here is lost, not just finished in between.
 */
export async function listStillOpen(
  executor: Executor,
  messageIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await executor.raw(
    `select id
       from outbox
      where id = any (:messageIds::uuid[]) and done_at is null and dead_at is null`,
    { messageIds: [...messageIds] },
  );
  const open = z.array(z.object({ id: z.uuid() })).parse(rows);
  return new Set(open.map((row) => row.id));
}

/** What gauges show: how many messages stand where, and the age of the oldest open one. */
const lagRow = z.object({
  undispatched: z.int(),
  dispatched: z.int(),
  dead: z.int(),
  oldestOpenMs: z.int(),
});
export type OutboxLag = z.output<typeof lagRow>;

export async function readOutboxLag(executor: Executor): Promise<OutboxLag> {
  const { rows } = await executor.raw(
    `select u.count as undispatched, d.count as dispatched,
            (select count(*) from outbox where dead_at is not null) as dead,
            coalesce(extract(epoch from clock_timestamp() - least(u.oldest, d.oldest)) * 1000, 0)
              ::bigint as "oldestOpenMs"
       from (select count(*), min(created_at) as oldest
               from outbox
              where dispatched_at is null and done_at is null and dead_at is null) u,
            (select count(*), min(created_at) as oldest
               from outbox
              where dispatched_at is not null and done_at is null and dead_at is null) d`,
  );
  return lagRow.parse(rows[0]);
}

/**
 * Deletes one batch of done rows past their retention; dead ones stay. It walks the primary key,
 * whose UUIDv7 begin with the time they were made, so no index is kept for it alone.
 */
export async function deleteOldMessages(tx: Transaction, limit: number): Promise<number> {
  const { rowCount } = await tx.raw(
    `with bound as (
       select clock_timestamp() - interval '35 days' as at
     ), old as materialized (
       select id
         from outbox
        where id < (select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
                            || repeat('0', 20))::uuid from bound)
          and done_at < (select at from bound)
        order by id
        limit :limit
          for update skip locked
     ), tries as (
       delete from message_attempts a using old where a.message_id = old.id
     )
     delete from outbox o
      using old
      where o.id = old.id`,
    { limit },
  );
  return z.int().parse(rowCount);
}
