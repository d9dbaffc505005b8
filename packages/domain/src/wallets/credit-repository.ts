import { randomUUIDv7 } from 'node:crypto';
import type { Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { type Owner, post } from '#ledger/ledger-repository';
import { type CreditKind, credited, type Wallet, type WalletKind } from './wallet.ts';
import { lockWallet, lockWallets } from './wallet-repository.ts';

/** What became of money that should enter a wallet. */
export type Applied =
  | { readonly kind: 'applied'; readonly entryId: string }
  /** This invoice, of this amount, is in the wallet already: nothing changed. */
  | { readonly kind: 'known'; readonly entryId: string }
  | { readonly kind: 'invoice_used' }
  | { readonly kind: 'wallet_unknown' }
  | { readonly kind: 'too_little' };

export interface Credit {
  /** Names the money for whoever sends it, and counts once a wallet. */
  readonly invoice: string;
  readonly walletId: string;
  readonly amountCents: number;
  /** Where it comes from: a grant unless it says otherwise. */
  readonly as?: CreditKind;
  readonly reason?: string;
  /** The order whose money it was. */
  readonly order?: { readonly id: string; readonly eventId: string };
}

/** wallet_apply_refund(invoice, wallet, amount): store credit for a buyer, once an invoice. */
export async function walletApplyRefund(tx: Transaction, credit: Credit): Promise<Applied> {
  return await apply(tx, credit, 'buyer');
}

/** org_wallet_apply_refund(wallet, credits, invoice): credits for an organization, once an invoice. */
export async function orgWalletApplyRefund(
  tx: Transaction,
  refund: { readonly walletId: string; readonly credits: number; readonly invoice: string } & Pick<
    Credit,
    'as' | 'reason' | 'order'
  >,
): Promise<Applied> {
  const { credits, ...rest } = refund;
  return await apply(tx, { ...rest, amountCents: credits }, 'organization');
}

/** Credits of an organization become a buyer's, once an invoice, as far as there are any. */
export async function passOnCredits(
  tx: Transaction,
  passed: Omit<Credit, 'as'> & { readonly fromWalletId: string },
): Promise<Applied> {
  const { fromWalletId, walletId, invoice, amountCents } = passed;
  const wallets = await lockWallets(tx, [fromWalletId, walletId]);
  const from = wallets.get(fromWalletId);
  const to = wallets.get(walletId);
  if (from?.kind !== 'organization' || to?.kind !== 'buyer' || from.currency !== to.currency) {
    return { kind: 'wallet_unknown' };
  }
  const known = await findInvoice(tx, { walletId, invoice });
  if (known === undefined && !(await takeCredits(tx, { from, passed }))) {
    return { kind: 'too_little' };
  }
  return await apply(tx, { walletId, invoice, amountCents, as: 'credits' }, 'buyer');
}

async function takeCredits(
  tx: Transaction,
  { from, passed }: { readonly from: Wallet; readonly passed: Omit<Credit, 'as'> },
): Promise<boolean> {
  const { amountCents, walletId, invoice } = passed;
  const { rowCount } = await tx.raw(
    `update wallets set balance_cents = balance_cents - :amountCents
      where id = :id and balance_cents >= :amountCents`,
    { id: from.id, amountCents },
  );
  if (rowCount === 0) {
    return false;
  }
  await tx.raw(
    `insert into wallet_entries (id, wallet_id, kind, amount_cents, reason)
     values (:id, :walletId, 'passed_on', :amountCents, left(:reason, 100))`,
    {
      id: randomUUIDv7(),
      walletId: from.id,
      amountCents: -amountCents,
      reason: `${invoice} to ${walletId}`,
    },
  );
  return true;
}

async function apply(tx: Transaction, credit: Credit, kind: WalletKind): Promise<Applied> {
  const { invoice, walletId, amountCents, as = 'grant', reason, order } = credit;
  const wallet = await lockWallet(tx, walletId);
  if (wallet?.kind !== kind) {
    return { kind: 'wallet_unknown' };
  }
  const entryId = randomUUIDv7();
  const { rowCount } = await tx.raw(
    `insert into wallet_entries (id, wallet_id, kind, amount_cents, invoice, order_id, reason)
     values (:entryId, :walletId, :as, :amountCents, :invoice, :orderId, :reason)
     on conflict (wallet_id, invoice) where invoice is not null do nothing`,
    {
      entryId,
      walletId,
      as,
      amountCents,
      invoice,
      orderId: order?.id ?? null,
      reason: reason ?? null,
    },
  );
  if (rowCount === 0) {
    const known = await findInvoice(tx, { walletId, invoice });
    return known?.amountCents === amountCents
      ? { kind: 'known', entryId: known.entryId }
      : { kind: 'invoice_used' };
  }
  await tx.raw(
    'update wallets set balance_cents = balance_cents + :amountCents where id = :walletId',
    { walletId, amountCents },
  );
  const movement = { entryId, kind, amountCents, currency: wallet.currency };
  await post(tx, [{ ...credited(movement, as), owner: ownerOf(wallet, order) }]);
  return { kind: 'applied', entryId };
}

function ownerOf(wallet: Wallet, order: Credit['order']): Owner {
  const { organizationId } = wallet;
  return order === undefined
    ? { organizationId }
    : { organizationId, eventId: order.eventId, orderId: order.id };
}

async function findInvoice(
  tx: Transaction,
  of: { readonly walletId: string; readonly invoice: string },
): Promise<{ readonly entryId: string; readonly amountCents: number } | undefined> {
  const { rows } = await tx.raw(
    `select id as "entryId", amount_cents as "amountCents"
       from wallet_entries where wallet_id = :walletId and invoice = :invoice`,
    of,
  );
  return z.object({ entryId: z.uuid(), amountCents: z.int() }).optional().parse(rows[0]);
}
