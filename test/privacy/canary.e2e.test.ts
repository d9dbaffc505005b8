import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backing, startBacking } from '@liventix/dev/backing';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { balancesAgree } from '#support/balance';
import { columnsWith, keysWith, logLinesWith, undocumented } from '#support/canary';
import { type Collector, startCollector } from '#support/collector';
import { type ErrorSink, startErrorSink } from '#support/error-sink';
import { mailsOf } from '#support/mails';
import { refund, refundsBecome } from '#support/refunds';
import { staffWords, workAsStaff } from '#support/staff';
import { answer, type HeldTicket, offer } from '#support/transfers';
import { adminWallets, giveCredit } from '#support/wallets';
import {
  type Answer,
  checkOut,
  count,
  http,
  orderBecomes,
  type Placed,
  pay,
  placeHold,
  readOrder,
  resend,
  type SoldEvent,
  sellEvent,
  setWeather,
  startWorld,
  stripe,
  violations,
  type World,
} from '#support/world';

/** A name that stands nowhere else. Its owner does whatever leaves a trace. */
const canary = { name: 'Zaphira Quexley', email: 'zaphira.quexley@liventix.test' };
/** The same person: their first address bounces, and takes no more mail. */
const second = 'Zaphira.Quexley+2@liventix.test';
const corrected = 'zaphira+quexley@liventix.test';
const words = ['zaphira', 'quexley'];
/** Another buyer, who must stay as they are. */
const friend = { name: 'Bertram Ollivander', email: 'bertram.ollivander@liventix.test' };

let folder: string;
let backing: Backing;
let world: World;
let collector: Collector;
let sink: ErrorSink;
let event: SoldEvent;
let placed: Placed;
let walletId: string;
/** Keys and tokens that were in use: nothing may repeat them. */
let secrets: readonly string[];
/** What opened something to somebody who works here: not even the database knows it. */
let staffSecrets: readonly string[];

beforeAll(async () => {
  collector = await startCollector();
  sink = await startErrorSink();
  // A Postgres of its own: what it writes into its log is looked at.
  folder = mkdtempSync(join(tmpdir(), 'liventix-canary-'));
  backing = await startBacking({ folder, fsync: false, say: () => undefined });
  world = await startWorld({
    databaseUrl: backing.databaseUrl,
    overrides: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      LOG_LEVEL: 'debug',
      SENTRY_DSN: sink.dsn,
    },
  });
  event = await sellEvent(world);
  await live();
}, 400_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
  await backing.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function admin(path: string, body?: unknown): Promise<Answer> {
  return await http(`${world.stack.urls.ops}/admin/v1/${path}`, {
    token: world.stack.adminApiKey,
    ...(body !== undefined && { body }),
  });
}

async function buyAs(
  buyer: { readonly name: string; readonly email: string },
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly order: Placed; readonly tickets: readonly HeldTicket[] }> {
  const order = await checkOut(world, await placeHold(world, event), { buyer, ...more });
  await pay(world, order.sessionId, { name: buyer.name });
  const { tickets } = await orderBecomes(world, order, 'fulfilled');
  const held = tickets.map(({ id, token, qr }: { id: string; token: string; qr: string }) => ({
    id,
    token,
    code: qr,
  }));
  return { order, tickets: held };
}

async function mailsSent(order: Placed, least: number): Promise<void> {
  await waitFor(
    async () => {
      const mails = await mailsOf(world, order);
      return mails.length >= least && mails.every(({ status }) => status !== 'queued');
    },
    { what: `${least} mails of ${order.orderId} to be sent` },
  );
}

