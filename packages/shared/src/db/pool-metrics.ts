import type { Knex } from 'knex';
import { createReadGauge } from '#telemetry/metrics';

/** What knex' pool says of itself (vincit/tarn.js). */
interface TarnPool {
  numUsed(): number;
  numPendingAcquires(): number;
}

const pools = new Map<Knex, string>();

createReadGauge({
  name: 'db_pool_used',
  help: 'Connections of a pool that somebody uses.',
  labelNames: ['pool'],
  read: () => readings((pool) => pool.numUsed()),
});
createReadGauge({
  name: 'db_pool_waiting',
  help: 'Those who wait for a connection of a pool.',
  labelNames: ['pool'],
  read: () => readings((pool) => pool.numPendingAcquires()),
});

function* readings(
  read: (pool: TarnPool) => number,
): Generator<readonly [{ pool: string }, number]> {
  for (const [knex, name] of pools) {
    const pool: TarnPool | undefined = knex.client.pool;
    yield [{ pool: name }, pool === undefined ? 0 : read(pool)];
  }
}

/** Shows a pool in /metrics until the returned function is called. */
export function watchPool(name: string, pool: Knex): () => void {
  pools.set(pool, name);
  return () => void pools.delete(pool);
}
