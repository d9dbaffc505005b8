import { type DisputeEffect, effectOf } from '@liventix/domain/disputes';
import {
  attachDisputes,
  reinstateTickets,
  type StoredDispute,
  storeDispute,
  suspendTickets,
  voidTickets,
} from '@liventix/domain/disputes/repository';
import type { StripeDispute } from '@liventix/domain/disputes/stripe-dispute';
import { oweDisputeMail } from '@liventix/domain/emails/money-mail-repository';
import { getEvent } from '@liventix/domain/events/repository';
import { openIncident, resolveIncidentsOf } from '@liventix/domain/incidents/repository';
import { lockInventory } from '@liventix/domain/inventory/repository';
import { disputeLost, disputeMoved } from '@liventix/domain/ledger';
import { post } from '@liventix/domain/ledger/repository';
import type { Order } from '@liventix/domain/orders';
import { lockOrder } from '@liventix/domain/orders/repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import {
  findPaymentOfIntent,
  lockPayment,
  type RefundablePayment,
} from '@liventix/domain/refunds/refundable-payment-repository';
import { lockPaymentIntent } from '@liventix/domain/refunds/stripe-refund-repository';
import type { Transaction } from '@liventix/shared/db';

/**
 * Records a dispute and does what follows from where it stands: suspends the tickets, brings them
 * back, ends them. Any number of times. One of a payment that is not settled yet is kept, and
 * settling asks for it.
 */
export async function applyDispute(
  tx: Transaction,
  found: StripeDispute,
): Promise<DisputeEffect | 'payment_unknown'> {
  const { paymentIntentId } = found;
  if (paymentIntentId === null) {
    return 'payment_unknown';
  }
  await lockPaymentIntent(tx, paymentIntentId);
  const dispute = await storeDispute(tx, { ...found, paymentIntentId });
  const known = await findPaymentOfIntent(tx, paymentIntentId);
  if (known === undefined) {
    return 'payment_unknown';
  }
  const order = await lockOrder(tx, known.orderId);
  if (order === undefined) {
    throw new Error(`order ${known.orderId} vanished, though orders are never deleted`);
  }
  await lockInventory(tx, order.eventId, order.items.map(({ tierId }) => tierId).toSorted());
  const payment = (await lockPayment(tx, { paymentId: known.id })) ?? known;
  const { id: paymentId, orderId, organizationId } = payment;
  await attachDisputes(tx, { paymentIntentId, paymentId, orderId, organizationId });
  await book(tx, { dispute, found, payment });
  const { phase, amountCents, isAllotted } = dispute;
  const effect = effectOf({ phase, amountCents, isAllotted, paidCents: payment.amountCents });
  if (payment.disposition === 'tickets') {
    await takeEffect(tx, { effect, order });
  }
  await tell(tx, { dispute, effect, order });
  return effect;
}

/** Each movement of money once, as Stripe made it, and the loss once it is one. */
async function book(
  tx: Transaction,
  facts: {
    readonly dispute: StoredDispute;
    readonly found: StripeDispute;
    readonly payment: RefundablePayment;
  },
): Promise<void> {
  const { dispute, found, payment } = facts;
  const { organizationId, eventId, orderId } = payment;
  const owner = { organizationId, eventId, orderId };
  const disputeId = dispute.id;
  const movements = found.movements.map(({ id: movementId, amountCents, currency }) =>
    disputeMoved({ disputeId, movementId, amountCents, currency }),
  );
  const { withdrawnCents: amountCents, currency } = dispute;
  const lost = dispute.phase === 'lost' ? [disputeLost({ disputeId, amountCents, currency })] : [];
  await post(
    tx,
    [...movements, ...lost].map((posting) => ({ ...posting, owner })),
  );
}

async function takeEffect(
  tx: Transaction,
  { effect, order }: { readonly effect: DisputeEffect; readonly order: Order },
): Promise<void> {
  switch (effect) {
    case 'none':
      return;
    case 'suspend':
    case 'ask':
      await suspendTickets(tx, order.id);
      return;
    case 'reinstate':
      await reinstateTickets(tx, order.id);
      await refundIfCancelled(tx, order.eventId);
      return;
    case 'void':
      await voidTickets(tx, { orderId: order.id });
      return;
    default:
      effect satisfies never;
  }
}

/** Money that a bank had while its event was cancelled can go back now. */
async function refundIfCancelled(tx: Transaction, eventId: string): Promise<void> {
  const { status } = await getEvent(tx, eventId);
  if (status === 'cancelled') {
    await enqueue(tx, 'event.refund_all', { eventId });
  }
}

const alerts: Readonly<
  Record<'inquiry' | 'open', { readonly kind: string; readonly message: string }>
> = {
  inquiry: {
    kind: 'dispute.inquiry',
    message:
      'The bank of this buyer asks about the payment. Answer before it is due, or refund the order: that ends it.',
  },
  open: {
    kind: 'dispute.opened',
    message:
      'The bank of this buyer took the money back, and its tickets are suspended. Send evidence before it is due.',
  },
};

/** What a person must know: what to do by when, and nothing once it is decided. */
async function tell(
  tx: Transaction,
  about: {
    readonly dispute: StoredDispute;
    readonly effect: DisputeEffect;
    readonly order: Order;
  },
): Promise<void> {
  const { dispute, effect, order } = about;
  const subject = { objectType: 'dispute', objectId: dispute.id } as const;
  const { organizationId, id: orderId } = order;
  if (effect === 'ask') {
    await openIncident(tx, {
      ...subject,
      organizationId,
      kind: 'dispute.lost_in_part',
      message:
        'A part of what this order paid is lost. Say which tickets end with it, or that none do.',
      details: { orderId, amountCents: dispute.amountCents },
    });
    return;
  }
  if (dispute.phase === 'won' || dispute.phase === 'lost') {
    await resolveIncidentsOf(tx, subject);
    return;
  }
  const { amountCents, reason } = dispute;
  const dueBy = dispute.dueBy?.toISOString() ?? null;
  const { id: disputeId, currency, dueBy: dueAt } = dispute;
  await oweDisputeMail(tx, { disputeId, orderId, amountCents, currency, reason, dueAt });
  const details = { orderId, amountCents, reason, dueBy };
  await openIncident(tx, { ...subject, ...alerts[dispute.phase], organizationId, details });
}
