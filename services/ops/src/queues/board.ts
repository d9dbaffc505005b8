import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { problems } from '@liventix/contracts/problems';
import { AppError } from '@liventix/shared/errors';
import type { HttpApp } from '@liventix/shared/http';
import { sendProblem } from '@liventix/shared/http';
import { authenticate } from '#access/authenticate';
import type { Deps } from '#deps';

const boardPath = '/queues';

/** The board's pages use their own scripts and styles, and nothing from elsewhere. */
const boardPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'self'";

/** Bull Board over every queue, behind the same keys as the admin API, and read-only. */
export async function mountBoard(app: HttpApp, deps: Deps): Promise<void> {
  const adapter = new FastifyAdapter();
  adapter.setBasePath(boardPath);
  createBullBoard({
    queues: deps.boardQueues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Liventix queues', pollingInterval: { forceInterval: 2 } } },
  });
  await app.register((scope, _options, done) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'api_key' };
      route.schema = { ...route.schema, hide: true };
    });
    scope.addHook('onRequest', async (request, reply) => {
      // The board has an error handler of its own, which would answer 500.
      await authenticate(deps.db, { request, reply }, 'read').catch(async (error: unknown) => {
        const fault = error instanceof AppError ? error : unavailable(error);
        await sendProblem(fault, { reply, problems });
      });
    });
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', boardPolicy);
    });
    scope.register(adapter.registerPlugin(), { prefix: boardPath });
    done();
  });
}

function unavailable(cause: unknown): AppError {
  return new AppError('database.unavailable', {
    message: 'The key could not be checked. Try again.',
    retry: 'transient',
    cause,
  });
}
