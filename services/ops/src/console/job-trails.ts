import type { OrderStory } from '@liventix/domain/orders/story';
import { coerceError } from '@liventix/shared/errors';
import type { JobTrail } from '#console/timeline';
import type { Deps } from '#deps';

/** Jobs of an order that are asked about: the latest. */
const jobsMax = 20;

/** Redis may be away: the page shows the rest all the same. */
const patienceMs = 300;

/** What queues still know of an order's jobs: how often each was tried, and what went wrong. */
export async function readTrails(
  deps: Pick<Deps, 'boardQueues' | 'log'>,
  story: OrderStory,
): Promise<ReadonlyMap<string, JobTrail>> {
  const trails = new Map<string, JobTrail>();
  const reading = Promise.all(
    story.messages.slice(-jobsMax).map(async ({ id, queue: name }) => {
      const queue = deps.boardQueues.find((one) => one.name === name);
      const job = await queue?.getJob(id);
      if (job !== undefined) {
        const errors = (job.stacktrace ?? []).map((stack) =>
          (stack.split('\n')[0] ?? '').slice(0, 200),
        );
        trails.set(id, { attempts: job.attemptsStarted, errors });
      }
    }),
  ).catch((error: unknown) => {
    deps.log.debug({ err: coerceError(error) }, 'attempts of jobs are not known');
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([reading, patience]);
  clearTimeout(timer);
  return new Map(trails);
}
