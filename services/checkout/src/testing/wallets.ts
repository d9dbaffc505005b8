import { randomUUID } from 'node:crypto';
import { walletApplyRefund } from '@liventix/domain/wallets/credit-repository';
import { findWallet, openWallet } from '@liventix/domain/wallets/repository';
import type { Deps } from '#deps';
import type { TestSale } from './sale.ts';

export interface TestWallet {
  readonly id: string;
  readonly token: string;
}

/** A buyer's wallet with so much in it. */
export async function makeWallet(
  deps: Deps,
  sale: Pick<TestSale, 'organizationId'>,
  { cents, currency = 'eur' }: { readonly cents: number; readonly currency?: string },
): Promise<TestWallet> {
  const id = await deps.db.inTransaction(async (tx) => {
    const walletId = await openWallet(tx, {
      organizationId: sale.organizationId,
      currency,
      locale: 'en',
      owner: { kind: 'buyer', email: `${randomUUID()}@example.com` },
    });
    if (cents > 0) {
      await walletApplyRefund(tx, { walletId, invoice: randomUUID(), amountCents: cents });
    }
    return walletId;
  });
  return { id, token: deps.tokens.issue('wallet', id, 1) };
}

/** What is in a wallet, and what of it is set aside. */
export async function cashOf(deps: Deps, wallet: TestWallet): Promise<(number | undefined)[]> {
  const found = await findWallet(deps.db.pool, wallet.id);
  return [found?.balanceCents, found?.escrowCents];
}
