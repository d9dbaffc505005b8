import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '#errors/errors';
import { connectRedis } from '#redis/redis';
import { flushErrorReports, startErrorReports } from '#telemetry/error-reports';
import { createLogger } from '#telemetry/logger';
import { registry } from '#telemetry/metrics';
import { type ErrorSink, eventIn, openErrorSink } from '#testing/error-sink';
import { waitFor } from '#testing/wait';
import { createConsumer } from './consumer.ts';
import { createProducer } from './producer.ts';

const job = { queue: 'work', payload: z.object({}), attempts: 3, backoffMs: 10 };
const catalogue = { 'work.refused': job, 'work.passing': job };
const log = createLogger({ name: 'worker', level: 'error' });
const prefix = `{${randomUUID()}}`;

let sink: ErrorSink;
let stack: AsyncDisposableStack;
const dead: string[] = [];
const runs = new Map<string, number>();

beforeAll(async () => {
  sink = await openErrorSink();
  await startErrorReports('worker', { SENTRY_DSN: sink.dsn, SENTRY_ENVIRONMENT: 'test' });
  stack = new AsyncDisposableStack();
  const connection = stack.adopt(
    connectRedis({ url: inject('redisUrl'), role: 'worker', onError: () => undefined }),
    (open) => open.disconnect(),
  );
  const run = (name: string) => runs.set(name, (runs.get(name) ?? 0) + 1).get(name) ?? 0;
  const consumer = createConsumer({
    catalogue,
    queue: 'work',
    connection,
    prefix,
    concurrency: 1,
    name: 'worker',
    log,
    handlers: {
      'work.refused': async () => {
        throw new AppError('work.refused', { message: 'For good.', retry: 'permanent' });
      },
      'work.passing': async () => {
        if (run('passing') === 1) {
          throw new Error('once');
        }
      },
    },
    onAttempt: async () => undefined,
    onDead: async (messageId) => void dead.push(messageId),
  });
  stack.adopt(consumer, async (open) => await open.close());
});
afterAll(async () => {
  await stack.disposeAsync();
  await sink[Symbol.asyncDispose]();
});

/** How many jobs ended so at this attempt or an earlier one. */
async function attempts(name: string, outcome: string, most: number): Promise<number> {
  const line = `job_attempts_bucket{le="${most}",job="${name}",outcome="${outcome}"} `;
  const found = (await registry.metrics()).split('\n').find((one) => one.startsWith(line));
  return Number(found?.slice(line.length) ?? 0);
}

test('a job that died is told once with its code; one that passes at its second try is not', async () => {
  const producer = stack.adopt(
    createProducer({ redisUrl: inject('redisUrl'), prefix, queues: ['work'], log }),
    async (open) => await open.close(),
  );
  const ids = { refused: randomUUID(), passing: randomUUID() };
  const messages = [
    { id: ids.refused, queue: 'work', name: 'work.refused', payload: {} },
    { id: ids.passing, queue: 'work', name: 'work.passing', payload: {} },
  ];
  await waitFor(async () => (await producer.send(messages)).length === 2, {
    what: 'Redis to take both',
  });
  await waitFor(async () => dead.includes(ids.refused) && runs.get('passing') === 2, {
    what: 'one to die and the other to pass',
  });
  await waitFor(async () => (await attempts('work.passing', 'done', 2)) === 1, {
    what: 'its end to be counted by its attempt',
  });
  expect(await attempts('work.passing', 'done', 1)).toBe(0);
  expect(await attempts('work.refused', 'dead', 1)).toBe(1);
  await flushErrorReports(5_000);
  await waitFor(async () => sink.envelopes.length > 0, { what: 'the report' });
  expect(sink.envelopes.map(eventIn)).toMatchObject([
    {
      fingerprint: ['work.refused'],
      tags: {
        service: 'worker',
        code: 'work.refused',
        jobId: ids.refused,
        jobName: 'work.refused',
      },
    },
  ]);
});
