import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { readCode, signedBytes } from '@liventix/domain/credentials';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { addDevice, type Device, openEvent, outcomeOf, scan } from '#support/door';
import { buy, refund, refundsBecome } from '#support/refunds';
import {
  count,
  http,
  readOrder,
  type SoldEvent,
  sellEvent,
  startWorld,
  violations,
  type World,
} from '#support/world';

const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

let world: World;
let event: SoldEvent;
let north: Device;
let south: Device;
let chief: Device;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
  event = await openEvent(world);
  north = await addDevice(world, event);
  south = await addDevice(world, event, { gate: 'South' });
  chief = await addDevice(world, event, { gate: 'Desk', role: 'supervisor' });
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

async function admin(path: string, body?: unknown, method?: string) {
  return await http(`${world.stack.urls.ops}/admin/v1/${path}`, {
    token: world.stack.adminApiKey,
    ...(body !== undefined && { body }),
    ...(method !== undefined && { method }),
  });
}

/** An order of two tickets with the codes its page shows. */
async function buyTwo(of = event) {
  const order = await buy(world, of);
  const { tickets } = (await readOrder(world, order)).body;
  const codes: string[] = tickets.map(({ qr }: { qr: string }) => qr);
  return { order, codes: codes as [string, string] };
}

describe('the code', () => {
  test('is signed by the event’s key, which anybody may have', async () => {
    const { codes } = await buyTwo();
    const { body } = await http(`${world.stack.urls.checkout}/v1/events/${event.slug}/keys`);
    const claim = readCode(codes[0]) ?? expect.fail('it is no code');
    const x = body.keys.find(({ kid }: { kid: number }) => kid === claim.kid).public_key;
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    expect(verify(null, signedBytes(claim), key, claim.signature)).toBe(true);
    expect(claim.eventId).toBe(event.id);
  });

  test('signed before a rotation opens the door after it', async () => {
    const own = await openEvent(world);
    const device = await addDevice(world, own);
    const before = await buyTwo(own);
    await admin(`events/${own.id}/keys/rotate`, {});
    expect(await outcomeOf(world, device, before.codes[0])).toBe('admitted');
    const { body } = await http(`${world.stack.urls.checkout}/v1/events/${own.slug}/keys`);
    expect(body.keys).toMatchObject([{ kid: 1, retired_at: expect.any(String) }]);
  });
});

