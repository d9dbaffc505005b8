import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { isDatabaseFault } from '#db/faults';
import { AppError, coerceError } from '#errors/errors';
import type { Log } from '#telemetry/logger';
import { type ProblemTable, toProblem } from './problem.ts';

export interface HttpAppOptions {
  readonly log: Log;
  readonly problems: ProblemTable;
  readonly bodyLimit?: number;
}

/** Codes of faults that Fastify finds before a route runs. */
const frameworkCodes: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request.not_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request.not_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.not_json',
};

const frameworkSentences: Readonly<Record<string, string>> = {
  'request.too_large': 'The body is larger than this address takes.',
  'request.unsupported_media_type': 'Send the body as application/json.',
  'request.not_json': 'The body could not be read as JSON.',
};

/** Fastify with our limits, security headers, request logs and problem documents. */
export function buildHttpApp(options: HttpAppOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: options.bodyLimit ?? 16 * 1024,
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 300 },
  });
  app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    // Paths may carry tokens: no other site may learn where its visitor came from.
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  });
  app.addHook('onSend', async (_request, reply) => {
    if (reply.getHeader('cache-control') === undefined) {
      reply.header('cache-control', 'no-store');
    }
  });
  app.addHook('onResponse', async (request, reply) => {
    options.log.debug(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
  app.setNotFoundHandler(async (_request, reply) => {
    return await sendProblem(
      new AppError('route.not_found', {
        message: 'There is nothing at this address.',
        retry: 'permanent',
      }),
      { reply, problems: options.problems },
    );
  });
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = asAppError(coerceError(thrown));
    if (error.code === 'internal.error' || error.dependency) {
      options.log.error({ err: error, requestId: request.id }, 'request failed');
    }
    return await sendProblem(error, { reply, problems: options.problems });
  });
  return app;
}

/** Every way out of a route as one of our errors; what we did not foresee stays in the log. */
function asAppError(error: Error): AppError {
  if (error instanceof AppError) {
    return error;
  }
  const code = frameworkCodes[(error as FastifyError).code];
  if (code !== undefined) {
    return new AppError(code, {
      message: frameworkSentences[code] ?? 'The request could not be read.',
      retry: 'permanent',
    });
  }
  if (isDatabaseFault(error)) {
    return new AppError('database.unavailable', {
      message: 'The database does not answer in time. Try again.',
      retry: 'transient',
      dependency: true,
      cause: error,
    });
  }
  return new AppError('internal.error', {
    message: 'Something broke on our side. It is in our log; try again later.',
    retry: 'transient',
    cause: error,
  });
}

/** Answers with an error's problem document. For places where a plugin has an error handler of its own. */
export async function sendProblem(
  error: AppError,
  context: { readonly reply: FastifyReply; readonly problems: ProblemTable },
): Promise<FastifyReply> {
  const problem = toProblem(error, context.problems) ?? {
    type: 'about:blank',
    title: 'Something broke on our side',
    status: 500,
    detail: 'Something broke on our side. It is in our log; try again later.',
    code: 'internal.error',
  };
  if (problem.status === 503) {
    const { retryAfterS } = error.details;
    context.reply.header('retry-after', typeof retryAfterS === 'number' ? retryAfterS : 1);
  }
  return await context.reply
    .code(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}
