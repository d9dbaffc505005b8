import { randomUUID } from 'node:crypto';
import { waitFor } from '@liventix/shared/testing/wait';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  checkOut,
  count,
  http,
  orderBecomes,
  type Placed,
  pay,
  placeHold,
  readOrder,
  sellEvent,
  startWorld,
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

async function buyAs(email: string): Promise<Placed> {
  const hold = await placeHold(world, await sellEvent(world));
  const placed = await checkOut(world, hold, { buyer: { name: 'Ada', email } });
  await pay(world, placed.sessionId);
  await orderBecomes(world, placed, 'fulfilled');
  return placed;
}

async function mailBecomes(placed: Placed, status: string): Promise<void> {
  await waitFor(async () => (await readOrder(world, placed)).body.mails.at(-1)?.status === status, {
    what: `the mail to be ${status}`,
  });
}

async function correct(placed: Placed, email: string) {
  return await http(`${world.stack.urls.checkout}/v1/orders/${placed.orderId}/address`, {
    method: 'PUT',
    token: placed.orderToken,
    body: { email },
  });
}

describe('what becomes of a confirmation', () => {
  test('delivered is what the order says, and its address stays', async () => {
    const placed = await buyAs('delivered+ada@resend.dev');
    await mailBecomes(placed, 'delivered');
    expect((await correct(placed, 'eve@liventix.test')).body.code).toBe('order.address_works');
  });

  test('bounced calls a person, and the buyer corrects the address and has their tickets', async () => {
    const placed = await buyAs(`bounced+${randomUUID()}@resend.dev`);
    await mailBecomes(placed, 'bounced');
    const told = `from incidents where kind = 'email.bounced' and details ->> 'orderId' = :id`;
    expect(await count(world, told, { id: placed.orderId })).toBe(1);
    const page = async () =>
      (await http(`${world.stack.urls.checkout}/orders/t/${placed.orderToken}`)).text;
    expect(await page()).toContain('could not reach you by mail at b…@resend.dev');
    const answer = await http(
      `${world.stack.urls.checkout}/orders/t/${placed.orderToken}/address`,
      {
        raw: new URLSearchParams({ email: 'delivered+ada2@resend.dev' }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    );
    expect(answer.status).toBe(303);
    await mailBecomes(placed, 'delivered');
    expect(await page()).not.toContain('could not reach you');
    expect((await correct(placed, 'eve@liventix.test')).body.code).toBe('order.address_works');
  });

  test('unheard of for ten minutes, the page says so, and the buyer corrects the address', async () => {
    const placed = await buyAs('delivered+late@resend.dev');
    await mailBecomes(placed, 'delivered');
    await world.db.pool.raw(
      `update emails set status = 'sent', created_at = now() - interval '11 minutes'
        where order_id = :id`,
      { id: placed.orderId },
    );
    const page = async () =>
      (await http(`${world.stack.urls.checkout}/orders/t/${placed.orderToken}`)).text;
    expect(await page()).toContain('Our mail to you at d…@resend.dev has not arrived yet.');
    expect((await readOrder(world, placed)).body.mails).toMatchObject([
      { to: 'd…@resend.dev', overdue: true },
    ]);
    expect((await correct(placed, 'delivered+soon@resend.dev')).status).toBe(200);
    await mailBecomes(placed, 'delivered');
    expect(await page()).not.toContain('has not arrived yet');
  });

  test('an address that bounced gets no second mail, whoever buys with it', async () => {
    const email = `bounced+${randomUUID()}@resend.dev`;
    await mailBecomes(await buyAs(email), 'bounced');
    const again = await buyAs(email);
    await mailBecomes(again, 'suppressed');
    const sent = `from emails where order_id = :id and provider_id is not null`;
    expect(await count(world, sent, { id: again.orderId })).toBe(0);
  });

  test('operations see how mails fare', async () => {
    const { body } = await http(`${world.stack.urls.ops}/admin/v1/mail-delivery?hours=1`, {
      token: world.stack.adminApiKey,
    });
    const [confirmations] = body.kinds;
    expect(body.by_hour.map(({ kind }: { kind: string }) => kind)).toContain('order_confirmation');
    expect(confirmations).toMatchObject({ kind: 'order_confirmation', lost: 3 });
    expect(confirmations.delivered).toBeGreaterThanOrEqual(2);
  });
});

describe('the webhook', () => {
  const deliver = async (body: string, headers: Readonly<Record<string, string>>) =>
    await http(`${world.stack.urls.webhook_ingest}/webhooks/resend`, { raw: body, headers });
  const signed = async (body: string, at = new Date()) => {
    const id = `msg_${randomUUID()}`;
    const signature = new Webhook(world.stack.resendWebhookSecret).sign(id, at, body);
    return {
      'svix-id': id,
      'svix-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'svix-signature': signature,
    };
  };

  test('takes what is signed, once, and refuses what is forged, old or none', async () => {
    const body = JSON.stringify({ type: 'email.opened', data: {} });
    const headers = await signed(body);
    const answers = [
      await deliver(body, headers),
      await deliver(body, headers),
      await deliver(`${body} `, headers),
      await deliver(body, await signed(body, new Date(Date.now() - 3_600_000))),
      await deliver(body, {}),
      await deliver('no event', await signed('no event')),
    ];
    expect(answers.map((one) => one.body.code ?? one.status)).toEqual([
      200,
      200,
      'webhook.signature_invalid',
      'webhook.signature_invalid',
      'webhook.signature_missing',
      'webhook.not_an_event',
    ]);
    const stored = 'from resend_events where id = :id';
    expect(await count(world, stored, { id: headers['svix-id'] })).toBe(1);
  });
});
