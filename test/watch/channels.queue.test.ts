import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openIncident } from '@liventix/domain/incidents/repository';
import { migrations } from '@liventix/domain/migrations';
import { connectDatabase, type Database } from '@liventix/shared/db';
import { connectRedis, type RedisClient } from '@liventix/shared/redis';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { type FlakyLink, openFlakyLink } from '@liventix/shared/testing/flaky-link';
import { waitFor } from '@liventix/shared/testing/wait';
import { startResendSimulator } from '@liventix/simulators/resend';
import { startWatch } from '@liventix/watch';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { openPager } from '#support/pager';

/** The watch with each way out of it: a chat, a mail, and the address outside that waits for it. */
let database: TestDatabase;
let db: Database;
let link: FlakyLink;
let redis: RedisClient;
let open: AsyncDisposableStack;
const log = createLogger({ name: 'watch', level: 'silent' });

beforeEach(async () => {
  open = new AsyncDisposableStack();
  database = open.use(await createTestDatabase({ url: inject('databaseUrl'), migrations }));
  link = open.use(await openFlakyLink(database.url));
  db = open.use(connectDatabase({ url: link.url, poolMax: 4 }));
  redis = connectRedis({ url: inject('redisUrl'), role: 'lock', onError: () => undefined });
  open.defer(() => redis.disconnect());
  await new Promise((resolve) => redis.once('ready', resolve));
  // Services are expected five minutes after the template was made, and none of them is here.
  await database.db.pool.raw('delete from heartbeats');
});
afterEach(async () => {
  link.mend();
  await open.disposeAsync();
});

function watch(config: Partial<Parameters<typeof startWatch>[1]>): void {
  const deps = { db, redis, prefix: `{${randomUUID()}}`, log };
  const from = 'Liventix <alerts@liventix.dev>';
  open.use(startWatch(deps, { MAIL_FROM: from, WATCH_INTERVAL_MS: 100, ...config }));
}

async function breakBooks(): Promise<void> {
  await openIncident(database.db.pool, {
    kind: 'books.broken',
    objectType: 'invariant',
    objectId: 'tiers-within-capacity',
    message: 'broken',
  });
}

async function mendBooks(): Promise<void> {
  await database.db.pool.raw('update incidents set resolved_at = now()');
}

