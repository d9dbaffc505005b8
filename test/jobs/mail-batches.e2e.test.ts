import { randomUUID } from 'node:crypto';
import { enqueueAll } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { killed } from '#support/killing';
import { allTold, askForMail, messagesClosed } from '#support/mails';
import {
  count,
  orderBecomes,
  pay,
  placeOrder,
  resend,
  sellEvent,
  setWeather,
  startWorld,
  type World,
} from '#support/world';

let world: World;
let orderId: string;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
  const placed = await placeOrder(world, await sellEvent(world));
  expect((await pay(world, placed.sessionId)).body.outcome).toBe('paid');
  await orderBecomes(world, placed, 'fulfilled');
  ({ orderId } = placed);
});
afterEach(async () => await setWeather(world, 'resend', {}));
afterAll(async () => await world[Symbol.asyncDispose]());

interface Owed {
  readonly ids: string[];
  /** Labels of the addresses: each mail has one of its own. */
  readonly to: string[];
  readonly messages: string[];
}

/** Owes so many mails in one commit, each to an address of its own. */
async function owe(
  kind: 'event_cancelled' | 'order_confirmation',
  addresses: readonly string[],
): Promise<Owed> {
  const ids = addresses.map(() => randomUUID());
  const messages = await world.db.inTransaction(async (tx) => {
    await tx.raw(
      `insert into emails (id, organization_id, order_id, kind, dedupe_key, recipient, facts)
       select r.id, o.organization_id, o.id, :kind, 'test/' || r.id, r.recipient,
              jsonb_build_object('amountCents', 100, 'currency', 'eur')
         from unnest(:ids::uuid[], :addresses::text[]) as r (id, recipient)
         join orders o on o.id = :orderId`,
      { ids, addresses: [...addresses], kind, orderId },
    );
    await enqueueAll(
      tx,
      ids.map((emailId) => ({
        name: 'email.send' as const,
        payload: { emailId },
        trace: undefined,
      })),
    );
    const { rows } = await tx.raw(
      `select id from outbox where payload->>'emailId' = any (:ids::text[])`,
      { ids },
    );
    return z
      .array(z.object({ id: z.uuid() }))
      .parse(rows)
      .map(({ id }) => id);
  });
  return { ids, to: [...addresses], messages };
}

function labels(n: number): string[] {
  const run = randomUUID().slice(0, 8);
  return Array.from({ length: n }, (_, at) => `delivered+${run}-${at}@resend.dev`);
}

interface Taken {
  readonly to: readonly string[];
  readonly idempotency_key: string;
  readonly attachments: number;
}

/** What Resend's own books have of these addresses. */
async function taken(to: readonly string[]): Promise<Taken[]> {
  const { emails } = (await resend(world, 'books')).body;
  return emails.filter((mail: Taken) => to.includes(mail.to[0] ?? ''));
}

const keysOf = (mails: readonly Taken[]) => [...new Set(mails.map((mail) => mail.idempotency_key))];

/** Waits until nothing more happens to these. */
async function settled({ ids, messages }: Owed): Promise<void> {
  await messagesClosed(world, messages);
  await waitFor(async () => (await statuses(ids)).every((status) => status === 'delivered'), {
    what: 'all to be delivered',
  });
  await allTold(world, ids);
}

async function unsent(ids: readonly string[]): Promise<void> {
  await world.db.pool.raw(
    `update emails set status = 'queued', provider_id = null, sent_at = null, delivered_at = null
      where id = any (:ids::uuid[])`,
    { ids: [...ids] },
  );
}

const batchesOpen = `from emails where status = 'queued' and batch_id is not null`;

async function unsentOf(ids: readonly string[]): Promise<number> {
  return (await statuses(ids)).filter((status) => status === 'queued').length;
}

async function statuses(ids: readonly string[]): Promise<string[]> {
  const { rows } = await world.db.pool.raw(
    'select status from emails where id = any (:ids::uuid[])',
    { ids: [...ids] },
  );
  return rows.map(({ status }: { status: string }) => status);
}

