import type { FastifySchema } from 'fastify';
import { AppError } from '#errors/errors';
import type { HttpApp } from './http-app.ts';

/** A check that takes longer than this has failed. */
const checkTimeoutMs = 1_000;

/**
 * /health/live answers while the process runs; /health/ready while all it needs answers too. Give
 * only what the process cannot work without: a service that works without Redis is ready without.
 */
export function registerHealth(
  app: HttpApp,
  checks: Readonly<Record<string, () => Promise<unknown>>>,
): void {
  const probe = {
    schema: { hide: true } as FastifySchema,
    config: { access: 'monitoring' },
  } as const;
  app.get('/health/live', probe, async () => ({ status: 'live' }));
  app.get('/health/ready', probe, async () => {
    for (const [name, check] of Object.entries(checks)) {
      try {
        await within(check(), checkTimeoutMs);
      } catch (error) {
        throw new AppError(`${name}.unavailable`, {
          message: `Not ready: ${name} does not answer.`,
          retry: 'transient',
          cause: error,
        });
      }
    }
    return { status: 'ready' };
  });
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
