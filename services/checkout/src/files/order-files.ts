import { ticketsQuery } from '@liventix/contracts/api/orders';
import { getEvent } from '@liventix/domain/events/repository';
import type { Order } from '@liventix/domain/orders';
import { showsCode } from '@liventix/domain/tickets';
import { listOrderTickets } from '@liventix/domain/tickets/repository';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { calendarFile, printedTicket } from '#files/contents';
import { sendFile } from '#files/send-file';
import { refused } from '#holds/hold-errors';
import { getOrder, orderOf } from '#orders/orders-routes';

const path = z.object({ token: z.string() });

const doors = [
  { prefix: '/v1/orders/:id', access: 'order_token', params: z.object({ id: z.uuid() }) },
  { prefix: '/orders/t/:token', access: 'token_in_path', params: path },
] as const;

/** The tickets of an order that are its buyer's to carry: all to print at once, and the calendar's entry. */
export function orderFiles(app: HttpApp, deps: Deps): void {
  for (const door of doors) {
    const find = async (request: FastifyRequest): Promise<Order> => {
      if (door.access === 'order_token') {
        return await orderOf(deps, request);
      }
      const named = tokenSubject(deps.tokens, path.parse(request.params).token, 'order');
      return await getOrder(deps, named.id, named.version);
    };

    app.get(`${door.prefix}/tickets.pdf`, print(door), async (request, reply) => {
      const order = await find(request);
      const event = await getEvent(deps.db.pool, order.eventId);
      const after = ticketsQuery.parse(request.query).after ?? '0';
      const all = await listOrderTickets(deps.db.pool, order.id, Number(after));
      const carried = all.filter((ticket) => showsCode(ticket) && !ticket.isPassedOn);
      refuseNone(carried.length, order.number);
      const tickets = carried.map(printedTicket);
      const pdf = await deps.documents.ticketsPdf({ locale: order.locale, event, tickets });
      const name = `tickets-${order.number}.pdf`;
      return await sendFile(reply, { type: 'application/pdf', content: Buffer.from(pdf), name });
    });
    app.get(`${door.prefix}/calendar.ics`, calendar(door), async (request, reply) => {
      const order = await find(request);
      const event = await getEvent(deps.db.pool, order.eventId);
      const token = deps.tokens.issue('order', order.id, order.tokenVersion);
      const content = calendarFile(deps, { event, path: `/orders/t/${token}` });
      return await sendFile(reply, { type: 'text/calendar', content, name: 'event.ics' });
    });
  }
}

function refuseNone(count: number, number: string): void {
  if (count === 0) {
    throw refused('order.no_tickets', `Order ${number} has no ticket that admits somebody.`);
  }
}

type Door = (typeof doors)[number];

const problems = ['order.not_found', 'token.invalid'];

function print({ access, params }: Door) {
  return operation({
    summary:
      'The tickets of an order to print, a page each; five hundred at most, from after this serial',
    tag: 'Orders',
    access,
    params,
    querystring: ticketsQuery,
    answers: {},
    media: ['application/pdf'],
    problems: [...problems, 'order.no_tickets', 'documents.busy'],
  });
}

function calendar({ access, params }: Door) {
  return operation({
    summary: 'The event of an order for a calendar',
    tag: 'Orders',
    access,
    params,
    answers: {},
    media: ['text/calendar'],
    problems,
  });
}
