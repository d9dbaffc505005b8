import { randomUUID } from 'node:crypto';
import { Worker } from 'bullmq';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '#errors/errors';
import { connectRedis, type RedisClient } from '#redis/redis';
import { createLogger } from '#telemetry/logger';
import { waitFor } from '#testing/wait';
import { createConsumer, type EndedAttempt } from './consumer.ts';
import { createProducer, type Producer } from './producer.ts';

const log = createLogger({ name: 'test', level: 'silent' });
const catalogue = {
  'thing.do': { queue: 'things', payload: z.object({ n: z.int() }), attempts: 12, backoffMs: 10 },
} as const;

let stack: AsyncDisposableStack;
let prefix: string;
let producer: Producer;
let attempts: EndedAttempt[];
let dead: string[];

beforeEach(() => {
  stack = new AsyncDisposableStack();
  prefix = `{${randomUUID()}}`;
  attempts = [];
  dead = [];
  const options = { redisUrl: inject('redisUrl'), prefix, queues: ['things'], log };
  producer = stack.adopt(createProducer(options), async (open) => await open.close());
});
afterEach(async () => await stack.disposeAsync());

function openRedis(): RedisClient {
  const url = inject('redisUrl');
  return stack.adopt(connectRedis({ url, role: 'worker', onError: () => undefined }), (open) =>
    open.disconnect(),
  );
}

/**
 * A consumer whose runs end as `ends` say, one after the other, and then well. A machine that stands still
 * for longer than a job's lock loses the run: that is for the one test that wants it.
 */
function consume(ends: readonly Error[], lockMs = 60_000): void {
  const left = [...ends];
  const consumer = createConsumer({
    catalogue,
    queue: 'things',
    connection: openRedis(),
    prefix,
    concurrency: 1,
    lockMs,
    name: 'test',
    log,
    handlers: {
      'thing.do': async () => {
        const end = left.shift();
        if (end !== undefined) {
          throw end;
        }
      },
    },
    onAttempt: async (attempt) => {
      attempts.push(attempt);
      throw new Error('the database is away: that changes nothing of the job');
    },
    onDead: async (messageId) => {
      dead.push(messageId);
    },
  });
  stack.adopt(consumer, async (open) => await open.close());
}

async function send(payload: unknown): Promise<string> {
  const id = randomUUID();
  const message = { id, queue: 'things', name: 'thing.do', payload };
  await waitFor(async () => (await producer.send([message])).length === 1, { what: 'it is sent' });
  return id;
}

async function becomes(id: string, state: string): Promise<void> {
  await waitFor(async () => (await producer.states('things', [id])).get(id) === state, {
    what: `the job to be ${state}`,
  });
}

test('each run that does not end the work is told, with its number and why', async () => {
  const away = { message: 'no answer', retry: 'transient', dependency: true } as const;
  const details = { retryAfterMs: 5 };
  consume([new AppError('stripe.unavailable', { ...away, details }), new Error('boom')]);
  const messageId = await send({ n: 1 });
  await becomes(messageId, 'completed');
  expect(attempts).toEqual([
    { messageId, attempt: 1, outcome: 'waiting', error: 'stripe.unavailable: no answer' },
    { messageId, attempt: 2, outcome: 'failed', error: 'boom' },
  ]);
});

test('a run that cannot succeed is told once, and the message is dead', async () => {
  consume([new AppError('thing.not_found', { message: 'There is none.', retry: 'permanent' })]);
  const messageId = await send({ n: 1 });
  await becomes(messageId, 'failed');
  expect(attempts).toEqual([
    { messageId, attempt: 1, outcome: 'failed', error: 'thing.not_found: There is none.' },
  ]);
  await waitFor(async () => dead.length > 0, { what: 'somebody to be told' });
  expect(dead).toEqual([messageId]);
});

test('so is a payload that does not parse', async () => {
  consume([]);
  const messageId = await send({ n: 'one' });
  await becomes(messageId, 'failed');
  expect(attempts).toMatchObject([{ messageId, attempt: 1, outcome: 'failed' }]);
});

test('a run whose worker is lost is told by who finds it', async () => {
  const messageId = await send({ n: 1 });
  let isTaken = false;
  const doomed = new Worker(
    'things',
    async () => {
      isTaken = true;
      await new Promise(() => undefined);
    },
    {
      connection: openRedis(),
      prefix,
      lockDuration: 300,
      lockRenewTime: 600_000,
      skipStalledCheck: true,
    },
  );
  await waitFor(async () => isTaken, { what: 'the doomed worker to take it' });
  await doomed.close(true);
  consume([], 5_000);
  await becomes(messageId, 'completed');
  await waitFor(async () => attempts.length > 0, { what: 'the loss to be told' });
  expect(attempts).toMatchObject([{ messageId, attempt: null, outcome: 'lost' }]);
});

test('of a statement that Postgres refused the reason is told, and neither its text nor what it held', async () => {
  const statement = `insert into things values ($1) ${'x'.repeat(600)}`;
  const refused = new Error(`${statement} - invalid input syntax for type uuid: "Ada"`);
  consume([Object.assign(refused, { code: '22P02' })]);
  const messageId = await send({ n: 1 });
  await becomes(messageId, 'completed');
  expect(attempts.map(({ error }) => error)).toEqual([
    '22P02: invalid input syntax for type uuid: …',
  ]);
});
