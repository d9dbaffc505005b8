import { randomUUID } from 'node:crypto';
import { ensureOrganization } from '@liventix/domain/access/repository';
import { readBalances } from '@liventix/domain/ledger/repository';
import { migrations } from '@liventix/domain/migrations';
import { setOrderWallet, takeEscrow } from '@liventix/domain/wallets/escrow-repository';
import { revokeWalletTokens } from '@liventix/domain/wallets/repository';
import type { Database } from '@liventix/shared/db';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Deps } from '#deps';
import { checkOut, holdSeats, openCheckout, orderOf } from '#testing/checkout';
import { makePromo } from '#testing/codes';
import { sell } from '#testing/sale';
import { withoutGuard } from '#testing/stale-guard';
import { cashOf, makeWallet, type TestWallet } from '#testing/wallets';

let stack: AsyncDisposableStack;
let database: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  database = stack.use(await createTestDatabase({ url: inject('databaseUrl'), migrations }));
  deps = await openCheckout({ database: database.url, redis: inject('redisUrl') }, stack);
});

afterAll(async () => await stack.disposeAsync());

const email = 'ada@example.com';

async function paymentsOf(orderId: string) {
  const { rows } = await database.db.pool.raw(
    `select provider, disposition, amount_cents as cents from payments where order_id = :orderId`,
    { orderId },
  );
  return rows;
}

describe('a wallet pays', () => {
  test('all of an order, which is confirmed at once', async () => {
    const sale = await sell(database.db, { capacities: [10] });
    const wallet = await makeWallet(deps, sale, { cents: 3_000 });
    const hold = await holdSeats(deps, sale);
    expect(await checkOut(deps, hold, { email, wallet: wallet.token })).toBe('placed');
    const order = await orderOf(deps, hold);
    expect(order).toMatchObject({ status: 'paid', totalCents: 2_500, walletCents: 2_500 });
    expect(await cashOf(deps, wallet)).toEqual([500, 0]);
    expect(await paymentsOf(order?.id ?? '')).toEqual([
      { provider: 'wallet', disposition: 'tickets', cents: 2_500 },
    ]);
    const { organizationId, eventId } = sale;
    expect(await readBalances(database.db.pool, { organizationId, eventId })).toEqual([
      { account: 'ticket_sales', currency: 'eur', balanceCents: -2_500 },
      { account: 'wallet_credit', currency: 'eur', balanceCents: 2_500 },
    ]);
  });

  test('what it has, and a card the rest; asking again takes nothing more', async () => {
    const sale = await sell(database.db, { capacities: [10] });
    const wallet = await makeWallet(deps, sale, { cents: 1_000 });
    const hold = await holdSeats(deps, sale);
    for (let times = 0; times < 2; times += 1) {
      expect(await checkOut(deps, hold, { email, wallet: wallet.token })).toBe('placed');
    }
    expect(await orderOf(deps, hold)).toMatchObject({ status: 'pending', walletCents: 1_000 });
    expect(await cashOf(deps, wallet)).toEqual([0, 1_000]);
  });

  test('less than it has, where a card could not pay the rest', async () => {
    const sale = await sell(database.db, { capacities: [10] });
    const wallet = await makeWallet(deps, sale, { cents: 2_490 });
    const hold = await holdSeats(deps, sale);
    await checkOut(deps, hold, { email, wallet: wallet.token });
    expect(await orderOf(deps, hold)).toMatchObject({ walletCents: 2_450 });
    expect(await cashOf(deps, wallet)).toEqual([40, 2_450]);
  });

  test('what a code leaves of the price', async () => {
    const sale = await sell(database.db, { capacities: [10] });
    const promo = await makePromo(database.db, sale);
    const wallet = await makeWallet(deps, sale, { cents: 2_500 });
    const hold = await holdSeats(deps, sale);
    await checkOut(deps, hold, { email, wallet: wallet.token, promo: promo.code });
    expect(await orderOf(deps, hold)).toMatchObject({ status: 'paid', walletCents: 2_250 });
    expect(await cashOf(deps, wallet)).toEqual([250, 0]);
  });
});

