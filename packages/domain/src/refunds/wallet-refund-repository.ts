import assert from 'node:assert/strict';
import type { Transaction } from '@liventix/shared/db';
import { oweCreditMail } from '#emails/wallet-mail-repository';
import type { Order } from '#orders/order';
import { orgWalletApplyRefund, walletApplyRefund } from '#wallets/credit-repository';
import { lockWallets, openWallet } from '#wallets/wallet-repository';

/** Where a refund goes: to what was paid with, or into the buyer's wallet. */
export type RefundTarget = 'origin' | 'wallet';

/** Wallets that a refund may go into, locked: before the payments, as everywhere. */
export interface RefundWallets {
  /** The one that paid a part of the order. */
  readonly origin: string | undefined;
  /** The buyer's, when they want it there. */
  readonly wanted: string | undefined;
}

/** Finds and locks them; the buyer's is opened when there is none. Undefined without an address. */
export async function lockRefundWallets(
  tx: Transaction,
  refund: { readonly order: Order; readonly to: RefundTarget },
): Promise<RefundWallets | undefined> {
  const { order, to } = refund;
  const origin = order.walletId ?? undefined;
  if (to === 'origin') {
    await lockAll(tx, [origin]);
    return { origin, wanted: undefined };
  }
  if (order.buyerEmail === null) {
    return undefined;
  }
  const { organizationId, currency, locale, buyerEmail: email } = order;
  const owner = { kind: 'buyer', email } as const;
  const wanted = await openWallet(tx, { organizationId, currency, locale, owner });
  await lockAll(tx, [origin, wanted]);
  return { origin, wanted };
}

async function lockAll(tx: Transaction, ids: readonly (string | undefined)[]): Promise<void> {
  const known = ids.filter((id) => id !== undefined);
  if (known.length > 0) {
    await lockWallets(tx, known);
  }
}

/** The wallet that a payment's part goes into; undefined when Stripe gives it back. */
export function walletFor(
  wallets: RefundWallets,
  payment: { readonly provider: string },
): string | undefined {
  return payment.provider === 'wallet' ? wallets.origin : wallets.wanted;
}

/** Puts a refund's money into a wallet and tells its owner: once, by the refund's own name. */
export async function creditRefund(
  tx: Transaction,
  refund: {
    readonly refundId: string;
    readonly walletId: string;
    readonly amountCents: number;
    readonly order: { readonly id: string; readonly eventId: string };
  },
): Promise<void> {
  const { refundId, walletId, amountCents, order } = refund;
  const money = { walletId, order, invoice: `refund/${refundId}`, as: 'refund' } as const;
  const applied = await walletApplyRefund(tx, { ...money, amountCents });
  const credited =
    applied.kind === 'wallet_unknown'
      ? await orgWalletApplyRefund(tx, { ...money, credits: amountCents })
      : applied;
  assert.equal(credited.kind, 'applied', `refund ${refundId} entered wallet ${walletId} before`);
  if (credited.kind === 'applied') {
    await oweCreditMail(tx, { entryId: credited.entryId });
  }
}
