import assert from 'node:assert/strict';
import type { Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { resolveIncidentsOf } from '#incidents/incident-repository';
import { releasePinnedHold } from '#inventory/ending-repository';
import type { Order } from '#orders/order';
import { givenUp } from './refundable-payment-repository.ts';
import { requestAgain } from './retry-repository.ts';
import type { RefundTarget } from './wallet-refund-repository.ts';

/**
 * Ends a paid order that never got its tickets: its seats are free, whatever was still to issue them finds
 * nothing to do, and what of its money had failed to go back is asked for again. The caller holds the locks
 * of the order, of its hold and of its payments, and refunds the rest in the same transaction (ADR 0030).
 */
export async function giveUpOrder(
  tx: Transaction,
  { order, to }: { readonly order: Order; readonly to: RefundTarget },
): Promise<void> {
  await releasePinnedHold(tx, order.holdId);
  await cancelPaidOrder(tx, order.id);
  await tx.raw(
    `update payments
        set disposition = 'refund', disposition_reason = '${givenUp}'
      where order_id = :orderId and disposition = 'tickets'`,
    { orderId: order.id },
  );
  await answerQuestions(tx, { order, to });
}

/** Compare-and-set under the lock, so a miss is a bug and not a lost race. */
async function cancelPaidOrder(tx: Transaction, orderId: string): Promise<void> {
  const { rowCount } = await tx.raw(
    `update orders
        set status = 'cancelled', paid_at = null, ended_at = clock_timestamp()
      where id = :orderId and status = 'paid'`,
    { orderId },
  );
  assert.equal(rowCount, 1, `order ${orderId} is not paid`);
}

const questionRow = z.object({ id: z.uuid(), isOwed: z.boolean() });

/**
 * Nobody need say any more of which tickets a refund of the Dashboard was, or press again for one that failed.
 * Where the money of that went back in another way, a person writes it off.
 */
async function answerQuestions(
  tx: Transaction,
  { order, to }: { readonly order: Order; readonly to: RefundTarget },
): Promise<void> {
  const { rows } = await tx.raw(
    `select id, status = 'failed' as "isOwed"
       from refunds
      where order_id = :orderId
        and case status when 'failed' then replaced_at is null else kind = 'external' end
      order by created_at, id`,
    { orderId: order.id },
  );
  for (const { id, isOwed } of z.array(questionRow).parse(rows)) {
    if (isOwed) {
      await requestAgain(tx, { order, refundId: id, to });
    } else {
      await resolveIncidentsOf(tx, { objectType: 'refund', objectId: id });
    }
  }
}
