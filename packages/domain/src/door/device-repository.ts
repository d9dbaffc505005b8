import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';

const deviceRow = z.object({
  id: z.uuid(),
  organizationId: z.uuid(),
  eventId: z.uuid(),
  gate: z.string(),
  label: z.string(),
  role: z.enum(['scanner', 'supervisor']),
  tierIds: z.array(z.uuid()),
  createdAt: z.date(),
  revokedAt: z.date().nullable(),
});
export type Device = z.output<typeof deviceRow>;

const columns = `id, organization_id as "organizationId", event_id as "eventId", gate, label, role,
  tier_ids::text[] as "tierIds", created_at as "createdAt", revoked_at as "revokedAt"`;

/** 256 random bits need no slow hash: there is nothing to guess. */
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A device of an event. Its key is returned once and kept nowhere. */
export async function insertDevice(
  tx: Transaction,
  device: Pick<Device, 'organizationId' | 'eventId' | 'gate' | 'label' | 'role' | 'tierIds'>,
): Promise<{ readonly deviceId: string; readonly key: string }> {
  const deviceId = randomUUIDv7();
  const key = `lvd_${randomBytes(32).toString('base64url')}`;
  await tx.raw(
    `insert into door_devices (id, organization_id, event_id, gate, label, role, tier_ids, key_hash)
     values (:deviceId, :organizationId, :eventId, :gate, :label, :role, :tierIds::uuid[], :hash)`,
    { deviceId, ...device, tierIds: [...device.tierIds], hash: hashOf(key) },
  );
  return { deviceId, key };
}

/** The device that has this key, unless it is revoked. */
export async function findDevice(executor: Executor, key: string): Promise<Device | undefined> {
  const { rows } = await executor.raw(
    `select ${columns} from door_devices where key_hash = :hash and revoked_at is null`,
    { hash: hashOf(key) },
  );
  return deviceRow.optional().parse(rows[0]);
}

export async function listDevices(executor: Executor, eventId: string): Promise<Device[]> {
  const { rows } = await executor.raw(
    `select ${columns} from door_devices where event_id = :eventId order by id`,
    { eventId },
  );
  return z.array(deviceRow).parse(rows);
}

/** Takes a device out of use. Its event's id; undefined when this organization has no such device. */
export async function revokeDevice(
  tx: Transaction,
  of: { readonly organizationId: string; readonly deviceId: string },
): Promise<string | undefined> {
  const { rows } = await tx.raw(
    `update door_devices set revoked_at = coalesce(revoked_at, clock_timestamp())
      where id = :deviceId and organization_id = :organizationId
      returning event_id as "eventId"`,
    of,
  );
  return z.object({ eventId: z.uuid() }).optional().parse(rows[0])?.eventId;
}
