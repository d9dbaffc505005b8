import { randomUUID } from 'node:crypto';
import { jobs, queues } from '@liventix/contracts/jobs';
import { migrations } from '@liventix/domain/migrations';
import { markMessageDead, replayMessage } from '@liventix/domain/outbox/dead-repository';
import { readOutboxLag } from '@liventix/domain/outbox/relay-repository';
import { enqueue, markMessageDone } from '@liventix/domain/outbox/repository';
import { AppError } from '@liventix/shared/errors';
import { createConsumer } from '@liventix/shared/queues';
import { createProducer, type Producer } from '@liventix/shared/queues/producer';
import type { RedisClient } from '@liventix/shared/redis';
import { connectRedis } from '@liventix/shared/redis';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { openFlakyLink } from '@liventix/shared/testing/flaky-link';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createRelay } from './relay-outbox.ts';

const log = createLogger({ name: 'test', level: 'silent' });
let database: TestDatabase;
let stack: AsyncDisposableStack;
let prefix: string;
let redis: RedisClient;
let producer: Producer;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});
beforeEach(async () => {
  await database.db.pool.raw('truncate outbox, incidents');
  stack = new AsyncDisposableStack();
  prefix = `{${randomUUID()}}`;
  redis = openRedis(inject('redisUrl'));
  producer = openProducer(inject('redisUrl'));
  await waitFor(async () => redis.status === 'ready', { what: 'Redis is connected' });
});
afterEach(async () => {
  await stack.disposeAsync();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

function openRedis(url: string): RedisClient {
  return stack.adopt(connectRedis({ url, role: 'worker', onError: () => undefined }), (open) =>
    open.disconnect(),
  );
}

function openProducer(redisUrl: string): Producer {
  return stack.adopt(createProducer({ redisUrl, prefix, queues, log }), async (open) => {
    await open.close();
  });
}

function relay(by = producer) {
  return createRelay({ db: database.db, producer: by, log });
}

/** Messages nobody has taken to Redis, as if written a minute ago. */
async function makeMessages(count: number): Promise<string[]> {
  const ids = await database.db.inTransaction(async (tx) => {
    const made: string[] = [];
    for (let n = 0; n < count; n += 1) {
      made.push(await enqueue(tx, 'tickets.ensure', { orderId: randomUUID() }));
    }
    return made;
  });
  await letTimePass();
  return ids;
}

async function makeMessage(): Promise<string> {
  const [id] = await makeMessages(1);
  return id ?? '';
}

/** A minute, for rows. */
async function letTimePass(): Promise<void> {
  await database.db.pool.raw(
    `update outbox
        set created_at = created_at - interval '1 minute',
            leased_until = leased_until - interval '1 minute',
            dispatched_at = dispatched_at - interval '1 minute'`,
  );
}

/** Runs the relay until this holds: a run in which Redis took over a second leaves all to the next. */
async function relayUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await waitFor(
    async () => {
      await relay().run();
      if (await isSo()) {
        return true;
      }
      await letTimePass();
      return false;
    },
    { what },
  );
}

/** Runs the relay until Redis has so many messages. */
async function relayAll(dispatched: number): Promise<void> {
  await relayUntil(`${dispatched} messages to be dispatched`, async () => {
    const lag = await readOutboxLag(database.db.pool);
    return lag.undispatched === 0 && lag.dispatched === dispatched;
  });
}

async function sent(messages: Parameters<Producer['send']>[0]): Promise<void> {
  await waitFor(async () => (await producer.send(messages)).length === messages.length, {
    what: 'Redis takes it',
  });
}

/** What FLUSHALL does, to the keys of this test alone. */
async function flush(): Promise<void> {
  for (let keys = ['']; keys.length > 0; ) {
    keys = await redis.keys(`${prefix}*`);
    if (keys.length > 0) {
      await redis.del(...keys);
    }
  }
}

/** A worker that closes each message, or does what the test wants first. Returns the ids it saw. */
function consume(work: (messageId: string) => Promise<void> = async () => undefined): string[] {
  const seen: string[] = [];
  const handle = async (_payload: unknown, message: { readonly id: string }) => {
    seen.push(message.id);
    await work(message.id);
    await database.db.inTransaction(async (tx) => await markMessageDone(tx, message.id));
  };
  stack.adopt(
    createConsumer({
      catalogue: jobs,
      queue: 'ticketing',
      connection: openRedis(inject('redisUrl')),
      prefix,
      concurrency: 4,
      name: 'test',
      log,
      handlers: { 'order.settle': handle, 'tickets.ensure': handle },
      onAttempt: async () => undefined,
      onDead: async () => {
        throw new Error('the database is away at this moment');
      },
    }),
    async (open) => await open.close(),
  );
  return seen;
}

async function isNoneOpen(): Promise<boolean> {
  const lag = await readOutboxLag(database.db.pool);
  return lag.undispatched + lag.dispatched === 0;
}

async function untilNoneIsOpen(): Promise<void> {
  await waitFor(isNoneOpen, { what: 'every message is closed' });
}

async function untilState(id: string, state: string): Promise<void> {
  await waitFor(async () => (await producer.states('ticketing', [id])).get(id) === state, {
    what: `the job is ${state}`,
  });
}

describe('messages that never reached Redis', () => {
  test('are sent, stamped and worked on', async () => {
    const ids = await makeMessages(3);
    await relayAll(3);
    const seen = consume();
    await untilNoneIsOpen();
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  test('are left to their own process while they are fresh', async () => {
    await database.db.inTransaction(async (tx) => {
      await enqueue(tx, 'tickets.ensure', { orderId: randomUUID() });
    });
    await relay().run();
    expect(await readOutboxLag(database.db.pool)).toMatchObject({ undispatched: 1 });
  });

  test('run once each when relays race', async () => {
    const ids = await makeMessages(200);
    const seen = consume();
    await Promise.all(Array.from({ length: 4 }, async () => await relay().run()));
    await relayUntil('all to be closed', isNoneOpen);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  test('are only stamped when Redis has them already', async () => {
    const id = await makeMessage();
    await sent([{ id, queue: 'ticketing', name: 'tickets.ensure', payload: {} }]);
    const before = await redis.keys(`${prefix}*`);
    await relayAll(1);
    expect(await redis.keys(`${prefix}*`)).toHaveLength(before.length);
  });

  test('are caught up with beyond one batch', async () => {
    // In one run, that is: one in which Redis is too slow is no such run, and another is begun.
    await waitFor(
      async () => {
        await database.db.pool.raw('truncate outbox');
        await flush();
        await makeMessages(1_200);
        await relay().run();
        const lag = await readOutboxLag(database.db.pool);
        return lag.undispatched === 0 && lag.dispatched === 1_200;
      },
      { what: 'a run that dispatches all' },
    );
  });
});

describe('messages that Redis took', () => {
  test('and lost are sent again and worked on', async () => {
    const ids = await makeMessages(50);
    await relayAll(50);
    await flush();
    await letTimePass();
    const seen = consume();
    await relayUntil('all to be closed', isNoneOpen);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  test('and lost all but a remnant of are sent again', async () => {
    const id = await makeMessage();
    await relayAll(1);
    await redis.del(`${prefix}:ticketing:wait`);
    await letTimePass();
    consume();
    await relayUntil('it to be closed', isNoneOpen);
    await untilState(id, 'completed');
  });

  test('and still has waiting are left alone, however old', async () => {
    const ids = await makeMessages(5);
    await relayAll(5);
    await letTimePass();
    await relay().run();
    expect(await redis.llen(`${prefix}:ticketing:wait`)).toBe(ids.length);
  });

  test('and has delayed for a dependency are left alone', async () => {
    const id = await makeMessage();
    const seen = consume(async () => {
      throw new AppError('stripe.unavailable', {
        message: 'Stripe does not answer.',
        retry: 'transient',
        dependency: true,
        details: { retryAfterMs: 60_000 },
      });
    });
    await relayAll(1);
    await untilState(id, 'delayed');
    await letTimePass();
    await relay().run();
    await untilState(id, 'delayed');
    expect(seen).toEqual([id]);
  });

  test('and ended without closing them run again', async () => {
    const id = await makeMessage();
    let isFirst = true;
    const handle = async (messageId: string) => {
      if (isFirst) {
        isFirst = false;
        return;
      }
      await database.db.inTransaction(async (tx) => await markMessageDone(tx, messageId));
    };
    stack.adopt(
      createConsumer({
        catalogue: jobs,
        queue: 'ticketing',
        connection: openRedis(inject('redisUrl')),
        prefix,
        concurrency: 1,
        name: 'forgetful',
        log,
        handlers: {
          'order.settle': async (_payload, message) => await handle(message.id),
          'tickets.ensure': async (_payload, message) => await handle(message.id),
        },
        onAttempt: async () => undefined,
        onDead: async () => undefined,
      }),
      async (open) => await open.close(),
    );
    await relayAll(1);
    await untilState(id, 'completed');
    await letTimePass();
    await relayUntil('it to be closed', isNoneOpen);
  });

  test('and gave up are dead here too, with an incident, once', async () => {
    const id = await makeMessage();
    consume(async () => {
      throw new AppError('order.not_found', { message: 'There is no order.', retry: 'permanent' });
    });
    await relayAll(1);
    await untilState(id, 'failed');
    await letTimePass();
    await Promise.all([relay().run(), relay().run()]);
    await relayUntil(
      'it to be dead',
      async () => (await readOutboxLag(database.db.pool)).dead === 1,
    );
    const { rows } = await database.db.pool.raw(
      `select o.id, i.seen from outbox o
         join incidents i on i.object_id = o.id::text and i.kind = 'message.dead'
        where o.dead_at is not null`,
    );
    expect(rows).toEqual([{ id, seen: 1 }]);
  });

  test('and gave up run again once they are replayed', async () => {
    const id = await makeMessage();
    let isMended = false;
    consume(async () => {
      if (!isMended) {
        throw new AppError('order.not_found', { message: 'No order.', retry: 'permanent' });
      }
    });
    await relayAll(1);
    await untilState(id, 'failed');
    await database.db.inTransaction(async (tx) => {
      await markMessageDead(tx, { messageId: id, jobName: 'tickets.ensure', error: 'no order' });
    });
    isMended = true;
    const replay = { organizationId: randomUUID(), operates: true, messageId: id };
    await database.db.inTransaction(async (tx) => await replayMessage(tx, replay));
    await relayUntil('it to be closed', isNoneOpen);
    expect(await readOutboxLag(database.db.pool)).toMatchObject({ dead: 0 });
  });

  test('a plain second add of an ended job adds nothing (negative control)', async () => {
    const id = await makeMessage();
    const seen = consume();
    await relayUntil('it to be closed', isNoneOpen);
    await untilState(id, 'completed');
    await sent([{ id, queue: 'ticketing', name: 'tickets.ensure', payload: {} }]);
    await untilState(id, 'completed');
    expect(seen).toEqual([id]);
  });
});

describe('while Redis is away', () => {
  test.for(['cut', 'freeze'] as const)(
    'nothing is stamped or given up (%s), and all goes on afterwards',
    async (fault) => {
      await using link = await openFlakyLink(inject('redisUrl'));
      const far = openProducer(link.url);
      const running = relay(far);
      await waitFor(async () => await far.states('ticketing', []).then(() => true), {
        what: 'the link works',
      });
      await makeMessages(20);
      link[fault]();
      const startedAt = performance.now();
      await running.run();
      // Who waits for Redis waits for ever.
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      expect(await readOutboxLag(database.db.pool)).toMatchObject({
        undispatched: 20,
        dispatched: 0,
        dead: 0,
      });
      link.mend();
      consume();
      await waitFor(
        async () => {
          await letTimePass();
          await running.run();
          return (await readOutboxLag(database.db.pool)).undispatched === 0;
        },
        { what: 'the relay has sent all' },
      );
      await untilNoneIsOpen();
      await far.close();
    },
  );
});
