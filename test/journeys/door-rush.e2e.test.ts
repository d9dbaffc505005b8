import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { createTokens, type Tokens } from '@liventix/shared/tokens';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { loadTestConfig } from '#support/config';
import { addDevice, type Device, openEvent } from '#support/door';
import { http, type SoldEvent, startWorld, violations, type World } from '#support/world';

const isLong = loadTestConfig().LIVENTIX_TEST_ALL;
const transfers = isLong ? 10_000 : 300;
const rounds = isLong ? 500 : 60;
const scanners = 64;
const orderMax = 500;
const atOnce = 16;

const secret = 'k1:the-secret-of-this-test-which-is-long-enough';
let world: World;
let tokens: Tokens;
let event: SoldEvent;

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { TOKEN_SECRETS: secret },
  });
  tokens = createTokens([{ kid: 'k1', secret: secret.slice('k1:'.length) }]);
  const tier = { name: 'Floor', price_cents: 0, capacity: 20_000, max_per_order: 10 };
  event = await openEvent(world, { tiers: [tier] });
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

const held = z.object({ id: z.uuid(), token: z.string(), qr: z.string() });
type Held = z.output<typeof held>;

/** Tickets given away, as their holder sees them. */
async function tickets(quantity: number): Promise<Held[]> {
  const sizes = Array.from({ length: Math.ceil(quantity / orderMax) }, (_, at) =>
    Math.min(orderMax, quantity - at * orderMax),
  );
  const orders = await inTurns(sizes, async (size) => await given(size));
  return orders.flat();
}

async function given(quantity: number): Promise<Held[]> {
  const made = await http(
    `${world.stack.urls.ops}/admin/v1/events/${event.id}/complimentary-orders`,
    {
      token: world.stack.adminApiKey,
      key: randomUUID(),
      body: {
        tier: event.tierIds[0],
        quantity,
        buyer: { name: 'Ada Lovelace', email: `ada-${randomUUID()}@liventix.test` },
        reason: 'guests of the band',
      },
    },
  );
  const token = tokens.issue('order', made.body.id, 1);
  return await waitFor(
    async () => {
      const { body } = await http(`${world.stack.urls.checkout}/v1/orders/${made.body.id}`, {
        token,
      });
      return body.tickets?.length === quantity ? z.array(held).parse(body.tickets) : undefined;
    },
    { what: `${quantity} tickets` },
  );
}

/** Does the same with each, so many at once. */
async function inTurns<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = all.entries();
  const worker = async () => {
    for (const [at, one] of left) {
      results[at] = await work(one);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

async function post(
  url: string,
  request: { readonly token: string; readonly key?: string; readonly body: unknown },
): Promise<z.output<typeof answered>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${request.token}`,
      ...(request.key !== undefined && { 'idempotency-key': request.key }),
    },
    body: JSON.stringify(request.body),
  });
  return answered.parse(await response.json());
}
const answered = z.looseObject({
  id: z.uuid().optional(),
  outcome: z.string().optional(),
  code: z.string().optional(),
});

const acceptedTicket = z.looseObject({ ticket: z.object({ id: z.uuid(), token: z.string() }) });

/** Passes a ticket on, and returns the new holder's token. */
async function passOn(ticket: Held): Promise<string> {
  const { checkout } = world.stack.urls;
  const offer = await post(`${checkout}/v1/tickets/${ticket.id}/transfers`, {
    token: ticket.token,
    key: randomUUID(),
    body: { to: `grace-${randomUUID()}@liventix.test` },
  });
  const { id = '' } = offer;
  const accepted = await post(`${checkout}/v1/transfers/${id}/accept`, {
    token: tokens.issue('transfer', id, 1),
    body: { name: 'Grace Hopper' },
  });
  return acceptedTicket.parse(accepted).ticket.token;
}

async function scan(device: Device, code: string): Promise<string> {
  const { outcome, code: problem } = await post(`${world.stack.urls.door}/v1/check-ins`, {
    token: device.key,
    body: { code, nonce: randomUUID() },
  });
  return outcome ?? problem ?? 'neither';
}

test(`${transfers} tickets change hands: no old code is admitted, and each new one once`, {
  timeout: 1_200_000,
}, async () => {
  const device = await addDevice(world, event);
  const outcomes = await inTurns(await tickets(transfers), async (ticket) => {
    const token = await passOn(ticket);
    const old = await scan(device, ticket.qr);
    const { body } = await http(`${world.stack.urls.checkout}/v1/tickets/${ticket.id}`, { token });
    return [old, await scan(device, body.qr), await scan(device, body.qr)].join(' ');
  });
  expect([...new Set(outcomes)]).toEqual(['outdated admitted already_in']);
});

test(`${scanners} scanners before one ticket, ${rounds} times: one admission each time`, {
  timeout: 600_000,
}, async () => {
  const devices = await inTurns(
    Array.from({ length: scanners }, (_, at) => `Gate ${at}`),
    async (gate) => await addDevice(world, event, { gate }),
  );
  for (const { qr } of await tickets(rounds)) {
    const outcomes = await Promise.all(devices.map(async (device) => await scan(device, qr)));
    expect(Object.groupBy(outcomes, (outcome) => outcome)).toMatchObject({
      admitted: ['admitted'],
      already_in: Array(scanners - 1).fill('already_in'),
    });
  }
});

/** Several doors that look first and write then, and all look before any of them writes. */
async function carelessly(device: Device, ticketId: string): Promise<number> {
  const looked: Promise<void>[] = [];
  const doors = Array.from({ length: 4 }, async (_, at) => {
    const seen = Promise.withResolvers<void>();
    looked[at] = seen.promise;
    await world.db.inTransaction(async (tx) => {
      await tx.raw('set local idle_in_transaction_session_timeout = 0');
      await tx.raw('select 1 from check_ins where ticket_id = :ticketId', { ticketId });
      seen.resolve();
      await Promise.all(looked);
      await tx.raw(
        `insert into check_ins (id, event_id, device_id, gate, nonce, request_hash, ticket_id,
                                direction, outcome)
         values (gen_random_uuid(), :eventId, :deviceId, 'North', gen_random_uuid(),
                 repeat('a', 64), :ticketId, 'in', 'admitted')`,
        { eventId: event.id, deviceId: device.id, ticketId },
      );
    });
  });
  const ended = await Promise.allSettled(doors);
  return ended.filter(({ status }) => status === 'fulfilled').length;
}

test('negative control: without its index a door that forgets the lock lets several in', async () => {
  const device = await addDevice(world, event);
  const [guarded, unguarded] = await tickets(2);
  expect(await carelessly(device, guarded?.id ?? '')).toBe(1);
  await world.db.pool.raw('drop index check_ins_one_inside');
  expect(await carelessly(device, unguarded?.id ?? '')).toBe(4);
  await world.db.pool.raw('delete from check_ins where device_id = :id', { id: device.id });
});
