import { ticketPageView } from '@liventix/contracts/api/orders';
import { getEvent } from '@liventix/domain/events/repository';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import { authorizedId } from '#access/authorize';
import type { Deps } from '#deps';
import { eventPart, toTicketView } from '#orders/order-view';
import { getTicket } from '#tickets/get-ticket';

const read = operation({
  summary: 'A ticket with what its code holds',
  tag: 'Tickets',
  access: 'ticket_token',
  params: z.object({ id: z.uuid() }),
  answers: { 200: ticketPageView },
  problems: ['ticket.not_found', 'token.invalid'],
});

export function ticketsRoutes(app: HttpApp, deps: Deps): void {
  app.get('/v1/tickets/:id', read, async (request) => {
    const ticket = await getTicket(deps, authorizedId(deps.tokens, request, 'ticket'));
    const event = await getEvent(deps.db.pool, ticket.eventId);
    return {
      ...toTicketView(deps.tokens, ticket),
      order: ticket.orderId,
      event: eventPart(event),
    };
  });
}
