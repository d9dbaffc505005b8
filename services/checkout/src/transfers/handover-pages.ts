import formbody from '@fastify/formbody';
import { acceptBody } from '@liventix/contracts/api/transfers';
import { getEvent } from '@liventix/domain/events/repository';
import { AppError } from '@liventix/shared/errors';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { eventPart, toTicketView } from '#orders/order-view';
import { getTicket } from '#tickets/get-ticket';
import { acceptOffer, declineOffer } from '#transfers/answer-offer';
import { renderOfferPage, renderTicketPage } from '#transfers/handover-page';
import { getTransfer, readOffer } from '#transfers/transfers-routes';

const params = z.object({ token: z.string() });
const tag = 'Transfers';
const base = { tag, access: 'token_in_path', params, answers: {} } as const;
const page = { ...base, media: ['text/html'] } as const;
const form = { ...base, forwards: true } as const;

/** No script, no foreign host: styles, images and forms of our own only. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const offer = operation({
  ...page,
  summary: 'An offer as a page',
  description: 'Works without scripts: its forms accept or decline.',
  problems: ['token.invalid', 'transfer.not_found'],
});
const accept = operation({
  ...form,
  summary: 'Accept a ticket by the form of its page',
  body: acceptBody,
  problems: ['token.invalid', 'transfer.not_found', 'transfer.not_open', 'transfer.ticket_ended'],
});
const decline = operation({
  ...form,
  summary: 'Decline a ticket by the form of its page',
  problems: ['token.invalid', 'transfer.not_found', 'transfer.not_open'],
});
const ticket = operation({
  ...page,
  summary: 'A ticket as a page with its code',
  description: 'For whoever holds it. Works without scripts.',
  problems: ['token.invalid', 'ticket.not_found'],
});

/** Pages for people who were given a ticket and have no order: what a mail links to. */
export async function handoverPages(app: HttpApp, deps: Deps): Promise<void> {
  app.get('/tickets/t/:token', ticket, async (request, reply) => {
    const named = tokenSubject(deps.tokens, request.params.token, 'ticket');
    const found = await getTicket(deps, named);
    const event = await getEvent(deps.db.pool, found.eventId);
    const view = { ...toTicketView(deps.tokens, found), event: eventPart(event) };
    return await sendPage(reply, renderTicketPage(view, event.locale));
  });
  app.get('/transfers/t/:token', offer, async (request, reply) => {
    const transfer = await offeredBy(deps, request.params.token);
    const view = await readOffer(deps, transfer);
    return await sendPage(reply, renderOfferPage(view, request.params.token));
  });
  // Forms are understood by these two alone: everything else takes JSON.
  await app.register(async (scope: HttpApp) => {
    await scope.register(formbody);
    scope.post('/transfers/t/:token/accept', accept, async (request, reply) => {
      const transfer = await offeredBy(deps, request.params.token);
      const { name } = request.body;
      const { id, tokenVersion } = await acceptOffer(deps, { transfer, name });
      const token = deps.tokens.issue('ticket', id, tokenVersion);
      return await reply.redirect(`/tickets/t/${token}`, 303);
    });
    scope.post('/transfers/t/:token/decline', decline, async (request, reply) => {
      const { token } = request.params;
      await declineOffer(deps, await offeredBy(deps, token));
      return await reply.redirect(`/transfers/t/${token}`, 303);
    });
  });
}

async function offeredBy(deps: Deps, token: string) {
  const { id } = tokenSubject(deps.tokens, token, 'transfer');
  if (!z.uuid().safeParse(id).success) {
    throw new AppError('transfer.not_found', {
      message: 'There is no such offer.',
      retry: 'permanent',
    });
  }
  return await getTransfer(deps, id);
}

async function sendPage(reply: FastifyReply, html: string): Promise<FastifyReply> {
  return await reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy)
    .send(html);
}
