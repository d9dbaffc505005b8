import type { Transaction } from '@liventix/shared/db';
import { buyerKey } from '#buyers/address';

/**
 * Another address to write to, for the order and the tickets that its buyer holds. Whom limits count
 * stays: a correction is no way round them.
 */
export async function correctBuyerEmail(
  tx: Transaction,
  order: { readonly orderId: string; readonly email: string },
): Promise<void> {
  await tx.raw('update orders set buyer_email = :email, corrected_key = :key where id = :orderId', {
    ...order,
    key: buyerKey(order.email),
  });
  await tx.raw(
    `update tickets set holder_email = :email
      where order_id = :orderId and transferred_at is null`,
    order,
  );
}
