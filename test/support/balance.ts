import { isDeepStrictEqual } from 'node:util';
import { waitFor } from '@liventix/shared/testing/wait';
import { stripe, type World } from './world.ts';

/** What Stripe's own books say of one currency, in minor units. */
export async function balanceAtStripe(world: World, currency = 'eur'): Promise<number> {
  const { body } = await stripe(world, 'books?parts=totals');
  return body.totals[currency]?.balance ?? 0;
}

/** What our ledger says lies at Stripe. */
export async function balanceHere(world: World, currency = 'eur'): Promise<number> {
  const { stripe_balance: cents = 0 } = await accountsHere(world, currency);
  return cents;
}

/** All accounts that are not empty, whosever they are. */
export async function accountsHere(
  world: World,
  currency = 'eur',
): Promise<Record<string, number>> {
  const { rows } = await world.db.pool.raw(
    `select account, sum(amount_cents)::bigint as cents from ledger_entries
      where currency = :currency group by account having sum(amount_cents) <> 0`,
    { currency },
  );
  return Object.fromEntries(
    rows.map(({ account, cents }: { account: string; cents: number }) => [account, cents]),
  );
}

/** Waits until our books and Stripe's say the same to the cent. */
export async function balancesAgree(world: World, currency = 'eur'): Promise<void> {
  await waitFor(
    async () =>
      isDeepStrictEqual(await balanceHere(world, currency), await balanceAtStripe(world, currency)),
    { what: `our balance in ${currency} to be Stripe's` },
  );
}
