import type { Database, Transaction } from '@liventix/shared/db';

/**
 * A database whose statements judge by another condition than the one we wrote: for tests that
 * prove a race is won by that very condition. `swapped` counts the statements it changed.
 */
export function withoutGuard(
  db: Database,
  swap: { readonly guard: string; readonly by: string },
): Database & { readonly swapped: () => number } {
  let swapped = 0;
  const weaken = (tx: Transaction) =>
    new Proxy(tx, {
      get: (target, key) =>
        key === 'raw'
          ? (sql: string, bindings: Record<string, string>) => {
              swapped += sql.includes(swap.guard) ? 1 : 0;
              return target.raw(sql.replace(swap.guard, swap.by), bindings);
            }
          : Reflect.get(target, key),
    });
  return {
    pool: db.pool,
    swapped: () => swapped,
    inTransaction: async (work) => await db.inTransaction(async (tx) => await work(weaken(tx))),
    [Symbol.asyncDispose]: async () => await db[Symbol.asyncDispose](),
  };
}
