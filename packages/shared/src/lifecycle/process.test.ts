import { execFile } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ErrorSink, eventIn, openErrorSink } from '#testing/error-sink';

let sink: ErrorSink;

beforeEach(async () => {
  sink = await openErrorSink();
});
afterEach(async () => await sink[Symbol.asyncDispose]());

const module = new URL('./process.ts', import.meta.url).href;

/** Runs a process whose start is this code, to its end. */
async function run(start: string, dsn: string | undefined = sink.dsn) {
  const reports = JSON.stringify({ SENTRY_DSN: dsn, SENTRY_ENVIRONMENT: 'test' });
  const code = `import { runProcess } from '${module}';
    await runProcess({
      name: 'checkout', level: 'fatal', reports: ${reports}, start: async () => { ${start} },
    });`;
  const startedAt = performance.now();
  return await new Promise<{ readonly code: unknown; readonly ms: number }>((resolve) => {
    execFile(process.execPath, ['--input-type=module', '--eval', code], (error) =>
      resolve({ code: error?.code ?? 0, ms: performance.now() - startedAt }),
    );
  });
}

const nobodyHandles = `setImmediate(() => Promise.reject(new RangeError('too far')));
  await new Promise(() => setInterval(() => undefined, 1_000));`;

test('an error that nobody handles is told before the process ends', {
  timeout: 60_000,
}, async () => {
  expect(await run(nobodyHandles)).toMatchObject({ code: 1 });
  expect(sink.envelopes.map(eventIn)).toMatchObject([
    { level: 'fatal', tags: { service: 'checkout', code: 'RangeError' } },
  ]);
});

test('a start that fails is told before the process ends', { timeout: 60_000 }, async () => {
  expect(await run(`throw new RangeError('no database');`)).toMatchObject({ code: 1 });
  expect(sink.envelopes.map(eventIn)).toMatchObject([{ tags: { said: 'could not start' } }]);
});

test('a Sentry that is frozen keeps no process from its end', { timeout: 60_000 }, async () => {
  const { ms: usual } = await run(nobodyHandles);
  sink.freeze();
  const { code, ms } = await run(nobodyHandles);
  expect(code).toBe(1);
  // A second is given; the rest is for a machine that is busy.
  expect(ms - usual).toBeLessThan(4_500);
});
