import {
  createDeviceBody,
  deviceList,
  deviceView,
  doorBody,
  doorView,
  gateCounts,
  newDeviceView,
  rotatedView,
} from '@liventix/contracts/api/door';
import { type Device, listDevices } from '@liventix/domain/door/device-repository';
import { countGates, findDoor } from '@liventix/domain/door/repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { guarded } from '#access/guarded';
import { notFound } from '#access/not-found';
import type { Deps } from '#deps';
import { addDevice, removeDevice } from '#door/change-devices';
import { changeDoor, rotateKey } from '#door/change-door';
import { ownEvent } from '#events/own-event';

const params = z.object({ id: z.uuid() });
const tag = 'Door';

export function doorRoutes(app: HttpApp, deps: Deps): void {
  deviceRoutes(app, deps);
  settingsRoutes(app, deps);
}

function deviceRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/events/:id/devices',
    action: 'door.write',
    summary: 'Make a device for a gate; its key is shown this once',
    tag,
    params,
    body: createDeviceBody,
    answers: { 201: newDeviceView },
    problems: ['event.not_found', 'tier.not_found'],
    handler: async ({ credential, params: { id }, body }) => {
      const event = await ownEvent(deps, credential, id);
      const { deviceId, key } = await addDevice(deps, credential, { event, body });
      return { ...(await deviceOf(deps, event.id, deviceId)), key };
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/events/:id/devices',
    action: 'events.read',
    summary: 'Devices of an event',
    tag,
    params,
    answers: { 200: deviceList },
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const event = await ownEvent(deps, credential, id);
      return { devices: (await listDevices(deps.db.pool, event.id)).map(toDeviceView) };
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/devices/:id/revoke',
    action: 'door.write',
    summary: 'Take a device out of use, within a second',
    tag,
    params,
    answers: { 200: deviceView },
    problems: ['device.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const eventId = await removeDevice(deps, credential, id);
      return await deviceOf(deps, eventId, id);
    },
  });
}

function settingsRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'PUT',
    url: '/admin/v1/events/:id/door',
    action: 'door.write',
    summary: 'When the doors open, and whether who left may come back',
    tag,
    params,
    body: doorBody,
    answers: { 200: doorView },
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id }, body }) => {
      const event = await ownEvent(deps, credential, id);
      const { opens_minutes_before: opensMinutesBefore, allows_reentry: allowsReentry } = body;
      const door = { opensMinutesBefore, allowsReentry };
      await changeDoor(deps, credential, { eventId: event.id, door });
      const now = await findDoor(deps.db.pool, event.id);
      return { opens_minutes_before: now.opensMinutesBefore, allows_reentry: now.allowsReentry };
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/events/:id/door',
    action: 'events.read',
    summary: 'Who came in, gate by gate',
    tag,
    params,
    answers: { 200: gateCounts },
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const event = await ownEvent(deps, credential, id);
      const gates = await countGates(deps.db.pool, event.id);
      return { as_of: new Date().toISOString(), gates };
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/events/:id/keys/rotate',
    action: 'events.write',
    summary: 'Sign codes with a new key from now on; those that are out stay good',
    tag,
    params,
    answers: { 200: rotatedView },
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const event = await ownEvent(deps, credential, id);
      await rotateKey(deps, credential, event.id);
      return { status: 'rotated' as const };
    },
  });
}

async function deviceOf(deps: Deps, eventId: string, deviceId: string) {
  const device = (await listDevices(deps.db.pool, eventId)).find(({ id }) => id === deviceId);
  if (device === undefined) {
    throw notFound('device');
  }
  return toDeviceView(device);
}

function toDeviceView(device: Device) {
  return {
    id: device.id,
    event: device.eventId,
    gate: device.gate,
    label: device.label,
    role: device.role,
    tiers: [...device.tierIds],
    created_at: device.createdAt.toISOString(),
    revoked_at: device.revokedAt?.toISOString() ?? null,
  };
}
