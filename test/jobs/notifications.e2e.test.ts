import { randomUUID } from 'node:crypto';
import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { allTold, askForMail, messagesClosed } from '#support/mails';
import {
  count,
  orderBecomes,
  type Placed,
  pay,
  placeOrder,
  readOrder,
  resend,
  sellEvent,
  setWeather,
  startWorld,
  type World,
} from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { MAIL_WATCH_INTERVAL_MS: '500' },
  });
});

afterAll(async () => await world[Symbol.asyncDispose]());

const send = async (emailId: string, times = 1) => await askForMail(world, emailId, times);
const allDone = async (ids: readonly string[]) => await messagesClosed(world, ids);

async function boughtOrder(): Promise<{ placed: Placed; emailId: string; number: string }> {
  const placed = await placeOrder(world, await sellEvent(world));
  await pay(world, placed.sessionId);
  const order = await orderBecomes(world, placed, 'fulfilled');
  await mailBecomes(placed, 'delivered');
  const { rows } = await world.db.pool.raw('select id from emails where order_id = :orderId', {
    orderId: placed.orderId,
  });
  await allTold(world, [rows[0].id]);
  return { placed, emailId: rows[0].id, number: order.number };
}

async function mailBecomes(placed: Placed, status: string): Promise<void> {
  await waitFor(async () => (await readOrder(world, placed)).body.mails?.[0]?.status === status, {
    what: `the mail to be ${status}`,
    timeoutMs: 120_000,
  });
}

async function accepted(number: string): Promise<number> {
  const { emails } = (await resend(world, 'books')).body;
  return emails.filter((mail: { subject: string }) => mail.subject.includes(number)).length;
}

test('redelivered and concurrent: one mail, however often it is asked for', async () => {
  const { emailId, number } = await boughtOrder();
  await allDone(await send(emailId, 10));
  expect(await accepted(number)).toBe(1);
});

test('killed after the call and before the commit: the same bytes again, and one mail', async () => {
  const { emailId, number, placed } = await boughtOrder();
  // What a crash between Resend's answer and our commit leaves behind.
  await world.db.pool.raw(
    `update emails set status = 'queued', provider_id = null, sent_at = null where id = :emailId`,
    { emailId },
  );
  await allDone(await send(emailId));
  await mailBecomes(placed, 'sent');
  expect(await accepted(number)).toBe(1);
});

test('negative control: under another key the same mail would go out twice', async () => {
  const { emailId, number } = await boughtOrder();
  const { emails } = (await resend(world, 'books')).body;
  const keys = emails
    .filter((mail: { subject: string }) => mail.subject.includes(number))
    .map((mail: { idempotency_key: string }) => mail.idempotency_key);
  expect(keys).toEqual([`email/${emailId}`]);
  const twin = randomUUID();
  await world.db.pool.raw(
    `insert into emails (id, organization_id, order_id, kind, dedupe_key, recipient)
     select :twin, organization_id, order_id, kind, :key, recipient from emails where id = :emailId`,
    { twin, key: `twin/${twin}`, emailId },
  );
  await allDone(await send(twin));
  expect(await accepted(number)).toBe(2);
});

test('out of order: asked for a mail that is withheld, it is sent now that there is a key', async () => {
  const { emailId, number, placed } = await boughtOrder();
  await world.db.pool.raw(
    `update emails set status = 'withheld', provider_id = null, sent_at = null,
            subject = null, html = null, body_text = null, rendered_at = null,
            first_attempt_at = null
      where id = :emailId`,
    { emailId },
  );
  await allDone(await send(emailId));
  await mailBecomes(placed, 'sent');
  expect(await accepted(number)).toBe(1);
});

