import { z } from 'zod';

/** What can be done to a queue that loses nothing: jobs tried again or sooner, a queue stopped and started. */
const safeRoutes: readonly string[] = [
  '/api/queues/:queueName/:jobId/retry',
  '/api/queues/:queueName/:jobId/promote',
  '/api/queues/:queueName/retry/:queueStatus',
  '/api/queues/:queueName/promote',
  '/api/queues/:queueName/pause',
  '/api/queues/:queueName/resume',
  '/api/queues/:queueName/job-schedulers/:schedulerId/run',
];

/** A request as the router read it. */
interface Routed {
  readonly method: string;
  /** The pattern that it matched, below the board's own path. */
  readonly route: string;
  readonly params: unknown;
}

const named = z.object({
  queueName: z.string().default('all'),
  queueStatus: z.string().default('failed'),
  jobId: z.string().optional(),
  schedulerId: z.string().optional(),
});

/** What a write to the board would do, to which job or queue, and whether it is one that we let through. */
export function boardActOf({ method, route, params }: Routed): {
  readonly isSafe: boolean;
  readonly act: string;
  readonly queue: string;
  readonly job?: string;
} {
  const { queueName, queueStatus, jobId, schedulerId } = named.parse(params);
  const job = jobId ?? schedulerId;
  const act = route.split('/').findLast((part) => part !== '' && !part.startsWith(':'));
  return {
    isSafe:
      method === 'PUT' && safeRoutes.includes(route) && /^(?:failed|completed)$/.test(queueStatus),
    act: act ?? 'unknown',
    queue: queueName.slice(0, 100),
    ...(job !== undefined && { job: job.slice(0, 100) }),
  };
}
