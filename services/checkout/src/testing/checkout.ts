import { randomUUID } from 'node:crypto';
import type { CheckoutBody } from '@liventix/contracts/api/holds';
import type { Hold } from '@liventix/domain/inventory';
import { findHold } from '@liventix/domain/inventory/repository';
import { findOrder } from '@liventix/domain/orders/repository';
import { AppError } from '@liventix/shared/errors';
import { requestHash } from '@liventix/shared/http/idempotency-key';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { loadConfig } from '#config';
import { type Deps, openDeps } from '#deps';
import { placeHold } from '#holds/place-hold';
import { type CheckoutRequest, startCheckout } from '#orders/start-checkout';
import { walletTokenOf } from '#wallets/pay-from-wallet';
import { ask, type TestSale } from './sale.ts';

/** An instance of checkout without a key for Stripe: an order with something to pay waits. */
export async function openCheckout(
  urls: { readonly database: string; readonly redis: string },
  stack: AsyncDisposableStack,
): Promise<Deps> {
  const config = loadConfig({
    DATABASE_POOL_MAX: '20',
    DATABASE_URL: urls.database,
    REDIS_URL: urls.redis,
    QUEUE_PREFIX: `{${randomUUID()}}`,
    TOKEN_SECRETS: 'k1:a-secret-of-at-least-thirty-two-characters',
    MASTER_KEYS: 'm1:a-master-key-of-at-least-thirty-two-characters',
    PUBLIC_URL: 'http://localhost',
  });
  return await openDeps(config, stack, createLogger({ name: 'checkout', level: 'silent' }));
}

/** Seats of this basket, by default one of the first tier. */
export async function holdSeats(
  deps: Deps,
  sale: TestSale,
  more: { readonly basket?: Parameters<typeof ask>[1]; readonly accessCode?: string } = {},
): Promise<Hold> {
  const { hold } = await placeHold(deps, ask(sale, more.basket ?? [[0, 1]], more.accessCode));
  return hold;
}

/**
 * Takes a hold to checkout and says what became of it: 'placed' for an order that is free or waits
 * for its page, else the code of the refusal. Asks again, as a browser does, when a busy machine
 * had no connection to give.
 */
export async function checkOut(
  deps: Deps,
  hold: Hold,
  by: { readonly email: string; readonly promo?: string; readonly wallet?: string },
): Promise<string> {
  const body: CheckoutBody = {
    buyer: { name: 'Ada', email: by.email },
    ...(by.promo !== undefined && { promo_code: by.promo }),
    ...(by.wallet !== undefined && { wallet_token: by.wallet }),
  };
  const request = { body, idempotencyKey: randomUUID(), requestHash: requestHash(body) };
  for (let tries = 1; ; tries += 1) {
    const outcome = await startOnce(deps, { ...request, hold });
    if (outcome !== 'database.unavailable' || tries === 5) {
      return outcome;
    }
  }
}

async function startOnce(deps: Deps, request: Omit<CheckoutRequest, 'wallet'>): Promise<string> {
  try {
    const wallet = walletTokenOf(deps.tokens, request.body);
    const hold = (await findHold(deps.db.pool, request.hold.id)) ?? request.hold;
    await startCheckout(deps, { ...request, hold, wallet });
    return 'placed';
  } catch (error) {
    if (error instanceof AppError) {
      return error.code === 'stripe.not_configured' ? 'placed' : error.code;
    }
    throw error;
  }
}

/** The order a hold became, if it became one. */
export async function orderOf(deps: Deps, hold: Hold) {
  const orderId = (await findHold(deps.db.pool, hold.id))?.orderId;
  return orderId === undefined || orderId === null
    ? undefined
    : await findOrder(deps.db.pool, orderId);
}
