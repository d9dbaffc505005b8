import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '#config';
import { findPostgres } from '#postgres/binaries';
import { initPostgres, postgresProgram, postgresUrl, readyPostgres } from '#postgres/postgres';
import { findRedis } from '#redis/binaries';
import { readyRedis, redisProgram, redisUrl } from '#redis/redis';
import { freePort } from '#supervisor/free-port';
import { startProgram, stopProgram } from '#supervisor/program';
import { checkoutId, stateDir } from './places.ts';

/** Postgres and Redis of their own, for one run of tests. */
export interface Backing {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  stop(): Promise<void>;
}

export async function startBacking(options: {
  readonly folder: string;
  readonly fsync: boolean;
  readonly say: (line: string) => void;
}): Promise<Backing> {
  mkdirSync(options.folder, { recursive: true });
  chmodSync(options.folder, 0o755);
  const home = await findPostgres({ stateDir: options.folder, checkoutId });
  const server = findRedis({ stateDir, path: readEnvironment().PATH, say: options.say });
  const [pgPort, redisPort] = [await freePort(), await freePort()];
  const pgOptions = {
    home,
    dataDir: join(home.dataRoot, `pg-${pgPort}`),
    port: pgPort,
    logFile: join(options.folder, 'postgres.log'),
    fsync: options.fsync,
  };
  initPostgres(pgOptions);
  const postgres: ChildProcess = startProgram(postgresProgram(pgOptions));
  const redisLog = join(options.folder, 'redis.log');
  const redisData = join(options.folder, 'redis');
  const redis: ChildProcess = startProgram(
    redisProgram({ server, dataDir: redisData, port: redisPort, logFile: redisLog }),
  );
  await Promise.all([readyPostgres(pgPort, 'postgres'), readyRedis(redisPort, redisLog)]);
  return {
    databaseUrl: postgresUrl(pgPort, 'postgres'),
    redisUrl: redisUrl(redisPort),
    stop: async () => {
      await stopProgram(redis, 'SIGTERM', 3_000);
      await stopProgram(postgres, 'SIGINT', 5_000);
      rmSync(pgOptions.dataDir, { recursive: true, force: true });
    },
  };
}
