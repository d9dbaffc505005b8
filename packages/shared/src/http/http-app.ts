import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { isDatabaseFault } from '#db/faults';
import { AppError, coerceError } from '#errors/errors';
import type { RedisClient } from '#redis/redis';
import type { Log } from '#telemetry/logger';
import { countProblemsFromZero, observeProblem, registerMetrics } from '#telemetry/metrics';
import { nameRequest } from '#telemetry/tracing';
import { type ApiDescription, describeApi } from './api-docs.ts';
import { answerBrokenRequest, endsAsBroken, isAnsweredAsBroken } from './broken-request.ts';
import { serializeAnswer, validateRequest } from './compilers.ts';
import { type Problem, type ProblemTable, toProblem } from './problem.ts';
import { limitRate } from './rate-limit.ts';
import { requireAccess } from './route-access.ts';

export interface HttpAppOptions {
  readonly name: string;
  readonly log: Log;
  readonly problems: ProblemTable;
  /** How a browser that asks for a page is shown a problem. Without, it gets the document. */
  readonly problemPage?: ProblemPage;
  /** Codes whose first occurrence somebody must hear of. */
  readonly alarmingProblems?: readonly string[];
  readonly bodyLimit?: number;
  /** What /docs and /openapi.json say of it. Without, there is no interface to describe. */
  readonly api?: ApiDescription;
  /** Origins whose pages may call this from a browser. */
  readonly corsOrigins?: readonly string[];
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  readonly rateLimit?: { readonly redis: RedisClient; readonly perMinute: number };
}

/** A problem as HTML, and the content security policy that goes with it. */
export type ProblemPage = (problem: Problem) => { readonly html: string; readonly policy: string };

/** Fastify whose routes take their types from `operation`. */
export type HttpApp = Awaited<ReturnType<typeof buildHttpApp>>;

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
  'request.unsupported_media_type':
    'This address does not take such a body; most take application/json.',
  'request.not_json': 'The body could not be read as JSON.',
};

/**
 * Fastify with our limits, security headers, request logs, metrics and problem documents. A route
 * that does not say who may call it keeps the process from starting.
 */
export async function buildHttpApp(options: HttpAppOptions) {
  const app = Fastify({
    logger: false,
    bodyLimit: options.bodyLimit ?? 16 * 1024,
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    // Node takes the longer of both limits for the whole request, by default a minute for the headers, and
    // looks every thirty seconds.
    http: {
      headersTimeout: 10_000,
      connectionsCheckingInterval: 5_000,
      // Node's own refusal would not say what is missing.
      requireHostHeader: false,
    },
    clientErrorHandler: answerBrokenRequest(options.problems),
    keepAliveTimeout: 72_000,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    // What somebody types by hand may end in a slash.
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    // An address that cannot be read reaches no hook, and Fastify's own answer would repeat it.
    frameworkErrors: (_error, request, reply) => {
      nameRequest(request.method, 'unknown');
      void sendProblem(nowhere(), reply, options);
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validateRequest);
  app.setSerializerCompiler(serializeAnswer);
  requireAccess(app);
  // First of all hooks: one that refuses must not leave a token or a name in the span of its refusal.
  app.addHook('onRequest', async (request) => {
    nameRequest(request.method, request.routeOptions.url ?? 'unknown');
  });
  answerProblems(app, options);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    // Paths may carry tokens: no other site may learn where its visitor came from.
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  });
  if (options.corsOrigins !== undefined && options.corsOrigins.length > 0) {
    await app.register(cors, {
      origin: [...options.corsOrigins],
      methods: ['GET', 'POST', 'DELETE'],
      allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'last-event-id'],
      exposedHeaders: ['retry-after'],
      maxAge: 600,
    });
  }
  if (options.rateLimit !== undefined) {
    limitRate(app, { ...options.rateLimit, name: options.name });
  }
  registerMetrics(app, options.name);
  countProblemsFromZero(options.alarmingProblems ?? []);
  if (options.api !== undefined) {
    await describeApi(app, options.api);
  }
  refuseOddRequests(app);
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
  return app;
}

