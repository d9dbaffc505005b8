import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { type Credential, codeOf, readCode } from '@liventix/domain/credentials';
import { listPublicKeys } from '@liventix/domain/credentials/key-repository';
import { createSigner } from '@liventix/domain/credentials/signer';
import type { Device } from '@liventix/domain/door/device-repository';
import { migrations } from '@liventix/domain/migrations';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { base32nopad } from '@scure/base';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadTestScale } from '../testing/config.ts';
import { createDoorDesk, type DoorDesk } from './door-desk.ts';

const total = loadTestScale().isLong ? 1_000_000 : 100_000;
const atOnce = 1_000;
const tickets = 50;

let database: TestDatabase;
let desk: DoorDesk;
let device: Device;
let genuine: readonly string[];

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  desk = createDoorDesk({ db: database.db });
  ({ device, codes: genuine } = await seed());
});
afterAll(async () => {
  await desk.close();
  await database[Symbol.asyncDispose]();
});

/** Signed tickets of an event whose doors are open, without the sale that they would come from. */
async function seed(): Promise<{ device: Device; codes: string[] }> {
  const [organizationId, eventId, tierId] = [randomUUID(), randomUUID(), randomUUID()];
  const ids = Array.from({ length: tickets }, () => randomUUID());
  const signer = createSigner([{ kid: 'm1', secret: 'the master key of this test, long enough' }]);
  return await database.db.inTransaction(async (tx) => {
    await tx.raw(
      `insert into organizations (id, slug, name) values (:organizationId, 'house', 'House')`,
      { organizationId },
    );
    await tx.raw(
      `insert into events (id, organization_id, slug, title, venue, starts_at, ends_at, timezone,
                           currency, status)
       values (:eventId, :organizationId, 'night', 'A Night', 'The Hall', now(),
               now() + interval '5 hours', 'Europe/Zurich', 'eur', 'on_sale')`,
      { eventId, organizationId },
    );
    await tx.raw(
      `insert into ticket_tiers (id, event_id, name, price_cents, capacity, position)
       values (:tierId, :eventId, 'Floor', 0, 100, 0)`,
      { tierId, eventId },
    );
    const deviceId = randomUUID();
    await tx.raw(
      `insert into door_devices (id, organization_id, event_id, gate, label, role, key_hash)
       values (:deviceId, :organizationId, :eventId, 'North', 'Phone', 'scanner', repeat('a', 64))`,
      { deviceId, organizationId, eventId },
    );
    const signed = await signer.sign(
      tx,
      eventId,
      ids.map((id) => ({ id, version: 1 })),
    );
    await tx.raw('set local session_replication_role = replica');
    await tx.raw(
      `insert into tickets (id, organization_id, event_id, order_id, order_item_id, tier_id, seq,
                            serial, credential_kid, credential_signature)
       select id, :organizationId, :eventId, gen_random_uuid(), gen_random_uuid(), :tierId, 1, at,
              :kid::smallint, signature
         from unnest(:ids::uuid[], :signatures::bytea[]) with ordinality as n (id, signature, at)`,
      {
        ...{ organizationId, eventId, tierId, ids, kid: signed.kid },
        signatures: signed.signatures.map((signature) => Buffer.from(signature)),
      },
    );
    expect(await listPublicKeys(tx, eventId)).toHaveLength(1);
    const role = 'scanner' as const;
    const at = { createdAt: new Date(), revokedAt: null };
    const of = { organizationId, eventId, gate: 'North', label: 'Phone', role, tierIds: [] };
    return {
      device: { id: deviceId, ...of, ...at },
      codes: ids.map((ticketId, place) => {
        const signature = signed.signatures[place] ?? expect.fail('a ticket was not signed');
        return codeOf({ eventId, ticketId, version: 1, kid: signed.kid, signature });
      }),
    };
  });
}

function one<T>(of: readonly T[]): T {
  return of[randomInt(of.length)] ?? expect.fail('there is nothing to choose from');
}

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'];

function replaceAt(code: string, at: number, by: string): string {
  return code.slice(0, at) + by + code.slice(at + by.length);
}

/** Says something else under the signature that is there. */
function claimAnew(code: string, change: Partial<Credential>): string {
  return codeOf({ ...(readCode(code) ?? expect.fail('it was not read')), ...change });
}

/** What somebody does to a code in the hope that it still opens the door. */
const attacks: readonly ((code: string) => string)[] = [
  (code) => replaceAt(code, randomInt(4, code.length), one(alphabet)),
  (code) => replaceAt(replaceAt(code, randomInt(4, 80), one(alphabet)), 100, one(alphabet)),
  (code) => code.slice(0, randomInt(0, code.length)),
  (code) => code + one(alphabet).repeat(randomInt(1, 20)),
  (code) => code.toLowerCase(),
  (code) => ` ${code}`,
  (code) => {
    const cut = randomInt(5, code.length - 1);
    return code.slice(0, cut) + one(genuine).slice(cut);
  },
  (code) => claimAnew(code, { version: randomInt(0, 9) }),
  (code) => claimAnew(code, { kid: randomInt(0, 9) }),
  (code) => claimAnew(code, { eventId: randomUUID() }),
  (code) => claimAnew(code, { ticketId: randomUUID() }),
  (code) => claimAnew(code, { ticketId: readCode(one(genuine))?.ticketId ?? '' }),
  (code) => claimAnew(code, { signature: randomBytes(64) }),
  (code) => claimAnew(code, { signature: new Uint8Array(64) }),
  // A format of the future.
  (code) => {
    const bytes = base32nopad.decode(code.slice(4));
    bytes[0] = randomInt(3, 256);
    return `LVX2${base32nopad.encode(bytes)}`;
  },
  (code) => code.replace('LVX2', `LVX${randomInt(3, 10)}`),
  () => `LVX2${base32nopad.encode(randomBytes(103))}`,
  () => randomBytes(randomInt(1, 200)).toString('latin1'),
  () => one(alphabet).repeat(10_000),
];

function mutated(): string {
  for (;;) {
    const code = one(attacks)(one(genuine));
    if (!genuine.includes(code)) {
      return code;
    }
  }
}

async function scan(code: string): Promise<string> {
  const body = { code, nonce: randomUUID(), direction: 'in' as const };
  const answer = await desk.submit(device.eventId, { device, body, requestHash: 'a'.repeat(64) });
  return answer.kind === 'scanned' ? answer.checkIn.outcome : answer.kind;
}

test(`${total} mutated codes: none is admitted, and no ticket is touched`, {
  timeout: 1_200_000,
}, async () => {
  const outcomes = new Set<string>();
  for (let done = 0; done < total; done += atOnce) {
    const codes = Array.from({ length: atOnce }, mutated);
    for (const outcome of await Promise.all(codes.map(scan))) {
      outcomes.add(outcome);
    }
  }
  expect([...outcomes].sort()).toEqual(['forged', 'outdated', 'wrong_event']);
  const { rows } = await database.db.pool.raw(
    `select count(*)::int as touched from tickets
      where admitted_at is not null or status <> 'valid' or credential_version <> 1`,
  );
  expect(rows[0]).toEqual({ touched: 0 });
});

test('control: as they were made, every one of them is', async () => {
  const outcomes = await Promise.all(genuine.map(scan));
  expect(new Set(outcomes)).toEqual(new Set(['admitted']));
});
