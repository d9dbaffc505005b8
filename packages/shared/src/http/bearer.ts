import type { FastifyRequest } from 'fastify';

/** The credential of `Authorization: Bearer …`, if there is one. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