/** What Node and the router would refuse without a word, or let through. */
function refuseOddRequests(app: FastifyInstance): void {
  // What else somebody expects of us may be left unheard (RFC 9110, 10.1.1). Node would refuse it without a word.
  app.server.on('checkExpectation', (request, response) => {
    app.server.emit('request', request, response);
  });
  app.addHook('onRequest', async (request, reply) => {
    const { socket } = request.raw;
    if (isAnsweredAsBroken(socket)) {
      return reply.hijack();
    }
    if (!namesItsHost(request.raw)) {
      endsAsBroken(socket);
      reply.header('connection', 'close');
      throw new AppError('request.malformed', {
        message: 'A request of HTTP/1.1 names its host, once.',
        retry: 'permanent',
      });
    }
    // A NUL in an address names nothing, and Postgres would fail on it. A fragment is never sent by an honest
    // client; the router leaves it out, so that what is checked of an address would not be what runs.
    if (/%00|#/.test(request.url)) {
      throw nowhere();
    }
  });
}

/** RFC 9112, 3.2. */
function namesItsHost({ httpVersion, rawHeaders }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  return hosts.length === 1 || (hosts.length === 0 && httpVersion !== '1.1');
}

function answerProblems(app: FastifyInstance, options: HttpAppOptions): void {
  app.setNotFoundHandler(async (_request, reply) => {
    return await sendProblem(nowhere(), reply, options);
  });
  app.setErrorHandler(async (thrown, request, reply) => {
    const isHungUp = thrown instanceof Error && thrown === request.raw.errored;
    if (isHungUp && isAnsweredAsBroken(request.raw.socket)) {
      // Its caller was told why, and it was counted, when the connection was closed.
      return reply.hijack();
    }
    const error = isHungUp ? abandoned() : asAppError(coerceError(thrown));
    if (isFault(error, options.problems)) {
      const { id: requestId, method, routeOptions } = request;
      options.log.error(
        { err: error, requestId, method, route: routeOptions.url },
        'request failed',
      );
    }
    return await sendProblem(error, reply, options);
  });
}

/** What somebody must act on. A refusal for the moment, as of a crowd, is none. */
function isFault(error: AppError, problems: ProblemTable): boolean {
  const status = problems[error.code]?.status ?? 500;
  return error.dependency || status === 500 || status === 502;
}

function nowhere(): AppError {
  return new AppError('route.not_found', {
    message: 'There is nothing at this address.',
    retry: 'permanent',
  });
}

/** The caller was gone before its body had come: its connection's fault is not one of a database's. */
function abandoned(): AppError {
  return new AppError('request.abandoned', {
    message: 'The caller hung up before its request had arrived.',
    retry: 'permanent',
  });
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

/** Answers with an error's problem document, or with a page where that is what was asked for. */
async function sendProblem(
  error: AppError,
  reply: FastifyReply,
  { problems, problemPage }: Pick<HttpAppOptions, 'problems' | 'problemPage'>,
): Promise<FastifyReply> {
  observeProblem(error.code);
  const problem = toProblem(error, problems) ?? {
    type: 'about:blank',
    title: 'Something broke on our side',
    status: 500,
    detail: 'Something broke on our side. It is in our log; try again later.',
    code: 'internal.error',
  };
  if (problem.status === 503 || problem.status === 429) {
    const { retryAfterS } = error.details;
    reply.header('retry-after', typeof retryAfterS === 'number' ? retryAfterS : 1);
  }
  reply.code(problem.status);
  const { accept = '' } = reply.request.headers;
  if (problemPage !== undefined && accept.includes('text/html') && !accept.includes('json')) {
    const { html, policy } = problemPage(problem);
    reply.header('content-security-policy', policy);
    return await reply.type('text/html; charset=utf-8').send(html);
  }
  return await reply.type('application/problem+json').send(JSON.stringify(problem));
}
