import { complimentaryBody, complimentaryView } from '@liventix/contracts/api/complimentary';
import { getOrder } from '@liventix/domain/orders/repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { recordAct } from '#access/audit';
import { guarded } from '#access/guarded';
import type { Deps } from '#deps';
import { ownEvent } from '#events/own-event';
import { giveTickets } from '#guests/give-tickets';
import { guestsAsCsv } from '#guests/guests-csv';

const params = z.object({ id: z.uuid() });
const tag = 'Guests';

/** Ten thousand names, most of them shorter than they may be. */
const namesBytesMax = 2 * 1024 * 1024;

export function guestsRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/events/:id/complimentary-orders',
    action: 'events.write',
    summary: 'Give tickets away',
    description:
      'Up to 10,000 of one tier, counted against its capacity and at zero in the books. The buyer gets one mail with a link to all of them.',
    tag,
    idempotent: true,
    bodyLimit: namesBytesMax,
    params,
    body: complimentaryBody,
    answers: { 201: complimentaryView },
    problems: [
      'event.not_found',
      'event.state_conflict',
      'tier.not_found',
      'inventory.sold_out',
      'order.holders_do_not_fit',
      'idempotency.key_missing',
      'idempotency.key_invalid',
      'idempotency.key_reused',
    ],
    handler: async ({ credential, params: { id }, body, idempotencyKey: key }) => {
      const event = await ownEvent(deps, credential, id);
      const orderId = await giveTickets(deps, credential, { event, body, key });
      const { number, status, items } = await getOrder(deps.db.pool, orderId);
      const quantity = items.reduce((sum, item) => sum + item.quantity, 0);
      return { id: orderId, number, status, quantity };
    },
  });
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/events/:id/guests.csv',
    action: 'read',
    summary: 'Who has a ticket, as a table',
    tag,
    params,
    media: 'text/csv',
    answers: {},
    problems: ['event.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const event = await ownEvent(deps, credential, id);
      const taken = { action: 'export.guests', objectType: 'event', objectId: event.id };
      await deps.db.inTransaction(async (tx) => await recordAct(tx, credential, taken));
      return guestsAsCsv(deps.db.pool, event.id);
    },
  });
}
