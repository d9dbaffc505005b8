import { coerceError } from '@liventix/shared/errors';
import type { Log } from '@liventix/shared/telemetry/logger';
import { createGauge } from '@liventix/shared/telemetry/metrics';

const ended = createGauge({
  name: 'sweep_ended_seconds',
  help: 'When a repeatable job last ended well, in seconds since 1970.',
  labelNames: ['sweep'],
});
const interval = createGauge({
  name: 'sweep_interval_seconds',
  help: 'How often a repeatable job is due.',
  labelNames: ['sweep'],
});

export interface Sweep {
  readonly everyMs: number;
  /** Runs it, or joins the run that is under way in this process. */
  run(): Promise<void>;
  /** Stops the timer and waits for the run that is under way. */
  close(): Promise<void>;
}

/**
 * Work that is due again and again. The queue asks for it; a plain timer does when the queue has
 * not for two intervals, so that a Redis that is down, frozen or flushed stops no sweep, least of
 * all the relay that repairs it. Never twice at once in one process.
 */
export function createSweep(options: {
  readonly name: string;
  readonly everyMs: number;
  readonly work: () => Promise<void>;
  readonly log: Log;
}): Sweep {
  const { everyMs, log, name } = options;
  let underWay: Promise<void> | undefined;
  let startedAt = performance.now();

  interval.set({ sweep: name }, everyMs / 1_000);
  ended.set({ sweep: name }, Date.now() / 1_000);
  const work = async () => {
    await options.work();
    ended.set({ sweep: name }, Date.now() / 1_000);
  };
  const run = async () => {
    startedAt = performance.now();
    underWay ??= work().finally(() => {
      underWay = undefined;
    });
    await underWay;
  };
  const timer = setInterval(() => {
    if (performance.now() - startedAt >= 2 * everyMs) {
      run().catch((error: unknown) => {
        log.warn({ sweep: name, err: coerceError(error) }, 'a sweep failed; it runs again');
      });
    }
  }, everyMs);

  return {
    everyMs,
    run,
    close: async () => {
      clearInterval(timer);
      await underWay?.catch(() => undefined);
    },
  };
}