describe('mails that everybody of an event gets', () => {
  test('happy: go in one call, each once, and are tracked one by one', async () => {
    const owed = await owe('event_cancelled', labels(12));
    const { to } = owed;
    await settled(owed);
    const mails = await taken(to);
    expect(mails.map((mail) => mail.to[0]).sort()).toEqual([...to].sort());
    // Each of the four that work at once may begin a batch with what it finds.
    expect(keysOf(mails).length).toBeLessThanOrEqual(4);
    expect(keysOf(mails).every((key) => key.startsWith('batch/'))).toBe(true);
  });

  test('redelivered and concurrent: killed before the commit, the same call again', async () => {
    const owed = await owe('event_cancelled', labels(5));
    const { ids, to } = owed;
    await settled(owed);
    await unsent(ids);
    const again = await Promise.all(ids.map(async (id) => await askForMail(world, id, 3)));
    await messagesClosed(world, again.flat());
    expect(await taken(to)).toHaveLength(5);
    expect(new Set(await statuses(ids))).not.toContain('queued');
  });

  test('negative control: without their batch the same mails would go out twice', async () => {
    const owed = await owe('event_cancelled', labels(3));
    const { ids, to } = owed;
    await settled(owed);
    await unsent(ids);
    await world.db.pool.raw(
      'update emails set batch_id = null, batch_position = null where id = any (:ids::uuid[])',
      { ids },
    );
    const again = await Promise.all(ids.map(async (id) => await askForMail(world, id, 1)));
    await messagesClosed(world, again.flat());
    expect(await taken(to)).toHaveLength(6);
  });

  test('out of order: one that arrived before its batch was written down is in the call again', async () => {
    const owed = await owe('event_cancelled', labels(3));
    const { ids, to } = owed;
    await settled(owed);
    await unsent(ids.slice(1));
    const again = await Promise.all(ids.map(async (id) => await askForMail(world, id, 1)));
    await messagesClosed(world, again.flat());
    expect(await taken(to)).toHaveLength(3);
    expect(new Set(await statuses(ids))).not.toContain('queued');
  });

  test('killed again and again around the call: each mail goes out once', async () => {
    // The answer comes late, so that most kills fall between what Resend did and what we wrote.
    await setWeather(world, 'resend', { latency_ms: 400 });
    const { to, ids, messages } = await owe('event_cancelled', labels(20));
    for (const _kill of [1, 2, 3]) {
      await waitFor(
        async () => (await count(world, batchesOpen)) > 0 || (await unsentOf(ids)) === 0,
        { what: 'a batch to be under way' },
      );
      await killed(world, 'notifications');
    }
    await messagesClosed(world, messages);
    expect((await taken(to)).map((mail) => mail.to[0]).sort()).toEqual([...to].sort());
  });

  test('a refused address fails alone, and a person is told', async () => {
    const fine = labels(2);
    const { ids, to, messages } = await owe('event_cancelled', [...fine, 'no@example.com']);
    await messagesClosed(world, messages);
    expect(await taken(to)).toHaveLength(2);
    const bad = ids[2] ?? '';
    expect(await statuses([bad])).toEqual(['failed']);
    expect(
      await count(world, `from incidents where kind = 'email.refused' and object_id = :bad`, {
        bad,
      }),
    ).toBe(1);
  });

  test('poison: one that cannot be written holds up no other', async () => {
    const fine = labels(3);
    const broken = randomUUID();
    await world.db.pool.raw(
      `insert into emails (id, organization_id, order_id, kind, dedupe_key, recipient, facts)
       select :broken, organization_id, id, 'event_cancelled', 'test/' || :broken::text, :to,
              '{"amountCents": "no number"}'
         from orders where id = :orderId`,
      { broken, orderId, to: 'delivered+broken@resend.dev' },
    );
    const { to, messages } = await owe('event_cancelled', fine);
    await messagesClosed(world, messages);
    expect(await taken(to)).toHaveLength(3);
    expect(await statuses([broken])).toEqual(['queued']);
    await world.db.pool.raw(`update emails set status = 'failed' where id = :broken`, { broken });
  });

  test('after a change of what was sent nobody knows: a person decides, and nothing goes twice', async () => {
    const owed = await owe('event_cancelled', labels(2));
    const { ids, to } = owed;
    await settled(owed);
    await unsent(ids);
    await world.db.pool.raw(`update emails set subject = 'Other' where id = :id`, { id: ids[0] });
    const again = await Promise.all(ids.map(async (id) => await askForMail(world, id, 1)));
    await messagesClosed(world, again.flat());
    expect(await statuses(ids.slice(0, 1))).toEqual(['failed']);
    expect(new Set(await statuses(ids))).not.toContain('queued');
    expect(await taken(to)).toHaveLength(2);
  });
});

test('when more wait than a minute would take, mails go together, and bring no files', async () => {
  await setWeather(world, 'resend', { rate_limit_per_s: 2 });
  const { to, messages } = await owe('order_confirmation', labels(330));
  await messagesClosed(world, messages);
  const mails = await taken(to);
  expect(mails.map((mail) => mail.to[0]).sort()).toEqual([...to].sort());
  const together = mails.filter((mail) => mail.idempotency_key.startsWith('batch/'));
  expect(together.length).toBeGreaterThanOrEqual(200);
  expect(together.every((mail) => mail.attachments === 0)).toBe(true);
  expect(mails.length - together.length).toBeLessThanOrEqual(120);
});
