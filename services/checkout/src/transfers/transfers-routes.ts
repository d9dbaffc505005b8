import {
  acceptBody,
  acceptedView,
  type OfferedView,
  offerBody,
  offeredView,
  type TransferView,
  transferView,
} from '@liventix/contracts/api/transfers';
import { getEvent } from '@liventix/domain/events/repository';
import { findTicket } from '@liventix/domain/tickets/repository';
import { findTransfer, type Transfer } from '@liventix/domain/transfers/repository';
import type { HttpApp } from '@liventix/shared/http';
import { idempotencyKeyOf, requestHash } from '@liventix/shared/http/idempotency-key';
import { operation } from '@liventix/shared/http/operation';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { authorizedId, tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';
import { getTicket } from '#tickets/get-ticket';
import { acceptOffer, declineOffer } from '#transfers/answer-offer';
import { offerTicket, withdrawOffer } from '#transfers/offer-ticket';

const params = z.object({ id: z.uuid() });
const tag = 'Transfers';
const refusals = ['transfer.ticket_ended', 'ticket.admitted', 'transfer.not_open'];

const offer = operation({
  summary: 'Offer a ticket to somebody else',
  description:
    'They hear of it by mail and accept or decline. Until then the ticket is as it was; from then on its codes and links from before are worthless.',
  tag,
  access: 'ticket_token',
  idempotent: true,
  params,
  body: offerBody,
  answers: { 201: transferView },
  problems: [
    'ticket.not_found',
    'transfer.not_allowed',
    'transfer.too_late',
    'transfer.too_often',
    'transfer.to_oneself',
    'transfer.already_offered',
    'transfer.ticket_ended',
    'ticket.admitted',
    'idempotency.key_missing',
    'idempotency.key_invalid',
    'idempotency.key_reused',
  ],
});
const withdraw = operation({
  summary: 'Take an offer back',
  tag,
  access: 'ticket_token',
  params,
  answers: { 200: transferView },
  problems: ['ticket.not_found', 'transfer.not_open'],
});
const read = operation({
  summary: 'An offer, as whom it was made to sees it',
  tag,
  access: 'transfer_token',
  params,
  answers: { 200: offeredView },
  problems: ['transfer.not_found'],
});
const accept = operation({
  summary: 'Accept a ticket',
  tag,
  access: 'transfer_token',
  params,
  body: acceptBody,
  answers: { 200: acceptedView },
  problems: ['transfer.not_found', ...refusals],
});
const decline = operation({
  summary: 'Decline a ticket: it stays with who has it',
  tag,
  access: 'transfer_token',
  params,
  answers: { 200: offeredView },
  problems: ['transfer.not_found', 'transfer.not_open'],
});

export function transfersRoutes(app: HttpApp, deps: Deps): void {
  app.post('/v1/tickets/:id/transfers', offer, async (request, reply) => {
    const key = idempotencyKeyOf(request);
    const ticket = await getTicket(deps, authorizedId(deps.tokens, request, 'ticket'));
    const { to } = request.body;
    const hash = requestHash({ ticket: ticket.id, to });
    const idempotency = { key, requestHash: hash };
    const transferId = await offerTicket(deps, { ticket, to, idempotency });
    return await reply.code(201).send(toView(await getTransfer(deps, transferId)));
  });

  app.delete('/v1/tickets/:id/transfers', withdraw, async (request) => {
    const ticket = await getTicket(deps, authorizedId(deps.tokens, request, 'ticket'));
    return toView(await getTransfer(deps, await withdrawOffer(deps, ticket)));
  });

  app.get('/v1/transfers/:id', read, async (request) => {
    return await readOffer(deps, await transferOf(deps, request));
  });

  app.post('/v1/transfers/:id/accept', accept, async (request) => {
    const transfer = await transferOf(deps, request);
    const { name } = request.body;
    const { id, tokenVersion } = await acceptOffer(deps, { transfer, name });
    return { ticket: { id, token: deps.tokens.issue('ticket', id, tokenVersion) } };
  });

  app.post('/v1/transfers/:id/decline', decline, async (request) => {
    const transfer = await transferOf(deps, request);
    await declineOffer(deps, transfer);
    return await readOffer(deps, await getTransfer(deps, transfer.id));
  });
}

/** The transfer that the request's path and token name together. */
async function transferOf(deps: Deps, request: FastifyRequest): Promise<Transfer> {
  return await getTransfer(deps, authorizedId(deps.tokens, request, 'transfer').id);
}

async function getTransfer(deps: Deps, transferId: string): Promise<Transfer> {
  const transfer = await findTransfer(deps.db.pool, { transferId });
  if (transfer === undefined) {
    throw refused('transfer.not_found', 'There is no such offer.');
  }
  return transfer;
}

/** The transfer that a mailed token is for. */
export async function offeredBy(deps: Deps, token: string): Promise<Transfer> {
  const { id } = tokenSubject(deps.tokens, token, 'transfer');
  if (!z.uuid().safeParse(id).success) {
    throw refused('transfer.not_found', 'There is no such offer.');
  }
  return await getTransfer(deps, id);
}

/** What is offered, without who else has to do with it. */
export async function readOffer(deps: Deps, transfer: Transfer): Promise<OfferedView> {
  const ticket = await findTicket(deps.db.pool, transfer.ticketId);
  if (ticket === undefined) {
    throw new Error(`ticket ${transfer.ticketId} vanished, though tickets are never deleted`);
  }
  const event = await getEvent(deps.db.pool, ticket.eventId);
  return {
    id: transfer.id,
    state: transfer.state,
    from: transfer.fromName,
    event: { title: event.title, venue: event.venue, starts_at: event.startsAt.toISOString() },
    tier: ticket.tierName,
    expires_at: transfer.expiresAt.toISOString(),
  };
}

function toView(transfer: Transfer): TransferView {
  return {
    id: transfer.id,
    ticket: transfer.ticketId,
    state: transfer.state,
    expires_at: transfer.expiresAt.toISOString(),
    created_at: transfer.createdAt.toISOString(),
  };
}
