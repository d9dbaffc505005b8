import type { AddressInfo } from 'node:net';
import { problems } from '@liventix/contracts/problems';
import { stripeEventSchema } from '@liventix/domain/inbox';
import { receiveStripeEvents } from '@liventix/domain/inbox/repository';
import { connectDatabase } from '@liventix/shared/db';
import { buildHttpApp, type HttpApp } from '@liventix/shared/http';
import { operation } from '@liventix/shared/http/operation';
import { createLogger } from '@liventix/shared/telemetry/logger';
import Stripe from 'stripe';
import { z } from 'zod';
import { loadIngestRival } from '../config.ts';

/*
 * What webhook-ingest is measured against: `naive` stores each event in a transaction of its own,
 * `bare` verifies and parses it and stores nothing.
 */

const config = loadIngestRival();
const receive = operation({
  summary: 'One event of Stripe, signed',
  tag: 'Stripe',
  access: 'provider_signature',
  answers: { 200: z.object({ received: z.literal(true) }) },
});
const db = connectDatabase({ url: config.DATABASE_URL, poolMax: 10 });
const app = await buildHttpApp({
  name: 'rival',
  log: createLogger({ name: 'rival', level: 'error' }),
  problems,
  bodyLimit: 512 * 1024,
});
eventRoute(app);
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${(app.server.address() as AddressInfo).port}\n`);
process.once('SIGTERM', () => process.exit());

function eventRoute(to: HttpApp): void {
  to.removeAllContentTypeParsers();
  to.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  to.post('/webhooks/stripe', receive, async (request) => {
    const body = request.body as Buffer;
    const signature = String(request.headers['stripe-signature']);
    Stripe.webhooks.constructEvent(body, signature, config.WEBHOOK_SECRET);
    const event = stripeEventSchema.parse(JSON.parse(body.toString('utf8')));
    if (config.RIVAL === 'naive') {
      await db.inTransaction(
        async (tx) => await receiveStripeEvents(tx, [{ event, source: 'webhook' }]),
      );
    }
    return { received: true as const };
  });
}
