import type { CheckoutBody } from '@liventix/contracts/api/holds';
import type { Order } from '@liventix/domain/orders';
import { getOrder } from '@liventix/domain/orders/repository';
import { shareOfWallet, type Wallet } from '@liventix/domain/wallets';
import {
  giveBackEscrow,
  setOrderWallet,
  takeEscrow,
  type WalletOrder,
} from '@liventix/domain/wallets/escrow-repository';
import { lockWallet, lockWallets } from '@liventix/domain/wallets/repository';
import type { Transaction } from '@liventix/shared/db';
import type { AppError } from '@liventix/shared/errors';
import type { Tokens } from '@liventix/shared/tokens';
import { refused } from '#holds/hold-errors';

/** What a wallet's token names. */
export interface WalletToken {
  readonly id: string;
  readonly version: number;
}

/** The wallet a checkout wants to pay from; anything we did not issue is refused at once. */
export function walletTokenOf(tokens: Tokens, body: CheckoutBody): WalletToken | undefined {
  if (body.wallet_token === undefined) {
    return undefined;
  }
  const named = tokens.verify(body.wallet_token, 'wallet');
  if (named === undefined) {
    throw notUsable();
  }
  return named;
}

/**
 * Sets aside what the wallet pays of an order with its final prices, and gives back what another
 * wallet, or more of this one, paid of it before. With neither it costs no statement.
 */
export async function payFromWallet(
  tx: Transaction,
  payment: {
    /** Pending, with its final prices. */
    readonly orderId: string;
    readonly token: WalletToken | undefined;
    /** What was set aside for the order's old content. */
    readonly before?: WalletOrder;
  },
): Promise<void> {
  const { orderId, token, before } = payment;
  const ids = [token?.id, before?.walletId].filter((id) => typeof id === 'string');
  if (ids.length === 0) {
    return;
  }
  await lockWallets(tx, ids);
  if (before !== undefined) {
    await giveBackEscrow(tx, before);
  }
  if (token === undefined) {
    return;
  }
  const order = await getOrder(tx, orderId);
  const wallet = await lockWallet(tx, token.id);
  if (wallet === undefined || !isFor(wallet, order, token)) {
    throw notUsable();
  }
  if (wallet.balanceCents === 0) {
    throw refused('wallet.empty', 'There is nothing left in this wallet.');
  }
  const { totalCents, currency } = order;
  const walletCents = shareOfWallet({ totalCents, currency, balanceCents: wallet.balanceCents });
  if (walletCents === 0) {
    return;
  }
  const share = { id: wallet.id, cents: walletCents };
  await setOrderWallet(tx, { orderId, wallet: share });
  if (!(await takeEscrow(tx, { ...order, walletId: wallet.id, walletCents }))) {
    throw new Error(`wallet ${wallet.id} has less in it than it had under its lock`);
  }
}

/** Another's wallet is as good as none: whose it is, is not said. */
function isFor(wallet: Wallet, order: Order, token: WalletToken): boolean {
  return (
    wallet.tokenVersion === token.version &&
    wallet.organizationId === order.organizationId &&
    wallet.currency === order.currency
  );
}

function notUsable(): AppError {
  return refused(
    'wallet.not_usable',
    'This token opens no wallet that can pay for these tickets. Take the one from your newest mail.',
  );
}
