import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { balancesAgree } from '#support/balance';
import { buy, refund, refundsBecome } from '#support/refunds';
import { type Answer, http, sellEvent, startWorld, stripe, type World } from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function ops(path: string): Promise<Answer> {
  return await http(`${world.stack.urls.ops}/admin/v1/${path}`, {
    token: world.stack.adminApiKey,
  });
}

function day(offset: number): string {
  return new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
}

test('balances of an event, and the ledger as a table with the payouts', async () => {
  const event = await sellEvent(world);
  const order = await buy(world, event);
  await buy(world, await sellEvent(world));
  await refund(world, order, { amount_cents: 1_000 });
  await refundsBecome(world, order, ['succeeded']);
  await balancesAgree(world);
  const { body } = await ops(`books?event=${event.id}`);
  expect(body.balances).toEqual([
    { account: 'goodwill', currency: 'eur', balance_cents: 1_000 },
    { account: 'stripe_balance', currency: 'eur', balance_cents: 3_825 },
    { account: 'stripe_fees', currency: 'eur', balance_cents: 175 },
    { account: 'ticket_sales', currency: 'eur', balance_cents: -5_000 },
  ]);
  await stripe(world, 'payouts', { with_pending: true });
  const table = await waitFor(
    async () => {
      const { text } = await ops(`books/entries.csv?from=${day(-1)}&until=${day(1)}`);
      const lines = text.trim().split('\n');
      return lines.filter((line) => line.includes(',po_')).length >= 8 ? lines : undefined;
    },
    { what: 'the sales to name their payout' },
  );
  expect(table[0]).toBe(
    'day,at,payout,event,order,kind,account,debit_minor_units,credit_minor_units,currency,transaction,cause',
  );
  const entries = table.slice(1).map((line) => line.split(','));
  const sumOf = (at: number) => entries.reduce((cents, line) => cents + Number(line[at]), 0);
  expect(sumOf(7)).toBeGreaterThan(0);
  expect(sumOf(7)).toBe(sumOf(8));
  const kinds = new Set(entries.map((line) => line[5]));
  expect(kinds).toEqual(new Set(['payment_received', 'refund_requested', 'refund_made', 'fee']));
});

test.for([
  ['backwards', `from=${day(0)}&until=${day(-1)}`, 422, 'export.period_invalid'],
  ['longer than a year', 'from=2026-01-01&until=2028-01-01', 422, 'export.period_invalid'],
  ['no day', 'from=yesterday&until=today', 400, 'request.invalid'],
] as const)('a period that goes %s is refused', async ([, query, status, code]) => {
  expect(await ops(`books/entries.csv?${query}`)).toMatchObject({ status, body: { code } });
});
