import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { renderOrderPage } from '#orders/order-page';
import { readOrderView } from '#orders/order-view';
import { getOrder } from '#orders/orders-routes';
import { refreshOrder } from '#orders/refresh-order';

const path = z.object({ token: z.string() });
const query = z.object({ returned: z.string().optional() });

/** No script, no foreign host: styles and images of our own only. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

export function orderPageRoutes(app: FastifyInstance, deps: Deps): void {
  app.get('/orders/t/:token', async (request, reply) => {
    const { token } = path.parse(request.params);
    const { id, version } = tokenSubject(deps.tokens, token, 'order');
    const order = await getOrder(deps, id, version);
    const hasReturned = query.safeParse(request.query).data?.returned !== undefined;
    if (hasReturned) {
      await refreshOrder(deps, order);
    }
    const view = await readOrderView(deps, order);
    return await reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy)
      .send(renderOrderPage(view, { locale: order.locale, isWaiting: hasReturned }));
  });
}
