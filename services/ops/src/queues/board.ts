import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Action } from '@liventix/domain/access';
import type { Credential } from '@liventix/domain/access/repository';
import { asDatabaseError } from '@liventix/shared/db';
import { AppError, coerceError } from '@liventix/shared/errors';
import type { HttpApp } from '@liventix/shared/http';
import { isRedisFault } from '@liventix/shared/redis';
import type { FastifyRequest } from 'fastify';
import { recordAct } from '#access/audit';
import { identify, requireAction } from '#access/authenticate';
import { isHarmless, notingRefusals } from '#access/refusals';
import { goTo } from '#console/page';
import type { Deps } from '#deps';
import { requireOwnPage } from '#login/session-cookie';
import { boardActOf } from '#queues/board-acts';
import { boardPath, mendingPath } from '#queues/paths';

/** The board's pages use scripts in files of their own, styles, and nothing from elsewhere. */
const boardPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";

/** Bull Board over every queue, behind the login of the console: once to look, once to mend. */
export async function mountBoard(app: HttpApp, deps: Deps): Promise<void> {
  await mount(app, deps, { path: boardPath, action: 'read' });
  await mount(app, deps, { path: mendingPath, action: 'queues.mend' });
}

async function mount(app: HttpApp, deps: Deps, { path, action }: Board): Promise<void> {
  const adapter = new FastifyAdapter();
  adapter.setBasePath(path);
  const readOnlyMode = action === 'read';
  createBullBoard({
    queues: deps.boardQueues.map((queue) => new BullMQAdapter(queue, { readOnlyMode })),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Liventix queues', pollingInterval: { forceInterval: 2 } } },
  });
  await app.register((scope, _options, done) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'session', action };
      route.schema = { ...route.schema, hide: true };
      // The board brings an error handler for its scope, which answers 500 whatever was refused.
      route.errorHandler = (thrown, request, reply) =>
        app.errorHandler(asQueueError(thrown, request), request, reply);
    });
    scope.addHook('onRequest', async (request, reply) => {
      try {
        await admit(deps, request, { path, action });
      } catch (thrown) {
        if (request.method === 'GET' && isNobody(thrown)) {
          return await goTo(reply, `/login?to=${encodeURIComponent(path)}`);
        }
        throw asDatabaseError(coerceError(thrown));
      }
    });
    scope.addHook('preHandler', async (request) => {
      if (!isHarmless(request)) {
        await letMend(deps, request, { path, action }).catch((thrown: unknown) => {
          throw asDatabaseError(coerceError(thrown));
        });
      }
    });
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', boardPolicy);
    });
    scope.register(adapter.registerPlugin(), { prefix: path });
    done();
  });
}

interface Board {
  readonly path: string;
  readonly action: Action;
}

/**
 * Lets in who looks after the machine: the queues are of all organizations. Who asks, and what they would
 * do to which queue; what is refused to somebody known is in the audit log, once an hour.
 */
async function admit(deps: Deps, request: FastifyRequest, { path, action }: Board) {
  const credential = await identify(deps.db, request);
  const { method, params, routeOptions } = request;
  const route = routeOptions.url?.slice(path.length) ?? '';
  const { isSafe, queue, act, job } = boardActOf({ method, route, params });
  // Names that nobody has are one: as many as somebody invents would be as many rows.
  const name = deps.boardQueues.find((one) => one.name === queue)?.name ?? 'none';
  await notingRefusals(deps, { request, credential, queue: { name, act } }, async () => {
    requireQueues(credential, action);
    if (isHarmless(request)) {
      return;
    }
    // The board's script knows no token of ours; a browser says where its requests come from.
    requireOwnPage(request);
    if (!isSafe || action !== 'queues.mend') {
      throw new AppError('api_key.forbidden', {
        message: 'Jobs are retried and queues paused here; nothing is removed, added or rewritten.',
        retry: 'permanent',
      });
    }
    if (name === 'none') {
      throw new AppError('route.not_found', {
        message: 'There is no such queue.',
        retry: 'permanent',
      });
    }
  });
  return { credential, queue: name, facts: { act, ...(job !== undefined && { job }) } };
}

/**
 * Looks again at who writes, for a body may take its time, and whoever sends it be shut out meanwhile; then
 * has it in the audit log before it happens, whatever the board makes of it.
 */
async function letMend(deps: Deps, request: FastifyRequest, board: Board): Promise<void> {
  const { credential, queue, facts } = await admit(deps, request, board);
  const mended = { objectType: 'queue', objectId: queue, facts };
  await deps.db.inTransaction(
    async (tx) => await recordAct(tx, credential, { action: 'queue.mend', ...mended }),
  );
}

function requireQueues(credential: Credential, action: Action): void {
  requireAction(credential, action);
  if (!credential.operates) {
    throw new AppError('api_key.forbidden', {
      message: 'The queues are for the organization that looks after this machine.',
      retry: 'permanent',
    });
  }
}

function isNobody(thrown: unknown): boolean {
  return thrown instanceof AppError && /^(?:api_key\.missing|session\.over)$/.test(thrown.code);
}

/** What the board shows is in Redis, which may be away. */
function asQueueError<E extends Error>(thrown: E, { raw }: FastifyRequest): E | AppError {
  return isRedisFault(thrown) && thrown !== raw.errored
    ? new AppError('redis.unavailable', {
        message: 'The queues do not answer. Nothing is lost; look again when Redis is back.',
        retry: 'transient',
        dependency: true,
        cause: thrown,
      })
    : thrown;
}
