import { randomUUID } from 'node:crypto';
import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { isSent, mailsOf, messagesClosed, type StoredMail } from '#support/mails';
import { type Bought, buy } from '#support/refunds';
import { answer as answerOffer, buyHeld, mailedLink, offer } from '#support/transfers';
import {
  type Answer,
  count,
  http,
  type SoldEvent,
  sellEvent,
  startWorld,
  violations,
  type World,
} from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({
    databaseUrl: inject('databaseUrl'),
    overrides: { REMINDER_INTERVAL_MS: '500' },
  });
});
afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

const hour = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * hour).toISOString();

const asSold = {
  title: 'A Night',
  venue: 'The Hall',
  starts_at: '2031-05-01T20:00:00+02:00',
  ends_at: '2031-05-01T23:00:00+02:00',
};

async function put(event: SoldEvent, what: 'details' | 'reminder', body: unknown): Promise<Answer> {
  return await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/${what}`, {
    method: 'PUT',
    token: world.stack.adminApiKey,
    body,
  });
}

/** Mails of a kind about an event that went to these orders, once all of them are sent. */
async function told(
  orders: readonly Bought[],
  kind: string,
  times = 1,
): Promise<readonly StoredMail[]> {
  return await waitFor(
    async () => {
      const mails = (await Promise.all(orders.map(async (order) => await mailsOf(world, order))))
        .flat()
        .filter((mail) => mail.kind === kind && isSent(mail.status));
      return mails.length === orders.length * times ? mails : undefined;
    },
    { what: `${orders.length * times} mails ${kind}` },
  );
}

/** Waits until everybody of the event was told so often; returns how many mails that made. */
async function noticesDone(event: SoldEvent, kind: string, notices: number): Promise<number> {
  const { id } = event;
  await waitFor(
    async () =>
      (await count(
        world,
        'from event_notices where event_id = :id and kind = :kind and done_at is not null',
        { id, kind },
      )) === notices,
    { what: `${notices} notices ${kind}` },
  );
  return await count(
    world,
    `from emails m where m.kind = :kind
       and (m.order_id in (select id from orders where event_id = :id)
            or m.transfer_id in (select x.id from transfers x
                                   join tickets k on k.id = x.ticket_id where k.event_id = :id))`,
    { id, kind },
  );
}

describe('an event that has changed', () => {
  test('tells everybody with a ticket what it was and is, once', async () => {
    const event = await sellEvent(world);
    const orders = [await buy(world, event), await buy(world, event)];
    const moved = { ...asSold, venue: 'The Barn', starts_at: '2031-05-01T21:00:00+02:00' };
    const answer = await put(event, 'details', moved);
    expect(answer.body).toMatchObject({ venue: 'The Barn', starts_at: '2031-05-01T19:00:00.000Z' });
    const [mail] = await told(orders, 'event_changed');
    expect(mail?.text).toContain('Where: The Barn\nWhere, before: The Hall');
    expect(mail?.text).toMatch(/When: .* 9:00/);
    expect(mail?.text).toMatch(/When, before: .* 8:00/);
    // The same again is no news.
    await put(event, 'details', moved);
    expect(await noticesDone(event, 'event_changed', 1)).toBe(2);
  });

  test('tells nobody of another end, nor when nobody shall be told', async () => {
    const event = await sellEvent(world);
    const order = await buy(world, event);
    await put(event, 'details', { ...asSold, ends_at: '2031-05-01T23:30:00+02:00' });
    const quiet = await put(event, 'details', { ...asSold, venue: 'The Barn', notify: false });
    expect(quiet.status).toBe(200);
    await put(event, 'details', { ...asSold, venue: 'The Loft' });
    const [mail] = await told([order], 'event_changed');
    expect(mail?.text).toContain('Where, before: The Barn');
    expect(await noticesDone(event, 'event_changed', 1)).toBe(1);
  });

  test('tells who got a ticket from its buyer, with the link to that ticket', async () => {
    const event = await sellEvent(world);
    const { order, tickets } = await buyHeld(world, event);
    const offered = await offer(world, tickets[0]);
    await answerOffer(world, offered, 'accept');
    const token = await mailedLink(world, offered.id, 'ticket_received');
    await put(event, 'details', { ...asSold, venue: 'The Barn' });
    await told([order], 'event_changed');
    expect(await noticesDone(event, 'event_changed', 1)).toBe(2);
    const texts = await waitFor(
      async () => {
        const { rows } = await world.db.pool.raw(
          `select body_text as text from emails
            where kind = 'event_changed' and transfer_id in
                  (select id from transfers where ticket_id = :id)`,
          { id: tickets[0].id },
        );
        return rows.every(({ text }: { text: string | null }) => text !== null) && rows;
      },
      { what: 'the text of what its new holder was told' },
    );
    expect(texts).toHaveLength(1);
    expect(texts[0].text).toContain(`/tickets/t/${token}`);
    expect(texts[0].text).not.toContain('/orders/t/');
  });

  test('redelivered and concurrent: told once, however often it is asked for', async () => {
    const event = await sellEvent(world);
    await buy(world, event);
    await put(event, 'details', { ...asSold, venue: 'The Barn' });
    // A telling that is not over yet would call it done once more.
    await noticesDone(event, 'event_changed', 1);
    const { rows } = await world.db.pool.raw('select id from event_notices where event_id = :id', {
      id: event.id,
    });
    const noticeId: string = rows[0].id;
    await world.db.pool.raw('update event_notices set done_at = null where id = :noticeId', {
      noticeId,
    });
    await tellAgain(noticeId, 8);
    expect(await noticesDone(event, 'event_changed', 1)).toBe(1);
  });

  test('negative control: without its key each telling would be another mail', async () => {
    const event = await sellEvent(world);
    const order = await buy(world, event);
    await put(event, 'details', { ...asSold, venue: 'The Barn' });
    await noticesDone(event, 'event_changed', 1);
    const { rows } = await world.db.pool.raw(
      `update event_notices set done_at = null where event_id = :id returning id`,
      { id: event.id },
    );
    await world.db.pool.raw(
      `update emails set dedupe_key = 'gone/' || id where order_id = :id and kind = 'event_changed'`,
      { id: order.orderId },
    );
    await tellAgain(rows[0].id, 1);
    expect(await noticesDone(event, 'event_changed', 1)).toBe(2);
  });

  test('out of order: cancelled before they were told, nobody hears of the change', async () => {
    const event = await sellEvent(world);
    await buy(world, event);
    const { rows } = await world.db.pool.raw(
      `insert into event_notices (id, event_id, kind, orders_before)
       values (gen_random_uuid(), :id, 'event_changed', now()) returning id`,
      { id: event.id },
    );
    await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/cancel`, {
      token: world.stack.adminApiKey,
      body: {},
    });
    await tellAgain(rows[0].id, 1);
    expect(await noticesDone(event, 'event_changed', 1)).toBe(0);
  });

  test('poison: a notice that is not there is dead at once, and a person is told', async () => {
    const [message] = await asked(randomUUID(), 1);
    await waitFor(
      async () =>
        (await count(world, 'from outbox where id = :message and dead_at is not null', {
          message: message ?? '',
        })) === 1,
      { what: 'the message to be dead' },
    );
  });

  test.for([
    ['ends before it begins', { ends_at: '2031-05-01T19:00:00+02:00' }, 'event.times_invalid'],
    ['has no title', { title: ' ' }, 'request.invalid'],
    ['begins at no time', { starts_at: 'tomorrow' }, 'request.invalid'],
  ] as const)('that %s is refused, and nothing is changed', async ([, bad, code]) => {
    const event = await sellEvent(world);
    const answer = await put(event, 'details', { ...asSold, venue: 'The Barn', ...bad });
    expect(answer.body.code).toBe(code);
    const { id } = event;
    expect(await count(world, `from events where id = :id and venue = 'The Hall'`, { id })).toBe(1);
  });

  test('that is cancelled stays as it was', async () => {
    const event = await sellEvent(world);
    await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/cancel`, {
      token: world.stack.adminApiKey,
      body: {},
    });
    const answer = await put(event, 'details', { ...asSold, venue: 'The Barn' });
    expect(answer.body.code).toBe('event.state_conflict');
  });
});

describe('an event that is cancelled', () => {
  test('tells who got a ticket from its buyer, once, and speaks of no money of theirs', async () => {
    const event = await sellEvent(world);
    const { order, tickets } = await buyHeld(world, event);
    const offered = await offer(world, tickets[0]);
    await answerOffer(world, offered, 'accept');
    await mailedLink(world, offered.id, 'ticket_received');
    const cancel = async () =>
      await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/cancel`, {
        token: world.stack.adminApiKey,
        body: {},
      });
    await Promise.all([cancel(), cancel()]);
    const [toBuyer] = await told([order], 'event_cancelled');
    expect(toBuyer?.text).toContain('€50.00');
    expect(await noticesDone(event, 'event_cancelled', 1)).toBe(2);
    await waitFor(async () => (await cancelledTo(offered.id)) !== null, { what: 'its text' });
    expect(await cancelledTo(offered.id)).toContain('goes back to who bought it');
    expect(await cancelledTo(offered.id)).not.toMatch(/€|orders\/t|tickets\/t/);
  });
});

