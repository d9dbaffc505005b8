import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { addDevice, type Device, openEvent, outcomeOf, scan } from '#support/door';
import { OfflineDevice } from '#support/offline-device';
import { refund } from '#support/refunds';
import { answer, buyHeld, offer, readTicket } from '#support/transfers';
import { count, http, type SoldEvent, startWorld, violations, type World } from '#support/world';

let world: World;
let event: SoldEvent;
let online: Device;
let north: OfflineDevice;
let south: OfflineDevice;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});
beforeEach(async () => {
  event = await openEvent(world);
  online = await addDevice(world, event, { gate: 'Main' });
  north = new OfflineDevice(world, event, await addDevice(world, event, { gate: 'North' }));
  south = new OfflineDevice(world, event, await addDevice(world, event, { gate: 'South' }));
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

async function conflicts(): Promise<{ id: string; object_id: string; message: string }[]> {
  const { body } = await http(`${world.stack.urls.ops}/admin/v1/incidents`, {
    token: world.stack.adminApiKey,
  });
  return body.incidents.filter(({ kind }: { kind: string }) => kind === 'door.conflict');
}

describe('a manifest', () => {
  test('is signed by the event, has an age, and names what is not as it was issued', async () => {
    const { order, tickets } = await buyHeld(world, event);
    const [passed, back] = tickets;
    const { tickets: entered } = await buyHeld(world, event);
    const offered = await offer(world, passed);
    const received = (await answer(world, offered, 'accept')).body.ticket;
    await refund(world, order, { tickets: [back.id] });
    await outcomeOf(world, online, entered[0].code);
    const manifest = await north.refresh();
    expect(manifest).toMatchObject({ event: event.id, gate: 'North', is_full: true });
    expect(Date.parse(manifest.expires_at) - Date.parse(manifest.issued_at)).toBe(15 * 60_000);
    expect(manifest.exceptions).toHaveLength(3);
    expect(north.scan(passed.code)).toBe('outdated');
    expect(north.scan((await readTicket(world, received)).body.qr)).toBe('admitted');
    expect(north.scan(back.code)).toBe('refunded');
    expect(north.scan(entered[0].code)).toBe('already_in');
    expect(north.scan(entered[1].code)).toBe('admitted');
    expect(north.scan('LVX2NONSENSE')).toBe('forged');
  });

  test('tells what has changed since, and not again what it told', async () => {
    const { order, tickets } = await buyHeld(world, event);
    await north.refresh();
    // What ran beside the last read is told once more: a cursor leaves out only what is surely told.
    await waitFor(async () => (await north.refresh()).exceptions.length === 0, {
      what: 'nothing new to tell',
    });
    await refund(world, order, { tickets: [tickets[0].id] });
    const { is_full: isFull, exceptions } = await north.refresh();
    expect(isFull).toBe(false);
    expect(exceptions).toEqual([[tickets[0].id, 1, 'refunded', null, null]]);
    expect(north.scan(tickets[0].code)).toBe('refunded');
  });

  test('misses nothing of a transaction that was open while it was read', async () => {
    const { tickets } = await buyHeld(world, event);
    const change = 'update tickets set holder_name = holder_name where id = :id';
    let early = '';
    await world.db.inTransaction(async (tx) => {
      await tx.raw('set local idle_in_transaction_session_timeout = 0');
      await tx.raw(change, { id: tickets[0].id });
      early = (await north.refresh()).cursor;
      // One that began later and commits first: a cursor of the newest would pass over the other.
      await world.db.inTransaction(async (other) => {
        await other.raw(change, { id: tickets[1].id });
      });
      await north.refresh();
    });
    const { exceptions } = await north.refresh();
    expect(exceptions.map(([id]) => id)).toContain(tickets[0].id);
    expect(early).toMatch(/^\d+$/);
  });

  test('of a gate for some tiers names the tickets of the others', async () => {
    const own = await openEvent(world, {
      tiers: [
        { name: 'Floor', price_cents: 2_500, capacity: 10 },
        { name: 'Balcony', price_cents: 3_500, capacity: 10 },
      ],
    });
    const { tickets } = await buyHeld(world, own);
    const gate = await addDevice(world, own, { tiers: [own.tierIds[1]] });
    const device = new OfflineDevice(world, own, gate);
    await device.refresh();
    expect(device.scan(tickets[0].code)).toBe('wrong_gate');
  });

  test('with a cursor from another database is whole; with nonsense it is refused', async () => {
    const url = `${world.stack.urls.door}/v1/door/manifest`;
    const far = await http(`${url}?since=9000000000000000000`, { token: online.key });
    expect(far.status).toBe(200);
    const payload = JSON.parse(
      Buffer.from(far.body.manifest.split('.')[1], 'base64url').toString(),
    );
    expect(payload.is_full).toBe(true);
    expect((await http(`${url}?since=-1`, { token: online.key })).body.code).toBe(
      'request.invalid',
    );
    expect((await http(url, { token: 'lvd_nobody' })).body.code).toBe('device.key_invalid');
  });
});

describe('scans that are told later', () => {
  test('are kept as they happened, and told again they are the same', async () => {
    const { tickets } = await buyHeld(world, event);
    await north.refresh();
    expect(north.scan(tickets[0].code)).toBe('admitted');
    expect(north.scan(tickets[0].code)).toBe('already_in');
    const told = await north.sync();
    const outcomes = told.body.scans.map(
      ({ outcome, conflict }: { outcome: string; conflict: boolean }) => [outcome, conflict],
    );
    expect(outcomes).toEqual([
      ['admitted', false],
      ['already_in', false],
    ]);
    expect((await north.sync()).body).toMatchObject({
      scans: [{ outcome: 'admitted' }, { outcome: 'already_in' }],
    });
    expect(await outcomeOf(world, online, tickets[0].code)).toBe('already_in');
    expect(await count(world, 'from check_ins where ticket_id = :id', { id: tickets[0].id })).toBe(
      3,
    );
    expect(await conflicts()).toEqual([]);
  });

  test('of one ticket on two devices are a conflict that a person is told of, not dropped', async () => {
    const { tickets } = await buyHeld(world, event);
    const [ticket] = tickets;
    await Promise.all([north.refresh(), south.refresh()]);
    expect(north.scan(ticket.code)).toBe('admitted');
    expect(south.scan(ticket.code)).toBe('admitted');
    await Promise.all([north.sync(), south.sync()]);
    const found = await waitFor(
      async () => {
        const open = (await conflicts()).filter((one) => one.object_id === ticket.id);
        return open.length === 1 ? open : undefined;
      },
      { what: 'the incident' },
    );
    expect(found[0]?.message).toContain('two people may be inside');
    const admitted = `from check_ins where ticket_id = :id and outcome = 'admitted'`;
    expect(await count(world, admitted, { id: ticket.id })).toBe(1);
    const told = 'from check_ins where ticket_id = :id and decided_offline is not null';
    expect(await count(world, told, { id: ticket.id })).toBe(2);
    const { body } = await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/door`, {
      token: world.stack.adminApiKey,
    });
    const told2 = body.gates.reduce(
      (sum: number, gate: { conflicts: number }) => sum + gate.conflicts,
      0,
    );
    expect(told2).toBe(1);
  });

  test('of a ticket that was given back meanwhile are a conflict', async () => {
    const { order, tickets } = await buyHeld(world, event);
    await north.refresh();
    expect(north.scan(tickets[0].code)).toBe('admitted');
    await refund(world, order, { tickets: [tickets[0].id] });
    const { body } = await north.sync();
    expect(body.scans).toMatchObject([{ outcome: 'refunded', conflict: true }]);
  });

  test('of somebody turned away let nobody in, though by now we would', async () => {
    const { tickets } = await buyHeld(world, event);
    await north.refresh();
    const early = new Date(Date.now() - 20 * 3_600_000);
    expect(north.scan(tickets[0].code, 'in', early)).toBe('too_early');
    expect((await north.sync()).body.scans).toMatchObject([
      { outcome: 'too_early', conflict: false },
    ]);
    expect(await outcomeOf(world, online, tickets[0].code)).toBe('admitted');
  });

  test('in and out again, and in by the network, where one may come back', async () => {
    await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/door`, {
      method: 'PUT',
      token: world.stack.adminApiKey,
      body: { allows_reentry: true },
    });
    const { tickets } = await buyHeld(world, event);
    const [{ code }] = tickets;
    await north.refresh();
    expect([north.scan(code), north.scan(code, 'out')]).toEqual(['admitted', 'left']);
    await north.sync();
    expect(await outcomeOf(world, online, code)).toBe('admitted');
    await scan(world, online, { code, direction: 'out' });
    const { exceptions } = await north.refresh();
    expect(exceptions.map((row) => row.slice(0, 3))).toContainEqual([tickets[0].id, 1, 'used']);
  });

  test('that cannot be are refused, and none of them is kept', async () => {
    const { tickets } = await buyHeld(world, event);
    await north.refresh();
    north.scan(tickets[0].code);
    const [kept] = north.kept;
    for (const at of ['2001-01-01T00:00:00Z', '2090-01-01T00:00:00Z']) {
      const refused = await north.sync([
        { ...kept },
        { ...kept, nonce: randomUUID(), scanned_at: at },
      ]);
      expect(refused.body.code).toBe('check_in.time_impossible');
    }
    expect(await count(world, 'from check_ins where event_id = :id', { id: event.id })).toBe(0);
    const [first, other] = (await north.sync([{ ...kept }, { ...kept, outcome: 'forged' }])).body
      .scans;
    expect([first.problem, other.problem].toSorted()).toEqual(
      ['check_in.nonce_reused', null].toSorted(),
    );
    expect((await north.sync([])).body.code).toBe('request.invalid');
  });
});
