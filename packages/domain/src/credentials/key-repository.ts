import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';

const signingRow = z.object({ kid: z.int(), sealedPrivateKey: z.string() });
export type SealedKey = z.output<typeof signingRow>;

/** The key that signs an event's codes now. */
export async function findKeyInUse(
  executor: Executor,
  eventId: string,
): Promise<SealedKey | undefined> {
  const { rows } = await executor.raw(
    `select kid, sealed_private_key as "sealedPrivateKey"
       from event_keys
      where event_id = :eventId and retired_at is null`,
    { eventId },
  );
  return signingRow.optional().parse(rows[0]);
}

/** The number that an event's next key has. */
export async function nextKid(tx: Transaction, eventId: string): Promise<number> {
  const { rows } = await tx.raw(
    'select coalesce(max(kid), 0) + 1 as kid from event_keys where event_id = :eventId',
    { eventId },
  );
  return z.object({ kid: z.int() }).parse(rows[0]).kid;
}

/** Brings a key into use, unless another came first. */
export async function insertKey(
  tx: Transaction,
  key: {
    readonly eventId: string;
    readonly kid: number;
    readonly publicKey: Uint8Array;
    readonly sealedPrivateKey: string;
  },
): Promise<void> {
  await tx.raw(
    `insert into event_keys (event_id, kid, public_key, sealed_private_key)
     values (:eventId, :kid, :publicKey, :sealedPrivateKey)
     on conflict do nothing`,
    { ...key, publicKey: Buffer.from(key.publicKey) },
  );
}

/** From now on another key signs; what this one signed stays good. */
export async function retireKey(tx: Transaction, eventId: string): Promise<void> {
  await tx.raw(
    `update event_keys set retired_at = clock_timestamp()
      where event_id = :eventId and retired_at is null`,
    { eventId },
  );
}

const publicRow = z.object({
  kid: z.int(),
  publicKey: z.instanceof(Uint8Array),
  createdAt: z.date(),
  retiredAt: z.date().nullable(),
});
export type PublicKey = z.output<typeof publicRow>;

/** Every key whose codes are good, oldest first. */
export async function listPublicKeys(executor: Executor, eventId: string): Promise<PublicKey[]> {
  const { rows } = await executor.raw(
    `select kid, public_key as "publicKey", created_at as "createdAt", retired_at as "retiredAt"
       from event_keys where event_id = :eventId order by kid`,
    { eventId },
  );
  return z.array(publicRow).parse(rows);
}
