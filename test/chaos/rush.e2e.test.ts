import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { http, sellEvent, startWorld, violations, type World } from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

const seats = 300;
const attempts = 900;
const buyers = 40;
const victim = 'checkout';

test('checkout killed in the middle of a rush: nobody was told of a hold that does not exist', async () => {
  const event = await sellEvent(world, {
    tiers: [{ name: 'Floor', price_cents: 2_500, capacity: seats, max_per_order: 1 }],
  });
  const { supervisor, urls } = world.stack;
  const told = new Map<string, string>();
  const unanswered: string[] = [];
  const refused = new Set<string>();
  let left = attempts;
  const ask = async (key: string) =>
    await http(`${urls.checkout}/v1/holds`, {
      key,
      body: { event: event.slug, items: [{ tier: event.tierIds[0], quantity: 1 }] },
    });
  const tooBusy: string[] = [];
  const hear = (key: string, answer: Awaited<ReturnType<typeof ask>>) => {
    if (answer.status === 201) {
      told.set(key, answer.body.id);
    } else if (answer.status === 503) {
      tooBusy.push(key);
    } else {
      refused.add(answer.body.code);
    }
  };
  const rush = Array.from({ length: buyers }, async () => {
    while (left > 0) {
      left -= 1;
      const key = randomUUID();
      await ask(key).then(
        (answer) => hear(key, answer),
        () => unanswered.push(key),
      );
    }
  });
  await waitFor(async () => told.size > 60, { what: 'the rush to be on' });
  const pid = supervisor.pids()[victim];
  supervisor.signal(victim, 'SIGKILL');
  await Promise.all(rush);
  await waitFor(async () => supervisor.pids()[victim] !== pid, { what: 'a new checkout' });
  await world.stack.ready(victim);
  expect(unanswered.length).toBeGreaterThan(0);
  // Who got no answer, or was told to come again, asks again with the same key, and is answered now.
  for (const key of [...unanswered, ...tooBusy]) {
    const answered = async () => {
      const answer = await ask(key);
      return answer.status !== 503 && answer;
    };
    hear(key, await waitFor(answered, { what: `an answer to ${key}` }));
  }
  const { rows } = await world.db.pool.raw(
    `select h.id, h.idempotency_key as key from ticket_holds h
      where h.event_id = :id and h.status = 'active'`,
    { id: event.id },
  );
  const held = new Map(rows.map((row: { id: string; key: string }) => [row.key, row.id]));
  expect(held).toEqual(told);
  expect(held.size).toBe(seats);
  expect([...refused]).toEqual(['inventory.sold_out']);
});
