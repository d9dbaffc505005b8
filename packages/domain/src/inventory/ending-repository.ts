import assert from 'node:assert/strict';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';

/**
 * Ends one hold that may end: deadline passed or given back. A pinned hold does not. Returns
 * whether this call ended it.
 */
export async function endHold(tx: Transaction, holdId: string): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update ticket_holds
        set status = case when release_requested_at is null then 'expired' else 'released' end,
            ended_at = clock_timestamp()
      where id = :holdId and status = 'active'
        and (expires_at <= clock_timestamp() or release_requested_at is not null)`,
    { holdId },
  );
  return rowCount === 1;
}

/** Ends a hold that money pinned: its order gets no tickets. Compare-and-set under the order's lock. */
export async function releasePinnedHold(tx: Transaction, holdId: string): Promise<void> {
  const { rowCount } = await tx.raw(
    `update ticket_holds
        set status = 'released', ended_at = clock_timestamp()
      where id = :holdId and status = 'active' and expires_at = 'infinity'`,
    { holdId },
  );
  assert.equal(rowCount, 1, `hold ${holdId} is not pinned`);
}

/** Marks a hold as given back; who has a page open gets it closed by the sweep first. */
export async function markHoldGivenBack(tx: Transaction, holdId: string): Promise<void> {
  await tx.raw(
    `update ticket_holds
        set release_requested_at = coalesce(release_requested_at, clock_timestamp())
      where id = :holdId and status = 'active' and expires_at <> 'infinity'`,
    { holdId },
  );
}

/**
 * Marks holds of an event as given back: nobody can go to it any more. Those that money pinned are left
 * to settling. Returns how many there were, up to `limit`.
 */
export async function giveBackHoldsOf(
  tx: Transaction,
  of: { readonly eventId: string; readonly limit: number },
): Promise<number> {
  const { rowCount } = await tx.raw(
    `with due as (
       select id from ticket_holds
        where event_id = :eventId and status = 'active' and release_requested_at is null
          and expires_at <> 'infinity'
        order by id
        limit :limit
          for update
     )
     update ticket_holds h
        set release_requested_at = clock_timestamp()
       from due
      where h.id = due.id`,
    of,
  );
  return rowCount;
}

/** Why a hold that never went to checkout ends. Each has an index of its own, read from its start. */
const dueWhen = {
  // now() and not clock_timestamp(): only a time that stands still can bound an index scan.
  expired: { condition: 'expires_at <= now()', order: 'expires_at' },
  givenBack: { condition: 'release_requested_at is not null', order: 'id' },
} as const;

/**
 * Frees due holds that never went to checkout, in one statement for any number up to `limit`.
 * Rows that somebody else holds are left for the next round.
 */
export async function endDueHoldsWithoutOrder(
  tx: Transaction,
  due: { readonly why: keyof typeof dueWhen; readonly limit: number },
): Promise<number> {
  const { condition, order } = dueWhen[due.why];
  const { rowCount } = await tx.raw(
    `with due as (
       select id from ticket_holds
        where status = 'active' and order_id is null and ${condition}
        order by ${order}
        limit :limit
          for update skip locked
     )
     update ticket_holds h
        set status = case when release_requested_at is null then 'expired' else 'released' end,
            ended_at = clock_timestamp()
       from due
      where h.id = due.id`,
    { limit: due.limit },
  );
  return rowCount;
}

/** Due holds whose order may have a payment page open, oldest first. */
export async function listDueHoldsWithOrder(
  executor: Executor,
  limit: number,
): Promise<{ holdId: string; orderId: string }[]> {
  const { rows } = await executor.raw(
    `select id as "holdId", order_id as "orderId"
       from ticket_holds
      where status = 'active' and order_id is not null
        and (expires_at <= clock_timestamp() or release_requested_at is not null)
      order by expires_at
      limit :limit`,
    { limit },
  );
  return z.array(z.object({ holdId: z.uuid(), orderId: z.uuid() })).parse(rows);
}
