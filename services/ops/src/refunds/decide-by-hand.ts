import type { Credential } from '@liventix/domain/access/repository';
import type { Order } from '@liventix/domain/orders';
import { getOrder, lockOrder } from '@liventix/domain/orders/repository';
import { type RefundRefusal, refusalOf } from '@liventix/domain/refunds/refusal';
import type { Database, Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';

type Outcome = { readonly kind: 'allotted' } | { readonly kind: 'not_open' } | RefundRefusal;

/**
 * What a person decides about a refund, a dispute or a payment, once, under the lock of its order, and
 * says who did.
 */
export async function decideByHand(
  deps: { readonly db: Database },
  credential: Credential,
  decision: {
    readonly orderId: string;
    readonly about: { readonly type: 'refund' | 'dispute' | 'payment'; readonly id: string };
    readonly verb: string;
    readonly facts?: Readonly<Record<string, unknown>>;
    /** What somebody wrote: it may name people. */
    readonly details?: Readonly<Record<string, unknown>>;
    readonly decide: (tx: Transaction, order: Order) => Promise<Outcome>;
  },
): Promise<void> {
  const { orderId, about, verb, facts = {}, details, decide } = decision;
  await deps.db.inTransaction(async (tx) => {
    await lockOrder(tx, orderId);
    const order = await getOrder(tx, orderId);
    const outcome = await decide(tx, order);
    if (outcome.kind === 'not_open') {
      throw new AppError(`${about.type}.not_open`, {
        message: `Nothing is open about ${about.type} ${about.id}: it was decided before, or never asked.`,
        retry: 'permanent',
      });
    }
    if (outcome.kind !== 'allotted') {
      throw refusalOf(outcome, order.number);
    }
    await recordAct(tx, credential, {
      action: `${about.type}.${verb}`,
      objectType: about.type,
      objectId: about.id,
      facts,
      ...(details !== undefined && { details }),
    });
  });
}
