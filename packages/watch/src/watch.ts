import { decideChanges } from '@liventix/domain/alerts';
import {
  applyChanges,
  listOpenAlerts,
  lockUntold,
  markTold,
  takeTurn,
} from '@liventix/domain/alerts/alert-repository';
import type { Database } from '@liventix/shared/db';
import { coerceError } from '@liventix/shared/errors';
import type { RedisClient } from '@liventix/shared/redis';
import type { Log } from '@liventix/shared/telemetry/logger';
import type { WatchConfig } from '#config';
import { type Channel, createChannels } from '#notify/channels';
import { findAll } from '#rules/rules';
import { readSignals } from '#signals/read-signals';

interface WatchDeps {
  readonly db: Database;
  /** Gives up within half a second. */
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly log: Log;
}

/** What is not found in three looks is over. */
const calmLooks = 3;

/** Alerts that one round tells: more are told in the next. */
const toldMax = 20;

const heartbeatMs = 60_000;

/**
 * Watches, and tells people. Several processes watch, each ready to take the others' turn: whoever
 * comes first looks, so that no one process' end blinds all. What was found lies in Postgres, and
 * so does what people were told.
 */
export function startWatch(deps: WatchDeps, config: WatchConfig): AsyncDisposable {
  const { log } = deps;
  const channels = createChannels(config);
  let underWay: Promise<void> | undefined;
  let beatAt = 0;
  const round = async () => {
    await look(deps, config);
    await tellAll(deps, channels);
    if (config.HEARTBEAT_URL !== undefined && performance.now() - beatAt >= heartbeatMs) {
      beatAt = performance.now();
      await callHome(config.HEARTBEAT_URL);
    }
  };
  const begin = () => {
    underWay ??= round()
      .catch((error: unknown) => {
        log.warn({ err: coerceError(error) }, 'could not watch; the next look is due soon');
      })
      .finally(() => {
        underWay = undefined;
      });
  };
  begin();
  const timer = setInterval(begin, config.WATCH_INTERVAL_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await underWay;
    },
  };
}

/** One look, unless somebody else has just had it. */
export async function look(
  deps: WatchDeps,
  { WATCH_INTERVAL_MS: everyMs }: Pick<WatchConfig, 'WATCH_INTERVAL_MS'>,
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    const at = await takeTurn(tx, 0.8 * everyMs);
    if (at === undefined) {
      return;
    }
    const { redis, prefix } = deps;
    const findings = findAll(await readSignals({ executor: tx, redis, prefix }));
    const changes = decideChanges(await listOpenAlerts(tx), findings, {
      at,
      calmMs: calmLooks * everyMs,
    });
    await applyChanges(tx, changes, at);
    for (const { key, summary } of [
      ...changes.begun.filter(({ forS }) => forS === 0),
      ...changes.fired.map(({ finding }) => finding),
    ]) {
      deps.log.error({ alert: key }, summary);
    }
    for (const { key } of changes.cleared) {
      deps.log.info({ alert: key }, 'an alert has cleared');
    }
  });
}

/**
 * Tells what nobody was told yet. Under the alert's lock, so once; who dies between telling and
 * noting it is repeated. A channel that fails keeps the alert for the next round.
 */
export async function tellAll(
  deps: Pick<WatchDeps, 'db' | 'log'>,
  channels: readonly Channel[],
): Promise<void> {
  const tried: string[] = [];
  while (tried.length < toldMax) {
    const id = await deps.db.inTransaction(async (tx) => {
      const alert = await lockUntold(tx, tried);
      if (alert === undefined) {
        return undefined;
      }
      const told = await Promise.allSettled(channels.map(async (tell) => await tell(alert)));
      const failed = told.filter((one) => one.status === 'rejected');
      for (const { reason } of failed) {
        deps.log.error({ alertId: alert.id, err: coerceError(reason) }, 'an alert was not told');
      }
      // One that was told by any way is told: repeating it would wake people twice.
      if (channels.length === 0 || failed.length < channels.length) {
        await markTold(tx, alert);
      }
      return alert.id;
    });
    if (id === undefined) {
      return;
    }
    tried.push(id);
  }
}

async function callHome(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  await response.arrayBuffer();
}
