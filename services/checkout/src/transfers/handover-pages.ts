import { randomUUID } from 'node:crypto';
import { getEvent } from '@liventix/domain/events/repository';
import { findTransferTerms } from '@liventix/domain/transfers/repository';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import { tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { eventPart, toTicketView } from '#orders/order-view';
import { sendPage } from '#pages/page';
import { getTicket } from '#tickets/get-ticket';
import { renderOfferPage, renderTicketPage } from '#transfers/handover-page';
import { offeredBy, readOffer } from '#transfers/transfers-routes';

const page = {
  tag: 'Transfers',
  access: 'token_in_path',
  params: z.object({ token: z.string() }),
  answers: {},
  media: ['text/html'],
} as const;

const offer = operation({
  ...page,
  summary: 'An offer as a page',
  description: 'Works without scripts: its forms accept or decline.',
  problems: ['token.invalid', 'transfer.not_found'],
});
const ticket = operation({
  ...page,
  summary: 'A ticket as a page with its code',
  description: 'For whoever holds it. Works without scripts.',
  problems: ['token.invalid', 'ticket.not_found'],
});

/** Pages for people who were given a ticket and have no order: what a mail links to. */
export function handoverPages(app: HttpApp, deps: Deps): void {
  app.get('/tickets/t/:token', ticket, async (request, reply) => {
    const named = tokenSubject(deps.tokens, request.params.token, 'ticket');
    const found = await getTicket(deps, named);
    const event = await getEvent(deps.db.pool, found.eventId);
    const view = { ...toTicketView(deps.tokens, found), event: eventPart(event) };
    const { policy, isOver } = await findTransferTerms(deps.db.pool, event.id);
    const returnKey = policy.returnsAllowed && !isOver ? randomUUID() : undefined;
    return await sendPage(reply, renderTicketPage(view, { locale: event.locale, returnKey }));
  });
  app.get('/transfers/t/:token', offer, async (request, reply) => {
    const transfer = await offeredBy(deps, request.params.token);
    const view = await readOffer(deps, transfer);
    return await sendPage(reply, renderOfferPage(view, request.params.token));
  });
}
