import { addPerson } from '@liventix/domain/access/people-repository';
import { beginSession } from '@liventix/domain/access/session-repository';
import { launchChromium } from '#support/chromium';
import { loadBench } from './config.ts';
import { quantile, spread } from './figures.ts';
import { getRequest, hammer, times } from './hammer.ts';
import { report, Shop, stackCalled } from './load.ts';
import { fillWithOldOrders } from './old-orders.ts';

/*
 * What the person on duty waits for among a million orders: the page with the story of an order, a
 * search by everything that can be searched by, and the console's first page in a browser that has
 * nothing of it yet.
 */

const orders = loadBench().LIVENTIX_CONSOLE_ORDERS;
const asked = 500;
const loads = 7;

const shop = new Shop(stackCalled('ours'));
const { ops } = shop.stack.urls;
const counted = async (): Promise<number> => {
  const { rows } = await shop.db.pool.raw('select count(*)::int as n from orders');
  return rows[0].n;
};
await fillWithOldOrders(shop, Math.max(1, orders - (await counted())));
const cookie = await logIn();

/** Somebody of the organization whose orders these are, with the cookie of their browser. */
async function logIn(): Promise<string> {
  const { pool } = shop.db;
  const { rows } = await pool.raw('select organization_id as id from orders limit 1');
  const person = { organizationId: rows[0].id, name: 'Bench', role: 'support' } as const;
  const added = await addPerson(pool, { ...person, email: `bench-${Date.now()}@example.org` });
  if (added === undefined) {
    throw new Error('nobody could be added');
  }
  return (await beginSession(pool, { userId: added.userId, awaitsCode: false })).token;
}

/** Pages asked for by one reader after the other. Milliseconds of each. */
async function read(paths: readonly string[]): Promise<readonly number[]> {
  let at = 0;
  const next = times(paths.length, () => {
    const path = paths[at] ?? '/';
    at += 1;
    return getRequest(path, { cookie: `__Host-liventix=${cookie}`, 'accept-encoding': 'identity' });
  });
  const { statuses, latenciesMs, broken } = await hammer({ url: ops, connections: 1, next });
  if (statuses['200'] !== paths.length || broken > 0) {
    throw new Error(`void: ${JSON.stringify(statuses)} of ${paths[0]}`);
  }
  return latenciesMs;
}

const figuresOf = (latencies: readonly number[]) => ({
  p50_ms: Math.round(quantile(latencies, 0.5)),
  p99_ms: Math.round(quantile(latencies, 0.99)),
  longest_ms: Math.round(Math.max(...latencies)),
});

/** The same orders for every run: spread evenly over all there are. */
const { rows: some } = await shop.db.pool.raw(
  `select o.id, o.number, o.buyer_email, o.buyer_name, p.provider_id, k.serial
     from orders o
     join payments p on p.order_id = o.id
     join lateral (select serial from tickets where order_id = o.id limit 1) k on true
    where o.number = any (select 'LV-' || lpad((1 + i * (:orders::bigint - 1000) / :asked)::text, 8, '0')
                            from generate_series(1, :asked) i)`,
  { orders, asked },
);
type Known = Readonly<
  Record<'id' | 'number' | 'buyer_email' | 'buyer_name' | 'provider_id', string>
> & {
  readonly serial: number;
};
const known: readonly Known[] = some;
const search = (query: string) => `/console/orders?query=${encodeURIComponent(query)}`;
const searches: Readonly<Record<string, readonly string[]>> = {
  number: known.map((order) => order.number),
  address: known.map((order) => order.buyer_email),
  name: known.map((order) => order.buyer_name),
  'first name': known.map((order) => order.buyer_name.split(' ')[0] ?? ''),
  surname: known.map((order) => order.buyer_name.split(' ')[1] ?? ''),
  'beginning of a name': known.map((order) => order.buyer_name.slice(0, 3)),
  'first name, and a surname of nobody': known.map(({ buyer_name }) =>
    buyer_name.replace(/ .*/, ' Lovelace'),
  ),
  // Which hardly anybody has as it stands: Ada Bau.
  'beginnings of both names': known.map(({ buyer_name }) => buyer_name.replace(/ (...).*/, ' $1')),
  'one letter': ['a', 'b', 'm', 'z'],
  serial: known.map((order) => String(order.serial)),
  'id of Stripe': known.map((order) => order.provider_id),
  nothing: known.map((order) => `${order.number}x`),
};

/** A browser without a cache opens the first page and hears of live numbers. */
async function loadFirstPage(): Promise<{ bytes: number[]; usableMs: number[] }> {
  const browser = await launchChromium();
  const bytes: number[] = [];
  const usableMs: number[] = [];
  try {
    for (let n = -1; n < loads; n += 1) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.setCookie', {
        name: '__Host-liventix',
        value: cookie,
        // Such a cookie is only taken from https, and on loopback given to http too.
        url: ops.replace('http:', 'https:'),
        path: '/',
        secure: true,
        httpOnly: true,
      });
      let loaded = 0;
      session.on('Network.loadingFinished', ({ encodedDataLength }) => {
        loaded += encodedDataLength;
      });
      const startedMs = performance.now();
      await page.goto(`${ops}/console`, { waitUntil: 'load' });
      await page.locator('#live', { hasText: /^connected$/ }).waitFor();
      if (n >= 0) {
        usableMs.push(performance.now() - startedMs);
        bytes.push(loaded);
      }
      await context.close();
    }
  } finally {
    await browser.close();
  }
  return { bytes, usableMs };
}

await read(known.slice(0, 50).map(({ id }) => `/console/orders/${id}`));
const story = await read(known.map(({ id }) => `/console/orders/${id}`));
const twoSteps = await read(
  known.flatMap(({ number, id }) => [search(number), `/console/orders/${id}`]),
);
const numberToStory = known.map((_, n) => (twoSteps[2 * n] ?? 0) + (twoSteps[2 * n + 1] ?? 0));
const found: Record<string, ReturnType<typeof figuresOf>> = {};
for (const [by, queries] of Object.entries(searches)) {
  await read(queries.slice(0, 20).map(search));
  found[by] = figuresOf(await read(queries.map(search)));
}
const { bytes, usableMs } = await loadFirstPage();
report({
  settings: await shop.settings(),
  orders: await counted(),
  order_page: figuresOf(story),
  from_number_to_order_page: figuresOf(numberToStory),
  search_by: found,
  first_page: { bytes: Math.max(...bytes), usable_ms: spread(usableMs, 0) },
});
await shop.db[Symbol.asyncDispose]();
