import type { Readable } from 'node:stream';
import { type Action, rolesFor } from '@liventix/domain/access';
import type { Credential } from '@liventix/domain/access/repository';
import type { HttpApp } from '@liventix/shared/http';
import { idempotencyKeyOf } from '@liventix/shared/http/idempotency-key';
import { type OperationSpec, operation } from '@liventix/shared/http/operation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { authenticate, mayStill } from '#access/authenticate';
import { isHarmless, notingRefusals } from '#access/refusals';
import type { Deps } from '#deps';

/** A checked request: who asks, and the parts that the route's schemas describe. */
export interface Asked<Params, Query, Body> {
  readonly credential: Credential;
  readonly params: z.output<Params>;
  readonly query: z.output<Query>;
  readonly body: z.output<Body>;
  /** Empty unless the route is idempotent, or it is optional there and was not sent. */
  readonly idempotencyKey: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route lets somebody do: who may, follows from it. */
    action?: Action;
  }
}

interface Route<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly action: Action;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  /** Whether it needs an Idempotency-Key, or takes one. */
  readonly idempotent?: true | 'optional';
  readonly params?: Params;
  readonly querystring?: Query;
  readonly body?: Body;
  /** In bytes, where bodies may be larger than elsewhere. */
  readonly bodyLimit?: number;
  /** The media type of an answer that is a file; then it has no other. */
  readonly media?: string;
  /** The one answer it gives, under its status. */
  readonly answers: Readonly<Record<number, Answer>>;
  readonly problems?: readonly string[];
  readonly handler: (asked: Asked<Params, Query, Body>) => Promise<z.input<Answer> | Readable>;
}

/**
 * Registers a route that somebody with the right role may call. The key is checked before the body
 * is looked at, and once more when what writes has come; there is no way to register a route without an action.
 */
export function guarded<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(app: HttpApp, deps: Deps, route: Route<Params, Query, Body, Answer>): void {
  const credentials = new WeakMap<FastifyRequest, Credential>();
  const { schema, config } = operation({
    ...route,
    ...(route.media !== undefined && { media: [route.media] }),
    access: 'api_key',
    roles: rolesFor(route.action),
  } as OperationSpec);
  const status = Number(Object.keys(route.answers)[0] ?? 200);
  app.route({
    method: route.method,
    url: route.url,
    schema,
    config: { ...config, action: route.action },
    ...(route.bodyLimit !== undefined && { bodyLimit: route.bodyLimit }),
    onRequest: async (request: FastifyRequest) => {
      credentials.set(request, await authenticate(deps, request, route.action));
    },
    preHandler: async (request: FastifyRequest) => {
      // A body may take its time, and whoever sends it be shut out meanwhile.
      if (!isHarmless(request)) {
        credentials.set(request, await authenticate(deps, request, route.action));
      }
    },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const credential = credentials.get(request);
      if (credential === undefined) {
        throw new Error(`${route.url} ran without a credential`);
      }
      const { params, query, body } = request;
      const takesKey =
        route.idempotent === true ||
        (route.idempotent === 'optional' && request.headers['idempotency-key'] !== undefined);
      const idempotencyKey = takesKey ? idempotencyKeyOf(request) : '';
      const asked = { credential, params, query, body, idempotencyKey } as Asked<
        Params,
        Query,
        Body
      >;
      const answer = await notingRefusals(
        deps,
        { request, credential },
        async () => await route.handler(asked),
      );
      if (route.media !== undefined) {
        reply.type(`${route.media}; charset=utf-8`);
        const mayRead = async () => await mayStill(deps.db, request, route.action);
        deps.doorkeeper.watch(request.raw.socket, mayRead, { until: reply.raw });
      }
      return await reply.code(status).send(answer);
    },
  });
}
