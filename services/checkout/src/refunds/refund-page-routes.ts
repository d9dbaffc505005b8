import { randomUUID } from 'node:crypto';
import { type ProblemCode, problems } from '@liventix/contracts/problems';
import type { Order } from '@liventix/domain/orders';
import { AppError } from '@liventix/shared/errors';
import type { HttpApp } from '@liventix/shared/http';
import { requestHash } from '@liventix/shared/http/idempotency-key';
import { operation } from '@liventix/shared/http/operation';
import { z } from 'zod';
import { tokenSubject } from '#access/authorize';
import type { Deps } from '#deps';
import { readOrderView } from '#orders/order-view';
import { getOrder } from '#orders/orders-routes';
import { sendPage } from '#pages/page';
import { nothingChosen, pagePath, renderPreview, requested } from '#refunds/refund-page';
import { type OwnRefund, requestOwnRefund } from '#refunds/request-own-refund';

/** A form sends one ticket as a text, several as a list, and none not at all. */
const ticket = z.union([z.uuid(), z.array(z.uuid()).max(400)]).optional();

const shared = {
  tag: 'Orders',
  access: 'token_in_path',
  form: true,
  forwards: true,
  answers: {},
  params: z.object({ token: z.string() }),
  problems: ['token.invalid', 'order.not_found'],
} as const;

const preview = operation({
  ...shared,
  summary: 'A page with what would be given back of chosen tickets',
  description: 'Changes nothing. What cannot be given back leads back to the page of the order.',
  body: z.strictObject({ ticket }),
  media: ['text/html'],
});
const commit = operation({
  ...shared,
  summary: 'Give the tickets of a preview back',
  description: 'The key is made by the preview, so that a form that is sent twice is one refund.',
  body: z.strictObject({
    ticket,
    amount_cents: z.coerce.number().int().min(0).describe('What the preview said comes back.'),
    key: z.uuid(),
  }),
});

/**
 * Giving tickets back by forms. The token in the path is the credential, which no other site knows;
 * there is no cookie that a browser would add to a form of theirs.
 */
export function refundPageRoutes(app: HttpApp, deps: Deps): void {
  app.post('/orders/t/:token/refund/preview', preview, async (request, reply) => {
    const { token } = request.params;
    const order = await orderOfToken(deps, token);
    const tickets = [request.body.ticket ?? []].flat();
    const found = await wish(deps, { order, tickets });
    if (typeof found === 'string') {
      return await reply.redirect(outcomePath(token, found), 303);
    }
    const view = await readOrderView(deps, order);
    const key = randomUUID();
    return await sendPage(reply, renderPreview(view, { found, token, locale: order.locale, key }));
  });

  app.post('/orders/t/:token/refund', commit, async (request, reply) => {
    const { token } = request.params;
    const order = await orderOfToken(deps, token);
    const { key, amount_cents: amountCents } = request.body;
    const tickets = [request.body.ticket ?? []].flat();
    const found = await wish(deps, { order, tickets, agreed: { key, amountCents } });
    return await reply.redirect(
      outcomePath(token, typeof found === 'string' ? found : requested),
      303,
    );
  });
}

async function orderOfToken(deps: Deps, token: string): Promise<Order> {
  const { id, version } = tokenSubject(deps.tokens, token, 'order');
  return await getOrder(deps, id, version);
}

/** What comes of a wish to give tickets back, or why nothing does: a word for the page to explain. */
async function wish(
  deps: Deps,
  asked: {
    readonly order: Order;
    readonly tickets: readonly string[];
    readonly agreed?: { readonly key: string; readonly amountCents: number };
  },
): Promise<OwnRefund | string> {
  const { order, agreed } = asked;
  if (asked.tickets.length === 0) {
    return nothingChosen;
  }
  const to = 'origin' as const;
  const body = { tickets: [...asked.tickets], to, commit: agreed !== undefined };
  const content = { order: order.id, ...body, form: agreed?.amountCents };
  try {
    return await requestOwnRefund(deps, {
      orderId: order.id,
      body,
      ...(agreed && {
        idempotency: { key: agreed.key.toLowerCase(), requestHash: requestHash(content) },
        agreedCents: agreed.amountCents,
      }),
    });
  } catch (error) {
    if (error instanceof AppError && isRefusal(error.code)) {
      return error.code;
    }
    throw error;
  }
}

/** What the buyer can be told; our own faults stay faults. */
function isRefusal(code: string): boolean {
  return Object.hasOwn(problems, code) && problems[code as ProblemCode].status < 500;
}

function outcomePath(token: string, outcome: string): string {
  return `${pagePath(token)}?refund=${encodeURIComponent(outcome)}`;
}
