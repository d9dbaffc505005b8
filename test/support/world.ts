import { AssertionError } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames } from '@liventix/dev/services';
import { type Stack, startStack } from '@liventix/dev/stack';
import { auditBooks } from '@liventix/domain/books/repository';
import { migrations } from '@liventix/domain/migrations';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { createTestDatabase } from '@liventix/shared/testing/database';
import { waitFor } from '@liventix/shared/testing/wait';
import { z } from 'zod';
import { loadTestConfig } from './config.ts';
import { operationAt } from './contract.ts';

/** An answer of ours, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, and of whatever shape came: tests assert on it. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface Request {
  readonly method?: string;
  readonly token?: string;
  readonly key?: string | null;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface World extends AsyncDisposable {
  readonly stack: Stack;
  readonly db: Database;
  /** Where its programs write. */
  readonly logs: string;
}

/**
 * The whole system for one test file: real services and simulators, a Redis of its own, and a
 * database of its own on the tests' Postgres.
 */
export async function startWorld(options: {
  readonly databaseUrl: string;
  readonly overrides?: Readonly<Record<string, string>>;
  /** Another Redis than one of the stack's own. */
  readonly redisUrl?: string;
  /** How many of each service; one, or as many as LIVENTIX_TEST_SCALE says. */
  readonly instances?: number;
}): Promise<World> {
  const instances = options.instances ?? loadTestConfig().LIVENTIX_TEST_SCALE;
  const database = await createTestDatabase({ url: options.databaseUrl, migrations });
  // A question of a test outlasts a stall of its machine.
  const db = connectDatabase({ url: database.url, poolMax: 10, statementTimeoutMs: 60_000 });
  const { RECONCILE_INTERVAL_MS: reconcileMs = 0 } = options.overrides ?? {};
  if (Number(reconcileMs) >= 600_000) {
    // The first reading of Stripe's list is due at once, and may tell what a test means to tell.
    await db.pool.raw(`insert into stripe_cursors (account, last_created_at)
                       values ('platform', now() + interval '1 day')`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'liventix-world-'));
  const logs = join(folder, 'logs');
  const stack = await startStack({
    folder,
    logs,
    say: () => undefined,
    recordPids: () => undefined,
    databaseUrl: database.url,
    ...(options.redisUrl !== undefined && { redisUrl: options.redisUrl }),
    scale: Object.fromEntries(serviceNames.map((name) => [name, instances])),
    overrides: {
      RECONCILE_INTERVAL_MS: '1000',
      SWEEP_INTERVAL_MS: '500',
      RELAY_INTERVAL_MS: '500',
      RATE_LIMIT_PER_S: '0',
      RATE_LIMIT_PER_MINUTE: '0',
      HELD_SEATS_PER_CLIENT: '0',
      SESSION_RATE_LIMIT_PER_S: '0',
      ...options.overrides,
    },
  });
  return {
    stack,
    db,
    logs,
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A request to one of our services. Its answer must be one that the service's contract describes. */
export async function http(url: string, request: Request = {}): Promise<Answer> {
  const body =
    request.raw ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  const response = await fetch(url, {
    method: methodOf(request, body),
    redirect: 'manual',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(request.token !== undefined && { authorization: `Bearer ${request.token}` }),
      ...(request.key !== undefined && request.key !== null && { 'idempotency-key': request.key }),
      ...request.headers,
    },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const answer = {
    status: response.status,
    headers: response.headers,
    text,
    body: type.includes('json') ? JSON.parse(text) : undefined,
  };
  await expectContract({ url, method: methodOf(request, body) }, answer);
  return answer;
}

function methodOf(request: Request, body: unknown): string {
  return request.method ?? (body === undefined ? 'GET' : 'POST');
}

async function expectContract(
  asked: { readonly url: string; readonly method: string },
  answer: Answer,
): Promise<void> {
  const operation = await operationAt(asked.method, asked.url);
  const type = (answer.headers.get('content-type') ?? '').replace('; charset=utf-8', '');
  const fault = operation?.check({ status: answer.status, type, body: answer.body });
  if (operation !== undefined && fault !== undefined) {
    const message = `${operation.method} ${operation.path} broke its contract: ${fault}`;
    throw new AssertionError({ message });
  }
}

export interface SoldEvent {
  readonly id: string;
  readonly slug: string;
  readonly tierIds: readonly string[];
}

/** An event on sale, made through the admin API. */
export async function sellEvent(
  world: World,
  more: Readonly<Record<string, unknown>> = {},
): Promise<SoldEvent> {
  const ask = async (path: string, body: unknown): Promise<Answer['body']> => {
    const url = `${world.stack.urls.ops}/admin/v1/events${path}`;
    const answer = await http(url, { token: world.stack.adminApiKey, body });
    if (answer.status >= 300) {
      throw new Error(`no event: ${answer.text}`);
    }
    return answer.body;
  };
  const slug = `night-${randomUUID().slice(0, 12)}`;
  const made = await ask('', {
    slug,
    title: 'A Night',
    venue: 'The Hall',
    starts_at: '2031-05-01T20:00:00+02:00',
    ends_at: '2031-05-01T23:00:00+02:00',
    timezone: 'Europe/Zurich',
    currency: 'eur',
    tiers: [
      { name: 'Floor', price_cents: 2_500, capacity: 100, max_per_order: 10 },
      { name: 'Balcony', price_cents: 4_000, capacity: 50, max_per_order: 10 },
    ],
    ...more,
  });
  await ask(`/${made.id}/publish`, {});
  return { id: made.id, slug, tierIds: made.tiers.map((tier: { id: string }) => tier.id) };
}

export interface Placed {
  readonly holdId: string;
  readonly holdToken: string;
  readonly orderId: string;
  readonly orderToken: string;
  readonly sessionId: string;
}

export const buyer = { name: 'Ada Lovelace', email: 'delivered+ada@resend.dev' };

export async function placeHold(world: World, event: SoldEvent, quantity = 2): Promise<Answer> {
  return await http(`${world.stack.urls.checkout}/v1/holds`, {
    key: randomUUID(),
    body: { event: event.slug, items: [{ tier: event.tierIds[0], quantity }] },
  });
}

/** A hold that went to checkout and waits on its payment page. */
export async function placeOrder(world: World, event: SoldEvent, quantity = 2): Promise<Placed> {
  return await checkOut(world, await placeHold(world, event, quantity));
}

/** Takes a hold to checkout, with more in the body than its buyer. */
export async function checkOut(
  world: World,
  hold: Answer,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Placed> {
  const checkout = await http(`${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`, {
    token: hold.body.token,
    key: randomUUID(),
    body: { buyer, ...more },
  });
  if (checkout.status !== 201) {
    throw new Error(`no checkout: ${checkout.text}`);
  }
  return {
    holdId: hold.body.id,
    holdToken: hold.body.token,
    orderId: checkout.body.order.id,
    orderToken: checkout.body.order.token,
    sessionId: new URL(checkout.body.checkout_url).pathname.split('/').at(-1) ?? '',
  };
}

export async function pay(
  world: World,
  sessionId: string,
  body: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  return await stripe(world, `checkout_sessions/${sessionId}/pay`, body);
}

/** The simulated Stripe's own controls. */
export async function stripe(world: World, path: string, body?: unknown): Promise<Answer> {
  return await http(`${world.stack.urls.stripe}/_simulator/${path}`, {
    ...(body !== undefined && { body }),
  });
}

/** The simulated Resend's own controls. */
export async function resend(world: World, path: string, body?: unknown): Promise<Answer> {
  return await http(`${world.stack.urls.resend}/_simulator/${path}`, {
    ...(body !== undefined && { body }),
  });
}

/** From now on a provider behaves so; nothing named is a fine day. */
export async function setWeather(
  world: World,
  provider: 'stripe' | 'resend',
  weather: Readonly<Record<string, unknown>>,
): Promise<void> {
  const url = `${world.stack.urls[provider]}/_simulator/weather`;
  await http(url, { method: 'PUT', body: weather });
}

export async function readOrder(world: World, placed: Placed): Promise<Answer> {
  return await http(`${world.stack.urls.checkout}/v1/orders/${placed.orderId}`, {
    token: placed.orderToken,
  });
}

/** Waits until the order is as it should be, and returns it. */
export async function orderBecomes(
  world: World,
  placed: Placed,
  status: string,
): Promise<Answer['body']> {
  return await waitFor(
    async () => {
      const answer = await readOrder(world, placed).catch(() => undefined);
      return answer?.body?.status === status ? answer.body : undefined;
    },
    { what: `order ${placed.orderId} to be ${status}` },
  );
}

const counted = z.object({ n: z.int() });

/** How many rows a query finds. */
export async function count(
  world: World,
  query: string,
  bindings: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { rows } = await world.db.pool.raw(`select count(*)::int as n ${query}`, bindings);
  return counted.parse(rows[0]).n;
}

/** What breaks a rule of the books, by rule and ids. The rules are those that the sweeper audits. */
export async function violations(world: World): Promise<string[]> {
  const found: string[] = [];
  for await (const { invariant, kind, violations: rows, reason } of auditBooks(world.db)) {
    if (kind !== 'held') {
      found.push(`${invariant.name}: ${reason ?? JSON.stringify(rows)}`);
    }
  }
  return found;
}
