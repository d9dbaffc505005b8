import type { CreditBody } from '@liventix/contracts/api/wallets';
import type { Credential } from '@liventix/domain/access/repository';
import { oweCreditMail } from '@liventix/domain/emails/wallet-mail-repository';
import type { Wallet } from '@liventix/domain/wallets';
import {
  type Applied,
  orgWalletApplyRefund,
  passOnCredits,
  walletApplyRefund,
} from '@liventix/domain/wallets/credit-repository';
import { listWallets } from '@liventix/domain/wallets/repository';
import type { Database, Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';
import { notFound } from '#access/not-found';

/** Puts money into a wallet, once an invoice, tells its owner and says who did it. */
export async function creditWallet(
  deps: { readonly db: Database },
  credential: Credential,
  credit: { readonly wallet: Wallet; readonly body: CreditBody },
): Promise<void> {
  const { wallet, body } = credit;
  await deps.db.inTransaction(async (tx) => {
    const applied = await apply(tx, wallet, body);
    if (applied.kind === 'known') {
      return;
    }
    if (applied.kind !== 'applied') {
      throw refusalOf(applied, body);
    }
    await oweCreditMail(tx, { entryId: applied.entryId });
    await recordAct(tx, credential, {
      action: 'wallet.credit',
      objectType: 'wallet',
      objectId: wallet.id,
      facts: { entryId: applied.entryId, amountCents: body.amount_cents, from: body.from },
    });
  });
}

async function apply(tx: Transaction, wallet: Wallet, body: CreditBody): Promise<Applied> {
  const { invoice, amount_cents: amountCents, reason, from } = body;
  const { id: walletId, organizationId, currency } = wallet;
  if (from === 'organization_credits') {
    const own = await listWallets(tx, { organizationId, kind: 'organization', limit: 100 });
    const purse = own.find((one) => one.currency === currency);
    if (purse === undefined || purse.id === walletId) {
      return { kind: 'too_little' };
    }
    return await passOnCredits(tx, {
      fromWalletId: purse.id,
      walletId,
      invoice,
      amountCents,
      reason,
    });
  }
  return wallet.kind === 'buyer'
    ? await walletApplyRefund(tx, { invoice, walletId, amountCents, reason })
    : await orgWalletApplyRefund(tx, { walletId, credits: amountCents, invoice, reason });
}

function refusalOf(applied: Exclude<Applied, { entryId: string }>, body: CreditBody): AppError {
  switch (applied.kind) {
    case 'wallet_unknown':
      return notFound('wallet');
    case 'invoice_used':
      return new AppError('wallet.invoice_used', {
        message: `Invoice ${body.invoice} is in this wallet with another amount.`,
        retry: 'permanent',
      });
    case 'too_little':
      return new AppError('wallet.too_little', {
        message: 'The organization has not so many credits in this currency.',
        retry: 'permanent',
      });
    default:
      return applied satisfies never;
  }
}
