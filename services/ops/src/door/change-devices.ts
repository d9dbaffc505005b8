import type { CreateDeviceBody } from '@liventix/contracts/api/door';
import type { Credential } from '@liventix/domain/access/repository';
import { insertDevice, revokeDevice } from '@liventix/domain/door/device-repository';
import { listTiers, type SoldEvent } from '@liventix/domain/events/repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { z } from 'zod';
import { recordAct } from '#access/audit';
import { notFound } from '#access/not-found';

/** A device for a gate of this event. Its key is returned once and kept nowhere. */
export async function addDevice(
  deps: { readonly db: Database },
  credential: Credential,
  wanted: { readonly event: SoldEvent; readonly body: CreateDeviceBody },
): Promise<{ readonly deviceId: string; readonly key: string }> {
  const { event, body } = wanted;
  const tiers = await listTiers(deps.db.pool, [event.id]);
  const foreign = body.tiers.find((id) => !tiers.some(({ tierId }) => tierId === id));
  if (foreign !== undefined) {
    throw new AppError('tier.not_found', {
      message: `The event "${event.slug}" has no tier ${foreign}.`,
      retry: 'permanent',
    });
  }
  return await deps.db.inTransaction(async (tx) => {
    const { organizationId } = credential;
    const { gate, label, role, tiers: tierIds } = body;
    const device = { organizationId, eventId: event.id, gate, label, role, tierIds };
    const made = await insertDevice(tx, device);
    await recordAct(tx, credential, {
      action: 'device.create',
      objectType: 'device',
      objectId: made.deviceId,
      facts: { eventId: event.id, role },
    });
    return made;
  });
}

/** Takes a device out of use. Returns its event's id. */
export async function removeDevice(
  deps: { readonly db: Database },
  credential: Credential,
  deviceId: string,
): Promise<string> {
  const { organizationId } = credential;
  return await deps.db.inTransaction(async (tx) => {
    const isId = z.uuid().safeParse(deviceId).success;
    const eventId = isId ? await revokeDevice(tx, { organizationId, deviceId }) : undefined;
    if (eventId === undefined) {
      throw notFound('device');
    }
    await recordAct(tx, credential, {
      action: 'device.revoke',
      objectType: 'device',
      objectId: deviceId,
      facts: { eventId },
    });
    return eventId;
  });
}
