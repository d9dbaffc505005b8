import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import type { Order } from '#orders/order';
import { enqueue } from '#outbox/outbox-repository';
import { insertEmail } from './email-repository.ts';

/** Confirmations of one order within an hour, the first included: a button is not a mail bomb. */
export const confirmationsPerHour = 4;

export interface OwedConfirmation {
  readonly kind: 'owed';
  readonly emailId: string;
  /** False when the key has asked for it before. */
  readonly isNew: boolean;
}

export type ConfirmationAgain =
  | OwedConfirmation
  | { readonly kind: 'too_many' }
  /** Who bought it was forgotten, maybe while this waited for the order. */
  | { readonly kind: 'no_address' };

/**
 * Owes the buyer another confirmation, under the same key the same one, to the address that the order has
 * under its lock: what was read before may be that of somebody who was forgotten since.
 */
export async function sendConfirmationAgain(
  tx: Transaction,
  order: Pick<Order, 'id' | 'organizationId'>,
  key: string = randomUUID(),
): Promise<ConfirmationAgain> {
  const { rows: locked } = await tx.raw(
    'select buyer_email as recipient from orders where id = :orderId for no key update',
    { orderId: order.id },
  );
  const { recipient } = z.object({ recipient: z.string().nullable() }).parse(locked[0]);
  if (recipient === null) {
    return { kind: 'no_address' };
  }
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
    return { kind: 'owed', emailId: same, isNew: false };
  }
  if (sent >= confirmationsPerHour) {
    return { kind: 'too_many' };
  }
  const emailId = await insertEmail(tx, {
    organizationId: order.organizationId,
    orderId: order.id,
    kind: 'order_confirmation',
    dedupeKey,
    recipient,
  });
  assert.ok(emailId, 'a confirmation was owed twice under one key');
  await enqueue(tx, 'email.send', { emailId });
  return { kind: 'owed', emailId, isNew: true };
}
