import { randomUUID } from 'node:crypto';
import type { Log } from '@liventix/shared/telemetry/logger';
import type { Alert, Channel } from '#notify/channels';
import { tellBy } from '#notify/telling';
import { runbookOf } from '#rules/rule';

/** Looks that fail in a row before anybody hears of it. */
const failuresMin = 3;

interface Blindness {
  /** A look has failed. */
  failed(): Promise<void>;
  /** A look has succeeded. */
  saw(): Promise<void>;
}

/**
 * Without Postgres nothing is found and nothing can be written down, so this one alert lives in memory: told
 * by each process that watches, once when three looks in a row have failed, and once when it sees again.
 */
export function watchForBlindness(channels: readonly Channel[], log: Log): Blindness {
  let failures = 0;
  let told: Alert | undefined;
  return {
    failed: async () => {
      failures += 1;
      if (failures < failuresMin || told !== undefined) {
        return;
      }
      const alert: Alert = {
        id: randomUUID(),
        name: 'PostgresAway',
        severity: 'page',
        summary:
          'Postgres does not answer as it should: nothing is sold, and nothing else is watched.',
        runbook: runbookOf('PostgresAway'),
        state: 'firing',
      };
      log.error({ alert: alert.name }, alert.summary);
      told = (await tellBy(channels, alert, log)) ? alert : undefined;
    },
    saw: async () => {
      failures = 0;
      if (told !== undefined && (await tellBy(channels, { ...told, state: 'cleared' }, log))) {
        told = undefined;
      }
    },
  };
}
