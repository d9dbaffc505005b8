import { holdView, placeHoldBody } from '@liventix/contracts/api/holds';
import { getEvent } from '@liventix/domain/events/repository';
import type { Hold } from '@liventix/domain/inventory';
import { findHold } from '@liventix/domain/inventory/repository';
import type { HttpApp } from '@liventix/shared/http';
import { idempotencyKeyOf, requestHash } from '@liventix/shared/http/idempotency-key';
import { operation } from '@liventix/shared/http/operation';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { authorizedId } from '#access/authorize';
import type { Deps } from '#deps';
import { giveBackHold } from '#holds/give-back-hold';
import { refused } from '#holds/hold-errors';
import { toHoldView } from '#holds/hold-view';
import { placeHold } from '#holds/place-hold';

/** A quantity that is no whole number from one has a code of its own: frontends show it inline. */
const fieldCodes = { 'items.*.quantity': 'basket.quantity_invalid' };

const tag = 'Holds';
const byId = { params: z.object({ id: z.uuid() }), tag, access: 'hold_token' } as const;

const place = operation({
  summary: 'Hold tickets',
  description:
    'Takes the tickets out of sale for some minutes. Prices are ours: the body names tiers and quantities only. Hidden tiers need the `access_code` that shows them; without it they are `tier.not_found`. The same key and body give the same hold again.',
  tag,
  access: 'anyone',
  idempotent: true,
  body: placeHoldBody,
  fieldCodes,
  answers: { 201: holdView },
  problems: [
    'inventory.sold_out',
    'event.not_found',
    'event.not_on_sale',
    'event.sales_not_started',
    'event.sales_ended',
    'tier.not_found',
    'tier.sales_closed',
    'tier.quantity_above_limit',
    'tier.quantity_below_limit',
    'basket.tier_repeated',
    'basket.quantity_invalid',
    'client.share_used',
    'request.overloaded',
    'idempotency.key_missing',
    'idempotency.key_invalid',
    'idempotency.key_reused',
  ],
});
const read = operation({
  ...byId,
  summary: 'Look at a hold',
  answers: { 200: holdView },
  problems: ['hold.not_found'],
});
const giveBack = operation({
  ...byId,
  summary: 'Give a hold back',
  description: 'Its tickets are free again once its payment page, if there is one, is closed.',
  answers: { 200: holdView },
  problems: ['hold.not_found', 'hold.converted'],
});

export function holdsRoutes(app: HttpApp, deps: Deps): void {
  app.post('/v1/holds', place, async (request, reply) => {
    const idempotencyKey = idempotencyKeyOf(request);
    const { body } = request;
    const { hold, currency } = await deps.fairShare.within(
      { body, address: request.ip },
      async () =>
        await placeHold(
          deps,
          { body, idempotencyKey, requestHash: requestHash(body) },
          () => request.raw.socket.destroyed,
        ),
    );
    const view = toHoldView(hold, { currency, tokens: deps.tokens, now: new Date() });
    return await reply.code(201).send(view);
  });

  app.get(
    '/v1/holds/:id',
    read,
    async (request) => await viewOf(deps, await holdOf(deps, request)),
  );

  app.delete('/v1/holds/:id', giveBack, async (request) => {
    const hold = await holdOf(deps, request);
    const left = (await giveBackHold(deps, hold.id)) ?? hold;
    if (hold.status === 'active' && left.status === 'released') {
      await returnShare(deps, left, request.ip);
    }
    return await viewOf(deps, left);
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

/** Best effort: whoever gave seats back may hold others. */
async function returnShare(deps: Deps, hold: Hold, address: string): Promise<void> {
  const { slug: event } = await getEvent(deps.db.pool, hold.eventId);
  const seats = hold.items.reduce((sum, { quantity }) => sum + quantity, 0);
  await deps.fairShare.giveBack({ event, address, seats });
}

async function viewOf(deps: Deps, hold: Hold) {
  const event = await getEvent(deps.db.pool, hold.eventId);
  return toHoldView(hold, { currency: event.currency, tokens: deps.tokens, now: new Date() });
}
