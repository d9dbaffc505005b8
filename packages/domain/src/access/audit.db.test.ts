import type { Database } from '@liventix/shared/db';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrations } from '#migrations';
import { ensureOrganization } from './access-repository.ts';
import { appendAudit, appendRefusals, listAudit, sealAudit } from './audit-repository.ts';

let database: TestDatabase;
let db: Database;
let organizationId: string;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  ({ db } = database);
  ({ organizationId } = await ensureOrganization(db.pool, { slug: 'house', name: 'House' }));
});
afterAll(async () => await database[Symbol.asyncDispose]());

const entry = (objectId: string) => ({
  organizationId,
  actorType: 'system' as const,
  actorId: 'test',
  action: 'order.mend',
  objectType: 'order',
  objectId,
});

async function act(objectId: string): Promise<void> {
  await db.inTransaction(async (tx) => await appendAudit(tx, entry(objectId)));
}

async function chain(): Promise<{ objectId: string; chainNo: number; isSound: boolean }[]> {
  const { rows } = await db.pool.raw(
    `select l.object_id as "objectId", l.chain_no::int as "chainNo",
            l.hash = audit_hash(lag(l.hash) over (order by l.chain_no), l) as "isSound"
       from audit_log l where l.chain_no is not null order by l.chain_no`,
  );
  return rows;
}

test('sealers that run at once make one chain, and an act that commits late joins its end', async () => {
  const late = Promise.withResolvers<undefined>();
  const written = Promise.withResolvers<undefined>();
  const slow = db.inTransaction(async (tx) => {
    await appendAudit(tx, entry('late'));
    written.resolve(undefined);
    await late.promise;
  });
  await written.promise;
  for (const id of ['a', 'b', 'c', 'd']) {
    await act(id);
  }
  const seal = async () => await db.inTransaction(async (tx) => await sealAudit(tx, 3));
  await Promise.all([seal(), seal(), seal()]);
  late.resolve(undefined);
  await slow;
  expect(await seal()).toMatchObject({ sealed: 1, head: { chainNo: 5 } });
  expect(await seal()).toMatchObject({ sealed: 0 });
  const links = await chain();
  expect(links.map(({ objectId }) => objectId)).toEqual(['a', 'b', 'c', 'd', 'late']);
  expect(links.every(({ isSound }) => isSound)).toBe(true);
});

test('nothing that was written changes, sealed or not', async () => {
  await act('fixed');
  for (const change of [
    `update audit_log set facts = '{"x": 1}' where object_id = 'fixed'`,
    `update audit_log set hash = repeat('0', 64) where object_id = 'a'`,
    `update audit_log set chain_no = 99 where object_id = 'a'`,
    `delete from audit_log where object_id = 'fixed'`,
  ]) {
    await expect(db.pool.raw(change), change).rejects.toThrow('append-only');
  }
  await expect(db.pool.raw('truncate audit_log cascade')).rejects.toThrow('not allowed');
});

test('of refusals that are alike one an hour is written down, however many come at once', async () => {
  const refuse = async (what: string) =>
    await db.inTransaction(
      async (tx) =>
        await appendRefusals(tx, { alike: ['refused', what], entries: [entry(`refused-${what}`)] }),
    );
  const written = async (what: string) =>
    (await listAudit(db.pool, { organizationId })).filter(
      ({ objectId }) => objectId === `refused-${what}`,
    ).length;
  await Promise.all(Array.from({ length: 20 }, async () => await refuse('one')));
  await refuse('another');
  expect([await written('one'), await written('another')]).toEqual([1, 1]);
  await db.pool.raw(`update audit_refusals set noted_at = noted_at - interval '61 minutes'`);
  await Promise.all(Array.from({ length: 20 }, async () => await refuse('one')));
  expect(await written('one')).toBe(2);
});

test('a name is erased without touching the chain', async () => {
  await db.inTransaction(
    async (tx) =>
      await appendAudit(tx, { ...entry('named'), details: { email: 'ada@example.com' } }),
  );
  await db.inTransaction(async (tx) => await sealAudit(tx, 100));
  await db.pool.raw('delete from audit_details');
  expect((await chain()).every(({ isSound }) => isSound)).toBe(true);
  const [latest] = await listAudit(db.pool, { organizationId });
  expect(latest).toMatchObject({ objectId: 'named', facts: {} });
});
