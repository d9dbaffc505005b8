import { randomUUID } from 'node:crypto';
import type { Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { Order } from '#orders/order';
import { enqueue } from '#outbox/outbox-repository';
import { insertEmail } from './email-repository.ts';

/** Confirmations of one order within an hour, the first included: a button is not a mail bomb. */
export const confirmationsPerHour = 4;

/**
 * Owes the buyer another confirmation, to the address of the order only; under the same key, the same one.
 * Undefined when that would be too many within the hour.
 */
export async function sendConfirmationAgain(
  tx: Transaction,
  order: Pick<Order, 'id' | 'organizationId'> & { readonly buyerEmail: string },
  key: string = randomUUID(),
): Promise<string | undefined> {
  await tx.raw('select 1 from orders where id = :orderId for no key update', { orderId: order.id });
  const dedupeKey = `order_confirmation/${order.id}/${key}`;
  const { rows } = await tx.raw(
    `select count(*) filter (where created_at > clock_timestamp() - interval '1 hour')::int as sent,
            min(id::text) filter (where dedupe_key = :dedupeKey) as same
       from emails
      where order_id = :orderId and kind = 'order_confirmation'`,
    { orderId: order.id, dedupeKey },
  );
  const { sent, same } = z.object({ sent: z.int(), same: z.uuid().nullable() }).parse(rows[0]);
  if (same !== null) {
    return same;
  }
  if (sent >= confirmationsPerHour) {
    return undefined;
  }
  const emailId = await insertEmail(tx, {
    organizationId: order.organizationId,
    orderId: order.id,
    kind: 'order_confirmation',
    dedupeKey,
    recipient: order.buyerEmail,
  });
  if (emailId !== undefined) {
    await enqueue(tx, 'email.send', { emailId });
  }
  return emailId;
}