async function cancelledTo(transferId: string): Promise<string | null> {
  const { rows } = await world.db.pool.raw(
    `select body_text as text from emails
      where kind = 'event_cancelled' and transfer_id = :transferId`,
    { transferId },
  );
  return rows[0]?.text ?? null;
}

describe('an event that is soon', () => {
  test('is told to who ordered before, once, and again when it is moved', async () => {
    const event = await sellEvent(world);
    const orders = [await buy(world, event)];
    // As if it had been bought a month ago: a day before is the day to be reminded.
    await bought(event, '30 days');
    await put(event, 'details', {
      ...asSold,
      starts_at: inHours(23.9),
      ends_at: inHours(30),
      notify: false,
    });
    const [mail] = await told(orders, 'event_reminder');
    expect(mail?.subject).toMatch(/^Soon: A Night/);
    expect(mail?.text).toContain('Where: The Hall');
    await put(event, 'details', {
      ...asSold,
      starts_at: inHours(20),
      ends_at: inHours(30),
      notify: false,
    });
    await told(orders, 'event_reminder', 2);
    expect(await noticesDone(event, 'event_reminder', 2)).toBe(2);
  });

  test('is not told to who ordered since: they know', async () => {
    const event = await sellEvent(world, { starts_at: inHours(10), ends_at: inHours(12) });
    await buy(world, event);
    expect(await noticesDone(event, 'event_reminder', 1)).toBe(0);
  });

  test('is told to nobody where reminders are off', async () => {
    const event = await sellEvent(world);
    await buy(world, event);
    expect((await put(event, 'reminder', { hours_before: null })).body).toMatchObject({
      reminder_hours_before: null,
    });
    await bought(event, '30 days');
    const soon = { starts_at: inHours(5), ends_at: inHours(8) };
    await put(event, 'details', { ...asSold, ...soon, notify: false });
    // Another's that is due at the same moment was told meanwhile.
    const other = await sellEvent(world, soon);
    await noticesDone(other, 'event_reminder', 1);
    expect(await noticesDone(event, 'event_reminder', 0)).toBe(0);
  });
});

async function bought(event: SoldEvent, ago: string): Promise<void> {
  await world.db.pool.raw(
    `update orders set created_at = created_at - :ago::interval where event_id = :id`,
    { id: event.id, ago },
  );
}

async function asked(noticeId: string, times: number): Promise<string[]> {
  return await world.db.inTransaction(async (tx) => {
    const ids: string[] = [];
    for (let n = 0; n < times; n += 1) {
      ids.push(await enqueue(tx, 'event.tell', { noticeId }));
    }
    return ids;
  });
}

async function tellAgain(noticeId: string, times: number): Promise<void> {
  await messagesClosed(world, await asked(noticeId, times));
}
