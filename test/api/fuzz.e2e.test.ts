import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import Stripe from 'stripe';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { asForm, nearlyValid, rubbish, valid } from '#support/bodies';
import { loadTestConfig } from '#support/config';
import { type Operation, readContract } from '#support/contract';
import { addDevice } from '#support/door';
import {
  orderBecomes,
  pay,
  placeHold,
  placeOrder,
  sellEvent,
  startWorld,
  violations,
  type World,
} from '#support/world';

const total = loadTestConfig().LIVENTIX_TEST_ALL ? 200_000 : 20_000;
const inFlight = 24;

/** A service that leaks ends at this, and then its pid is another one. */
const heapMb = 160;

interface Route {
  readonly base: string;
  readonly operation: Operation;
}

interface Shot {
  readonly route: Route;
  readonly id: string;
  readonly token: string | undefined;
  readonly key: string | undefined;
  readonly query: string;
  readonly body: string | undefined;
  readonly type: string;
}

let world: World;
let routes: readonly Route[];
let ids: readonly string[];
let tokens: readonly (string | undefined)[];

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: {
      NODE_OPTIONS: `--max-old-space-size=${heapMb}`,
      STRIPE_SESSIONS_PER_SECOND: '10000',
    },
  });
  const { checkout, ops, door, webhook_ingest: ingest } = world.stack.urls;
  const contracts = [checkout, ops, door, ingest].map(async (base) =>
    (await readContract(base)).map((operation) => ({ base, operation })),
  );
  routes = (await Promise.all(contracts)).flat();
  const event = await sellEvent(world);
  const scanner = await addDevice(world, event);
  const chief = await addDevice(world, event, { role: 'supervisor' });
  const hold = (await placeHold(world, event)).body;
  const open = await placeOrder(world, event);
  const sold = await placeOrder(world, event);
  await pay(world, sold.sessionId);
  const [ticket] = (await orderBecomes(world, sold, 'fulfilled')).tickets;
  ids = [event.slug, event.id, ...event.tierIds, hold.id, open.orderId, sold.orderId, ticket.id];
  ids = [...ids, open.orderToken, sold.orderToken, ticket.token];
  tokens = [
    world.stack.adminApiKey,
    hold.token,
    open.orderToken,
    sold.orderToken,
    ticket.token,
    scanner.key,
    chief.key,
    undefined,
    'k1.nonsense',
  ];
});

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

function shots(route: Route): fc.Arbitrary<Shot> {
  const { operation } = route;
  return fc.record({
    route: fc.constant(route),
    id: fc.oneof(
      fc.constantFrom(...ids),
      fc.uuid(),
      fc.constantFrom('a\u0000b', '%', '..'),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
    ),
    token: fc.constantFrom(
      ...tokens,
      ...(operation.access === 'api_key' ? [tokens[0], tokens[0]] : []),
      ...(operation.access === 'device_key' ? tokens.slice(5, 7) : []),
    ),
    key: fc.oneof(fc.uuid({ version: 4 }), fc.constantFrom(undefined, 'x', ids[1])),
    query: fc.oneof(
      fc.constantFrom('', 'a\u0000b', '%%', '999999999'),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
    ),
    body: bodiesOf(operation),
    type: fc.oneof(
      { weight: 8, arbitrary: fc.constant(typeOf(operation)) },
      { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/xml', '') },
    ),
  });
}

function bodiesOf({ body, form }: Operation): fc.Arbitrary<string | undefined> {
  const schema = body ?? form;
  if (schema === undefined) {
    return fc.oneof(fc.constant(undefined), rubbish);
  }
  const text = form === undefined ? JSON.stringify : asForm;
  return fc.oneof(
    { weight: 4, arbitrary: valid(schema).map((one) => text(one)) },
    { weight: 4, arbitrary: nearlyValid(schema).map((one) => text(one)) },
    { weight: 2, arbitrary: rubbish },
  );
}

function typeOf({ form }: Operation): string {
  return form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
}

function headersOf(shot: Shot): Record<string, string> {
  const isSigned = shot.route.operation.access === 'provider_signature';
  const secret = world.stack.webhookSecrets[0] ?? '';
  return {
    ...(shot.body !== undefined && shot.type !== '' && { 'content-type': shot.type }),
    ...(shot.token !== undefined && { authorization: `Bearer ${shot.token}` }),
    ...(shot.key !== undefined && { 'idempotency-key': shot.key }),
    ...(isSigned && {
      'stripe-signature': Stripe.webhooks.generateTestHeaderString({
        payload: shot.body ?? '',
        secret,
      }),
    }),
  };
}

/** What is wrong with the answer to a shot, or undefined. */
async function fire(shot: Shot): Promise<string | undefined> {
  const { base, operation } = shot.route;
  const path = operation.path.replace(/\{\w+\}/, encodeURIComponent(shot.id) || 'x');
  const search = operation.query.map((name) => `${name}=${encodeURIComponent(shot.query)}`);
  const url = `${base}${path}${search.length > 0 ? `?${search.join('&')}` : ''}`;
  const mayHaveBody = operation.method !== 'GET' && shot.body !== undefined;
  const response = await fetch(url, {
    method: operation.method,
    redirect: 'manual',
    headers: headersOf(shot),
    ...(mayHaveBody && { body: shot.body ?? '' }),
    signal: AbortSignal.timeout(20_000),
  });
  const type = (response.headers.get('content-type') ?? '').replace('; charset=utf-8', '');
  if (type === 'text/event-stream') {
    // It would go on for ever; what streams say has tests of its own.
    await response.body?.cancel();
    return operation.check({ status: response.status, type, body: '' });
  }
  const text = await response.text();
  if (response.status >= 500) {
    return `${response.status} ${text}`;
  }
  const body: unknown = type.includes('json') ? JSON.parse(text) : text;
  return operation.check({ status: response.status, type, body });
}

/** A lone surrogate cannot go into an address; it becomes what a browser would send. */
function sendable(shot: Shot): Shot {
  return { ...shot, id: shot.id.toWellFormed(), query: shot.query.toWellFormed() };
}

test(`${total} requests made from the contracts: no 5xx, no answer outside its schema, no exit`, {
  timeout: 1_800_000,
}, async () => {
  const seed = Number.parseInt(randomUUID().slice(0, 8), 16) | 0;
  const before = world.stack.supervisor.pids();
  const each = Math.ceil(total / routes.length);
  const queue = routes.flatMap((route) => fc.sample(shots(route), { seed, numRuns: each }));
  queue.sort((a, b) => (a.key ?? a.id).localeCompare(b.key ?? b.id));
  const faults: string[] = [];
  const shooter = async () => {
    for (let shot = queue.pop(); shot !== undefined && faults.length < 20; shot = queue.pop()) {
      const fault = await fire(sendable(shot)).catch((error: unknown) => String(error));
      if (fault !== undefined) {
        const { method, path } = shot.route.operation;
        const { id, query, key } = shot;
        const said = JSON.stringify({ id, query, key, body: shot.body?.slice(0, 300) });
        faults.push(`${method} ${path} ${said}: ${fault.slice(0, 300)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, shooter));
  expect(faults, `seed ${seed}`).toEqual([]);
  expect(world.stack.supervisor.pids()).toEqual(before);
});
