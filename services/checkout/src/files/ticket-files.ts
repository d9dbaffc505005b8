import { getEvent } from '@liventix/domain/events/repository';
import { formatSerial } from '@liventix/domain/tickets';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { authorizedId, tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { calendarFile, codeOf, printedTicket } from '#files/contents';
import { sendFile } from '#files/send-file';
import { getTicket } from '#tickets/get-ticket';

const path = z.object({ token: z.string() });

/** Links and images carry their token in the path, since they cannot send a header. */
const doors = [
  { prefix: '/v1/tickets/:id', access: 'ticket_token', params: z.object({ id: z.uuid() }) },
  { prefix: '/v1/tickets/t/:token', access: 'token_in_path', params: path },
] as const;

type Door = (typeof doors)[number];

/** What a ticket is carried as: its code, a page to print, an entry for the calendar. */
export function ticketFiles(app: HttpApp, deps: Deps): void {
  for (const door of doors) {
    const find = async (request: FastifyRequest) =>
      await getTicket(
        deps,
        door.access === 'ticket_token'
          ? authorizedId(deps.tokens, request, 'ticket')
          : tokenSubject(deps.tokens, path.parse(request.params).token, 'ticket'),
      );

    app.get(`${door.prefix}/qr.svg`, file(door, 'image/svg+xml'), async (request, reply) => {
      const svg = await deps.documents.codeSvg(codeOf(await find(request)));
      return await sendFile(reply, { type: 'image/svg+xml', content: svg });
    });
    app.get(`${door.prefix}/qr.png`, file(door, 'image/png'), async (request, reply) => {
      const png = await deps.documents.codePng(codeOf(await find(request)), pixelsAModule);
      return await sendFile(reply, { type: 'image/png', content: Buffer.from(png) });
    });
    app.get(`${door.prefix}/ticket.pdf`, file(door, 'application/pdf'), async (request, reply) => {
      const ticket = await find(request);
      const event = await getEvent(deps.db.pool, ticket.eventId);
      const tickets = [printedTicket(ticket)];
      const pdf = await deps.documents.ticketsPdf({ locale: event.locale, event, tickets });
      const name = `ticket-${formatSerial(ticket.serial)}.pdf`;
      return await sendFile(reply, { type: 'application/pdf', content: Buffer.from(pdf), name });
    });
    app.get(`${door.prefix}/calendar.ics`, file(door, 'text/calendar'), async (request, reply) => {
      const ticket = await find(request);
      const event = await getEvent(deps.db.pool, ticket.eventId);
      const token = deps.tokens.issue('ticket', ticket.id, ticket.tokenVersion);
      const content = calendarFile(deps, { event, path: `/tickets/t/${token}` });
      return await sendFile(reply, { type: 'text/calendar', content, name: 'event.ics' });
    });
  }
}

/** Sharp at twice the size it is shown. */
const pixelsAModule = 8;

const summaries: Readonly<Record<string, string>> = {
  'image/svg+xml': 'The code of a ticket as SVG',
  'image/png': 'The code of a ticket as PNG',
  'application/pdf': 'A ticket to print',
  'text/calendar': 'The event of a ticket for a calendar',
};

function file(door: Door, media: string) {
  return operation({
    summary: summaries[media] ?? media,
    tag: 'Tickets',
    access: door.access,
    params: door.params,
    answers: {},
    media: [media],
    problems: ['ticket.not_found', 'token.invalid', 'documents.busy'],
  });
}
