import type { AddressInfo } from 'node:net';
import { coerceError } from '#errors/errors';
import type { HttpApp } from '#http/http-app';
import {
  type ErrorReportsConfig,
  flushErrorReports,
  startErrorReports,
  tellsErrors,
} from '#telemetry/error-reports';
import { createLogger, type Log } from '#telemetry/logger';
import { observeProcess } from '#telemetry/metrics';
import { stopTracing } from '#telemetry/tracing';

/** Longest a stop may take; what is still open then is left to the next process. */
const stopDeadlineMs = 4_500;

/** How long reports of errors may take at the end. */
const flushMs = 1_000;

/**
 * Runs one process from start to stop: opens everything on one stack, says where it listens, waits
 * to be told to stop, closes in reverse order. It stops on SIGTERM, SIGINT, or when the supervisor
 * at the other end of the IPC channel goes away.
 */
export async function runProcess(service: {
  readonly name: string;
  readonly level: string;
  readonly reports: ErrorReportsConfig;
  readonly start: (stack: AsyncDisposableStack, log: Log) => Promise<{ app: HttpApp }>;
}): Promise<void> {
  const log = createLogger(service);
  const die = (error: unknown) => {
    log.fatal({ err: coerceError(error) }, 'stopping after an error nobody handled');
    exitTold();
  };
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
  observeProcess();
  await startErrorReports(service.name, service.reports);
  const stack = new AsyncDisposableStack();
  const stopRequested = untilToldToStop();
  try {
    const { app } = await service.start(stack, log);
    const address = app.server.address() as AddressInfo;
    log.info({ port: address.port }, 'listening');
    log.info({ signal: await stopRequested }, 'stopping');
  } catch (error) {
    log.fatal({ err: coerceError(error) }, 'could not start');
    process.exitCode = 1;
  }
  const deadline = setTimeout(() => {
    log.error({ resources: process.getActiveResourcesInfo() }, 'did not stop in time');
    process.exit(1);
  }, stopDeadlineMs);
  await stack.disposeAsync();
  await Promise.all([stopTracing(), flushErrorReports(flushMs)]);
  clearTimeout(deadline);
  log.info('stopped');
  process.exit();
}

/** At once where nobody is told: after an error that nobody handled, nothing may go on. */
function exitTold(): void {
  if (!tellsErrors()) {
    process.exit(1);
  }
  void flushErrorReports(flushMs).finally(() => process.exit(1));
}

async function untilToldToStop(): Promise<string> {
  return await new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => resolve(signal));
    }
    process.once('disconnect', () => resolve('disconnect'));
  });
}
