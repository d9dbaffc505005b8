import { randomUUID } from 'node:crypto';
import { addCounts, beat } from '@liventix/domain/alerts/report-repository';
import type { Database } from '@liventix/shared/db';
import { coerceError } from '@liventix/shared/errors';
import type { Log } from '@liventix/shared/telemetry/logger';
import { registry } from '@liventix/shared/telemetry/metrics';
import { countsOf, sweepsOf } from '#report/readings';

/** Often enough to miss a process within the minute. */
const everyMs = 10_000;

/**
 * From now on a process says every ten seconds that it lives and what it has counted since. What
 * cannot be said now is said the next time.
 */
export function startReporting(process: {
  readonly service: string;
  readonly db: Database;
  readonly log: Log;
}): AsyncDisposable {
  const { service, db, log } = process;
  const instance = randomUUID();
  let told: Readonly<Record<string, number>> = {};
  let underWay: Promise<void> = Promise.resolve();
  const report = async () => {
    const metrics = await registry.getMetricsAsJSON();
    const counted = countsOf(service, metrics);
    const fresh = Object.entries(counted)
      .map(([kind, count]) => [kind, count - (told[kind] ?? 0)] as const)
      .filter(([, count]) => count > 0);
    const sweeps = sweepsOf(metrics);
    await beat(db.pool, { service, instance, facts: sweeps.length === 0 ? {} : { sweeps } });
    await addCounts(db.pool, Object.fromEntries(fresh));
    told = counted;
  };
  const tell = () => {
    underWay = report().catch((error: unknown) => {
      log.debug({ err: coerceError(error) }, 'could not say that this process lives');
    });
  };
  tell();
  const timer = setInterval(tell, everyMs);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await underWay;
    },
  };
}
