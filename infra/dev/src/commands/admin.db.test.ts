import { listAudit } from '@liventix/domain/access/audit-repository';
import { ensureOrganization } from '@liventix/domain/access/repository';
import { migrations } from '@liventix/domain/migrations';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { linkFor, makeOwner } from './admin.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
afterAll(async () => await database[Symbol.asyncDispose]());

test('an operator who takes a second factor away leaves it in the audit log', async () => {
  const { url, db } = database;
  const owner = { email: 'ada@example.com', organization: 'house' };
  await makeOwner(url, { ...owner, name: 'Ada' });
  await db.pool.raw(`update users set totp_secret = 'm1.sealed', totp_confirmed_at = now()`);
  await linkFor(url, { ...owner, purpose: 'login' });
  await linkFor(url, { ...owner, purpose: 'login', resetCode: true });
  const { organizationId } = await ensureOrganization(db.pool, { slug: 'house', name: 'house' });
  const acts = (await listAudit(db.pool, { organizationId })).map(({ action }) => action);
  expect(acts.toReversed()).toEqual([
    'person.add',
    'person.link',
    'person.code_reset',
    'person.link',
  ]);
  const { rows } = await db.pool.raw('select totp_secret from users');
  expect(rows).toEqual([{ totp_secret: null }]);
});