/** All that leaves a trace of a buyer: bought, corrected, bounced, passed on both ways, refunded, in credit. */
async function live(): Promise<void> {
  const code = { code: 'TENTH', discount: { percent: 10 }, max_per_buyer: 3 };
  await admin(`events/${event.id}/promo-codes`, code);
  await http(`${world.stack.urls.ops}/admin/v1/events/${event.id}/buyer-limit`, {
    method: 'PUT',
    token: world.stack.adminApiKey,
    body: { max_per_buyer: 20 },
  });
  const holders = [{ tier: event.tierIds[0], names: [canary.name] }];
  const bought = await buyAs(canary, { promo_code: 'TENTH', holders });
  placed = bought.order;
  await mailsSent(placed, 1);
  const [first] = await mailsOf(world, placed);
  const { rows } = await world.db.pool.raw('select provider_id as id from emails where id = :id', {
    id: first?.id ?? '',
  });
  await resend(world, `emails/${rows[0].id}/bounced`, {});
  await waitFor(async () => (await mailsOf(world, placed))[0]?.status === 'bounced', {
    what: 'the mail to bounce',
  });
  const orders = `orders/${placed.orderId}`;
  expect((await admin(`${orders}/correct-address`, { email: corrected })).status).toBe(202);
  await mailsSent(placed, 2);
  expect((await admin(`orders?query=${encodeURIComponent(canary.name)}`)).status).toBe(200);
  const [ticket = expect.fail('no ticket')] = bought.tickets;
  await answer(world, await offer(world, ticket, 'grace@liventix.test'), 'accept');
  const theirs = await buyAs(friend);
  const [passed = expect.fail('no ticket')] = theirs.tickets;
  const offered = await offer(world, passed, second);
  await http(`${world.stack.urls.checkout}/v1/transfers/${offered.id}/accept`, {
    token: offered.token,
    body: { name: canary.name },
  });
  const credit = await giveCredit(world, 500, second);
  walletId = credit.id;
  await beRefused();
  await writeAbout();
  await refundsBecome(world, placed, ['succeeded']);
  await mailsSent(placed, 4);
  await failToStore();
  await sayRubbish();
  staffSecrets = await workAsStaff(world);
  const { adminApiKey, stripeSecretKey, webhookSecrets, resendWebhookSecret } = world.stack;
  secrets = [
    ...[adminApiKey, stripeSecretKey, ...webhookSecrets, resendWebhookSecret],
    ...[placed.orderToken, placed.holdToken, ticket.token, offered.token, credit.token],
    ...staffSecrets,
  ].map((secret) => secret.toLowerCase());
  await http(`${world.stack.urls.checkout}/t/${offered.token}`);
  await http(`${world.stack.urls.checkout}/o/${placed.orderToken}`);
  const open = 'from outbox where done_at is null and dead_at is null';
  await waitFor(async () => (await count(world, open)) === 0, { what: 'all mails to be sent' });
  await balancesAgree(world);
}

/** What staff write down: why money goes back, why it is given, what was done about a mail. */
async function writeAbout(): Promise<void> {
  const why = { amount_cents: 100, reason: `${canary.name} is ill` };
  expect((await refund(world, placed, why)).status).toBe(201);
  const invoice = { invoice: 'goodwill-1', amount_cents: 5, reason: `${canary.name} was kind` };
  expect((await adminWallets(world, `/${walletId}/credits`, invoice)).status).toBe(201);
  const { body } = await admin('incidents');
  const { id } = body.incidents.find((one: { kind: string }) => one.kind === 'email.refused');
  const note = { note: `Called ${canary.name}.` };
  expect((await admin(`incidents/${id}/resolve`, note)).status).toBe(200);
}

/** A mail that Resend refuses for good, in words that name whom it was for. */
async function beRefused(): Promise<void> {
  await setWeather(world, 'resend', { refuse_mails: 'validation_error' });
  const path = `orders/${placed.orderId}/resend-confirmation`;
  expect((await admin(path, {})).status).toBe(202);
  await waitFor(
    async () => (await mailsOf(world, placed)).some(({ status }) => status === 'failed'),
    { what: 'a mail to be refused' },
  );
  await setWeather(world, 'resend', {});
}