describe('other content for a pending order', () => {
  test('without a wallet, or with another: what was set aside is back', async () => {
    const sale = await sell(database.db, { capacities: [10] });
    const promo = await makePromo(database.db, sale);
    const [one, two] = [
      await makeWallet(deps, sale, { cents: 1_000 }),
      await makeWallet(deps, sale, { cents: 700 }),
    ];
    const hold = await holdSeats(deps, sale);
    const cash = async () => [await cashOf(deps, one), await cashOf(deps, two)];
    const contents = [
      [
        { wallet: one.token },
        [
          [0, 1_000],
          [700, 0],
        ],
      ],
      [
        { wallet: two.token },
        [
          [1_000, 0],
          [0, 700],
        ],
      ],
      [
        { wallet: two.token, promo: promo.code },
        [
          [1_000, 0],
          [0, 700],
        ],
      ],
      [
        {},
        [
          [1_000, 0],
          [700, 0],
        ],
      ],
      [
        { wallet: one.token, promo: promo.code },
        [
          [0, 1_000],
          [700, 0],
        ],
      ],
    ] as const;
    for (const [content, expected] of contents) {
      expect(await checkOut(deps, hold, { email, ...content })).toBe('placed');
      expect(await cash()).toEqual(expected);
    }
    expect(await orderOf(deps, hold)).toMatchObject({ totalCents: 2_250, walletCents: 1_000 });
  });

  test('a wallet that is refused leaves the order as it was', async () => {
    const sale = await sell(database.db, { capacities: [10] });
    const [full, empty] = [
      await makeWallet(deps, sale, { cents: 1_000 }),
      await makeWallet(deps, sale, { cents: 0 }),
    ];
    const hold = await holdSeats(deps, sale);
    await checkOut(deps, hold, { email, wallet: full.token });
    const before = await orderOf(deps, hold);
    expect(await checkOut(deps, hold, { email, wallet: empty.token })).toBe('wallet.empty');
    expect(await orderOf(deps, hold)).toEqual(before);
    expect(await cashOf(deps, full)).toEqual([0, 1_000]);
  });
});

test('no wallet opens to a token of another thing, organization or currency, or a revoked one', async () => {
  const sale = await sell(database.db, { capacities: [10] });
  const rivals = await ensureOrganization(database.db.pool, { slug: 'rivals', name: 'Rivals' });
  const revoked = await makeWallet(deps, sale, { cents: 1_000 });
  await database.db.inTransaction(async (tx) => await revokeWalletTokens(tx, revoked.id));
  const tokens = [
    'nonsense',
    deps.tokens.issue('hold', revoked.id, 1),
    deps.tokens.issue('wallet', randomUUID(), 1),
    revoked.token,
    (await makeWallet(deps, rivals, { cents: 1_000 })).token,
    (await makeWallet(deps, sale, { cents: 1_000, currency: 'chf' })).token,
  ];
  for (const token of tokens) {
    const hold = await holdSeats(deps, sale);
    expect(await checkOut(deps, hold, { email, wallet: token })).toBe('wallet.not_usable');
    expect(await orderOf(deps, hold)).toBeUndefined();
  }
});

describe('many orders and one wallet', () => {
  test('spend what is in it once', async () => {
    const sale = await sell(database.db, { capacities: [20] });
    const wallet = await makeWallet(deps, sale, { cents: 1_000 });
    const holds = await Promise.all(Array.from({ length: 8 }, () => holdSeats(deps, sale)));
    const outcomes = await Promise.all(
      holds.map(
        async (hold, at) =>
          await checkOut(deps, hold, { email: `buyer-${at}@example.com`, wallet: wallet.token }),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['placed', ...Array(7).fill('wallet.empty')].toSorted());
    expect(await cashOf(deps, wallet)).toEqual([0, 1_000]);
  });

  /** Two orders that would each have all of it; nothing is taken yet. */
  async function rivals(wallet: TestWallet) {
    const sale = await sell(database.db, { capacities: [10] });
    return await Promise.all(
      [1, 2].map(async (buyer) => {
        const hold = await holdSeats(deps, sale);
        await checkOut(deps, hold, { email: `${buyer}@example.com` });
        const order = await orderOf(deps, hold);
        const orderId = order?.id ?? '';
        const share = { id: wallet.id, cents: 1_000 };
        await database.db.inTransaction(
          async (tx) => await setOrderWallet(tx, { orderId, wallet: share }),
        );
        return await orderOf(deps, hold);
      }),
    );
  }

  async function takeBoth(db: Database, wallet: TestWallet) {
    const orders = await rivals(wallet);
    return await Promise.allSettled(
      orders.map(
        async (order) =>
          await db.inTransaction(async (tx) => order && (await takeEscrow(tx, order))),
      ),
    );
  }

  const guard = { guard: 'and balance_cents >= :cents', by: '' };

  test('the condition lets one of two have it', async () => {
    const sale = await sell(database.db, { capacities: [1] });
    const wallet = await makeWallet(deps, sale, { cents: 1_000 });
    const taken = await takeBoth(database.db, wallet);
    expect(taken.map((one) => one.status === 'fulfilled' && one.value).toSorted()).toEqual([
      false,
      true,
    ]);
    expect(await cashOf(deps, wallet)).toEqual([0, 1_000]);
  });

  test('negative control: without the condition only the constraint refuses the second', async () => {
    const sale = await sell(database.db, { capacities: [1] });
    const wallet = await makeWallet(deps, sale, { cents: 1_000 });
    const taken = await takeBoth(withoutGuard(database.db, guard), wallet);
    expect(taken.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await cashOf(deps, wallet)).toEqual([0, 1_000]);
  });
});
