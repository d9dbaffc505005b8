import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { loadInvariants } from '@liventix/domain/books/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { inheritedEnvironment } from '#support/config';
import { type Bought, buy, intentOf, refund, refundsBecome } from '#support/refunds';
import {
  count,
  http,
  pay,
  placeOrder,
  sellEvent,
  setWeather,
  startWorld,
  stripe,
  violations,
  type World,
} from '#support/world';

const script = join(import.meta.dirname, '..', '..', 'liventix');

let world: World;
let order: Bought;

beforeAll(async () => {
  // Nothing is reconciled: what no webhook tells stays a difference.
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { RECONCILE_INTERVAL_MS: '3600000' },
  });
  order = await buy(world, await sellEvent(world));
  await refund(world, order, { tickets: order.ticketIds.slice(0, 1) });
  await refundsBecome(world, order, ['succeeded']);
  await allQuiet();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** Until Stripe and Resend have told all they have to tell, and nothing here has anything left to do. */
async function allQuiet(): Promise<void> {
  const open = `from (select id::text from outbox where done_at is null and dead_at is null
    union all select id from stripe_events where processed_at is null
    union all select id::text from emails where status <> 'delivered') o`;
  await waitFor(
    async () => {
      const { body } = await stripe(world, 'books?parts=events');
      const isTold = body.events.every(({ delivered }: { delivered: boolean }) => delivered);
      return isTold && (await count(world, open)) === 0;
    },
    { what: 'all that was told to be done', timeoutMs: 120_000 },
  );
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function run(
  options: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const child = spawn(script, ['verify', ...options], {
    env: { ...inheritedEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: child.exitCode, out, err };
}

async function verify(...options: string[]): Promise<Ended> {
  return await run([...options, '--grace', '0'], {
    DATABASE_URL: world.stack.databaseUrl,
    STRIPE_SECRET_KEY: world.stack.stripeSecretKey,
    STRIPE_API_URL: world.stack.urls.stripe,
  });
}

/** Changes the books past every guard, looks, and changes them back. */
async function inBrokenBooks<T>(
  change: { readonly damage: string; readonly repair: string },
  look: () => Promise<T>,
): Promise<T> {
  const apply = async (sql: string) =>
    await world.db.inTransaction(async (tx) => {
      await tx.raw(`set local session_replication_role = replica; ${sql}`);
    });
  await apply(change.damage);
  try {
    return await look();
  } finally {
    await apply(change.repair);
  }
}

test('sound books: every rule holds, Stripe says the same, and the snapshot is what was sold', async () => {
  const { code, out } = await verify('--json', '--stripe');
  const proof = JSON.parse(out);
  const broken = proof.invariants.filter((rule: { outcome: string }) => rule.outcome !== 'held');
  expect(broken).toEqual([]);
  expect(proof).toMatchObject({
    sound: true,
    snapshot: {
      orders_paid: 1,
      tickets_issued: 2,
      reserved_holds: 0,
      duplicates: 0,
      accounting_matches: true,
      money: [
        { currency: 'eur', revenue_cents: 5_000, refunded_cents: 2_500, unexplained_cents: 0 },
      ],
    },
    stripe: { payments: 1, refunds: 1, differences: [] },
  });
  const names = proof.invariants.map(({ name }: { name: string }) => name);
  expect(names).toEqual(loadInvariants().map(({ name }) => name));
  expect(code).toBe(0);
});

test('ops answers the same snapshot', async () => {
  const { out } = await verify('--json');
  const answer = await http(`${world.stack.urls.ops}/admin/v1/health-snapshot`, {
    token: world.stack.adminApiKey,
  });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual(JSON.parse(out).snapshot);
});

test('a violation is named with its ids, and the command exits 1', async () => {
  const [ticket = ''] = order.ticketIds.slice(1);
  const change = {
    damage: `delete from refund_items; update tickets set status = 'refunded', ended_at = now() where id = '${ticket}'`,
    repair: `update tickets set status = 'valid', ended_at = null where id = '${ticket}';
             insert into refund_items (refund_id, ticket_id, amount_cents)
             select r.id, k.id, r.amount_cents from refunds r join tickets k on k.status = 'refunded'`,
  };
  const [json, plain] = await inBrokenBooks(change, async () => [
    await verify('--json'),
    await verify(),
  ]);
  expect([json.code, plain.code]).toEqual([1, 1]);
  const broken = JSON.parse(json.out).invariants.find(
    ({ name }: { name: string }) => name === 'refunded-tickets-have-their-refund',
  );
  expect(broken).toMatchObject({ outcome: 'broken', found: 2 });
  expect(broken.violations).toContainEqual(expect.objectContaining({ id: ticket }));
  expect(plain.out).toContain('BROKEN   refunded-tickets-have-their-refund');
  expect(plain.out).toContain(ticket);
  expect(await violations(world)).toEqual([]);
});

test('what Stripe has and we have not, what it never had, and what it has otherwise', async () => {
  await setWeather(world, 'stripe', { webhooks: { drop_rate: 1 } });
  const unheard = await placeOrder(world, await sellEvent(world), 1);
  expect((await pay(world, unheard.sessionId)).body.outcome).toBe('paid');
  const intent = await intentOf(world, order);
  const change = {
    damage: `update payments set amount_cents = 4999 where provider_id = '${intent}';
             update refunds set stripe_refund_id = 're_' || stripe_refund_id`,
    repair: `update payments set amount_cents = 5000 where provider_id = '${intent}';
             update refunds set stripe_refund_id = substr(stripe_refund_id, 4)`,
  };
  const { code, out } = await inBrokenBooks(change, async () => await verify('--json', '--stripe'));
  const { differences } = JSON.parse(out).stripe;
  expect(code).toBe(1);
  expect(differences).toHaveLength(4);
  expect(differences).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ object: 'payment', what: 'only_at_stripe', our_id: null }),
      expect.objectContaining({
        object: 'payment',
        what: 'differs',
        stripe_id: intent,
        here: expect.objectContaining({ amount_cents: 4_999 }),
        there: expect.objectContaining({ amount_cents: 5_000 }),
      }),
      expect.objectContaining({ object: 'refund', what: 'only_at_stripe' }),
      expect.objectContaining({ object: 'refund', what: 'only_here' }),
    ]),
  );
});

test('without DATABASE_URL the stack that runs is verified', async () => {
  const child = spawn(script, ['up', '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const stack = JSON.parse((await lines.next()).value ?? '');
    const { out } = await run(['--json', '--stripe'], { DATABASE_URL: '' });
    const proof = JSON.parse(out);
    // Whoever runs another stack here meanwhile is asked which one is meant.
    const found = proof.sound === true || String(proof.error).includes(stack.database_url);
    expect(found, out).toBe(true);
  } finally {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
});

test.for([
  ['a number that is none', ['--days', 'never'], 'whole numbers'],
  ['a database that is not there', [], 'connect'],
] as const)('%s is an error in words, and exit 1', async ([, options, words]) => {
  const ended = await run(options, { DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  expect(ended.code).toBe(1);
  expect(ended.err.toLowerCase()).toContain(words);
  expect(ended.err).not.toContain('    at ');
});
