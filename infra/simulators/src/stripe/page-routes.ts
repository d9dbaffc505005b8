import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { type PageState, renderClosedPage, renderHostedPage } from './hosted-page.ts';
import type { World } from './simulator.ts';

const path = z.object({ id: z.string() });
const form = z.object({
  card: z.string().max(40),
  three_d_secure: z.enum(['pass', 'fail']).optional(),
});

/** The hosted payment page, for a person with a browser. */
export function pageRoutes(app: FastifyInstance, world: World): void {
  const stateOf = (id: string): PageState | undefined => {
    const session = world.books.sessions.get(id);
    const parameters = world.books.parametersOf(id);
    return session?.status === 'open' && parameters ? { session, parameters } : undefined;
  };
  const closed = async (reply: FastifyReply, id: string) => {
    const status = world.books.sessions.get(id)?.status;
    return await html(reply.code(status ? 200 : 404), renderClosedPage(status ?? 'unknown'));
  };

  app.get('/c/pay/:id', async (request, reply) => {
    const { id } = path.parse(request.params);
    const state = stateOf(id);
    return state === undefined
      ? await closed(reply, id)
      : await html(reply, renderHostedPage(state));
  });

  app.post('/c/pay/:id', async (request, reply) => {
    const { id } = path.parse(request.params);
    const state = stateOf(id);
    if (state === undefined) {
      return await closed(reply, id);
    }
    const { card, three_d_secure: threeDSecure } = form.parse(request.body);
    const result = world.books.pay(id, { card, threeDSecure });
    switch (result.outcome) {
      case 'paid':
      case 'processing':
        return await reply.redirect(
          (state.session.success_url ?? '/').replaceAll('{CHECKOUT_SESSION_ID}', id),
          303,
        );
      case 'declined':
        return await html(reply, renderHostedPage({ ...state, message: result.message }));
      case 'requires_action':
        return await html(reply, renderHostedPage({ ...state, challengedCard: card }));
      case 'not_open':
        return await closed(reply, id);
      default:
        return result satisfies never;
    }
  });
}

async function html(reply: FastifyReply, page: string): Promise<FastifyReply> {
  return await reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    .send(page);
}
