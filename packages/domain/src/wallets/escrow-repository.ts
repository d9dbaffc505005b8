import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { paymentReceived } from '#ledger/ledger';
import { post } from '#ledger/ledger-repository';
import type { Order } from '#orders/order';
import { escrowed, givenBack, type Wallet } from './wallet.ts';
import { findWallet, lockWallet } from './wallet-repository.ts';

/** An order, and what of it its buyer's wallet pays. All of it is called under the order's lock. */
export type WalletOrder = Pick<
  Order,
  'id' | 'organizationId' | 'eventId' | 'currency' | 'walletId' | 'walletCents'
>;

/**
 * Sets aside what a wallet pays of an order. False when there is less in it: the condition judges the
 * row after any wait, so two orders never spend the same credit.
 */
export async function takeEscrow(tx: Transaction, order: WalletOrder): Promise<boolean> {
  const wallet = await walletOf(tx, order);
  if (wallet === undefined) {
    return true;
  }
  const { rowCount } = await tx.raw(
    `update wallets
        set balance_cents = balance_cents - :cents, escrow_cents = escrow_cents + :cents
      where id = :walletId and balance_cents >= :cents`,
    { walletId: wallet.id, cents: order.walletCents },
  );
  if (rowCount === 0) {
    return false;
  }
  const entryId = await insertEntry(tx, { order, wallet, kind: 'escrowed' });
  await post(tx, [{ ...escrowed(movementOf(order, { entryId, wallet })), owner: ownerOf(order) }]);
  return true;
}

/** Whether the wallet of an ended order could pay its part again; nothing is decided here. */
export async function hasCredit(executor: Executor, order: WalletOrder): Promise<boolean> {
  if (order.walletId === null) {
    return true;
  }
  const wallet = await findWallet(executor, order.walletId);
  return wallet !== undefined && wallet.balanceCents >= order.walletCents;
}

/** Gives back what was set aside for an order that ends unpaid, or is paid in another way. */
export async function giveBackEscrow(tx: Transaction, order: WalletOrder): Promise<void> {
  const wallet = await walletOf(tx, order);
  if (wallet === undefined) {
    return;
  }
  await tx.raw(
    `update wallets
        set balance_cents = balance_cents + :cents, escrow_cents = escrow_cents - :cents
      where id = :walletId`,
    { walletId: wallet.id, cents: order.walletCents },
  );
  const entryId = await insertEntry(tx, { order, wallet, kind: 'given_back' });
  await post(tx, [{ ...givenBack(movementOf(order, { entryId, wallet })), owner: ownerOf(order) }]);
}

/** What was set aside becomes a payment for the order's tickets: once, by the payment's own name. */
export async function spendEscrow(tx: Transaction, order: WalletOrder): Promise<void> {
  const wallet = await walletOf(tx, order);
  if (wallet === undefined) {
    return;
  }
  const { id: orderId, organizationId, currency, walletCents: amountCents } = order;
  await tx.raw(
    'update wallets set escrow_cents = escrow_cents - :amountCents where id = :walletId',
    { walletId: wallet.id, amountCents },
  );
  const paymentId = randomUUIDv7();
  await tx.raw(
    `insert into payments (id, organization_id, order_id, provider, provider_id, livemode,
                           amount_cents, currency, disposition, disposition_reason)
     values (:paymentId, :organizationId, :orderId, 'wallet', :orderId, true, :amountCents,
             :currency, 'tickets', 'wallet')`,
    { paymentId, organizationId, orderId, amountCents, currency },
  );
  const payment = { paymentId, amountCents, currency, disposition: 'tickets' } as const;
  await post(tx, [
    { ...paymentReceived({ ...payment, into: 'wallet_escrow' }), owner: ownerOf(order) },
  ]);
}

/** What a wallet pays of a pending order from now on; nothing, when `wallet` is undefined. */
export async function setOrderWallet(
  tx: Transaction,
  order: {
    readonly orderId: string;
    readonly wallet: { readonly id: string; readonly cents: number } | undefined;
  },
): Promise<void> {
  const { orderId, wallet } = order;
  const { rowCount } = await tx.raw(
    `update orders set wallet_id = :walletId, wallet_cents = :cents
      where id = :orderId and status = 'pending'`,
    { orderId, walletId: wallet?.id ?? null, cents: wallet?.cents ?? 0 },
  );
  assert.equal(rowCount, 1, `order ${orderId} is not pending`);
}

/** The wallet that pays a part, locked. An order that none pays for costs no statement. */
async function walletOf(tx: Transaction, order: WalletOrder): Promise<Wallet | undefined> {
  if (order.walletId === null) {
    return undefined;
  }
  const wallet = await lockWallet(tx, order.walletId);
  assert.ok(wallet, `wallet ${order.walletId} vanished, though wallets are never deleted`);
  return wallet;
}

async function insertEntry(
  tx: Transaction,
  entry: {
    readonly order: WalletOrder;
    readonly wallet: Wallet;
    readonly kind: 'escrowed' | 'given_back';
  },
): Promise<string> {
  const { order, wallet, kind } = entry;
  const id = randomUUIDv7();
  const amountCents = kind === 'escrowed' ? -order.walletCents : order.walletCents;
  await tx.raw(
    `insert into wallet_entries (id, wallet_id, kind, amount_cents, order_id)
     values (:id, :walletId, :kind, :amountCents, :orderId)`,
    { id, walletId: wallet.id, kind, amountCents, orderId: order.id },
  );
  return id;
}

function movementOf(
  order: WalletOrder,
  { entryId, wallet }: { readonly entryId: string; readonly wallet: Wallet },
) {
  const { walletCents: amountCents, currency } = order;
  return { entryId, kind: wallet.kind, amountCents, currency };
}

function ownerOf({ id: orderId, organizationId, eventId }: WalletOrder) {
  return { organizationId, eventId, orderId };
}
