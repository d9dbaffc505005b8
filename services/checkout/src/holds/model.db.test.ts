import { setCapacity } from '@liventix/domain/events/sale-repository';
import { endDueHoldsWithoutOrder } from '@liventix/domain/inventory/ending-repository';
import { migrations } from '@liventix/domain/migrations';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadTestScale } from '#testing/config';
import { ask, openDesk, reservedBy, sell, type TestSale } from '#testing/sale';
import { giveBackHold } from './give-back-hold.ts';
import { type PlaceHoldDeps, placeHold } from './place-hold.ts';

/*
 * Random commands by several buyers, against a model of a dozen lines. Two tiers share a room, so a
 * basket may fit its tiers and not the room. Holds of one burst arrive at once and are served in the
 * order in which they came: the model knows each buyer's answer before it is given.
 */

type Basket = readonly (readonly [tier: number, quantity: number])[];

type Command =
  | { readonly kind: 'burst'; readonly baskets: readonly Basket[] }
  | { readonly kind: 'give_back'; readonly which: number }
  | { readonly kind: 'expire'; readonly which: number }
  | { readonly kind: 'capacity'; readonly tier: number; readonly capacity: number };

interface Model {
  readonly capacities: number[];
  readonly room: number;
  readonly active: { readonly id: string; readonly basket: Basket }[];
}

const quantity = fc.integer({ min: 1, max: 4 });
const basket: fc.Arbitrary<Basket> = fc.oneof(
  quantity.map((n): Basket => [[0, n]]),
  quantity.map((n): Basket => [[1, n]]),
  fc.tuple(quantity, quantity).map(
    ([a, b]): Basket => [
      [0, a],
      [1, b],
    ],
  ),
);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(basket, { minLength: 1, maxLength: 5 })
      .map((baskets) => ({ kind: 'burst' as const, baskets })),
  },
  { weight: 2, arbitrary: fc.nat(20).map((which) => ({ kind: 'give_back' as const, which })) },
  { weight: 2, arbitrary: fc.nat(20).map((which) => ({ kind: 'expire' as const, which })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('capacity' as const),
      tier: fc.nat(1),
      capacity: fc.nat(12),
    }),
  },
);

let database: TestDatabase;
let desk: PlaceHoldDeps;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  desk = openDesk(database.db);
});

afterAll(async () => {
  await desk.holdDesk.close();
  await database[Symbol.asyncDispose]();
});

const heldOf = (model: Model, tier: number) =>
  model.active
    .flatMap((hold) => hold.basket)
    .reduce((sum, [at, n]) => sum + (at === tier ? n : 0), 0);

function fits(model: Model, wanted: Basket): boolean {
  const inRoom = heldOf(model, 0) + heldOf(model, 1) + wanted.reduce((sum, [, n]) => sum + n, 0);
  return (
    inRoom <= model.room &&
    wanted.every(([tier, n]) => heldOf(model, tier) + n <= (model.capacities[tier] ?? 0))
  );
}

async function burst(model: Model, sale: TestSale, baskets: readonly Basket[]): Promise<void> {
  const outcomes = await Promise.allSettled(
    baskets.map(async (wanted) => await placeHold(desk, ask(sale, wanted))),
  );
  for (const [at, outcome] of outcomes.entries()) {
    const wanted = baskets[at] ?? [];
    expect(outcome.status).toBe(fits(model, wanted) ? 'fulfilled' : 'rejected');
    if (outcome.status === 'fulfilled') {
      model.active.push({ id: outcome.value.hold.id, basket: wanted });
    } else {
      expect(outcome.reason).toMatchObject({ code: 'inventory.sold_out' });
    }
  }
}

async function end(model: Model, which: number, how: 'give_back' | 'expire'): Promise<void> {
  const [hold] = model.active.splice(which % Math.max(1, model.active.length), 1);
  if (hold === undefined) {
    return;
  }
  if (how === 'give_back') {
    await giveBackHold(desk, hold.id);
    return;
  }
  await desk.db.pool.raw('update ticket_holds set expires_at = now() where id = :id', {
    id: hold.id,
  });
  await desk.db.inTransaction(
    async (tx) => await endDueHoldsWithoutOrder(tx, { why: 'expired', limit: 100 }),
  );
}

async function run(model: Model, sale: TestSale, step: Command): Promise<void> {
  switch (step.kind) {
    case 'burst':
      await burst(model, sale, step.baskets);
      return;
    case 'give_back':
    case 'expire':
      await end(model, step.which, step.kind);
      return;
    case 'capacity': {
      const id = sale.tierIds[step.tier] ?? '';
      const { changed } = await desk.db.inTransaction(
        async (tx) => await setCapacity(tx, { table: 'ticket_tiers', id, capacity: step.capacity }),
      );
      expect(changed).toBe(heldOf(model, step.tier) <= step.capacity);
      model.capacities[step.tier] = changed ? step.capacity : (model.capacities[step.tier] ?? 0);
      return;
    }
    default:
      step satisfies never;
  }
}

test('any sequence of holds, endings and changes leaves what the model says', async () => {
  const numRuns = loadTestScale().isLong ? 10_000 : 500;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 10 }), async (commands) => {
      const model: Model = { capacities: [8, 8], room: 12, active: [] };
      const sale = await sell(desk.db, {
        capacities: model.capacities,
        pools: [{ capacity: model.room, tiers: [0, 1] }],
      });
      // Known already, a slug costs no query that could change the order of a burst.
      await desk.eventIds.find(sale.slug);
      for (const step of commands) {
        await run(model, sale, step);
        const tiers = [heldOf(model, 0), heldOf(model, 1)];
        const room = tiers.reduce((sum, n) => sum + n, 0);
        expect(await reservedBy(desk.db, sale)).toEqual({ tiers, pools: [room] });
      }
    }),
    { numRuns },
  );
}, 900_000);
