import type { Credential } from '@liventix/domain/access/repository';
import {
  type ConfirmationAgain,
  confirmationsPerHour,
  type OwedConfirmation,
  sendConfirmationAgain,
} from '@liventix/domain/emails/resend-repository';
import type { Order } from '@liventix/domain/orders';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';
import { erased, refuseErased } from '#orders/own-order';

/** Mails the confirmation of a fulfilled order again, once for each key. */
export async function resendConfirmation(
  deps: { readonly db: Database },
  credential: Credential,
  { order, key }: { readonly order: Order; readonly key: string | undefined },
): Promise<void> {
  refuseErased(order);
  if (order.status !== 'fulfilled' || order.buyerEmail === null) {
    throw new AppError('order.not_paid', {
      message: `Order ${order.number} has no tickets to mail.`,
      retry: 'permanent',
    });
  }
  await deps.db.inTransaction(async (tx) => {
    const { emailId, isNew } = owedOf(order, await sendConfirmationAgain(tx, order, key));
    if (!isNew) {
      return;
    }
    await recordAct(tx, credential, {
      action: 'order.resend_confirmation',
      objectType: 'order',
      objectId: order.id,
      facts: { emailId },
    });
  });
}

/** The mail that is owed, or why none is. */
export function owedOf(order: Order, again: ConfirmationAgain): OwedConfirmation {
  switch (again.kind) {
    case 'owed':
      return again;
    case 'too_many':
      throw new AppError('email.too_many', {
        message: `Order ${order.number} had ${confirmationsPerHour} confirmations within the hour. Wait a while.`,
        retry: 'permanent',
      });
    case 'no_address':
      throw erased(order);
    default:
      return again satisfies never;
  }
}
