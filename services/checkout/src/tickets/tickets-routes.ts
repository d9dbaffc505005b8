import { ticketPageView } from '@liventix/contracts/api/orders';
import { getEvent } from '@liventix/domain/events/repository';
import { qrPayload, showsCode, type Ticket } from '@liventix/domain/tickets';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toBuffer, toString as toSvg } from 'qrcode';
import { z } from 'zod';
import { authorizedId, tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';
import { eventPart, toTicketView } from '#orders/order-view';
import { getTicket } from '#tickets/get-ticket';

const path = z.object({ token: z.string() });

/** Level M and a quiet zone of four modules: what scanners ask of a code on a cracked screen. */
const qrOptions = { errorCorrectionLevel: 'M', margin: 4 } as const;

const tag = 'Tickets';
const problems = ['ticket.not_found', 'token.invalid'] as const;
const params = z.object({ id: z.uuid() });

const read = operation({
  summary: 'A ticket with what its code holds',
  tag,
  access: 'ticket_token',
  params,
  answers: { 200: ticketPageView },
  problems,
});

const doors = [
  { prefix: '/v1/tickets/:id', by: 'header', access: 'ticket_token', params },
  { prefix: '/v1/tickets/t/:token', by: 'path', access: 'token_in_path', params: path },
] as const;

const codeOperation = (door: (typeof doors)[number], media: string) =>
  operation({
    summary: `The code of a ticket as ${media}`,
    tag,
    access: door.access,
    params: door.params,
    answers: {},
    media: [media],
    problems,
  });

/** Links and images carry their token in the path, since they cannot send a header. */
export function ticketsRoutes(app: HttpApp, deps: Deps): void {
  const byHeader = async (request: FastifyRequest) =>
    await getTicket(deps, authorizedId(deps.tokens, request, 'ticket'));
  const byPath = async (request: FastifyRequest) => {
    const { token } = path.parse(request.params);
    return await getTicket(deps, tokenSubject(deps.tokens, token, 'ticket'));
  };

  app.get('/v1/tickets/:id', read, async (request) => {
    const ticket = await byHeader(request);
    const event = await getEvent(deps.db.pool, ticket.eventId);
    return {
      ...toTicketView(deps.tokens, ticket),
      order: ticket.orderId,
      event: eventPart(event),
    };
  });
  for (const door of doors) {
    const find = door.by === 'header' ? byHeader : byPath;
    app.get(
      `${door.prefix}/qr.svg`,
      codeOperation(door, 'image/svg+xml'),
      async (request, reply) => {
        const code = codeOf(await find(request));
        return await sendImage(
          reply,
          'image/svg+xml',
          await toSvg(code, { ...qrOptions, type: 'svg' }),
        );
      },
    );
    app.get(`${door.prefix}/qr.png`, codeOperation(door, 'image/png'), async (request, reply) => {
      const code = codeOf(await find(request));
      return await sendImage(
        reply,
        'image/png',
        await toBuffer(code, { ...qrOptions, width: 440 }),
      );
    });
  }
}

function codeOf(ticket: Ticket): string {
  const code = showsCode(ticket) ? qrPayload(ticket) : undefined;
  if (code === undefined) {
    throw refused('ticket.not_found', 'This ticket admits nobody any more, so it has no code.');
  }
  return code;
}

async function sendImage(
  reply: FastifyReply,
  type: string,
  image: string | Buffer,
): Promise<FastifyReply> {
  return await reply.type(type).header('cross-origin-resource-policy', 'same-origin').send(image);
}
