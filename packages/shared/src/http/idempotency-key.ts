import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { AppError } from '#errors/errors';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The Idempotency-Key header, which must be a UUID. */
export function idempotencyKeyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (key === undefined || key === '') {
    throw new AppError('idempotency.key_missing', {
      message: 'Send an Idempotency-Key header with a fresh UUID, and repeat it when you retry.',
      retry: 'permanent',
    });
  }
  if (typeof key !== 'string' || !uuid.test(key)) {
    throw new AppError('idempotency.key_invalid', {
      message: 'The Idempotency-Key header must hold one UUID.',
      retry: 'permanent',
    });
  }
  return key.toLowerCase();
}

/** SHA-256, in hex, of a request's content. The order of keys does not matter. */
export function requestHash(content: unknown): string {
  return hash('sha256', canonical(content));
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
