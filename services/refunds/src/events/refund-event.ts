import { giveBackManyClaims } from '@liventix/domain/codes/many-claims-repository';
import { oweCancellationMails } from '@liventix/domain/emails/money-mail-repository';
import { findEvent, listTiers } from '@liventix/domain/events/repository';
import { giveBackHoldsOf } from '@liventix/domain/inventory/ending-repository';
import { lockInventory } from '@liventix/domain/inventory/repository';
import { refundRequested } from '@liventix/domain/ledger';
import { post } from '@liventix/domain/ledger/repository';
import { markMessageDone } from '@liventix/domain/outbox/repository';
import { toEventRefunds } from '@liventix/domain/refunds/event-refund';
import {
  insertEventRefunds,
  listLiveTickets,
  listOwedOrders,
  lockPaidOrders,
  type WrittenEventRefund,
} from '@liventix/domain/refunds/event-refund-repository';
import { creditRefund } from '@liventix/domain/refunds/wallet-refund-repository';
import { lockWallets } from '@liventix/domain/wallets/repository';
import type { Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import type { Deps } from '#deps';

/** Orders one transaction refunds: what a statement of five seconds takes many times over. */
const batchMax = 250;

/** Holds one transaction marks. */
const holdsMax = 5_000;

/**
 * Refunds every order of a cancelled event: open pages are closed, tickets end and what is left of the money is owed, batch
 * by batch. Each batch is a transaction, so whoever carries on finds what is done; an order is
 * refunded once. What follows at Stripe is handed out at a pace.
 */
export async function refundEvent(deps: Deps, messageId: string, eventId: string): Promise<void> {
  const event = await findEvent(deps.db.pool, eventId);
  if (event?.status !== 'cancelled') {
    throw new AppError('event.not_cancelled', {
      message: `Event ${eventId} is not cancelled, so nothing of it is refunded.`,
      retry: 'permanent',
    });
  }
  await giveBackHolds(deps, eventId);
  const tierIds = (await listTiers(deps.db.pool, [eventId])).map((tier) => tier.tierId);
  let refunded = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const batch = await deps.db.inTransaction(
      async (tx) => await refundBatch(tx, { eventId, tierIds, after }),
    );
    refunded += batch.refunded;
    if (batch.last === undefined) {
      break;
    }
    after = batch.last;
  }
  await deps.db.inTransaction(async (tx) => await markMessageDone(tx, messageId));
  deps.log.info({ eventId, messageId, refunded }, 'orders of a cancelled event refunded');
}

/** Seats that nobody paid for are given up, and the sweep closes their pages. */
async function giveBackHolds(deps: Deps, eventId: string): Promise<void> {
  const limit = holdsMax;
  for (let marked = limit; marked === limit; ) {
    marked = await deps.db.inTransaction(
      async (tx) => await giveBackHoldsOf(tx, { eventId, limit }),
    );
  }
}

async function refundBatch(
  tx: Transaction,
  page: {
    readonly eventId: string;
    readonly tierIds: readonly string[];
    readonly after: string;
  },
): Promise<{ readonly last: string | undefined; readonly refunded: number }> {
  const { eventId, tierIds, after } = page;
  const orders = await lockPaidOrders(tx, { eventId, after, limit: batchMax });
  await lockInventory(tx, eventId, tierIds);
  const owed = await listOwedOrders(tx, orders.fulfilled);
  const orderIds = [...new Set(owed.map(({ orderId }) => orderId))];
  await giveBackManyClaims(tx, orderIds);
  const live = await listLiveTickets(tx, owed);
  const walletIds = owed.map(({ walletId }) => walletId).filter((id) => id !== null);
  await lockWallets(tx, walletIds);
  await oweCancellationMails(tx, { orderIds });
  const refunds = await insertEventRefunds(tx, toEventRefunds(owed, live));
  await post(
    tx,
    refunds.map((refund) => debtOf(refund, eventId)),
  );
  await creditWallets(tx, refunds, eventId);
  return { last: orders.ids.at(-1), refunded: refunds.length };
}

async function creditWallets(
  tx: Transaction,
  refunds: readonly WrittenEventRefund[],
  eventId: string,
): Promise<void> {
  for (const { refundId, walletId, leftCents: amountCents, orderId } of refunds) {
    if (walletId !== null && amountCents > 0) {
      const order = { id: orderId, eventId };
      await creditRefund(tx, { refundId, walletId, amountCents, order });
    }
  }
}

function debtOf(refund: WrittenEventRefund, eventId: string) {
  const { refundId, organizationId, orderId, currency, ticketsCents } = refund;
  const amountCents = refund.leftCents;
  const rest = 'goodwill' as const;
  return {
    ...refundRequested({ refundId, amountCents, currency, ticketsCents, rest }),
    owner: { organizationId, eventId, orderId },
  };
}
