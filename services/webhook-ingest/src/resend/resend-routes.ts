import { resendEvent } from '@liventix/domain/emails/delivery';
import { insertResendEvent } from '@liventix/domain/emails/delivery-repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { AppError } from '@liventix/shared/errors';
import { operation } from '@liventix/shared/http/operation';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { Deps } from '#deps';

const receiveEvent = operation({
  summary: 'One event of Resend, signed',
  description: 'Answers 200 once the event is stored, also when it is known already.',
  tag: 'Resend',
  access: 'provider_signature',
  answers: { 200: z.object({ received: z.literal(true) }) },
  problems: ['webhook.signature_missing', 'webhook.signature_invalid', 'webhook.not_an_event'],
});

/** On a scope whose bodies stay the bytes that were signed. */
export function resendRoutes(scope: FastifyInstance, deps: Deps): void {
  scope.post('/webhooks/resend', receiveEvent, async (request) => {
    const id = headerOf(request, 'svix-id');
    const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
    verify(deps, { id, request, body });
    const event = resendEvent.safeParse(parseJson(body));
    if (!event.success) {
      throw refused('webhook.not_an_event', 'The body is signed, but it is not a Resend event.');
    }
    const { type } = event.data;
    const isNew = await deps.db.inTransaction(async (tx) => {
      const stored = await insertResendEvent(tx, { id, type, payload: event.data });
      if (stored) {
        await enqueue(tx, 'email.track', { eventId: id });
      }
      return stored;
    });
    deps.log.info(
      { eventId: id, type, outcome: isNew ? 'stored' : 'known' },
      'resend event received',
    );
    return { received: true as const };
  });
}

/**
 * Standard Webhooks: HMAC over id, time and body, by any of our secrets, five minutes either way
 * (standardwebhooks.com; Resend sends its headers under the names of Svix).
 */
function verify(
  deps: Deps,
  delivery: { readonly id: string; readonly request: FastifyRequest; readonly body: string },
): void {
  const { id, request, body } = delivery;
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': headerOf(request, 'svix-timestamp'),
    'webhook-signature': headerOf(request, 'svix-signature'),
  };
  if (Object.values(headers).includes('')) {
    throw refused('webhook.signature_missing', 'The svix headers are missing.');
  }
  const isOurs = deps.config.RESEND_WEBHOOK_SECRETS.some((secret) => {
    try {
      new Webhook(secret).verify(body, headers);
      return true;
    } catch (error) {
      // It parses what it has verified: any other error is of a signed body.
      return error instanceof SyntaxError;
    }
  });
  if (!isOurs) {
    throw refused(
      'webhook.signature_invalid',
      'The signature matches none of our secrets for these bytes, or is older than five minutes.',
    );
  }
}

function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' && value.length <= 2_000 ? value : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(code: string, message: string): AppError {
  return new AppError(code, { message, retry: 'permanent' });
}
