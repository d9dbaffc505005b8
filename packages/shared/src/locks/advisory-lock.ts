import { z } from 'zod';
import type { Transaction } from '#db/db';

/**
 * Takes the named lock until the transaction ends, or answers false at once when somebody has it.
 * A transaction's lock survives poolers that a session's would not.
 */
export async function tryAdvisoryLock(tx: Transaction, name: string): Promise<boolean> {
  const { rows } = await tx.raw(
    'select pg_try_advisory_xact_lock(hashtextextended(:name, 0)) as "isMine"',
    { name },
  );
  return z.object({ isMine: z.boolean() }).parse(rows[0]).isMine;
}
