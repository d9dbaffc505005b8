import type { Credential } from '@liventix/domain/access/repository';
import { listLostConfirmations } from '@liventix/domain/emails/delivery-repository';
import { sendConfirmationAgain } from '@liventix/domain/emails/resend-repository';
import { resolveIncidentsOf } from '@liventix/domain/incidents/repository';
import { correctBuyerEmail } from '@liventix/domain/orders/address-repository';
import { lockOrder } from '@liventix/domain/orders/repository';
import type { Database } from '@liventix/shared/db';
import { recordAct } from '#access/audit';
import { notFound } from '#access/not-found';
import { refuseErased } from '#orders/own-order';
import { owedOf } from '#orders/resend-confirmation';

/**
 * Another address for an order, and its tickets mailed there. Unlike the buyer, whom a working
 * address refuses, support may always do this: they have spoken to somebody, and it is audited.
 * The order is as its lock found it: it may have got its tickets, or this address, a moment ago.
 */
export async function correctAddress(
  deps: { readonly db: Database },
  credential: Credential,
  { orderId, email }: { readonly orderId: string; readonly email: string },
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (order === undefined) {
      throw notFound('order');
    }
    refuseErased(order);
    await correctBuyerEmail(tx, { orderId, email });
    if (order.status === 'fulfilled' && email !== order.buyerEmail) {
      owedOf(order, await sendConfirmationAgain(tx, order));
    }
    for (const objectId of await listLostConfirmations(tx, orderId)) {
      await resolveIncidentsOf(tx, { objectType: 'email', objectId });
    }
    await recordAct(tx, credential, {
      action: 'order.correct_address',
      objectType: 'order',
      objectId: orderId,
      details: { before: order.buyerEmail, after: email },
    });
  });
}
