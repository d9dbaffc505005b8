import { randomUUIDv7 } from 'node:crypto';
import { claimUntold, hasUntold } from '@liventix/domain/alerts/alert-repository';
import { migrations } from '@liventix/domain/migrations';
import type { Database } from '@liventix/shared/db';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import type { Channel } from './channels.ts';
import { tellAll } from './telling.ts';

let database: TestDatabase;
let db: Database;
const log = createLogger({ name: 'watch', level: 'silent' });

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  ({ db } = database);
});
beforeEach(async () => {
  await db.pool.raw('truncate alerts');
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

async function begins(name: string): Promise<void> {
  await db.pool.raw(
    `insert into alerts (id, key, name, severity, summary, runbook, state, bad_since, bad_at, fired_at)
     values (:id, :name, :name, 'page', 'bad', 'docs/runbook.md', 'firing', now(), now(), now())`,
    { id: randomUUIDv7(), name },
  );
}

async function ends(name: string): Promise<void> {
  await db.pool.raw(`update alerts set state = 'cleared', cleared_at = now() where name = :name`, {
    name,
  });
}

/** The one that nobody was told of is left alone for so long, since some moment of this. */
async function expectToWait<T>(seconds: number, telling: () => Promise<T>): Promise<T> {
  const now = async (): Promise<number> =>
    (await db.pool.raw('select extract(epoch from clock_timestamp())::float8 as now')).rows[0].now;
  const earliest = await now();
  const outcome = await telling();
  const latest = await now();
  const { rows } = await db.pool.raw(
    `select extract(epoch from tell_after)::float8 as until from alerts where told <> state`,
  );
  expect(rows).toHaveLength(1);
  const [{ until }] = rows;
  expect(until - seconds).toBeGreaterThanOrEqual(earliest);
  expect(until - seconds).toBeLessThanOrEqual(latest);
  return outcome;
}

async function waitIsOver(): Promise<void> {
  await db.pool.raw(`update alerts set tell_after = now() - interval '1 second'`);
}

function recorder(): { tell: Channel; told: string[] } {
  const told: string[] = [];
  const tell: Channel = async ({ name, state }) => {
    told.push(`${name} ${state}`);
  };
  return { tell, told };
}

const broken: Channel = async () => {
  throw new Error('the webhook answered 500');
};

test('people are told once when it begins and once when it is over, whoever tells', async () => {
  const { tell, told } = recorder();
  const tellTogether = async () =>
    await Promise.all([1, 2, 3].map(async () => await tellAll({ db, log }, [tell])));
  await begins('BooksBroken');
  await tellTogether();
  await tellTogether();
  expect(told).toEqual(['BooksBroken firing']);
  await ends('BooksBroken');
  await tellTogether();
  await tellTogether();
  expect(told).toEqual(['BooksBroken firing', 'BooksBroken cleared']);
});

test('without taking the alert first, each who watches would tell', async () => {
  await begins('BooksBroken');
  const { tell, told } = recorder();
  const all = Promise.withResolvers<undefined>();
  let read = 0;
  await Promise.all(
    [1, 2, 3].map(async () => {
      const { rows } = await db.pool.raw('select name, state from alerts where told <> state');
      read += 1;
      if (read === 3) {
        all.resolve(undefined);
      }
      await all.promise;
      await tell(rows[0]);
      await db.pool.raw('update alerts set told = state');
    }),
  );
  expect(told).toHaveLength(3);
});

test('what could not be told waits longer each time, and holds up no other', async () => {
  await begins('BooksBroken');
  await begins('ServiceSilent');
  const { tell, told } = recorder();
  const halfDeaf: Channel = async (alert) =>
    await (alert.name === 'BooksBroken' ? broken : tell)(alert);
  await expectToWait(10, async () => await tellAll({ db, log }, [halfDeaf]));
  expect(told).toEqual(['ServiceSilent firing']);
  for (const seconds of [20, 40, 80, 160, 300, 300]) {
    await waitIsOver();
    await expectToWait(seconds, async () => await tellAll({ db, log }, [halfDeaf]));
  }
  await tellAll({ db, log }, [tell]);
  expect(told).toEqual(['ServiceSilent firing']);
  await waitIsOver();
  await tellAll({ db, log }, [tell]);
  expect(told).toEqual(['ServiceSilent firing', 'BooksBroken firing']);
});

test('while nobody answers nothing of Postgres is held: others tell, and what is over is over', async () => {
  await begins('BooksBroken');
  const asked = Promise.withResolvers<undefined>();
  const answer = Promise.withResolvers<undefined>();
  const telling = tellAll({ db, log }, [
    async () => {
      asked.resolve(undefined);
      await answer.promise;
    },
  ]);
  await asked.promise;
  await ends('BooksBroken');
  await begins('ServiceSilent');
  const { tell, told } = recorder();
  await tellAll({ db, log }, [tell]);
  expect(told).toEqual(['ServiceSilent firing']);
  await db.inTransaction(async (tx) => {
    await tx.raw(`select from alerts where name = 'BooksBroken' for update nowait`);
  });
  answer.resolve(undefined);
  await telling;
  await tellAll({ db, log }, [tell]);
  // It was told as firing meanwhile, and then as over by whoever came first.
  const { rows } = await db.pool.raw(`select told from alerts where name = 'BooksBroken'`);
  expect(rows).toEqual([{ told: 'cleared' }]);
});

test('an alert whose teller died is told by another, half a minute later', async () => {
  await begins('BooksBroken');
  const { tell, told } = recorder();
  const claimed = await expectToWait(30, async () => await claimUntold(db.pool));
  expect(claimed).toMatchObject({ name: 'BooksBroken' });
  await tellAll({ db, log }, [tell]);
  expect(told).toEqual([]);
  await waitIsOver();
  await tellAll({ db, log }, [tell]);
  expect(told).toEqual(['BooksBroken firing']);
});

test('one way of two is enough', async () => {
  await begins('BooksBroken');
  const { tell, told } = recorder();
  await tellAll({ db, log }, [broken, tell]);
  await tellAll({ db, log }, [broken, tell]);
  expect(told).toEqual(['BooksBroken firing']);
});

test('that nobody could be told for minutes is known, until somebody was', async () => {
  await begins('BooksBroken');
  const since = async (seconds: number) =>
    await db.pool.raw(`update alerts set fired_at = now() - make_interval(secs => :seconds)`, {
      seconds,
    });
  await since(290);
  expect(await hasUntold(db.pool, 300)).toBe(false);
  await since(310);
  expect(await hasUntold(db.pool, 300)).toBe(true);
  await tellAll({ db, log }, [recorder().tell]);
  expect(await hasUntold(db.pool, 300)).toBe(false);
});
