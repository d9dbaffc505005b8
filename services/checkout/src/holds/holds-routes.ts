import { placeHoldBody } from '@liventix/contracts/api/holds';
import { getEvent } from '@liventix/domain/events/repository';
import type { Hold } from '@liventix/domain/inventory';
import { findHold } from '@liventix/domain/inventory/repository';
import { idempotencyKeyOf, requestHash } from '@liventix/shared/http/idempotency-key';
import { parseRequest } from '@liventix/shared/http/parse-request';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authorizedId } from '#access/authorize';
import type { Deps } from '#deps';
import { giveBackHold } from '#holds/give-back-hold';
import { refused } from '#holds/hold-errors';
import { toHoldView } from '#holds/hold-view';
import { placeHold } from '#holds/place-hold';

/** A quantity that is no whole number from one has a code of its own: frontends show it inline. */
const fieldCodes = { 'items.*.quantity': 'basket.quantity_invalid' };

export function holdsRoutes(app: FastifyInstance, deps: Deps): void {
  app.post('/v1/holds', async (request, reply) => {
    const idempotencyKey = idempotencyKeyOf(request);
    const body = parseRequest(placeHoldBody, request.body, fieldCodes);
    const hold = await placeHold(deps, { body, idempotencyKey, requestHash: requestHash(body) });
    return await reply.code(201).send(await viewOf(deps, hold));
  });

  app.get('/v1/holds/:id', async (request) => await viewOf(deps, await holdOf(deps, request)));

  app.delete('/v1/holds/:id', async (request) => {
    const hold = await holdOf(deps, request);
    return await viewOf(deps, (await giveBackHold(deps, hold.id)) ?? hold);
  });
}

/** The hold that the request's path and token name together; else it does not exist for them. */
export async function holdOf(deps: Deps, request: FastifyRequest): Promise<Hold> {
  const { id, version } = authorizedId(deps.tokens, request, 'hold');
  const hold = await findHold(deps.db.pool, id);
  if (hold === undefined || hold.tokenVersion !== version) {
    throw refused('hold.not_found', 'There is no such hold.');
  }
  return hold;
}

async function viewOf(deps: Deps, hold: Hold) {
  const event = await getEvent(deps.db.pool, hold.eventId);
  return toHoldView(hold, { currency: event.currency, tokens: deps.tokens, now: new Date() });
}
