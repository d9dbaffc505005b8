import { setTimeout as sleep } from 'node:timers/promises';
import knexFactory, { type Knex } from 'knex';
import pg from 'pg';
import { AppError, coerceError } from '#errors/errors';
import { countRefusedRowsFromZero, observeRefusedRow } from '#telemetry/metrics';
import { isDatabaseFault } from './faults.ts';
import { watchPool } from './pool-metrics.ts';
import {
  checkViolation,
  constraintOf,
  deadlockDetected,
  serializationFailure,
  sqlStateOf,
} from './sqlstate.ts';

/** A pool or a transaction. Repositories take it first and never ask which it is. */
export type Executor = Knex;

/** Proof that the caller is inside a transaction; the outbox demands it. */
export type Transaction = Knex.Transaction;

export interface Database extends AsyncDisposable {
  readonly pool: Executor;
  inTransaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly poolMax: number;
  readonly applicationName?: string;
  /** Called after a commit, never before, with what was announced in that transaction. */
  readonly onCommitted?: (announced: readonly unknown[]) => void;
  readonly statementTimeoutMs?: number;
  /** Constraints that ordinary flow never meets: somebody must hear of the first row they refuse. */
  readonly guards?: readonly string[];
}

/** knex prints to stdout, where our log is one JSON object a line. What it prints it also throws. */
const silent = {
  warn: () => undefined,
  error: () => undefined,
  deprecate: () => undefined,
  debug: () => undefined,
};

/** Deadlocks and serialization failures repeat the whole transaction, at most this often. */
const repeatsMax = 5;

const announcements = new WeakMap<Transaction, unknown[]>();
const observations = new WeakMap<Transaction, (() => void)[]>();

/** Keeps a fact until its transaction has committed; a rolled back one takes it along. */
export function announce(tx: Transaction, fact: unknown): void {
  announcements.get(tx)?.push(fact);
}

/** Counts what a transaction did once it has committed: one that is rolled back or repeated did nothing. */
export function observeAfter(tx: Transaction, observe: () => void): void {
  observations.get(tx)?.push(observe);
}

// int8 comes as text by default. Ours are amounts and counts far below 2^53; beyond it we fail
// rather than round.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`${text} is not a safe integer`);
  }
  return value;
});

/**
 * A pool whose every wait is bounded: connecting 2 s, a statement 5 s, a lock 3 s, idling in a
 * transaction 10 s. The defaults of the driver hang for ever when packets are dropped.
 */
export function connectDatabase(options: DatabaseOptions): Database {
  const statementMs = options.statementTimeoutMs ?? 5_000;
  const connection = {
    connectionString: options.url,
    application_name: options.applicationName ?? 'liventix',
    connectionTimeoutMillis: 2_000,
    statement_timeout: statementMs,
    query_timeout: statementMs + 1_000,
    lock_timeout: 3_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    // READ COMMITTED, explicitly: row locks under REPEATABLE READ decide on an older snapshot. Set
    // when connecting, it costs no round trip in every transaction.
    options: '-c default_transaction_isolation=read\\ committed',
  };
  const pool = knexFactory({
    client: 'pg',
    connection,
    pool: { min: 0, max: options.poolMax, idleTimeoutMillis: 30_000 },
    acquireConnectionTimeout: 4_000,
    log: silent,
  });
  countRefusedRowsFromZero(options.guards ?? []);
  const unwatch = watchPool(options.applicationName ?? 'liventix', pool);
  return {
    pool,
    inTransaction: async (work) => await repeat(pool, work, options.onCommitted),
    [Symbol.asyncDispose]: async () => {
      unwatch();
      await pool.destroy();
    },
  };
}

async function repeat<T>(
  pool: Knex,
  work: (tx: Transaction) => Promise<T>,
  onCommitted: DatabaseOptions['onCommitted'],
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(pool, work, onCommitted);
    } catch (error) {
      const state = sqlStateOf(error);
      const isRace = state === deadlockDetected || state === serializationFailure;
      if (state === checkViolation) {
        observeRefusedRow(constraintOf(error) ?? 'unknown');
      }
      if (!isRace || attempt > repeatsMax) {
        throw asDatabaseError(coerceError(error));
      }
      await sleep(Math.random() * 20 * 2 ** attempt);
    }
  }
}

async function runOnce<T>(
  pool: Knex,
  work: (tx: Transaction) => Promise<T>,
  onCommitted: DatabaseOptions['onCommitted'],
): Promise<T> {
  const announced: unknown[] = [];
  const observed: (() => void)[] = [];
  const result = await pool.transaction(async (tx) => {
    announcements.set(tx, announced);
    observations.set(tx, observed);
    return await work(tx);
  });
  for (const observe of observed) {
    observe();
  }
  if (announced.length > 0) {
    onCommitted?.(announced);
  }
  return result;
}

/** Our error for a database that does not answer; any other error as it is. */
export function asDatabaseError(error: Error): Error {
  if (error instanceof AppError || !isDatabaseFault(error)) {
    return error;
  }
  return new AppError('database.unavailable', {
    message: 'The database does not answer in time.',
    retry: 'transient',
    dependency: true,
    cause: error,
  });
}
