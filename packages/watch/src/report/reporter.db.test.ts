import { migrations } from '@liventix/domain/migrations';
import type { Database } from '@liventix/shared/db';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import type { Reading } from './readings.ts';
import { startReporting } from './reporter.ts';

let database: TestDatabase;
let db: Database;
const log = createLogger({ name: 'report', level: 'silent' });

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  ({ db } = database);
});
beforeEach(async () => {
  await db.pool.raw('truncate signal_counts');
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const refused = (value: number): Reading[] => [
  {
    name: 'http_problems_total',
    values: [{ labels: { code: 'webhook.signature_invalid' }, value }],
  },
];

async function counted(): Promise<number> {
  const { rows } = await db.pool.raw(
    `select coalesce(sum(count), 0)::int as sum from signal_counts where kind = 'webhook.refused'`,
  );
  return rows[0].sum;
}

test('what was counted since the last report is told when a process ends', async () => {
  let value = 2;
  const reporting = startReporting({
    service: 'webhook-ingest',
    db,
    log,
    everyMs: 60_000,
    read: async () => refused(value),
  });
  await waitFor(async () => (await counted()) === 2, { what: 'the first report' });
  value = 7;
  await reporting[Symbol.asyncDispose]();
  expect(await counted()).toBe(7);
});

test('a report that takes longer than the pace is not overtaken, and nothing is told twice', async () => {
  let reads = 0;
  let [underWay, most] = [0, 0];
  const reporting = startReporting({
    service: 'webhook-ingest',
    db,
    log,
    everyMs: 1,
    read: async () => {
      reads += 1;
      underWay += 1;
      most = Math.max(most, underWay);
      // As long as the database takes when it is slow: many beats of this pace.
      await db.pool.raw('select pg_sleep(0.05)');
      underWay -= 1;
      return refused(5);
    },
  });
  await waitFor(async () => reads > 5, { what: 'several reports' });
  await reporting[Symbol.asyncDispose]();
  expect(most).toBe(1);
  expect(await counted()).toBe(5);
});
