import { claimUntold, markTold, putOffTelling } from '@liventix/domain/alerts/alert-repository';
import type { Database } from '@liventix/shared/db';
import { coerceError } from '@liventix/shared/errors';
import type { Log } from '@liventix/shared/telemetry/logger';
import type { Alert, Channel } from '#notify/channels';

interface TellingDeps {
  readonly db: Database;
  readonly log: Log;
}

/** A round ends after this, with what is left for the next: whoever tells has to look as well. */
const roundMs = 15_000;

/**
 * Tells what nobody was told yet. Who tells an alert takes it for a while, so it is told once, and nothing
 * of Postgres is held while a chat or a mail provider takes its time; who dies between telling and noting it
 * is repeated. An alert that no way takes waits longer each time, and holds up no other.
 */
export async function tellAll(
  deps: TellingDeps,
  channels: readonly Channel[],
  stopping?: AbortSignal,
): Promise<void> {
  const startedMs = performance.now();
  while (performance.now() - startedMs < roundMs && stopping?.aborted !== true) {
    const alert = await claimUntold(deps.db.pool);
    if (alert === undefined) {
      return;
    }
    if (await tellBy(channels, alert, deps.log)) {
      await markTold(deps.db.pool, alert);
    } else {
      await putOffTelling(deps.db.pool, alert);
    }
  }
}

/** Told by any way is told, for repeating it would wake people twice; so is what nobody is to be told. */
export async function tellBy(
  channels: readonly Channel[],
  alert: Alert,
  log: Log,
): Promise<boolean> {
  const told = await Promise.allSettled(channels.map(async (tell) => await tell(alert)));
  const failed = told.filter((one) => one.status === 'rejected');
  for (const { reason } of failed) {
    log.error({ alert: alert.name, err: coerceError(reason) }, 'an alert was not told');
  }
  return channels.length === 0 || failed.length < channels.length;
}
