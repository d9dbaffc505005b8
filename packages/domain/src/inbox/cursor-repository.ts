import type { Executor } from '@liventix/shared/db';
import { z } from 'zod';

/** Until when an account's events were read from Stripe's own list; undefined before the first. */
export async function findCursor(executor: Executor, account: string): Promise<Date | undefined> {
  const { rows } = await executor.raw(
    'select last_created_at as "until" from stripe_cursors where account = :account',
    { account },
  );
  return z.object({ until: z.date() }).optional().parse(rows[0])?.until;
}

/** Moves the cursor forward only: two readers at once must not lose what one of them read. */
export async function moveCursor(executor: Executor, account: string, until: Date): Promise<void> {
  await executor.raw(
    `insert into stripe_cursors (account, last_created_at) values (:account, :until)
     on conflict (account) do update
        set last_created_at = greatest(stripe_cursors.last_created_at, excluded.last_created_at),
            updated_at = now()`,
    { account, until },
  );
}