test('a quota that is used up calls a person once, and costs no mail its day', async () => {
  await setWeather(world, 'resend', { refuse_mails: 'daily_quota_exceeded' });
  const placed = await placeOrder(world, await sellEvent(world));
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
  const stopped = `from incidents where kind = 'mail.stopped' and resolved_at is null
                     and object_id = 'daily_quota_exceeded'`;
  await waitFor(async () => (await count(world, stopped)) === 1, { what: 'a person to be told' });
  const untried = `from emails where order_id = :id and status = 'queued' and rendered_at is not null
                     and first_attempt_at is null`;
  await waitFor(async () => (await count(world, untried, { id: placed.orderId })) === 1, {
    what: 'the mail to wait for its first try',
  });
  await setWeather(world, 'resend', {});
  await mailBecomes(placed, 'delivered');
  await waitFor(async () => (await count(world, stopped)) === 0, {
    what: 'the incident to be closed',
  });
});

test('after 23 hours without an answer a person decides, and nothing is sent', async () => {
  const { emailId, number, placed } = await boughtOrder();
  await world.db.pool.raw(
    `update emails set status = 'queued', provider_id = null, sent_at = null,
            first_attempt_at = now() - interval '24 hours'
      where id = :emailId`,
    { emailId },
  );
  await allDone(await send(emailId));
  await mailBecomes(placed, 'failed');
  const incident = `from incidents where kind = 'email.outcome_unknown' and object_id = :emailId`;
  expect(await count(world, incident, { emailId })).toBe(1);
  expect(await accepted(number)).toBe(1);
});

test('a mail that Resend refuses for good fails with an incident, and the tickets stay', async () => {
  const { emailId, placed } = await boughtOrder();
  const fresh = randomUUID();
  await world.db.pool.raw(
    `insert into emails (id, organization_id, order_id, kind, dedupe_key, recipient)
     select :fresh, organization_id, order_id, kind, :key, 'ada@example.com'
       from emails where id = :emailId`,
    { fresh, key: `refused/${fresh}`, emailId },
  );
  await allDone(await send(fresh));
  const incident = `from incidents where kind = 'email.refused' and object_id = :fresh`;
  expect(await count(world, incident, { fresh })).toBe(1);
  expect((await readOrder(world, placed)).body.tickets).toHaveLength(2);
});

test('poison: a payload nobody can read is dead at once', async () => {
  const id = randomUUID();
  await world.db.pool.raw(
    `insert into outbox (id, queue, name, payload)
     values (:id, 'notifications', 'email.send', '{"emailId": null}')`,
    { id },
  );
  await waitFor(
    async () =>
      (await count(world, 'from outbox where id = :id and dead_at is not null', { id })) === 1,
    { what: 'the poisoned message to be dead' },
  );
});

describe('email.track', () => {
  async function track(event: object): Promise<string> {
    return await world.db.inTransaction(async (tx) => {
      const id = `msg_${randomUUID()}`;
      await tx.raw(
        'insert into resend_events (id, type, payload) values (:id, :type, :payload::jsonb)',
        { id, type: 'email.test', payload: JSON.stringify(event) },
      );
      return await enqueue(tx, 'email.track', { eventId: id });
    });
  }
  const told = (type: string, emailId: string, data: object = {}) => ({
    type: `email.${type}`,
    data: { ...data, tags: { email_id: emailId } },
  });

  test('redelivered, concurrent and out of order: a mail only moves on', async () => {
    const { emailId, placed } = await boughtOrder();
    const types = ['sent', 'complained', 'delivered', 'sent', 'complained', 'delivery_delayed'];
    const ids = await Promise.all(types.map(async (type) => await track(told(type, emailId))));
    await allDone(ids);
    await mailBecomes(placed, 'complained');
    const incident = `from incidents where kind = 'email.complained' and object_id = :emailId`;
    expect(await count(world, incident, { emailId })).toBe(1);
    await world.db.pool.raw('delete from email_suppressions where email_id = :emailId', {
      emailId,
    });
  });

  test('of a mail that is nobody’s of ours nothing happens', async () => {
    await allDone([
      await track(told('bounced', randomUUID())),
      await track({ type: 'email.sent', data: {} }),
    ]);
  });

  test('poison: an event that nobody can read is dead', async () => {
    const id = await track({ nonsense: true });
    await waitFor(
      async () =>
        (await count(world, 'from outbox where id = :id and dead_at is not null', { id })) === 1,
      { what: 'the poisoned message to be dead' },
    );
  });
});
