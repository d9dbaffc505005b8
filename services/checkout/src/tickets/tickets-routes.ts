import { ticketPageView } from '@liventix/contracts/api/orders';
import { returnedView } from '@liventix/contracts/api/transfers';
import { getEvent } from '@liventix/domain/events/repository';
import type { HttpApp } from '@liventix/shared/http';
import { idempotencyKeyOf, requestHash } from '@liventix/shared/http/idempotency-key';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import { authorizedId } from '#access/authorize';
import type { Deps } from '#deps';
import { eventPart, toTicketView } from '#orders/order-view';
import { returnTicket } from '#refunds/return-ticket';
import { getTicket } from '#tickets/get-ticket';

const read = operation({
  summary: 'A ticket with what its code holds',
  tag: 'Tickets',
  access: 'ticket_token',
  params: z.object({ id: z.uuid() }),
  answers: { 200: ticketPageView },
  problems: ['ticket.not_found', 'token.invalid'],
});

const giveBack = operation({
  summary: 'Give a ticket back, where the event allows it',
  description:
    'It is dead at the door and its seat on sale at once; what it cost goes to who paid for it. Repeated with its key it is the same return.',
  tag: 'Tickets',
  access: 'ticket_token',
  idempotent: true,
  params: z.object({ id: z.uuid() }),
  answers: { 200: returnedView },
  problems: [
    'ticket.not_found',
    'ticket.already_refunded',
    'ticket.admitted',
    'order.not_paid',
    'order.disputed',
    'refund.not_allowed',
    'refund.too_late',
    'refund.more_than_left',
    'token.invalid',
    'idempotency.key_missing',
    'idempotency.key_invalid',
    'idempotency.key_reused',
  ],
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

  app.post('/v1/tickets/:id/return', giveBack, async (request) => {
    const key = idempotencyKeyOf(request);
    const named = authorizedId(deps.tokens, request, 'ticket');
    const ticket = await getTicket(deps, named);
    const idempotency = { key, requestHash: requestHash({ returned: ticket.id }) };
    const { amountCents, currency } = await returnTicket(deps, { ticket, idempotency });
    return { ticket: ticket.id, amount_cents: amountCents, currency };
  });
}
