import { jobs } from '@liventix/contracts/jobs';
import { recordsIn } from '@liventix/domain/outbox/attempt-repository';
import { createConsumer } from '@liventix/shared/queues';
import type { Config } from '#config';
import type { Deps } from '#deps';
import { sendEmail } from '#emails/send-email';
import { trackEmail } from '#emails/track-email';
import { tellEverybody } from '#notices/tell-everybody';

export function startWorker(config: Config, deps: Deps) {
  return createConsumer({
    catalogue: jobs,
    queue: 'notifications',
    connection: deps.queueRedis,
    prefix: config.QUEUE_PREFIX,
    concurrency: config.WORKER_CONCURRENCY,
    lockMs: config.WORKER_LOCK_MS,
    name: 'notifications',
    log: deps.log,
    handlers: {
      'event.tell': async (payload, message) =>
        await tellEverybody(deps, message.id, payload.noticeId),
      'email.send': async (payload, message) => await sendEmail(deps, message.id, payload.emailId),
      'email.track': async (payload, message) =>
        await trackEmail(deps, message.id, payload.eventId),
    },
    ...recordsIn(deps.db),
  });
}
