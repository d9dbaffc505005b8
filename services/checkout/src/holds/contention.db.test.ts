import { randomUUIDv7 } from 'node:crypto';
import { setCapacity } from '@liventix/domain/events/sale-repository';
import { endHold, markHoldGivenBack } from '@liventix/domain/inventory/ending-repository';
import {
  findHold,
  insertHolds,
  lockHold,
  lockInventory,
  pinHold,
} from '@liventix/domain/inventory/repository';
import { migrations } from '@liventix/domain/migrations';
import type { Database } from '@liventix/shared/db';
import { sqlStateOf } from '@liventix/shared/db/sqlstate';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { ask, heldBy, openDesk, reservedBy, sell, type TestSale } from '#testing/sale';
import { placeHold } from './place-hold.ts';

let database: TestDatabase;
let db: Database;
let desks: ReturnType<typeof openDesk>[];

beforeEach(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  ({ db } = database);
  // Two instances of checkout.
  desks = [openDesk(db), openDesk(db)];
});

afterEach(async () => {
  await Promise.all(desks.map(async (desk) => await desk.holdDesk.close()));
  await database[Symbol.asyncDispose]();
});

/** So many buyers at once, at both instances by turns. */
async function rush(
  buyers: number,
  basketOf: (buyer: number) => Parameters<typeof ask>[1],
  sale: TestSale,
) {
  const outcomes = await Promise.allSettled(
    Array.from({ length: buyers }, async (_, buyer) => {
      const desk = desks[buyer % desks.length];
      return desk === undefined ? undefined : await placeHold(desk, ask(sale, basketOf(buyer)));
    }),
  );
  const refusals = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason.code] : [],
  );
  return { placed: outcomes.length - refusals.length, refusals: new Set(refusals) };
}

async function expectExact(sale: TestSale): Promise<void> {
  expect(await reservedBy(db, sale)).toEqual(await heldBy(db, sale));
}

test('the last seat, two hundred buyers, a hundred rounds: one of them has it each time', async () => {
  const rounds = 100;
  const sale = await sell(db, { capacities: Array.from({ length: rounds }, () => 1) });
  for (let round = 0; round < rounds; round += 1) {
    const { placed, refusals } = await rush(200, () => [[round, 1]], sale);
    expect(placed).toBe(1);
    expect([...refusals]).toEqual(['inventory.sold_out']);
  }
  expect(await reservedBy(db, sale)).toEqual({ tiers: sale.tierIds.map(() => 1), pools: [] });
});

test('baskets that cross tiers and pools both ways: no deadlock reaches a buyer, and all is exact', async () => {
  const pools = [
    { capacity: 150, tiers: [0, 1] },
    { capacity: 160, tiers: [1, 2] },
  ];
  const sale = await sell(db, { capacities: [120, 120, 120], pools });
  const baskets = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0],
    [1, 2],
  ].map((tiers) => tiers.map((tier) => [tier, 1] as const));
  const { refusals } = await rush(400, (buyer) => baskets[buyer % 4] ?? [], sale);
  expect([...refusals]).toEqual(['inventory.sold_out']);
  await expectExact(sale);
  const reserved = await reservedBy(db, sale);
  expect(reserved.pools[0]).toBeLessThanOrEqual(150);
  expect(reserved.pools[1]).toBeLessThanOrEqual(160);
});

test('expiry, payment and giving back at the same moment: each hold ends one way', async () => {
  const sale = await sell(db, { capacities: [200] });
  const [desk] = desks;
  for (let round = 0; round < 40; round += 1) {
    const { hold } = await placeHold(desk ?? openDesk(db), ask(sale, [[0, 2]]));
    await db.pool.raw(`update ticket_holds set expires_at = now() where id = :id`, { id: hold.id });
    const pay = db.inTransaction(async (tx) => {
      if ((await lockHold(tx, hold.id))?.status === 'active') {
        await pinHold(tx, hold.id);
        return 'paid';
      }
      return undefined;
    });
    const expire = db.inTransaction(async (tx) =>
      (await endHold(tx, hold.id)) ? 'ended' : undefined,
    );
    const giveBack = db.inTransaction(async (tx) => {
      await markHoldGivenBack(tx, hold.id);
      return (await endHold(tx, hold.id)) ? 'ended' : undefined;
    });
    const outcomes = (await Promise.all([pay, expire, giveBack])).filter(Boolean);
    expect(outcomes).toHaveLength(1);
    const after = await findHold(db.pool, hold.id);
    expect(after?.status === 'active').toBe(outcomes[0] === 'paid');
  }
  await expectExact(sale);
});

