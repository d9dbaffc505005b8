import assert from 'node:assert/strict';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';

/** Says of an order why it costs nothing. */
export async function markComplimentary(
  tx: Transaction,
  order: { readonly orderId: string; readonly reason: string },
): Promise<void> {
  const { rowCount } = await tx.raw(
    `update orders set complimentary_reason = :reason where id = :orderId and status = 'pending'`,
    order,
  );
  assert.equal(rowCount, 1, `order ${order.orderId} is not pending`);
}

const keyedRow = z.object({ orderId: z.uuid(), requestHash: z.string() });

/** The order that this key made, whoever asked for it. */
export async function findOrderByKey(
  executor: Executor,
  key: string,
): Promise<z.output<typeof keyedRow> | undefined> {
  const { rows } = await executor.raw(
    `select id as "orderId", checkout_hash as "requestHash" from orders where checkout_key = :key`,
    { key },
  );
  return keyedRow.optional().parse(rows[0]);
}
