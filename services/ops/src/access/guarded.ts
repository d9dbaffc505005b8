import type { Action } from '@liventix/domain/access';
import type { Credential } from '@liventix/domain/access/repository';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate } from '#access/authenticate';
import type { Deps } from '#deps';

export type GuardedHandler = (
  request: FastifyRequest,
  credential: Credential,
  reply: FastifyReply,
) => Promise<unknown>;

/**
 * Registers a route that somebody with the right role may call. The key is checked before the body
 * is looked at; there is no way to register one without an action.
 */
export function guarded(
  app: FastifyInstance,
  deps: Deps,
  route: {
    readonly method: 'GET' | 'POST';
    readonly url: string;
    readonly action: Action;
    readonly handler: GuardedHandler;
  },
): void {
  const credentials = new WeakMap<FastifyRequest, Credential>();
  app.route({
    method: route.method,
    url: route.url,
    onRequest: async (request, reply) => {
      credentials.set(request, await authenticate(deps.db, { request, reply }, route.action));
    },
    handler: async (request, reply) => {
      const credential = credentials.get(request);
      if (credential === undefined) {
        throw new Error(`${route.url} ran without a credential`);
      }
      return await route.handler(request, credential, reply);
    },
  });
}
