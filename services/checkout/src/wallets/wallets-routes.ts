import { type OwnWalletView, ownWalletView } from '@liventix/contracts/api/wallets';
import type { Wallet } from '@liventix/domain/wallets';
import { findWallet, listWalletEntries } from '@liventix/domain/wallets/repository';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import { authorizedId, tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';
import { sendPage } from '#pages/page';
import type { WalletToken } from '#wallets/pay-from-wallet';
import { renderWalletPage } from '#wallets/wallet-page';

const read = operation({
  summary: 'Store credit, and what moved it',
  description:
    'Its token comes by mail to its owner. Send it as `wallet_token` with a checkout to pay from it.',
  tag: 'Wallets',
  access: 'wallet_token',
  params: z.object({ id: z.uuid() }),
  answers: { 200: ownWalletView },
  problems: ['wallet.not_found'],
});

const page = operation({
  summary: 'Store credit as a page',
  description: 'Works without scripts.',
  tag: 'Wallets',
  access: 'token_in_path',
  params: z.object({ token: z.string() }),
  answers: {},
  media: ['text/html'],
  problems: ['token.invalid', 'wallet.not_found'],
});

const entriesMax = 100;

/** What whoever has a wallet's token may see. */
export function walletsRoutes(app: HttpApp, deps: Deps): void {
  app.get('/v1/wallets/:id', read, async (request) => {
    return await viewOf(deps, await walletOf(deps, authorizedId(deps.tokens, request, 'wallet')));
  });

  app.get('/wallets/t/:token', page, async (request, reply) => {
    const { token } = request.params;
    const wallet = await walletOf(deps, tokenSubject(deps.tokens, token, 'wallet'));
    const view = await viewOf(deps, wallet);
    return await sendPage(reply, renderWalletPage(view, { locale: wallet.locale, token }));
  });
}

async function walletOf(deps: Deps, named: WalletToken): Promise<Wallet> {
  const wallet = await findWallet(deps.db.pool, named.id);
  if (wallet === undefined || wallet.tokenVersion !== named.version) {
    throw refused('wallet.not_found', 'There is no such wallet.');
  }
  return wallet;
}

async function viewOf(deps: Deps, wallet: Wallet): Promise<OwnWalletView> {
  const { id: walletId } = wallet;
  const entries = await listWalletEntries(deps.db.pool, { walletId, limit: entriesMax });
  return {
    id: walletId,
    currency: wallet.currency,
    balance_cents: wallet.balanceCents,
    escrow_cents: wallet.escrowCents,
    entries: entries.map((entry) => ({
      kind: entry.kind,
      amount_cents: entry.amountCents,
      order: entry.orderNumber,
      at: entry.at.toISOString(),
    })),
  };
}
