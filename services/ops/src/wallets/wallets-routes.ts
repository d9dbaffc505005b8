import {
  creditBody,
  openWalletBody,
  tokenMailBody,
  walletDetail,
  walletList,
  walletView,
} from '@liventix/contracts/api/wallets';
import type { Credential } from '@liventix/domain/access/repository';
import type { Wallet } from '@liventix/domain/wallets';
import { findWallet, listWalletEntries, listWallets } from '@liventix/domain/wallets/repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import { notFound } from '#access/not-found';
import type { Deps } from '#deps';
import { creditWallet } from '#wallets/credit-wallet';
import { mailToken } from '#wallets/mail-token';
import { openOwnWallet } from '#wallets/open-wallet';

const params = z.object({ id: z.uuid() });
const tag = 'Wallets';
const pageSize = 100;

export function walletsRoutes(app: HttpApp, deps: Deps): void {
  readingRoutes(app, deps);
  writingRoutes(app, deps);
}

function readingRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/wallets',
    action: 'read',
    summary: 'Wallets, newest first; of one person with `email`',
    tag,
    querystring: z.strictObject({
      email: z.email().max(254).optional(),
      kind: z.enum(['buyer', 'organization']).optional(),
      /** The last id of the page before. */
      before: z.uuid().optional(),
    }),
    answers: { 200: walletList },
    handler: async ({ credential, query }) => {
      const { organizationId } = credential;
      const wallets = await listWallets(deps.db.pool, {
        organizationId,
        ...query,
        limit: pageSize,
      });
      return { wallets: wallets.map(toWalletView) };
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/wallets/:id',
    action: 'read',
    summary: 'A wallet with what moved its balance',
    tag,
    params,
    answers: { 200: walletDetail },
    problems: ['wallet.not_found'],
    handler: async ({ credential, params: { id } }) => await detailOf(deps, credential, id),
  });
}

function writingRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/wallets',
    action: 'orders.refund',
    summary: 'Open a wallet; one that is open already is answered as it is',
    tag,
    body: openWalletBody,
    answers: { 201: walletView },
    handler: async ({ credential, body }) => {
      const walletId = await openOwnWallet(deps, credential, body);
      return toWalletView(await ownWallet(deps, credential, walletId));
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/wallets/:id/credits',
    action: 'orders.refund',
    summary: 'Put money into a wallet, once an invoice',
    description:
      'Its owner is told by mail. The same invoice with the same amount is the same credit, however often it is sent.',
    tag,
    params,
    body: creditBody,
    answers: { 201: walletDetail },
    problems: ['wallet.not_found', 'wallet.invoice_used', 'wallet.too_little'],
    handler: async ({ credential, params: { id }, body }) => {
      const wallet = await ownWallet(deps, credential, id);
      await creditWallet(deps, credential, { wallet, body });
      return await detailOf(deps, credential, id);
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/wallets/:id/token-mail',
    action: 'orders.refund',
    summary: 'Mail the owner the token of their wallet, a new one if the old is in wrong hands',
    tag,
    params,
    body: tokenMailBody,
    answers: { 202: walletView },
    problems: ['wallet.not_found', 'wallet.no_address'],
    handler: async ({ credential, params: { id }, body: { revoke } }) => {
      const wallet = await ownWallet(deps, credential, id);
      await mailToken(deps, credential, { wallet, revoke });
      return toWalletView(wallet);
    },
  });
}

/** Another organization's wallet is as unknown as one that does not exist. */
async function ownWallet(deps: Deps, credential: Credential, id: string): Promise<Wallet> {
  const isId = z.uuid().safeParse(id).success;
  const wallet = isId ? await findWallet(deps.db.pool, id) : undefined;
  if (wallet?.organizationId !== credential.organizationId) {
    throw notFound('wallet');
  }
  return wallet;
}

async function detailOf(deps: Deps, credential: Credential, id: string) {
  const wallet = await ownWallet(deps, credential, id);
  const entries = await listWalletEntries(deps.db.pool, { walletId: wallet.id, limit: pageSize });
  return {
    ...toWalletView(wallet),
    entries: entries.map((entry) => ({
      id: entry.id,
      kind: entry.kind,
      amount_cents: entry.amountCents,
      invoice: entry.invoice,
      order: entry.orderId,
      reason: entry.reason,
      at: entry.at.toISOString(),
    })),
  };
}

function toWalletView(wallet: Wallet) {
  return {
    id: wallet.id,
    kind: wallet.kind,
    email: wallet.ownerEmail,
    currency: wallet.currency,
    balance_cents: wallet.balanceCents,
    escrow_cents: wallet.escrowCents,
    created_at: wallet.createdAt.toISOString(),
  };
}
