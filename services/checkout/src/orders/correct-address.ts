import { isLost } from '@liventix/domain/emails/delivery';
import {
  findLastConfirmation,
  listLostConfirmations,
} from '@liventix/domain/emails/delivery-repository';
import { sendConfirmationAgain } from '@liventix/domain/emails/resend-repository';
import { resolveIncidentsOf } from '@liventix/domain/incidents/repository';
import type { Order } from '@liventix/domain/orders';
import { correctBuyerEmail } from '@liventix/domain/orders/address-repository';
import { lockOrder } from '@liventix/domain/orders/repository';
import type { Database } from '@liventix/shared/db';
import { refused } from '#holds/hold-errors';

/**
 * Another address for an order whose confirmation did not arrive, or that nobody has heard of for ten
 * minutes, and the tickets once more. An address
 * that works stays: whoever has the link must not be able to turn the mails away from the buyer.
 */
export async function correctAddress(
  deps: { readonly db: Database },
  correction: { readonly order: Order; readonly email: string },
): Promise<void> {
  const { order, email } = correction;
  await deps.db.inTransaction(async (tx) => {
    const locked = await lockOrder(tx, order.id);
    // Forgotten while this waited: the link that it came by opens nothing any more.
    if (locked?.tokenVersion !== order.tokenVersion) {
      throw refused('order.not_found', 'There is no such order.');
    }
    const last = await findLastConfirmation(tx, order.id);
    if (last === undefined || !(isLost(last.status) || last.isOverdue)) {
      throw refused(
        'order.address_works',
        'Mails to the address of this order arrive, or are on their way.',
      );
    }
    await correctBuyerEmail(tx, { orderId: order.id, email });
    const again = await sendConfirmationAgain(tx, order);
    if (again.kind !== 'owed') {
      throw refused('email.too_many', 'The tickets were mailed several times. Wait a while.');
    }
    for (const objectId of await listLostConfirmations(tx, order.id)) {
      await resolveIncidentsOf(tx, { objectType: 'email', objectId });
    }
  });
}
