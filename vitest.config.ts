import { defineConfig } from 'vitest/config';

const roots = '{packages,services,infra,test}';
const exclude = ['**/node_modules/**', '**/.liventix/**'];

/** Database, queue and e2e tests get a real Postgres and Redis from this set-up. */
const globalSetup = ['./infra/dev/src/testing/global-setup.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${roots}/**/*.test.ts`],
          exclude: ['**/*.{db,queue,e2e,chaos}.test.ts', ...exclude],
          // Some push megabytes through sockets, beside others on two cores.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'db',
          include: [`${roots}/**/*.db.test.ts`],
          exclude,
          globalSetup,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'queue',
          include: [`${roots}/**/*.queue.test.ts`],
          exclude,
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: [`${roots}/**/*.e2e.test.ts`],
          exclude,
          globalSetup,
          // Each starts whole services: two cores carry one such file at a time.
          fileParallelism: false,
          // These bound what fails; how long a passing test takes is its own affair.
          testTimeout: 400_000,
          hookTimeout: 240_000,
        },
      },
      {
        // Minutes long, so a part of `./liventix test --all` only.
        test: {
          name: 'chaos',
          include: [`${roots}/**/*.chaos.test.ts`],
          exclude,
          globalSetup,
          testTimeout: 900_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