/** Statements that Postgres refuses because of what they would have stored, by their words and by their values. */
async function failToStore(): Promise<void> {
  const { name, email } = canary;
  const insert = 'insert into orders (id, buyer_name, buyer_email)';
  const failing = [
    world.db.pool.raw(`${insert} values (gen_random_uuid(), :name, :email)`, { name, email }),
    world.db.pool.raw(`${insert} values (gen_random_uuid(), '${name}', '${email}')`),
  ];
  for (const outcome of await Promise.allSettled(failing)) {
    expect(outcome.status).toBe('rejected');
  }
}

/** Requests that are refused, with the name in every place that a log may show. */
async function sayRubbish(): Promise<void> {
  const { checkout, ops, webhook_ingest: ingest } = world.stack.urls;
  const raw = JSON.stringify(canary);
  await http(`${checkout}/v1/holds`, { raw, key: canary.email });
  await http(`${checkout}/v1/holds/${canary.name}/checkout`, { raw, token: canary.email });
  await http(`${checkout}/nowhere/${canary.email}?name=${canary.name}`);
  await http(`${checkout}/o/${canary.email}%?name=${canary.name}`);
  await http(`${ops}/console/orders?query=${canary.name}`);
  await http(`${ops}/admin/v1/orders?query=${canary.email}&${canary.name}=1`, {
    token: canary.name.replace(' ', ''),
  });
  await http(`${ingest}/webhooks/stripe`, { raw, headers: { 'stripe-signature': canary.email } });
  await fetch(`${ops}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ email: canary.email, password: canary.name }),
  });
}

/** Files with the mails of an order: images and documents, in which words cannot be looked for. */
async function attachmentsOf({ orderId }: Placed): Promise<number> {
  return await count(
    world,
    `from emails, jsonb_array_elements(attachments) where order_id = '${orderId}'`,
  );
}

async function erase(email: string): Promise<Answer> {
  return await admin('privacy/erase', { email });
}

function spansWith(all: readonly string[]): string[] {
  return collector.spans
    .filter((span) => all.some((word) => JSON.stringify(span).toLowerCase().includes(word)))
    .map(({ service, name }) => `${service}: ${name}`);
}

/** Nothing outside of the database says who somebody is, or repeats what opens something. */
async function expectSilence(): Promise<void> {
  const all = [...words, ...staffWords, ...secrets];
  expect(logLinesWith(world.logs, all)).toEqual([]);
  expect(logLinesWith(folder, all)).toEqual([]);
  expect(await keysWith(world.stack.redisUrl, all)).toEqual([]);
  expect(collector.spans.length).toBeGreaterThan(50);
  expect(spansWith(all)).toEqual([]);
  expect(all.filter((word) => sink.raw.join().toLowerCase().includes(word))).toEqual([]);
}

test('a buyer stands in the documented columns, and in no log, job, trace or key', async () => {
  const columns = await columnsWith(world, words);
  // Negative control: what finds nothing later finds them here.
  expect(columns).toEqual(
    expect.arrayContaining([
      'audit_details.details',
      'buyer_limits.buyer_key',
      'checkout_attempts.parameters',
      'email_suppressions.recipient',
      'emails.html',
      'emails.recipient',
      'refunds.reason',
      'wallet_entries.reason',
      'orders.buyer_email',
      'order_items.holder_names',
      'promo_buyers.buyer_key',
      'tickets.holder_name',
      'transfers.from_name',
      'transfers.to_key',
      'wallets.owner_key',
    ]),
  );
  expect(undocumented(columns)).toEqual([]);
  expect(await attachmentsOf(placed)).toBeGreaterThan(0);
  await expectSilence();
});

test('who works here stands in the documented columns, and what opens their account in none', async () => {
  const columns = await columnsWith(world, staffWords);
  expect(columns).toEqual(expect.arrayContaining(['audit_details.details', 'users.email']));
  expect(undocumented(columns)).toEqual([]);
  expect(await columnsWith(world, staffSecrets)).toEqual([]);
});

test('is given all that is kept of them', async () => {
  const { status, body } = await admin('privacy/export', { email: canary.email });
  expect(status).toBe(200);
  expect(body.orders).toMatchObject([
    { name: canary.name, email: corrected, items: [{ holder_names: [canary.name] }] },
  ]);
  expect(body.orders[0].refunds).toMatchObject([{ amount_cents: 100, status: 'succeeded' }]);
  expect(body.tickets).toHaveLength(2);
  const directions = body.transfers.map(({ direction }: { direction: string }) => direction);
  expect(directions.sort()).toEqual(['given', 'received']);
  expect(body.wallets).toMatchObject([{ balance_cents: 505, email: second }]);
  expect(body.mails.length).toBeGreaterThanOrEqual(6);
  expect(JSON.stringify(body)).not.toContain('ollivander');
});

test('is not forgotten while they have a ticket to come in with', async () => {
  const { status, body } = await erase(canary.email);
  expect(status).toBe(409);
  expect(body.code).toBe('person.still_needed');
  expect(new Set(body.details.needs.map(({ reason }: { reason: string }) => reason))).toEqual(
    new Set(['ticket']),
  );
  expect((await readOrder(world, placed)).status).toBe(200);
});

test('is forgotten everywhere afterwards; the books and everybody else stay as they are', async () => {
  await world.db.pool.raw(
    `update events set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour'
      where id = :id`,
    { id: event.id },
  );
  const before = await admin('health-snapshot');
  const { status, body } = await erase(corrected);
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: 'erased', orders: 1, tickets: 1 });
  const rest = await erase(canary.email);
  expect(rest.body).toMatchObject({ orders: 0, tickets: 1, wallets: 1 });
  expect(await columnsWith(world, words)).toEqual([]);
  expect(await attachmentsOf(placed)).toBe(0);
  const { as_of: earlier, ...figures } = before.body;
  const { as_of: later, ...after } = (await admin('health-snapshot')).body;
  expect(after).toEqual(figures);
  expect(await violations(world)).toEqual([]);
  expect(await columnsWith(world, ['bertram'])).toContain('orders.buyer_name');
  expect(await columnsWith(world, ['Grace Hopper'])).toContain('tickets.holder_name');
});

test('asking again finds nothing, and what opened their order opens it no more', async () => {
  expect((await erase(canary.email)).body).toMatchObject({ orders: 0, tickets: 0, mails: 0 });
  expect((await admin('privacy/export', { email: corrected })).body.orders).toEqual([]);
  expect((await readOrder(world, placed)).status).toBe(404);
  const answers = [
    await admin(`orders/${placed.orderId}/correct-address`, { email: canary.email }),
    await admin(`orders/${placed.orderId}/resend-confirmation`, {}),
  ];
  expect(answers.map(({ body }) => body.code)).toEqual(['order.erased', 'order.erased']);
  expect((await admin(`orders/${placed.orderId}`)).body.buyer).toEqual({ name: null, email: null });
  expect((await admin(`wallets/${walletId}`)).body.balance_cents).toBe(505);
});

test('a webhook that comes late brings nobody back', async () => {
  await world.db.pool.raw('delete from stripe_events');
  const events = await stripe(world, 'books?parts=events');
  const ids = events.body.events.map(({ id }: { id: string }) => id);
  for (const id of ids) {
    const deliver = async () => (await stripe(world, `events/${id}/deliver`, { times: 1 })).body;
    await waitFor(async () => (await deliver()).accepted > 0, { what: `event ${id} to arrive` });
  }
  const processed = 'from stripe_events where processed_at is not null';
  await waitFor(async () => (await count(world, processed)) === ids.length, {
    what: 'every event to be processed again',
  });
  expect(await columnsWith(world, words)).toEqual([]);
  await expectSilence();
});
