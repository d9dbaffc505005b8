import type { Credential } from '@liventix/domain/access/repository';
import { listLostConfirmations } from '@liventix/domain/emails/delivery-repository';
import { sendConfirmationAgain } from '@liventix/domain/emails/resend-repository';
import { resolveIncidentsOf } from '@liventix/domain/incidents/repository';
import type { Order } from '@liventix/domain/orders';
import { correctBuyerEmail } from '@liventix/domain/orders/address-repository';
import { lockOrder } from '@liventix/domain/orders/repository';
import type { Database } from '@liventix/shared/db';
import { recordAct } from '#access/audit';
import { refuseErased } from '#orders/own-order';
import { owedOf } from '#orders/resend-confirmation';

/**
 * Another address for an order, and its tickets mailed there. Unlike the buyer, whom a working
 * address refuses, support may always do this: they have spoken to somebody, and it is audited.
 */
export async function correctAddress(
  deps: { readonly db: Database },
  credential: Credential,
  { order, email }: { readonly order: Order; readonly email: string },
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    refuseErased(await lockOrder(tx, order.id));
    await correctBuyerEmail(tx, { orderId: order.id, email });
    if (order.status === 'fulfilled' && email !== order.buyerEmail) {
      owedOf(order, await sendConfirmationAgain(tx, order));
    }
    for (const objectId of await listLostConfirmations(tx, order.id)) {
      await resolveIncidentsOf(tx, { objectType: 'email', objectId });
    }
    await recordAct(tx, credential, {
      action: 'order.correct_address',
      objectType: 'order',
      objectId: order.id,
      details: { before: order.buyerEmail, after: email },
    });
  });
}
