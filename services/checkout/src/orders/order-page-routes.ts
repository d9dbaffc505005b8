import { ticketsQuery } from '@liventix/contracts/api/orders';
import { findRefundTerms } from '@liventix/domain/refunds/policy-repository';
import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import { tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { renderOrderPage } from '#orders/order-page';
import { readOrderView } from '#orders/order-view';
import { getOrder } from '#orders/orders-routes';
import { refreshOrder } from '#orders/refresh-order';
import { sendPage } from '#pages/page';

const path = z.object({ token: z.string() });
const query = ticketsQuery.extend({
  returned: z.unknown().optional(),
  /** What became of tickets given back: `requested`, or the code of a refusal. */
  refund: z.string().max(60).optional(),
});

const page = operation({
  summary: 'The order as a page with its codes',
  description:
    'Works without scripts. `returned` asks the payment provider first; `refund` says what became of a wish to give tickets back; `after` is the serial after which its tickets begin.',
  tag: 'Orders',
  access: 'token_in_path',
  params: path,
  querystring: query,
  answers: {},
  media: ['text/html'],
  problems: ['token.invalid', 'order.not_found'],
});

export function orderPageRoutes(app: HttpApp, deps: Deps): void {
  app.get('/orders/t/:token', page, async (request, reply) => {
    const { token } = request.params;
    const { id, version } = tokenSubject(deps.tokens, token, 'order');
    const order = await getOrder(deps, id, version);
    const hasReturned = request.query.returned !== undefined;
    if (hasReturned) {
      await refreshOrder(deps, order);
    }
    const [view, terms] = await Promise.all([
      readOrderView(deps, order, request.query.after),
      findRefundTerms(deps.db.pool, order.eventId),
    ]);
    const { locale } = order;
    const { after } = request.query;
    const giveBack = { token, terms, outcome: request.query.refund };
    return await sendPage(
      reply,
      renderOrderPage(view, { locale, isWaiting: hasReturned, giveBack, after }),
    );
  });
}
