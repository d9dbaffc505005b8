import type { Credential } from '@liventix/domain/access/repository';
import { retireKey } from '@liventix/domain/credentials/key-repository';
import { type DoorSettings, setDoor } from '@liventix/domain/door/repository';
import type { Database } from '@liventix/shared/db';
import { recordAct } from '#access/audit';

/** Changes when doors open and whether who left may come back, from the next scan on. */
export async function changeDoor(
  deps: { readonly db: Database },
  credential: Credential,
  change: { readonly eventId: string; readonly door: DoorSettings },
): Promise<void> {
  const { eventId, door } = change;
  await deps.db.inTransaction(async (tx) => {
    await setDoor(tx, { eventId, ...door });
    await recordAct(tx, credential, {
      action: 'event.door',
      objectType: 'event',
      objectId: eventId,
      facts: { ...door },
    });
  });
}

/** The next ticket is signed with a new key; codes that are out stay good. */
export async function rotateKey(
  deps: { readonly db: Database },
  credential: Credential,
  eventId: string,
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    await retireKey(tx, eventId);
    await recordAct(tx, credential, {
      action: 'event.rotate_key',
      objectType: 'event',
      objectId: eventId,
    });
  });
}
