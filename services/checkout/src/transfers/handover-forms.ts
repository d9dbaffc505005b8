import { acceptBody } from '@liventix/contracts/api/transfers';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import type { Deps } from '#deps';
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

/** What the forms of an offer's page send. */
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
}
