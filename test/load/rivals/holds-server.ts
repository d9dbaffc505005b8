import type { AddressInfo } from 'node:net';
import { holdView, placeHoldBody } from '@liventix/contracts/api/holds';
import { problems } from '@liventix/contracts/problems';
import { AppError } from '@liventix/shared/errors';
import { buildHttpApp, type HttpApp } from '@liventix/shared/http';
import { idempotencyKeyOf, requestHash } from '@liventix/shared/http/idempotency-key';
import { operation } from '@liventix/shared/http/operation';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { loadRival } from '../config.ts';
import { connectNaive, type NaiveShop } from './naive-holds.ts';

/*
 * What the hold route is measured against, in the same Fastify with the same validation. `naive`
 * takes the row lock in a transaction of its own for each request; `bare` answers without a database, and `refusing`
 * that nothing is left.
 */

const place = operation({
  summary: 'Hold tickets',
  tag: 'Holds',
  access: 'anyone',
  idempotent: true,
  body: placeHoldBody,
  fieldCodes: { 'items.*.quantity': 'basket.quantity_invalid' },
  answers: { 201: holdView },
});

const config = loadRival();
const app = await buildHttpApp({
  name: 'rival',
  log: createLogger({ name: 'rival', level: 'error' }),
  problems,
});
const shop = config.RIVAL === 'naive' ? connectNaive(config.DATABASE_URL) : undefined;
holdRoute(app, shop);
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${(app.server.address() as AddressInfo).port}\n`);
process.once('SIGTERM', () => process.exit());

function holdRoute(to: HttpApp, naive: NaiveShop | undefined): void {
  to.post('/v1/holds', place, async (request, reply) => {
    const { body } = request;
    const key = idempotencyKeyOf(request);
    const hash = requestHash(body);
    if (config.RIVAL === 'refusing') {
      throw new AppError('inventory.sold_out', { message: 'Nothing left.', retry: 'permanent' });
    }
    if (naive === undefined) {
      return await reply.code(201).send(bareHold(body, key));
    }
    return await reply.code(201).send(await naive.placeHold({ body, key, hash }));
  });
}

function bareHold(body: { items: { tier: string; quantity: number }[] }, id: string) {
  const now = new Date().toISOString();
  return {
    id,
    token: 'k1.hold.AZlWpXJecQCXSh0Q1vIFJQ.1.7vZ3r9yqXfVn0H4n3j8bZ0y2qYkz3oXo',
    status: 'active' as const,
    items: body.items.map(({ tier, quantity }) => ({
      tier,
      name: 'Floor',
      quantity,
      unit_price_cents: 2_500,
    })),
    currency: 'eur',
    subtotal_cents: 2_500,
    expires_at: now,
    server_time: now,
  };
}