test('capacity lowered during the rush is either refused or kept to', async () => {
  const sale = await sell(db, { capacities: [100] });
  const rushing = rush(200, () => [[0, 1]], sale);
  const lowered = await Promise.all(
    [90, 70, 50, 30].map(
      async (capacity) =>
        await db.inTransaction(async (tx) => {
          const id = sale.tierIds[0] ?? '';
          return { capacity, ...(await setCapacity(tx, { table: 'ticket_tiers', id, capacity })) };
        }),
    ),
  );
  const { placed } = await rushing;
  const { rows } = await db.pool.raw('select capacity from ticket_tiers where id = :id', {
    id: sale.tierIds[0] ?? '',
  });
  expect(placed).toBeLessThanOrEqual(rows[0].capacity);
  expect(lowered.some((change) => change.changed)).toBe(true);
  await expectExact(sale);
});

describe('negative controls: the same rush with a guard taken out', () => {
  test('without the lock and the CHECK, seats are sold twice', async () => {
    await db.pool.raw(`create or replace function lock_inventory(event uuid, tiers uuid[])
      returns void language plpgsql as $$ begin perform pg_sleep(0.01); end $$`);
    await db.pool.raw('alter table ticket_tiers drop constraint ticket_tiers_never_oversold');
    let sold = 0;
    // A seat that was sold once is sold: each round has one of its own.
    for (let round = 0; round < 20 && sold <= 1; round += 1) {
      const sale = await sell(db, { capacities: [1] });
      await rush(20, () => [[0, 1]], sale);
      sold = (await reservedBy(db, sale)).tiers[0] ?? 0;
    }
    expect(sold).toBeGreaterThan(1);
  });

  test('under REPEATABLE READ, who waited for the lock fails: it decides on what was before', async () => {
    const sale = await sell(db, { capacities: [100] });
    const states = await takeTogether(sale, { tiers: [0], isolation: 'repeatable read' });
    expect([...states]).toEqual(['40001']);
    expect((await takeTogether(sale, { tiers: [0], isolation: 'read committed' })).size).toBe(0);
  });

  test('without the order in the trigger, holds of several tiers deadlock', async () => {
    const sale = await sell(db, { capacities: [1_000, 1_000, 1_000] });
    const tiers = [0, 1, 2];
    expect((await takeTogether(sale, { tiers, isolation: 'read committed' })).size).toBe(0);
    await db.pool.raw(`create or replace function shift_reserved(tiers uuid[], deltas bigint[])
      returns void language plpgsql as $$
      declare n integer;
      begin
        for n in select i from generate_series(1, array_length(tiers, 1)) i order by random() loop
          update ticket_tiers set reserved_quantity = reserved_quantity + deltas[n]
           where id = tiers[n];
          perform pg_sleep(0.02);
        end loop;
      end $$`);
    const states = await takeTogether(sale, { tiers, isolation: 'read committed', noLock: true });
    expect(states).toContain('40P01');
  });
});

/** Eight transactions at once that each take a seat of these tiers. The SQLSTATEs they failed with. */
async function takeTogether(
  sale: TestSale,
  how: {
    readonly tiers: readonly number[];
    readonly isolation: 'read committed' | 'repeatable read';
    readonly noLock?: boolean;
  },
): Promise<Set<string | undefined>> {
  const { rows } = await db.pool.raw('select organization_id as id from events where id = :id', {
    id: sale.eventId,
  });
  const event = { id: sale.eventId, organizationId: rows[0].id };
  const items = how.tiers.map((tier) => ({
    tierId: sale.tierIds[tier] ?? '',
    tierName: '',
    quantity: 1,
    unitPriceCents: 1,
  }));
  const states = new Set<string | undefined>();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const tx = await db.pool.transaction({ isolationLevel: how.isolation });
      try {
        // The snapshot of a REPEATABLE READ transaction is taken here.
        await tx.raw('select pg_sleep(0.05)');
        if (how.noLock !== true) {
          await lockInventory(tx, sale.eventId, sale.tierIds);
        }
        await insertHolds(tx, event, [{ id: randomUUIDv7(), items, deadline: 'pinned' }]);
        await tx.commit();
      } catch (error) {
        states.add(sqlStateOf(error));
        await tx.rollback();
      }
    }),
  );
  return states;
}
