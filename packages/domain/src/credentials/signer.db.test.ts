import { createPublicKey, randomUUID, verify } from 'node:crypto';
import type { Database } from '@liventix/shared/db';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrations } from '#migrations';
import { signedBytes } from './credential.ts';
import { listPublicKeys, retireKey } from './key-repository.ts';
import { createSigner, type Signer } from './signer.ts';

let database: TestDatabase;
const master = { kid: 'm1', secret: 'the master key of this test, long enough' };

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
afterAll(async () => await database[Symbol.asyncDispose]());

async function anEvent(db: Database): Promise<string> {
  const eventId = randomUUID();
  await db.inTransaction(async (tx) => {
    await tx.raw('set local session_replication_role = replica');
    await tx.raw(
      `insert into events (id, organization_id, slug, title, venue, starts_at, ends_at, timezone, currency)
       values (:eventId, :house, :slug, 'A Night', 'Hall', '2035-01-01', '2035-01-02', 'UTC', 'eur')`,
      { eventId, house: randomUUID(), slug: `night-${eventId}` },
    );
  });
  return eventId;
}

async function signOne(signer: Signer, eventId: string) {
  const ticketId = randomUUID();
  const { kid, signatures } = await database.db.inTransaction(
    async (tx) => await signer.sign(tx, eventId, [{ id: ticketId, version: 1 }]),
  );
  return { eventId, ticketId, version: 1, kid, signature: signatures[0] ?? Buffer.alloc(0) };
}

async function isGood(credential: Awaited<ReturnType<typeof signOne>>): Promise<boolean> {
  const keys = await listPublicKeys(database.db.pool, credential.eventId);
  const key = keys.find(({ kid }) => kid === credential.kid);
  const x = Buffer.from(key?.publicKey ?? []).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, signedBytes(credential), publicKey, credential.signature);
}

test('an event has one key, however many sign for the first time at once', async () => {
  const eventId = await anEvent(database.db);
  const signers = Array.from({ length: 6 }, () => createSigner([master]));
  const signed = await Promise.all(signers.map(async (signer) => await signOne(signer, eventId)));
  expect(new Set(signed.map(({ kid }) => kid))).toEqual(new Set([1]));
  expect(await listPublicKeys(database.db.pool, eventId)).toHaveLength(1);
  for (const credential of signed) {
    expect(await isGood(credential)).toBe(true);
  }
});

test('what a retired key signed stays good, and another signs from then on', async () => {
  const eventId = await anEvent(database.db);
  const before = await signOne(createSigner([master]), eventId);
  await database.db.inTransaction(async (tx) => await retireKey(tx, eventId));
  const after = await signOne(createSigner([master]), eventId);
  expect([before.kid, after.kid]).toEqual([1, 2]);
  expect([await isGood(before), await isGood(after)]).toEqual([true, true]);
  expect(await isGood({ ...before, kid: 2 })).toBe(false);
});

test('a key opens to the master key that sealed it, also when another seals by now', async () => {
  const eventId = await anEvent(database.db);
  await signOne(createSigner([master]), eventId);
  const newer = { kid: 'm2', secret: 'another master key, just as long as that' };
  expect((await signOne(createSigner([newer, master]), eventId)).kid).toBe(1);
  await expect(signOne(createSigner([newer]), eventId)).rejects.toThrow(
    /sealed with master key m1/,
  );
  await expect(signOne(createSigner([{ ...newer, kid: 'm1' }]), eventId)).rejects.toThrow(
    /authenticate/,
  );
});

test('a sealed key is good for its own event and number alone', async () => {
  const [one, two] = [await anEvent(database.db), await anEvent(database.db)];
  await signOne(createSigner([master]), one);
  await signOne(createSigner([master]), two);
  await database.db.pool.raw(
    `update event_keys set sealed_private_key =
       (select sealed_private_key from event_keys where event_id = :one) where event_id = :two`,
    { one, two },
  );
  await expect(signOne(createSigner([master]), two)).rejects.toThrow(/authenticate/);
});
