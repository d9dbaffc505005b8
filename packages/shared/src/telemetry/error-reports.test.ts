import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '#errors/errors';
import { type ErrorSink, eventIn, openErrorSink } from '#testing/error-sink';
import { waitFor } from '#testing/wait';
import { flushErrorReports, startErrorReports } from './error-reports.ts';
import { createLogger } from './logger.ts';
import { registry } from './metrics.ts';

const log = createLogger({ name: 'checkout', level: 'fatal' });
let sink: ErrorSink;

beforeEach(async () => {
  sink = await openErrorSink();
  await startErrorReports('checkout', { SENTRY_DSN: sink.dsn, SENTRY_ENVIRONMENT: 'test' });
});
afterEach(async () => await sink[Symbol.asyncDispose]());

/** A code of its own, since what is told in a minute is counted by process. */
function broken(): AppError {
  const code = `broken.${crypto.randomUUID()}`;
  return new AppError(code, { message: 'It broke.', retry: 'permanent' });
}

async function counted(outcome: string): Promise<number> {
  const { values } = (await registry.getSingleMetric('error_reports_total')?.get()) ?? {};
  return values?.find(({ labels: { outcome: of } }) => of === outcome)?.value ?? Number.NaN;
}

test('an error that is logged is told once, with what it is and where', async () => {
  const before = await counted('sent');
  const error = broken();
  log.fatal({ err: error, orderId: 'o-1' }, 'it broke');
  log.fatal({ err: error }, 'it broke, says another edge');
  await flushErrorReports(5_000);
  expect(sink.envelopes).toHaveLength(1);
  const event = eventIn(sink.envelopes[0] ?? '');
  expect(event).toMatchObject({
    level: 'fatal',
    fingerprint: [error.code],
    tags: { service: 'checkout', code: error.code, orderId: 'o-1', said: 'it broke' },
    release: expect.stringMatching(/^liventix@\d/),
    environment: 'test',
    sdk: { settings: { infer_ip: 'never' } },
  });
  for (const member of ['user', 'request', 'breadcrumbs', 'server_name', 'extra', 'modules']) {
    expect(event).not.toHaveProperty(member);
  }
  expect(await counted('sent')).toBe(before + 1);
});

test('a line without an error, or of less than an error, is told to nobody', async () => {
  const loud = createLogger({ name: 'checkout', level: 'warn' });
  loud.warn({ err: broken() }, 'it will be tried again');
  loud.error({ alert: 'QueueStuck' }, 'somebody hears of this otherwise');
  await flushErrorReports(5_000);
  expect(sink.envelopes).toEqual([]);
});

test('of one group ten are told in a minute, and the others counted', async () => {
  const before = await counted('held_back');
  const { code } = broken();
  for (let at = 0; at < 25; at += 1) {
    log.fatal({ err: new AppError(code, { message: 'It broke.', retry: 'permanent' }) }, 'no');
  }
  await flushErrorReports(5_000);
  expect(sink.envelopes).toHaveLength(10);
  expect(await counted('held_back')).toBe(before + 15);
});

test('a Sentry that answers nothing holds nobody up, at the end for as long as it is given', async () => {
  const before = await counted('lost');
  sink.freeze();
  const startedAt = performance.now();
  log.fatal({ err: broken() }, 'no');
  expect(performance.now() - startedAt).toBeLessThan(100);
  await waitFor(async () => sink.envelopes.length === 1, { what: 'the report to be on its way' });
  await flushErrorReports(50);
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  await sink[Symbol.asyncDispose]();
  await waitFor(async () => (await counted('lost')) === before + 1, { what: 'it to be lost' });
});

test('a Sentry that is away is a report that was lost, and nothing else', async () => {
  const before = await counted('lost');
  await sink[Symbol.asyncDispose]();
  log.fatal({ err: broken() }, 'no');
  await waitFor(async () => (await counted('lost')) === before + 1, { what: 'the loss counted' });
});

test('without an address nothing of Sentry is loaded', { timeout: 30_000 }, () => {
  const loads = (env: string) =>
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { registerHooks } from 'node:module';
         let loads = false;
         registerHooks({ load: (url, context, next) => {
           loads ||= url.includes('@sentry');
           return next(url, context);
         } });
         await import('${new URL('../lifecycle/process.ts', import.meta.url).href}');
         const { startErrorReports } = await import('${new URL('./error-reports.ts', import.meta.url).href}');
         await startErrorReports('checkout', ${env});
         process.stdout.write(String(loads));
         process.exit();`,
      ],
      { encoding: 'utf8' },
    );
  expect(loads(`{ SENTRY_ENVIRONMENT: 'test' }`)).toBe('false');
  expect(loads(`{ SENTRY_ENVIRONMENT: 'test', SENTRY_DSN: '${sink.dsn}' }`)).toBe('true');
});