/** Where the watch calls home: it answers as told, and counts. */
async function openHome() {
  const home = { status: 200, calls: 0 };
  const server: Server = createServer((_request, response) => {
    home.calls += 1;
    response.writeHead(home.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping`;
  return { home, url };
}

/** Resend, with the mails that it took: to whom, and about what. */
async function openResend() {
  const resend = open.adopt(
    await startResendSimulator({
      port: 0,
      host: '127.0.0.1',
      apiKey: 're_watch',
      mailsPerSecond: 0,
    }),
    async (simulator) => await simulator.close(),
  );
  const taken = z.object({
    emails: z.array(z.object({ to: z.array(z.string()), subject: z.string() })),
  });
  return {
    url: resend.url,
    mails: async () => {
      const answer = await fetch(`${resend.url}/_simulator/books`);
      const { emails } = taken.parse(await answer.json());
      return emails.map(({ to, subject }) => `${subject} to ${to.join()}`).toSorted();
    },
  };
}

test('a mail says what began and what is over, once each', async () => {
  const resend = await openResend();
  await breakBooks();
  watch({
    ALERT_MAIL_TO: 'delivered+duty@resend.dev',
    RESEND_API_KEY: 're_watch',
    RESEND_API_URL: resend.url,
  });
  const { mails } = resend;
  await waitFor(async () => (await mails()).length === 1, { what: 'a mail about the books' });
  await mendBooks();
  await waitFor(async () => (await mails()).length === 2, { what: 'a mail that it is over' });
  expect(await mails()).toEqual([
    '[cleared] BooksBroken to delivered+duty@resend.dev',
    '[page] BooksBroken to delivered+duty@resend.dev',
  ]);
});

test('a mail whose key is wrong is no mail: the chat is told, and says where to look', async () => {
  const resend = await openResend();
  const pager = open.use(await openPager());
  await breakBooks();
  watch({
    ALERT_WEBHOOK_URL: pager.url,
    ALERT_MAIL_TO: 'delivered+duty@resend.dev',
    RESEND_API_KEY: 're_another',
    RESEND_API_URL: resend.url,
    CONSOLE_URL: 'https://ops.example/console',
  });
  await pager.hears('[page] BooksBroken');
  expect(pager.texts).toEqual([
    '[page] BooksBroken: 1 rules of the books do not hold.\nWhat to do: docs/runbook.md#booksbroken\nhttps://ops.example/console',
  ]);
});

test('an address outside is called while somebody watches; what it refuses is no call', async () => {
  const { home, url } = await openHome();
  home.status = 500;
  watch({ HEARTBEAT_URL: url });
  await waitFor(async () => home.calls >= 3, { what: 'the call to be repeated' });
  home.status = 200;
  const before = home.calls;
  await waitFor(async () => home.calls > before, { what: 'the call that is taken' });
  const taken = home.calls;
  await looks(10);
  expect(home.calls).toBe(taken);
});

test('nobody calls home while what fires could be told to nobody for minutes', async () => {
  const { home, url } = await openHome();
  const deaf = await openHome();
  deaf.home.status = 500;
  await database.db.pool.raw(
    `insert into alerts (id, key, name, severity, summary, runbook, state, bad_since, bad_at, fired_at)
     values (:id, 'Old', 'Old', 'page', 'bad', 'docs/runbook.md', 'firing', now(), now() + interval '1 day',
             now() - interval '6 minutes')`,
    { id: randomUUIDv7() },
  );
  watch({ HEARTBEAT_URL: url, ALERT_WEBHOOK_URL: deaf.url });
  await waitFor(async () => deaf.home.calls > 0, { what: 'somebody to be told in vain' });
  await looks(10);
  expect(home.calls).toBe(0);
  await database.db.pool.raw(`update alerts set told = state`);
  await waitFor(async () => home.calls === 1, { what: 'home to be called' });
});

/** So many looks from now on. */
async function looks(many: number): Promise<void> {
  const seen = new Set<string>();
  await waitFor(
    async () => {
      const { rows } = await database.db.pool.raw('select looked_at::text as at from watch_state');
      seen.add(rows[0].at);
      return seen.size > many;
    },
    { what: `${many} looks` },
  );
}

test('that Postgres is away is told from memory, once, and that it is back', async () => {
  const { home, url } = await openHome();
  const pager = open.use(await openPager());
  watch({ ALERT_WEBHOOK_URL: pager.url, HEARTBEAT_URL: url });
  await looks(2);
  await waitFor(async () => home.calls > 0, { what: 'home to be called' });
  link.cut();
  const before = home.calls;
  await pager.hears('[page] PostgresAway');
  expect(home.calls).toBe(before);
  link.mend();
  await pager.hears('[cleared] PostgresAway');
  await looks(3);
  expect(pager.texts.filter((text) => text.includes('PostgresAway'))).toHaveLength(2);
});

test('a webhook that never answers stops no other watch', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  open.defer(async () => {
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
  const badAt = async () => {
    const { rows } = await database.db.pool.raw('select bad_at as at, told from alerts');
    return rows[0];
  };
  await breakBooks();
  const asked = new Promise((resolve) => silent.once('request', resolve));
  watch({ ALERT_WEBHOOK_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/` });
  await asked;
  const before = await badAt();
  // The other one, for the first still waits for its answer.
  watch({});
  await waitFor(async () => (await badAt()).at > before.at, { what: 'the other to write down' });
  await looks(3);
  expect(await badAt()).toMatchObject({ told: 'nothing' });
});
