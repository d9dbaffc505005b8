import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { readEnvironment } from '#config';
import { type Backing, startBacking } from '#stack/backing';

declare module 'vitest' {
  interface ProvidedContext {
    /** A Postgres on which tests make databases of their own. */
    databaseUrl: string;
    redisUrl: string;
  }
}

/** Gives tests the Postgres and Redis that `./liventix test` started, or a pair of their own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { TEST_DATABASE_URL, TEST_REDIS_URL } = readEnvironment();
  if (TEST_DATABASE_URL !== undefined && TEST_REDIS_URL !== undefined) {
    project.provide('databaseUrl', TEST_DATABASE_URL);
    project.provide('redisUrl', TEST_REDIS_URL);
    return async () => undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'liventix-test-'));
  const backing: Backing = await startBacking({ folder, fsync: false, say: () => undefined });
  project.provide('databaseUrl', backing.databaseUrl);
  project.provide('redisUrl', backing.redisUrl);
  return async () => {
    await backing.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
