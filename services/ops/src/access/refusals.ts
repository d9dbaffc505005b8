import { appendRefusals } from '@liventix/domain/access/audit-repository';
import type { Credential } from '@liventix/domain/access/repository';
import { AppError } from '@liventix/shared/errors';
import type { FastifyRequest } from 'fastify';
import type { Deps } from '#deps';

const harmless = ['GET', 'HEAD'];
const refusals = ['api_key.forbidden', 'csrf.refused'];

/** Whether a request only reads. */
export function isHarmless(request: FastifyRequest): boolean {
  return harmless.includes(request.method);
}

interface Attempt {
  readonly request: FastifyRequest;
  readonly credential: Credential;
  /** What it was about, where the address of the route does not say. One of few. */
  readonly queue?: { readonly name: string; readonly act: string };
}

/**
 * Does what a known person or key asked for. A write that is refused to them is in the audit log, one
 * row an hour for each of them and each route, so that nobody fills the log by asking.
 */
export async function notingRefusals<T>(
  deps: Pick<Deps, 'db'>,
  attempt: Attempt,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const isNoted = thrown instanceof AppError && refusals.includes(thrown.code);
    if (isNoted && !isHarmless(attempt.request)) {
      await noteRefusal(deps, attempt, thrown.code);
    }
    throw thrown;
  }
}

async function noteRefusal(
  deps: Pick<Deps, 'db'>,
  { request, credential, queue }: Attempt,
  code: string,
): Promise<void> {
  const { organizationId, actorType, actorId } = credential;
  const route = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
  const entry =
    queue === undefined
      ? { action: 'request.refused', objectType: 'route', objectId: route, facts: { code } }
      : {
          action: 'queue.refused',
          objectType: 'queue',
          objectId: queue.name,
          facts: { code, act: queue.act },
        };
  await deps.db.inTransaction(
    async (tx) =>
      await appendRefusals(tx, {
        alike: [entry.action, actorType, actorId, route, entry.objectId],
        entries: [{ organizationId, actorType, actorId, ...entry }],
      }),
  );
}
