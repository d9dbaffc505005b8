import type { Credential } from '@liventix/domain/access/repository';
import {
  confirmationsPerHour,
  sendConfirmationAgain,
} from '@liventix/domain/emails/resend-repository';
import type { Order } from '@liventix/domain/orders';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';
import { refuseErased } from '#orders/own-order';

/** Mails the confirmation of a fulfilled order again, once for each key. */
export async function resendConfirmation(
  deps: { readonly db: Database },
  credential: Credential,
  { order, key }: { readonly order: Order; readonly key: string | undefined },
): Promise<void> {
  refuseErased(order);
  const { buyerEmail } = order;
  if (order.status !== 'fulfilled' || buyerEmail === null) {
    throw new AppError('order.not_paid', {
      message: `Order ${order.number} has no tickets to mail.`,
      retry: 'permanent',
    });
  }
  await deps.db.inTransaction(async (tx) => {
    const emailId = await sendConfirmationAgain(tx, { ...order, buyerEmail }, key);
    if (emailId === undefined) {
      throw new AppError('email.too_many', {
        message: `Order ${order.number} had ${confirmationsPerHour} confirmations within the hour. Wait a while.`,
        retry: 'permanent',
      });
    }
    await recordAct(tx, credential, {
      action: 'order.resend_confirmation',
      objectType: 'order',
      objectId: order.id,
      facts: { emailId },
    });
  });
}
