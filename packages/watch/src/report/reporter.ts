import { randomUUID } from 'node:crypto';
import { addCounts, beat } from '@liventix/domain/alerts/report-repository';
import type { Database } from '@liventix/shared/db';
import { coerceError } from '@liventix/shared/errors';
import type { Log } from '@liventix/shared/telemetry/logger';
import { registry } from '@liventix/shared/telemetry/metrics';
import { countsOf, factsOf, type Reading } from '#report/readings';

/** Often enough to miss a process within the minute. */
const usualMs = 10_000;

/**
 * From now on a process says every ten seconds that it lives and what it has counted since, one report
 * after the other. What cannot be said now is said the next time, and the last time when it ends.
 */
export function startReporting(process: {
  readonly service: string;
  readonly db: Database;
  readonly log: Log;
  readonly everyMs?: number;
  /** What the process has counted; its own registry when absent. */
  readonly read?: () => Promise<readonly Reading[]>;
}): AsyncDisposable {
  const { service, db, log, everyMs = usualMs } = process;
  const { read = async () => await registry.getMetricsAsJSON() } = process;
  const instance = randomUUID();
  let told: Readonly<Record<string, number>> = {};
  let underWay: Promise<void> | undefined;
  const report = async () => {
    const metrics = await read();
    const counted = countsOf(service, metrics);
    const fresh = Object.entries(counted)
      .map(([kind, count]) => [kind, count - (told[kind] ?? 0)] as const)
      .filter(([, count]) => count > 0);
    await beat(db.pool, { service, instance, facts: factsOf(metrics, Date.now()) });
    await addCounts(db.pool, Object.fromEntries(fresh));
    told = counted;
  };
  const tell = () => {
    underWay ??= report()
      .catch((error: unknown) => {
        log.debug({ err: coerceError(error) }, 'could not say that this process lives');
      })
      .finally(() => {
        underWay = undefined;
      });
  };
  tell();
  const timer = setInterval(tell, everyMs);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await underWay;
      tell();
      await underWay;
    },
  };
}
