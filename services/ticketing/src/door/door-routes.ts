import {
  type CheckInBody,
  type CheckInView,
  checkInBody,
  checkInView,
  doorTicketList,
  gateCounts,
  undoneView,
} from '@liventix/contracts/api/door';
import { scanWords } from '@liventix/domain/door';
import { undoCheckIn } from '@liventix/domain/door/check-in-repository';
import { countGates, searchTickets } from '@liventix/domain/door/repository';
import { formatSerial } from '@liventix/domain/tickets';
import { AppError } from '@liventix/shared/errors';
import type { HttpApp } from '@liventix/shared/http';
import { requestHash } from '@liventix/shared/http/idempotency-key';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import type { Deps } from '#deps';
import { isImpossible } from '#door/clock';
import type { DoorAnswer } from '#door/door-desk';

const door = { tag: 'Door', access: 'device_key' } as const;
const keyProblems = ['device.key_missing', 'device.key_invalid'];

const scan = operation({
  ...door,
  summary: 'Scan a code',
  description:
    'Always 200 when the scan was decided: `outcome` says what came of it, and `message` what to say. The first scan of a ticket wins, at whichever gate. A `nonce` names the scan: sent again, after a network that failed, it is the same one.',
  body: checkInBody,
  answers: { 200: checkInView },
  problems: [
    ...keyProblems,
    'device.forbidden',
    'check_in.nonce_reused',
    'check_in.time_impossible',
  ],
});
const undo = operation({
  ...door,
  summary: 'Take an admission back',
  description: 'For supervisors.',
  params: z.object({ id: z.uuid() }),
  answers: { 200: undoneView },
  problems: [...keyProblems, 'device.forbidden', 'check_in.not_found'],
});
const counts = operation({
  ...door,
  summary: 'Who came in, gate by gate',
  answers: { 200: gateCounts },
  problems: keyProblems,
});
const search = operation({
  ...door,
  summary: 'Tickets by name, order number or serial',
  description: 'For people without a code: supervisors check their ticket in by its id.',
  querystring: z.strictObject({ query: z.string().trim().min(2).max(200) }),
  answers: { 200: doorTicketList },
  problems: [...keyProblems, 'device.forbidden'],
});

const foundMax = 50;

/** What devices at the gates ask. */
export function doorRoutes(app: HttpApp, deps: Deps): void {
  app.post('/v1/check-ins', scan, async (request) => {
    const { body } = request;
    const role = body.ticket === undefined ? undefined : 'supervisor';
    const device = await deps.devices.of(request, role);
    refuseImpossibleTime(body);
    const hash = requestHash({ device: device.id, ...body });
    const answer = await deps.doorDesk.submit(device.eventId, { device, body, requestHash: hash });
    return toView(answer);
  });

  app.post('/v1/check-ins/:id/undo', undo, async (request) => {
    const device = await deps.devices.of(request, 'supervisor');
    const { id: checkInId } = request.params;
    const { eventId, id: deviceId } = device;
    const isUndone =
      z.uuid().safeParse(checkInId).success &&
      (await deps.db.inTransaction(
        async (tx) => await undoCheckIn(tx, { checkInId, eventId, deviceId }),
      ));
    if (!isUndone) {
      throw refused('check_in.not_found', 'There is no admission that could be taken back.');
    }
    return { status: 'undone' as const };
  });

  app.get('/v1/door/counts', counts, async (request) => {
    const { eventId } = await deps.devices.of(request);
    const gates = await countGates(deps.db.pool, eventId);
    return { as_of: new Date().toISOString(), gates };
  });

  app.get('/v1/door/tickets', search, async (request) => {
    const { eventId } = await deps.devices.of(request, 'supervisor');
    const { query } = request.query;
    const tickets = await searchTickets(deps.db.pool, { eventId, query, limit: foundMax });
    return {
      tickets: tickets.map((ticket) => ({
        id: ticket.id,
        serial: formatSerial(ticket.serial),
        tier: ticket.tierName,
        holder_name: ticket.holderName,
        order: ticket.orderNumber,
        status: ticket.status,
        admitted_at: ticket.admittedAt?.toISOString() ?? null,
      })),
    };
  });
}

/** A device whose clock is days off would tell of scans that cannot be. */
function refuseImpossibleTime({ scanned_at: at }: CheckInBody): void {
  if (at !== undefined && isImpossible(at, { agoDays: 1 })) {
    throw refused('check_in.time_impossible', 'Set the clock of this device: it is days off.');
  }
}

function toView(answer: DoorAnswer): CheckInView {
  if (answer.kind === 'nonce_reused') {
    throw refused('check_in.nonce_reused', 'This nonce came with another scan. Use a new one.');
  }
  const { checkIn, ticket, isGenuine } = answer;
  const before = isGenuine ? ticket?.last : undefined;
  return {
    id: checkIn.id,
    outcome: checkIn.outcome,
    message: scanWords[checkIn.outcome],
    at: checkIn.at.toISOString(),
    ticket:
      ticket === undefined || !isGenuine
        ? null
        : {
            id: ticket.id,
            serial: formatSerial(ticket.serial),
            tier: ticket.tierName,
            holder_name: ticket.holderName,
          },
    before: before ? { gate: before.gate, at: before.at.toISOString() } : null,
  };
}

export function refused(
  code: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): AppError {
  return new AppError(code, { message, retry: 'permanent', details });
}
