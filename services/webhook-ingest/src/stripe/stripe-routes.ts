import { eventTrace, type StripeEvent } from '@liventix/domain/inbox';
import { AppError } from '@liventix/shared/errors';
import { operation } from '@liventix/shared/http/operation';
import { currentTrace, inSpan, inTrace } from '@liventix/shared/telemetry/tracing';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Deps } from '#deps';
import { everyEvent } from '#stripe/event-inbox';
import { type Refusal, verifyEvent } from '#stripe/verify-event';

const sentences: Readonly<Record<Refusal, string>> = {
  'webhook.signature_missing': 'The Stripe-Signature header is missing.',
  'webhook.signature_invalid': 'The signature matches none of our secrets for these bytes.',
  'webhook.too_old': 'The signature is valid, but older than five minutes.',
  'webhook.not_an_event': 'The body is signed, but it is not a Stripe event.',
};

const receiveEvent = operation({
  summary: 'One event of Stripe, signed',
  description:
    'Answers 200 once the event is stored, also when it is known already. Stripe sends it again for three days after any other answer.',
  tag: 'Stripe',
  access: 'provider_signature',
  answers: { 200: z.object({ received: z.literal(true) }) },
  problems: [
    'webhook.signature_missing',
    'webhook.signature_invalid',
    'webhook.too_old',
    'webhook.not_an_event',
    'request.overloaded',
  ],
});

/** On a scope of its own, where every body stays the bytes that were signed. */
export function stripeRoutes(scope: FastifyInstance, deps: Deps): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });

  scope.post('/webhooks/stripe', receiveEvent, async (request) => {
    const signature = request.headers['stripe-signature'];
    const delivery = verifyEvent(
      {
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        signature: Array.isArray(signature) ? signature.join(',') : signature,
      },
      deps.config.STRIPE_WEBHOOK_SECRETS,
    );
    if (delivery.kind === 'refused') {
      throw refusal(deps, delivery.code);
    }
    const { event } = delivery;
    await inTrace(eventTrace(event), async () => {
      await inSpan({ name: `receive ${event.type}` }, async () => await receive(deps, event));
    });
    return { received: true };
  });
}

/** Stripe sends a refused delivery again for three days, so a mended setting loses nothing. */
function refusal(deps: Deps, code: Refusal): AppError {
  deps.log.warn(
    { code },
    code === 'webhook.too_old' ? 'valid signature, too old: check the clock' : 'webhook refused',
  );
  return new AppError(code, { message: sentences[code], retry: 'permanent' });
}

/** Durable when this returns. The courier takes the message to Redis; nobody waits for it here. */
async function receive(deps: Deps, event: StripeEvent): Promise<void> {
  const trace = currentTrace();
  const received = await deps.inbox.submit(everyEvent, { event, source: 'webhook', trace });
  const decided = received.outcome === 'stored' ? received.decision.kind : undefined;
  deps.log.info(
    { eventId: event.id, type: event.type, outcome: received.outcome, decided },
    'stripe event received',
  );
}
