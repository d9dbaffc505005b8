import { hasUntold } from '@liventix/domain/alerts/alert-repository';
import type { Executor } from '@liventix/shared/db';
import { AppError, coerceError } from '@liventix/shared/errors';
import type { Log } from '@liventix/shared/telemetry/logger';

const everyMs = 60_000;

/** An alert that nobody could be told of for so long is what the address outside is there for. */
const untoldSeconds = 300;

/**
 * Calls an address outside every minute, which misses us when we do not: when nobody watches, and when what
 * the watch found reaches nobody. A call that fails is repeated with the next look.
 */
export function createHome(url: string | undefined, log: Log) {
  let calledMs = Number.NEGATIVE_INFINITY;
  return {
    callWhenDue: async (executor: Executor): Promise<void> => {
      if (url === undefined || performance.now() - calledMs < everyMs) {
        return;
      }
      if (await hasUntold(executor, untoldSeconds)) {
        log.error({}, 'nobody is called at HEARTBEAT_URL: an alert could not be told');
        return;
      }
      try {
        await call(url);
        calledMs = performance.now();
      } catch (error) {
        log.error({ err: coerceError(error) }, 'HEARTBEAT_URL could not be called');
      }
    },
  };
}

async function call(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  await response.arrayBuffer();
  if (!response.ok) {
    const message = `HEARTBEAT_URL answered ${response.status}`;
    throw new AppError('alert.untold', { message, retry: 'transient', dependency: true });
  }
}
