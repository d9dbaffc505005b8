import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { signedBytes } from '@liventix/domain/credentials';
import { z } from 'zod';
import { quantile } from './figures.ts';
import { atRate, type BenchEvent, type Paid, report, Shop, stackCalled } from './load.ts';
import { Rounds } from './rounds.ts';

/*
 * Ten thousand tickets given away in one order, over signing as many and one bulk insert; then a thousand
 * tickets printed while others buy: how long every service's event loop was held up, and how long a buyer
 * waited for the confirmation at the provider's usual rate.
 */

const gift = 10_000;
const rounds = 3;
const printed = 1_000;
const printersAtOnce = 8;
const providerPerSecond = 5;
const salesPerSecond = 4;
const sales = 100;

const shop = new Shop(stackCalled('ours'));
const { stack } = shop;
const signAsync = promisify(sign);
const { privateKey } = generateKeyPairSync('ed25519');
await shop.db.pool.raw('create table bench_tickets (like tickets including all)');

interface Round {
  readonly ms: number;
}

/** From the request of operations until the last of its tickets is committed. */
async function give(): Promise<Round> {
  const event = await shop.makeEvent();
  const startedAt = performance.now();
  await shop.giveAway(event, gift);
  const ms = performance.now() - startedAt;
  const { rows } = await shop.db.pool.raw(
    `select count(*)::int as signed from tickets
      where event_id = :id and credential_signature is not null`,
    { id: event.id },
  );
  if (rows[0].signed !== gift) {
    throw new Error(`void: ${rows[0].signed} of ${gift} tickets are signed`);
  }
  await shop.allQuiet();
  return { ms };
}

/** The least there is to do: as many signatures, and one statement that stores them. */
async function signAndInsert(): Promise<Round> {
  const startedAt = performance.now();
  const eventId = randomUUID();
  const ids = Array.from({ length: gift }, () => randomUUID());
  const signatures = await Promise.all(
    ids.map(
      async (ticketId) =>
        await signAsync(
          null,
          Buffer.from(signedBytes({ eventId, ticketId, version: 1, kid: 1 })),
          privateKey,
        ),
    ),
  );
  await shop.db.pool.raw(
    `insert into bench_tickets (id, organization_id, event_id, order_id, order_item_id, tier_id, seq,
                                serial, holder_name, holder_email, credential_kid,
                                credential_signature)
     select id, :eventId, :eventId, :eventId, id, :eventId, 1, at, 'Ada Lovelace',
            'ada@liventix.test', 1, signature
       from unnest(:ids::uuid[], :signatures::bytea[]) with ordinality as n (id, signature, at)`,
    { eventId, ids, signatures },
  );
  const ms = performance.now() - startedAt;
  await shop.db.pool.raw('truncate bench_tickets');
  return { ms };
}

/** Tokens of tickets of an order that was given away, as its mail and its page tell them. */
async function tokensOf(event: BenchEvent): Promise<string[]> {
  await shop.giveAway(event, printed);
  await shop.allQuiet();
  const { rows } = await shop.db.pool.raw(
    `select m.body_text as text, o.id from emails m join orders o on o.id = m.order_id
      where o.event_id = :id`,
    { id: event.id },
  );
  const [, token = ''] = /\/orders\/t\/(\S+)/.exec(rows[0].text) ?? [];
  const answered = z.looseObject({
    tickets: z.array(z.looseObject({ token: z.string() })),
    tickets_next: z.string().nullable(),
  });
  const tokens: string[] = [];
  for (let after: string | null = '0'; after !== null; ) {
    const url = `${stack.urls.checkout}/v1/orders/${rows[0].id}?after=${after}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const page = answered.parse(await answer.json());
    tokens.push(...page.tickets.map((ticket) => ticket.token));
    after = page.tickets_next;
  }
  return tokens;
}

/** Prints each of them; milliseconds each took. */
async function print(tokens: string[]): Promise<number[]> {
  const latencies: number[] = [];
  const printer = async () => {
    for (let token = tokens.pop(); token !== undefined; token = tokens.pop()) {
      const startedAt = performance.now();
      const answer = await fetch(`${stack.urls.checkout}/v1/tickets/t/${token}/ticket.pdf`);
      const bytes = await answer.arrayBuffer();
      if (answer.status !== 200 || bytes.byteLength < 1_000) {
        throw new Error(`void: a ticket was printed with ${answer.status}`);
      }
      latencies.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: printersAtOnce }, printer));
  return latencies;
}

/** p99 of each service's event loop since it was last asked, in milliseconds. */
async function loopDelays(): Promise<Record<string, number>> {
  const delays = Object.entries(stack.addresses)
    .filter(([name]) => name !== 'stripe' && name !== 'resend')
    .map(async ([name, url]): Promise<[string, number]> => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const seconds = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)?.[1];
      return [name, Number((Number(seconds) * 1_000).toFixed(1))];
    });
  return Object.fromEntries(await Promise.all(delays));
}

/** From payment until the provider had the confirmation, in milliseconds. */
async function confirmedAfter(orders: readonly Paid[]): Promise<number[]> {
  for (let round = 0; round < 600; round += 1) {
    const { rows } = await shop.db.pool.raw(
      `select order_id as id, (extract(epoch from sent_at) * 1000)::float8 as at from emails
        where order_id = any (:ids::uuid[]) and kind = 'order_confirmation'
          and sent_at is not null`,
      { ids: orders.map((order) => order.orderId) },
    );
    const sent = new Map(rows.map((row: { id: string; at: number }) => [row.id, row.at]));
    if (sent.size === orders.length) {
      return orders.map((order) => Number(sent.get(order.orderId) ?? 0) - order.paidAtMs);
    }
    await sleep(100);
  }
  throw new Error('void: confirmations were not sent within a minute');
}

async function setWeather(weather: Readonly<Record<string, unknown>>): Promise<void> {
  const { resend } = stack.addresses;
  await fetch(`${resend}/_simulator/weather`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(weather),
  });
}

const issued = await Rounds.interleave({ ours: give, bulk: signAndInsert }, rounds);
const event = await shop.makeEvent();
const tokens = await tokensOf(await shop.makeEvent());
await shop.buyMany(event, 2, 10);
await shop.allQuiet();
await setWeather({ rate_limit_per_s: providerPerSecond });
await loopDelays();
const selling = atRate(
  { perSecond: salesPerSecond, count: sales },
  async () => await shop.buy(event),
);
const printMs = await print(tokens);
const paid = await selling;
const delays = await loopDelays();
const ticketsMs = await shop.allFulfilled(paid);
const confirmedMs = await confirmedAfter(paid);
await setWeather({});
report({
  settings: await shop.settings(),
  gift_ms: issued.each((round) => round.ms, 0),
  gift_to_bulk: issued.ratio('ours', 'bulk', (round) => round.ms),
  printed: {
    files: printMs.length,
    p50_ms: quantile(printMs, 0.5),
    p99_ms: quantile(printMs, 0.99),
  },
  loop_delay_p99_ms: delays,
  payment_to_tickets_ms: { p50: quantile(ticketsMs, 0.5), p99: quantile(ticketsMs, 0.99) },
  payment_to_confirmation_ms: { p50: quantile(confirmedMs, 0.5), p99: quantile(confirmedMs, 0.99) },
});
await shop.db[Symbol.asyncDispose]();
