import { randomUUID } from 'node:crypto';
import { listOpenIncidents, openIncident } from '@liventix/domain/incidents/repository';
import { migrations } from '@liventix/domain/migrations';
import { registry } from '@liventix/shared/telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { watchMails } from './watch-mails.ts';

const organizationId = randomUUID();
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  await database.db.pool.raw(
    `insert into organizations (id, slug, name) values (:organizationId, 'watched', 'Watched')`,
    { organizationId },
  );
});
beforeEach(async () => await database.db.pool.raw('truncate incidents, emails cascade'));
afterAll(async () => await database[Symbol.asyncDispose]());

async function mail(status: string, minutesAgo: number, more = ''): Promise<string> {
  const id = randomUUID();
  await database.db.pool.raw(
    `insert into emails (id, organization_id, kind, dedupe_key, recipient, status, created_at)
     values (:id, :organizationId, 'dispute_opened', 'test/' || :id::text, 'a@liventix.test',
             :status, now() - make_interval(mins => :minutesAgo))`,
    { id, organizationId, status, minutesAgo },
  );
  if (more !== '') {
    await database.db.pool.raw(`update emails set ${more} where id = :id`, { id });
  }
  return id;
}

const watch = async () => await watchMails({ db: database.db });
const open = async () =>
  await listOpenIncidents(database.db.pool, { organizationId, operates: true });

test('mails nobody has heard of for ten minutes are one incident, which ends with the last', async () => {
  const [sent, queued] = [await mail('sent', 12), await mail('queued', 11)];
  await mail('sent', 9);
  await mail('delivered', 60);
  await mail('sent', 60 * 49);
  await watch();
  await watch();
  const [incident, ...others] = await open();
  expect(others).toEqual([]);
  expect(incident).toMatchObject({
    kind: 'email.undelivered',
    objectId: organizationId,
    seen: 2,
    details: { count: 2, emailIds: [sent, queued] },
  });
  await database.db.pool.raw(`update emails set status = 'delivered'`);
  await watch();
  expect(await open()).toEqual([]);
});

test('a provider that takes mails again ends the incident that it took none', async () => {
  const stopped = {
    kind: 'mail.stopped',
    objectType: 'provider',
    message: 'It takes none.',
  } as const;
  await openIncident(database.db.pool, { ...stopped, objectId: 'daily_quota_exceeded' });
  await mail('sent', 5, `sent_at = now() - interval '1 minute'`);
  await watch();
  expect(await open()).toHaveLength(1);
  await mail('sent', 1, 'sent_at = clock_timestamp()');
  await watch();
  expect(await open()).toEqual([]);
});

test('how mails of the last hour fared is to be seen by kind, and how long they wait', async () => {
  await mail('delivered', 30);
  await mail('bounced', 30);
  await mail('queued', 2);
  await mail('delivered', 90);
  await watch();
  const text = await registry.metrics();
  expect(text).toContain('mails_last_hour{kind="dispute_opened",fate="delivered"} 1');
  expect(text).toContain('mails_last_hour{kind="dispute_opened",fate="lost"} 1');
  expect(text).toContain('mails_last_hour{kind="order_confirmation",fate="delivered"} 0');
  expect(text).toContain('mails_waiting 1');
  expect(text).toMatch(/mails_waiting_oldest_seconds 1[2-7]\d/);
});
