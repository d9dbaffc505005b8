import { randomUUIDv7 } from 'node:crypto';
import { migrations } from '@liventix/domain/migrations';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { giveUp } from './give-up.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
afterAll(async () => await database[Symbol.asyncDispose]());

test('what a provider says of a mail is kept without whom it names', async () => {
  const emailId = randomUUIDv7();
  const reason = 'Invalid `to` field. Not an address: Ada <ada@example.org>.';
  await database.db.inTransaction(async (tx) => {
    await tx.raw('set local session_replication_role = replica');
    await tx.raw(
      `insert into emails (id, organization_id, order_id, kind, dedupe_key, recipient)
       values (:emailId, gen_random_uuid(), gen_random_uuid(), 'order_confirmation', 'a', 'ada@example.org')`,
      { emailId },
    );
    await giveUp(tx, { email: undefined, emailId, kind: 'email.refused', reason });
  });
  const { rows } = await database.db.pool.raw(
    `select m.error, i.message from emails m join incidents i on i.object_id = m.id::text`,
  );
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain('ada@');
  expect(rows[0].message).toContain('Invalid `to` field.');
});
