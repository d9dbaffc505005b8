import { migrations } from '@liventix/domain/migrations';
import { connectDatabase } from '@liventix/shared/db';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { openFlakyLink } from '@liventix/shared/testing/flaky-link';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ask, heldBy, openDesk, reservedBy, sell } from '#testing/sale';
import { placeHold } from './place-hold.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

test('connections that break at any moment, COMMIT among them: who was told of a hold has it, once', async () => {
  await using link = await openFlakyLink(database.url);
  await using db = connectDatabase({ url: link.url, poolMax: 4 });
  const desk = openDesk(db);
  const sale = await sell(database.db, { capacities: [5_000] });
  const requests = Array.from({ length: 1_500 }, () => ask(sale, [[0, 1]]));
  const told = new Map<string, string>();
  const open = [...requests];
  const buyers = Array.from({ length: 50 }, async () => {
    for (let request = open.pop(); request !== undefined; request = open.pop()) {
      try {
        told.set(request.idempotencyKey, (await placeHold(desk, request)).hold.id);
      } catch {
        // What a buyer does who got no answer: the same again, with the same key.
        open.push(request);
      }
    }
  });
  let cuts = 0;
  while (told.size < requests.length) {
    const before = told.size;
    await waitFor(async () => told.size > before, { what: 'another hold' });
    if (cuts < 15) {
      cuts += 1;
      link.cut();
      link.mend();
    }
  }
  await Promise.all(buyers);
  await desk.holdDesk.close();
  expect(cuts).toBeGreaterThan(3);
  const { rows } = await database.db.pool.raw(
    'select id, idempotency_key as key from ticket_holds where event_id = :id',
    { id: sale.eventId },
  );
  expect(new Map(rows.map((row: { id: string; key: string }) => [row.key, row.id]))).toEqual(told);
  expect(rows).toHaveLength(requests.length);
  expect(await reservedBy(database.db, sale)).toEqual(await heldBy(database.db, sale));
}, 300_000);