describe('the door', () => {
  test('lets a ticket in once, and says where and when it was used', async () => {
    const { codes } = await buyTwo();
    const first = await scan(world, north, codes[0]);
    expect(first.body).toMatchObject({
      outcome: 'admitted',
      ticket: { tier: 'Floor', holder_name: 'Ada Lovelace' },
      before: null,
    });
    const second = await scan(world, south, codes[0]);
    expect(second.body).toMatchObject({
      outcome: 'already_in',
      before: { gate: 'North', at: first.body.at },
    });
    expect(await outcomeOf(world, south, codes[1])).toBe('admitted');
  });

  test('sixty-four scanners at once, one admission', async () => {
    const gates = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => await addDevice(world, event, { gate: `G${n}` })),
    );
    const { codes } = await buyTwo();
    const outcomes = await Promise.all(
      Array.from(
        { length: 64 },
        async (_, n) => await outcomeOf(world, gates[n % 8] ?? north, codes[0]),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'admitted')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'already_in')).toHaveLength(63);
  });

  test('the same nonce is the same scan; another scan may not have it', async () => {
    const { codes } = await buyTwo();
    const nonce = randomUUID();
    const answers = await Promise.all(
      [1, 2, 3].map(async () => await scan(world, north, { code: codes[0], nonce })),
    );
    expect(answers.map(({ body }) => body.outcome)).toEqual(Array(3).fill('admitted'));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await outcomeOf(world, north, { code: codes[1], nonce })).toBe('check_in.nonce_reused');
    expect(await outcomeOf(world, south, { code: codes[0], nonce })).toBe('check_in.nonce_reused');
  });

  test('refuses what was given back, is for elsewhere, or is no ticket', async () => {
    const { order, codes } = await buyTwo();
    await refund(world, order, { tickets: order.ticketIds.slice(0, 1) });
    const other = await openEvent(world);
    const foreign = await buyTwo(other);
    const balcony = await addDevice(world, event, { gate: 'Up', tiers: [event.tierIds[1]] });
    const early = await sellEvent(world);
    const tooEarly = await buyTwo(early);
    const mutated = `${codes[1].slice(0, -9)}${codes[1].at(-9) === 'A' ? 'B' : 'A'}${codes[1].slice(-8)}`;
    const [given] = order.ticketIds;
    const byState = (await readOrder(world, order)).body.tickets.map(
      (ticket: { id: string; status: string }) => [ticket.id === given, ticket.status],
    );
    expect(byState).toContainEqual([true, 'refunded']);
    const outcomes = [
      await outcomeOf(world, north, order.ticketIds[0] === given ? codes[0] : codes[1]),
      await outcomeOf(world, north, foreign.codes[0]),
      await outcomeOf(world, balcony, codes[1]),
      await outcomeOf(world, await addDevice(world, early), tooEarly.codes[0]),
      await outcomeOf(world, north, mutated),
      await outcomeOf(world, north, codes[1].slice(0, 60)),
      await outcomeOf(world, north, 'hello'),
    ];
    expect(outcomes).toEqual([
      'refunded',
      'wrong_event',
      'wrong_gate',
      'too_early',
      'forged',
      'forged',
      'forged',
    ]);
    await refundsBecome(world, order, ['succeeded']);
  });

  test.for([
    ['ten kilobytes', { code: 'LVX2'.repeat(2_500) }, 'request.invalid'],
    ['no code', { code: '' }, 'request.invalid'],
    ['a scan of tomorrow', { code: 'LVX2', scanned_at: at(25) }, 'check_in.time_impossible'],
    ['a scan of last week', { code: 'LVX2', scanned_at: at(-170) }, 'check_in.time_impossible'],
    ['another time', { code: 'LVX2', scanned_at: 'noon' }, 'request.invalid'],
    ['a nonce that is none', { code: 'LVX2', nonce: '1' }, 'request.invalid'],
  ] as const)('%s is refused, and nothing is kept', async ([, body, code]) => {
    const scans = async () => await count(world, 'from check_ins');
    const before = await scans();
    expect(await outcomeOf(world, north, body)).toBe(code);
    expect(await scans()).toBe(before);
  });

  test('a used ticket gives no money back by itself, and its seat stays taken', async () => {
    const own = await openEvent(world);
    const device = await addDevice(world, own);
    const { order, codes } = await buyTwo(own);
    await outcomeOf(world, device, codes[0]);
    expect((await refund(world, order, {})).body.code).toBe('ticket.admitted');
    const answer = await refund(world, order, { even_admitted: true });
    expect(answer.body.amount_cents).toBe(5_000);
    await refundsBecome(world, order, ['succeeded']);
    const { rows } = await world.db.pool.raw(
      'select issued_quantity as seats from ticket_tiers where id = :id',
      { id: own.tierIds[0] ?? '' },
    );
    expect(rows[0].seats).toBe(1);
    expect(await outcomeOf(world, device, codes[1])).toBe('refunded');
  });

  test('a supervisor finds a ticket by name, admits it, and takes that back', async () => {
    const { order } = await buyTwo();
    const [ticket] = order.ticketIds;
    const { body } = await http(`${world.stack.urls.door}/v1/door/tickets?query=lovelace`, {
      token: chief.key,
    });
    expect(body.tickets.map(({ id }: { id: string }) => id)).toContain(ticket);
    expect(await outcomeOf(world, north, { ticket })).toBe('device.forbidden');
    const admitted = await scan(world, chief, { ticket });
    expect(admitted.body.outcome).toBe('admitted');
    const undo = async (device: Device) =>
      (
        await http(`${world.stack.urls.door}/v1/check-ins/${admitted.body.id}/undo`, {
          token: device.key,
          body: {},
        })
      ).status;
    expect([await undo(north), await undo(chief), await undo(chief)]).toEqual([403, 200, 404]);
    expect(await outcomeOf(world, chief, { ticket })).toBe('admitted');
  });

  test('who leaves may come back where the event allows it', async () => {
    const own = await openEvent(world);
    const device = await addDevice(world, own);
    const { codes } = await buyTwo(own);
    const walk = async (code: string) => [
      await outcomeOf(world, device, { code, direction: 'out' }),
      await outcomeOf(world, device, code),
      await outcomeOf(world, device, { code, direction: 'out' }),
      await outcomeOf(world, device, code),
    ];
    expect(await walk(codes[0])).toEqual(['not_inside', 'admitted', 'left', 'already_in']);
    await admin(`events/${own.id}/door`, { allows_reentry: true }, 'PUT');
    expect(await walk(codes[1])).toEqual(['not_inside', 'admitted', 'left', 'admitted']);
    const { body } = await http(`${world.stack.urls.door}/v1/door/counts`, { token: device.key });
    expect(body.gates).toMatchObject([{ gate: 'North', inside: 1 }]);
  });

  test('a device that is taken out of use scans no more', async () => {
    const lost = await addDevice(world, event);
    await admin(`devices/${lost.id}/revoke`, {});
    const refused = async () => await outcomeOf(world, lost, 'hello');
    await waitFor(async () => (await refused()) === 'device.key_invalid', {
      what: 'the device to be refused',
    });
    expect(await outcomeOf(world, { id: '', key: 'lvd_unknown' }, 'hello')).toBe(
      'device.key_invalid',
    );
    const past = { code: 'hello', scanned_at: '2020-01-01T00:00:00Z' };
    expect(await outcomeOf(world, north, past)).toBe('check_in.time_impossible');
  });
});
