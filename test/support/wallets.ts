import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import {
  type Answer,
  buyer,
  http,
  type Placed,
  placeHold,
  type SoldEvent,
  type World,
} from './world.ts';

export interface OpenedWallet {
  readonly id: string;
  readonly token: string;
}

/** A buyer's wallet with so much in it, its token read from the mail that brought it. */
export async function giveCredit(
  world: World,
  cents: number,
  email = `buyer-${randomUUID()}@liventix.test`,
): Promise<OpenedWallet> {
  const opened = await adminWallets(world, '', { kind: 'buyer', email, currency: 'eur' });
  const { id } = opened.body;
  const credit = { invoice: randomUUID(), amount_cents: cents, reason: 'kindness' };
  const credited = await adminWallets(world, `/${id}/credits`, credit);
  if (credited.status !== 201) {
    throw new Error(`no credit: ${credited.text}`);
  }
  return { id, token: await mailedToken(world, id) };
}

/** Asks ops something about wallets. */
export async function adminWallets(world: World, path: string, body?: unknown): Promise<Answer> {
  return await http(`${world.stack.urls.ops}/admin/v1/wallets${path}`, {
    token: world.stack.adminApiKey,
    ...(body !== undefined && { body }),
  });
}

/** The token in the newest mail about a wallet, once it is sent. */
export async function mailedToken(world: World, walletId: string, mails = 1): Promise<string> {
  const sent = await waitFor(
    async () => {
      const { rows } = await world.db.pool.raw(
        `select body_text as text from emails
          where wallet_id = :walletId and status in ('sent', 'delivered')
          order by created_at desc`,
        { walletId },
      );
      return rows.length >= mails ? rows : undefined;
    },
    { what: `mail ${mails} about wallet ${walletId}` },
  );
  const [, token = ''] = /\/wallets\/t\/(\S+)/.exec(sent[0].text) ?? [];
  return token;
}

/** What is in a wallet and what of it is set aside, as its owner sees it. */
export async function cashOf(world: World, wallet: OpenedWallet): Promise<[number, number]> {
  const { body } = await http(`${world.stack.urls.checkout}/v1/wallets/${wallet.id}`, {
    token: wallet.token,
  });
  return [body.balance_cents, body.escrow_cents];
}

export async function cashBecomes(
  world: World,
  wallet: OpenedWallet,
  cash: readonly [number, number],
): Promise<void> {
  await waitFor(async () => String(await cashOf(world, wallet)) === String(cash), {
    what: `wallet ${wallet.id} to have ${cash.join(' and ')}`,
  });
}

/** Takes a hold to checkout with a wallet. */
export async function checkOutWith(
  world: World,
  event: SoldEvent,
  wallet: Pick<OpenedWallet, 'token'>,
): Promise<{ readonly placed: Placed; readonly answer: Answer }> {
  const hold = await placeHold(world, event);
  const answer = await http(`${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`, {
    token: hold.body.token,
    key: randomUUID(),
    body: { buyer, wallet_token: wallet.token },
  });
  const url = answer.body.checkout_url ?? null;
  return {
    answer,
    placed: {
      holdId: hold.body.id,
      holdToken: hold.body.token,
      orderId: answer.body.order?.id,
      orderToken: answer.body.order?.token,
      sessionId: url === null ? '' : (new URL(url).pathname.split('/').at(-1) ?? ''),
    },
  };
}
