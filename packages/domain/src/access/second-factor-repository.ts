import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';

/** The sealed secret of a person's second factor, confirmed or not yet. */
export async function findSealedSecret(
  executor: Executor,
  userId: string,
): Promise<string | undefined> {
  const { rows } = await executor.raw(
    'select totp_secret as sealed from users where id = :userId and removed_at is null',
    { userId },
  );
  const found = z.object({ sealed: z.string().nullable() }).optional().parse(rows[0]);
  return found?.sealed ?? undefined;
}

/** Offers a new secret, unless one is in force: that is taken away first. */
export async function offerSecret(
  executor: Executor,
  { userId, sealed }: { readonly userId: string; readonly sealed: string },
): Promise<boolean> {
  const { rowCount } = await executor.raw(
    `update users set totp_secret = :sealed, totp_last_step = 0
      where id = :userId and totp_confirmed_at is null`,
    { userId, sealed },
  );
  return rowCount === 1;
}

/**
 * Takes a time step of a secret: false when its code, or a later one, was taken before. Two requests
 * with the same code meet at the row, and one of them is late (RFC 6238, 5.2).
 */
export async function takeStep(
  executor: Executor,
  taken: { readonly userId: string; readonly sealed: string; readonly step: number },
): Promise<boolean> {
  const { rowCount } = await executor.raw(
    `update users set totp_last_step = :step
      where id = :userId and totp_secret = :sealed and totp_last_step < :step`,
    taken,
  );
  return rowCount === 1;
}

/** Puts in force the secret whose code was shown: false when another was offered meanwhile. */
export async function confirmSecret(
  tx: Transaction,
  { userId, sealed }: { readonly userId: string; readonly sealed: string },
): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update users set totp_confirmed_at = coalesce(totp_confirmed_at, clock_timestamp())
      where id = :userId and totp_secret = :sealed`,
    { userId, sealed },
  );
  return rowCount === 1;
}

export async function removeSecret(tx: Transaction, userId: string): Promise<void> {
  await tx.raw(
    `update users set totp_secret = null, totp_confirmed_at = null, totp_last_step = 0
      where id = :userId`,
    { userId },
  );
}
