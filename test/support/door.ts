import { randomUUID } from 'node:crypto';
import { type Answer, http, type SoldEvent, sellEvent, type World } from './world.ts';

export interface Device {
  readonly id: string;
  readonly key: string;
}

const hourMs = 3_600_000;

/** An event whose doors are open now. */
export async function openEvent(
  world: World,
  more: Readonly<Record<string, unknown>> = {},
): Promise<SoldEvent> {
  const at = (hours: number) => new Date(Date.now() + hours * hourMs).toISOString();
  return await sellEvent(world, { starts_at: at(1), ends_at: at(5), ...more });
}

/** A device at a gate of this event. */
export async function addDevice(
  world: World,
  event: SoldEvent,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Device> {
  const { status, body, text } = await http(
    `${world.stack.urls.ops}/admin/v1/events/${event.id}/devices`,
    {
      token: world.stack.adminApiKey,
      body: { gate: 'North', label: 'Phone', ...more },
    },
  );
  if (status !== 201) {
    throw new Error(`no device: ${text}`);
  }
  return { id: body.id, key: body.key };
}

/** Holds a code, or another body, before a device. */
export async function scan(
  world: World,
  device: Device,
  body: string | Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const asked = typeof body === 'string' ? { code: body } : body;
  return await http(`${world.stack.urls.door}/v1/check-ins`, {
    token: device.key,
    body: { nonce: randomUUID(), ...asked },
  });
}

/** What a scan came to: its outcome, or the code of its refusal. */
export async function outcomeOf(
  world: World,
  device: Device,
  body: Parameters<typeof scan>[2],
): Promise<string> {
  const answer = await scan(world, device, body);
  return answer.body.outcome ?? answer.body.code;
}
