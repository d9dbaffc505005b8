import { randomUUID } from 'node:crypto';
import { oweCancellationMail, oweDisputeMail } from '@liventix/domain/emails/money-mail-repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  acceptedAs,
  allDelivered,
  askForMail,
  mailsBecome,
  mailsOf,
  messagesClosed,
  type StoredMail,
} from '#support/mails';
import { buy, intentOf, payUnheard, refund, refundsBecome } from '#support/refunds';
import {
  count,
  http,
  orderBecomes,
  type Placed,
  placeHold,
  placeOrder,
  readOrder,
  sellEvent,
  startWorld,
  stripe,
  violations,
  type World,
} from '#support/world';

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});

afterAll(async () => {
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

async function admin(path: string, body: unknown, method = 'POST') {
  const url = `${world.stack.urls.ops}/admin/v1/${path}`;
  return await http(url, { method, token: world.stack.adminApiKey, body });
}

function latest(mails: readonly StoredMail[]): StoredMail {
  const mail = mails.at(-1);
  if (mail === undefined) {
    throw new Error('there is no mail');
  }
  return mail;
}

/** A bought order whose refund is made, with the mail that says so. */
async function refunded(): Promise<{ order: Placed; mail: StoredMail }> {
  const order = await buy(world, await sellEvent(world));
  await refund(world, order, {});
  const kinds = ['order_confirmation', 'refund_requested', 'refund_made'];
  return { order, mail: latest(await mailsBecome(world, order, kinds)) };
}

async function quiet(): Promise<void> {
  const open = 'from outbox where done_at is null and dead_at is null';
  await waitFor(async () => (await count(world, open)) === 0, {
    what: 'a quiet outbox',
    timeoutMs: 120_000,
  });
}

describe('what a buyer hears of a refund', () => {
  test('that it is on its way, and then that it was made, with a link to the order', async () => {
    const order = await buy(world, await sellEvent(world));
    const [first = ''] = order.ticketIds;
    await refund(world, order, { tickets: [first] });
    const kinds = ['order_confirmation', 'refund_requested', 'refund_made'];
    const [, requested, made] = await mailsBecome(world, order, kinds);
    for (const mail of [requested, made]) {
      expect(mail?.recipient).toBe('delivered+ada@resend.dev');
      expect(mail?.text).toContain('€25.00');
      expect(mail?.text).toContain('000001');
      expect(mail?.text).not.toContain('000002');
      const [link = ''] = mail?.text?.match(/http\S+\/orders\/t\/\S+/) ?? [];
      expect((await http(link)).text).toContain('Ada');
    }
  });

  test('goodwill names no ticket', async () => {
    const order = await buy(world, await sellEvent(world));
    await refund(world, order, { amount_cents: 1_000 });
    const kinds = ['order_confirmation', 'refund_requested', 'refund_made'];
    const mail = latest(await mailsBecome(world, order, kinds));
    expect(mail.text).toContain('€10.00');
    expect(mail.text).not.toContain('Given back');
  });

  test('in German where the event is, and in its timezone', async () => {
    const order = await buy(world, await sellEvent(world, { locale: 'de-CH' }));
    await refund(world, order, {});
    const kinds = ['order_confirmation', 'refund_requested', 'refund_made'];
    const mails = await mailsBecome(world, order, kinds);
    expect(mails.map(({ subject }) => subject?.replace(/ \(.*/, ''))).toEqual([
      'Ihre Tickets für A Night',
      'Ihre Erstattung für A Night ist unterwegs',
      'Ihre Erstattung für A Night ist angewiesen',
    ]);
    expect(latest(mails).text).toContain('1. Mai 2031 um 20:00 (Europe/Zurich)');
  });

  test('that it failed, when it fails later, and that it was made, once it is', async () => {
    const order = await buy(world, await sellEvent(world));
    await stripe(world, 'refund_plans', { becomes: 'pending' });
    await refund(world, order, {});
    const [pending] = await refundsBecome(world, order, ['submitted']);
    const kinds = ['order_confirmation', 'refund_requested'];
    await mailsBecome(world, order, kinds);
    await stripe(world, `refunds/${pending.stripe_refund_id}/fail`, {});
    await mailsBecome(world, order, [...kinds, 'refund_failed']);
    const retried = await admin(`refunds/${pending.id}/retry`, {});
    expect(retried.status, retried.text).toBeLessThan(300);
    await mailsBecome(world, order, [...kinds, 'refund_failed', 'refund_made']);
  });

  test('that it failed, when it had been made before', async () => {
    const { order } = await refunded();
    const [made] = await refundsBecome(world, order, ['succeeded']);
    await stripe(world, `refunds/${made.stripe_refund_id}/fail`, {});
    await mailsBecome(world, order, [
      'order_confirmation',
      'refund_requested',
      'refund_made',
      'refund_failed',
    ]);
  });

  test('of one made in the Dashboard that it was made', async () => {
    const order = await buy(world, await sellEvent(world));
    await stripe(world, 'refunds', { payment_intent: await intentOf(world, order) });
    const mail = latest(await mailsBecome(world, order, ['order_confirmation', 'refund_made']));
    expect(mail.text).toContain('€50.00');
    expect(mail.text).toContain('000001, 000002');
  });

  test('of free tickets that they are given back, and nothing of money', async () => {
    const order = await free();
    await refund(world, order, {});
    const mail = latest(await mailsBecome(world, order, ['order_confirmation', 'refund_made']));
    expect(mail.subject).toContain('Your tickets for A Night were given back');
    expect(mail.text).not.toContain('€');
  });

  test('nothing when the order has no address any more, and the money moves all the same', async () => {
    const order = await buy(world, await sellEvent(world));
    await mailsBecome(world, order, ['order_confirmation']);
    await world.db.pool.raw('update orders set buyer_email = null where id = :id', {
      id: order.orderId,
    });
    expect((await refund(world, order, {})).status).toBe(201);
    await refundsBecome(world, order, ['succeeded']);
    expect(await mailsOf(world, order)).toHaveLength(1);
  });
});

async function free(): Promise<Placed> {
  const event = await sellEvent(world, {
    tiers: [{ name: 'Free', price_cents: 0, capacity: 2, max_per_order: 2 }],
  });
  const hold = await placeHold(world, event, 2);
  const { body } = await http(`${world.stack.urls.checkout}/v1/holds/${hold.body.id}/checkout`, {
    token: hold.body.token,
    key: randomUUID(),
    body: { buyer: { name: 'Ada', email: 'delivered@resend.dev' } },
  });
  const placed = {
    holdId: hold.body.id,
    holdToken: hold.body.token,
    orderId: body.order.id,
    orderToken: body.order.token,
    sessionId: '',
  };
  await orderBecomes(world, placed, 'fulfilled');
  return placed;
}

describe('other news of money', () => {
  test('money for an event cancelled meanwhile: it came too late, and then it is back', async () => {
    const event = await sellEvent(world);
    const order = await placeOrder(world, event);
    await payUnheard(
      world,
      order.sessionId,
      async () => await admin(`events/${event.id}/cancel`, {}),
    );
    const [late, made] = await mailsBecome(world, order, ['payment_too_late', 'refund_made']);
    expect(late?.text).toContain('after the event had been cancelled');
    expect(`${late?.text}${made?.text}`.match(/€50\.00/g)).toHaveLength(2);
  });

  test('a cancelled event is told once, and its money when it is back', async () => {
    const order = await buy(world, await sellEvent(world));
    const { orderId } = order;
    await world.db.inTransaction(async (tx) => await oweCancellationMail(tx, { orderId }));
    await refund(world, order, {});
    const kinds = ['order_confirmation', 'event_cancelled', 'refund_made'];
    const [, cancelled] = await mailsBecome(world, order, kinds);
    expect(cancelled?.text).toContain('Goes back to you: €50.00');
  });

  test('a dispute is told to the organizer, and not shown to the buyer', async () => {
    const order = await buy(world, await sellEvent(world));
    const contact = 'delivered+house@resend.dev';
    const changed = await admin('organization', { name: 'House', contact_email: contact }, 'PUT');
    expect(changed.body).toMatchObject({ name: 'House', contact_email: contact });
    const kept = await admin('organization', { name: 'The House' }, 'PUT');
    expect(kept.body).toMatchObject({ name: 'The House', contact_email: contact });
    await world.db.inTransaction(async (tx) => {
      const { orderId } = order;
      const dueAt = new Date('2031-05-20T10:00:00Z');
      const facts = { amountCents: 5_000, currency: 'eur', reason: 'fraudulent', dueAt };
      await oweDisputeMail(tx, { disputeId: 'dp_told', orderId, ...facts });
    });
    const mail = latest(await mailsBecome(world, order, ['order_confirmation', 'dispute_opened']));
    expect(mail.recipient).toBe(contact);
    expect(mail.text).toContain('Answer until: Tuesday');
    expect((await readOrder(world, order)).body.mails).toHaveLength(1);
    const none = await admin('organization', { name: 'House', contact_email: null }, 'PUT');
    expect(none.body.contact_email).toBeNull();
  });
});

describe('once', () => {
  test('redelivered and concurrent reports of one refund bring one mail of each kind', async () => {
    const order = await buy(world, await sellEvent(world));
    await refund(world, order, {});
    const paymentIntentId = await intentOf(world, order);
    const sync = async () =>
      await world.db.inTransaction(
        async (tx) => await enqueue(tx, 'refund.sync', { paymentIntentId }),
      );
    await Promise.all(Array.from({ length: 20 }, sync));
    const kinds = ['order_confirmation', 'refund_requested', 'refund_made'];
    await mailsBecome(world, order, kinds);
    await quiet();
    for (const mail of await mailsBecome(world, order, kinds)) {
      expect(await acceptedAs(world, mail)).toBe(1);
    }
  });

  test('asked for ten times at once, a mail goes out once', async () => {
    const { mail } = await refunded();
    await messagesClosed(world, await askForMail(world, mail.id, 10));
    expect(await acceptedAs(world, mail)).toBe(1);
  });

  test('killed after the call and before the commit: the same bytes again, and one mail', async () => {
    const { order, mail } = await refunded();
    await allDelivered(world, order);
    // What a crash between Resend's answer and our commit leaves behind.
    await world.db.pool.raw(
      `update emails set status = 'queued', provider_id = null, sent_at = null where id = :id`,
      { id: mail.id },
    );
    await messagesClosed(world, await askForMail(world, mail.id, 1));
    const again = (await mailsOf(world, order)).find(({ id }) => id === mail.id);
    expect(again).toEqual({ ...mail, status: 'sent' });
    expect(await acceptedAs(world, mail)).toBe(1);
  });

  test('out of order: rendered after the refund moved on, a mail says what it was owed for', async () => {
    const { order } = await refunded();
    await allDelivered(world, order);
    await world.db.pool.raw(
      `update emails set status = 'withheld', provider_id = null, sent_at = null, subject = null,
              html = null, body_text = null, rendered_at = null, first_attempt_at = null
        where order_id = :orderId and kind = 'refund_requested'`,
      { orderId: order.orderId },
    );
    const [, withheld] = await mailsOf(world, order);
    await messagesClosed(world, await askForMail(world, withheld?.id ?? '', 1));
    const [, requested] = await mailsOf(world, order);
    expect(requested).toMatchObject({
      kind: 'refund_requested',
      status: 'sent',
    });
    expect(requested?.text).toContain('Refund: €50.00');
  });
});
