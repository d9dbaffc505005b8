import { decideChanges } from '@liventix/domain/alerts';
import {
  applyChanges,
  beginApplying,
  listOpenAlerts,
  takeTurn,
} from '@liventix/domain/alerts/alert-repository';
import type { Database } from '@liventix/shared/db';
import { coerceError } from '@liventix/shared/errors';
import type { RedisClient } from '@liventix/shared/redis';
import type { Log } from '@liventix/shared/telemetry/logger';
import type { WatchConfig } from '#config';
import { watchForBlindness } from '#notify/blindness';
import { createChannels } from '#notify/channels';
import { createHome } from '#notify/home';
import { tellAll } from '#notify/telling';
import { findAll } from '#rules/rules';
import { readSignals } from '#signals/read-signals';

interface WatchDeps {
  readonly db: Database;
  /** Gives up within half a second. */
  readonly redis: RedisClient;
  readonly prefix: string;
  readonly log: Log;
}

/** What is not found in three looks is over, and after three without a look nobody listened. */
const looksMissed = 3;

/**
 * Watches, and tells people. Several processes watch, each ready to take the others' turn: whoever
 * comes first looks, so that no one process' end blinds all. What was found lies in Postgres, and
 * so does what people were told.
 */
export function startWatch(deps: WatchDeps, config: WatchConfig): AsyncDisposable {
  const { log } = deps;
  const channels = createChannels(config);
  const blindness = watchForBlindness(channels, log);
  const home = createHome(config.HEARTBEAT_URL, log);
  const stopping = new AbortController();
  let underWay: Promise<void> | undefined;
  const round = async () => {
    try {
      await look(deps, config);
    } catch (error) {
      await blindness.failed();
      throw error;
    }
    await blindness.saw();
    await tellAll(deps, channels, stopping.signal);
    await home.callWhenDue(deps.db.pool);
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
      stopping.abort();
      await underWay;
    },
  };
}

/**
 * One look, unless somebody else has just had it. What it reads it reads in no transaction; one that took
 * so long that a later look was written down before it changes nothing.
 */
export async function look(
  deps: WatchDeps,
  { WATCH_INTERVAL_MS: everyMs }: Pick<WatchConfig, 'WATCH_INTERVAL_MS'>,
): Promise<void> {
  const { db, redis, prefix, log } = deps;
  const gapMs = looksMissed * everyMs;
  const at = await takeTurn(db.pool, { everyMs: 0.8 * everyMs, gapMs });
  if (at === undefined) {
    return;
  }
  const findings = findAll(await readSignals({ executor: db.pool, redis, prefix }));
  const changes = await db.inTransaction(async (tx) => {
    if (!(await beginApplying(tx, at))) {
      return undefined;
    }
    const decided = decideChanges(await listOpenAlerts(tx), findings, { at, calmMs: gapMs });
    await applyChanges(tx, decided, at);
    return decided;
  });
  const begun = changes?.begun.filter(({ forS }) => forS === 0) ?? [];
  for (const { key, summary } of [
    ...begun,
    ...(changes?.fired.map(({ finding }) => finding) ?? []),
  ]) {
    log.error({ alert: key }, summary);
  }
  for (const { key } of changes?.cleared ?? []) {
    log.info({ alert: key }, 'an alert has cleared');
  }
}
