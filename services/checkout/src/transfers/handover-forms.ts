import { acceptBody } from '@liventix/contracts/api/transfers';
import type { HttpApp } from '@liventix/shared/http';
import { requestHash } from '@liventix/shared/http/idempotency-key';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import { tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { returnTicket } from '#refunds/return-ticket';
import { getTicket } from '#tickets/get-ticket';
import { acceptOffer, declineOffer } from '#transfers/answer-offer';
import { offeredBy } from '#transfers/transfers-routes';

const form = {
  tag: 'Transfers',
  access: 'token_in_path',
  params: z.object({ token: z.string() }),
  answers: {},
  form: true,
  forwards: true,
} as const;

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

const giveBack = operation({
  ...form,
  summary: 'Give a ticket back by the form of its page',
  body: z.strictObject({ key: z.uuid(), sure: z.literal('yes') }),
  problems: [
    'token.invalid',
    'ticket.not_found',
    'ticket.already_refunded',
    'ticket.admitted',
    'order.not_paid',
    'order.disputed',
    'refund.not_allowed',
    'refund.too_late',
    'refund.more_than_left',
    'idempotency.key_reused',
  ],
});

/** What the forms of an offer's page send, and of a ticket's. */
export function handoverForms(app: HttpApp, deps: Deps): void {
  app.post('/transfers/t/:token/accept', accept, async (request, reply) => {
    const transfer = await offeredBy(deps, request.params.token);
    const { name } = request.body;
    const { id, tokenVersion } = await acceptOffer(deps, { transfer, name });
    const token = deps.tokens.issue('ticket', id, tokenVersion);
    return await reply.redirect(`/tickets/t/${token}`, 303);
  });
  app.post('/transfers/t/:token/decline', decline, async (request, reply) => {
    const { token } = request.params;
    await declineOffer(deps, await offeredBy(deps, token));
    return await reply.redirect(`/transfers/t/${token}`, 303);
  });
  app.post('/tickets/t/:token/return', giveBack, async (request, reply) => {
    const { token } = request.params;
    const ticket = await getTicket(deps, tokenSubject(deps.tokens, token, 'ticket'));
    const key = request.body.key.toLowerCase();
    const idempotency = { key, requestHash: requestHash({ returned: ticket.id }) };
    await returnTicket(deps, { ticket, idempotency });
    return await reply.redirect(`/tickets/t/${token}`, 303);
  });
}
