import type { HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import { tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { renderOrderPage } from '#orders/order-page';
import { readOrderView } from '#orders/order-view';
import { getOrder } from '#orders/orders-routes';
import { refreshOrder } from '#orders/refresh-order';

const path = z.object({ token: z.string() });
const query = z.object({ returned: z.unknown().optional() });

/** No script, no foreign host: styles, images and forms of our own only. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const page = operation({
  summary: 'The order as a page with its codes',
  description: 'Works without scripts. `returned` asks the payment provider first.',
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
    const view = await readOrderView(deps, order);
    return await reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy)
      .send(renderOrderPage(view, { locale: order.locale, isWaiting: hasReturned, token }));
  });
}
