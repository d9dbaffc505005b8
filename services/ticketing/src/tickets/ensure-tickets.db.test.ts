import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { ensureOrganization } from '@liventix/domain/access/repository';
import { createSigner } from '@liventix/domain/credentials/signer';
import { getEvent, insertEvent, listTiers } from '@liventix/domain/events/repository';
import { setEventStatus } from '@liventix/domain/events/sale-repository';
import { insertHolds, markHoldOrdered, pinHold } from '@liventix/domain/inventory/repository';
import { migrations } from '@liventix/domain/migrations';
import { insertOrder, markOrderPaid } from '@liventix/domain/orders/repository';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { fulfilOrder } from './ensure-tickets.ts';

let database: TestDatabase;
const signer = createSigner([{ kid: 'm1', secret: 'the master key of this test' }]);

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
afterAll(async () => await database[Symbol.asyncDispose]());

/** A free order of so many tickets that is paid and has none yet. */
async function paidOrder(quantity: number): Promise<string> {
  return await database.db.inTransaction(async (tx) => {
    const { organizationId } = await ensureOrganization(tx, { slug: 'hall', name: 'Hall' });
    const eventId = await insertEvent(tx, {
      organizationId,
      slug: `night-${randomUUID()}`,
      title: 'A Night',
      venue: 'The Hall',
      startsAt: new Date('2031-05-01T18:00:00Z'),
      endsAt: new Date('2031-05-01T21:00:00Z'),
      timezone: 'UTC',
      locale: 'en',
      currency: 'eur',
      salesStartAt: null,
      salesEndAt: null,
      holdMinutes: 15,
      maxPerOrder: 500,
      maxPerBuyer: null,
      tiers: [
        {
          name: 'Floor',
          priceCents: 0,
          capacity: 1_000,
          minPerOrder: 1,
          maxPerOrder: 500,
          salesStartAt: null,
          salesEndAt: null,
        },
      ],
      pools: [],
    });
    await setEventStatus(tx, { eventId, from: ['draft'], to: 'on_sale' });
    const [tier] = await listTiers(tx, [eventId]);
    const event = await getEvent(tx, eventId);
    const items = [{ tierId: tier?.tierId ?? '', tierName: 'Floor', quantity, unitPriceCents: 0 }];
    const holdId = randomUUIDv7();
    await insertHolds(tx, event, [{ id: holdId, items, deadline: 'pinned' }]);
    const orderId = await insertOrder(tx, {
      organizationId,
      eventId,
      holdId,
      locale: 'en',
      currency: 'eur',
      buyer: { name: 'Ada', email: 'ada@example.com', key: 'ada@example.com' },
      checkout: { key: randomUUID(), hash: 'f'.repeat(64) },
    });
    await markHoldOrdered(tx, holdId, orderId);
    await pinHold(tx, holdId);
    await markOrderPaid(tx, { orderId, holdId });
    return orderId;
  });
}

async function statementsToIssue(quantity: number): Promise<number> {
  const orderId = await paidOrder(quantity);
  let statements = 0;
  const count = () => {
    statements += 1;
  };
  database.db.pool.on('query', count);
  await database.db.inTransaction(async (tx) => await fulfilOrder(tx, orderId, signer));
  database.db.pool.off('query', count);
  const { rows } = await database.db.pool.raw(
    'select count(*)::int as n from tickets where order_id = :orderId',
    { orderId },
  );
  expect(rows[0].n).toBe(quantity);
  return statements;
}

test('five hundred tickets are issued with as many statements as two', async () => {
  const two = await statementsToIssue(2);
  expect(two).toBeGreaterThan(3);
  expect(await statementsToIssue(500)).toBe(two);
});
