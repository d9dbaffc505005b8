import { jobs } from '@liventix/contracts/jobs';
import { recordsIn } from '@liventix/domain/outbox/attempt-repository';
import { createConsumer } from '@liventix/shared/queues';
import type { Config } from '#config';
import type { Deps } from '#deps';
import { syncDispute } from '#disputes/sync-dispute';
import { refundEvent } from '#events/refund-event';
import { submitRefund } from '#refunds/submit-refund';
import { syncRefunds } from '#refunds/sync-refunds';
import { warnOfFraud } from '#warnings/warn-of-fraud';

export function startWorker(config: Config, deps: Deps) {
  return createConsumer({
    catalogue: jobs,
    queue: 'refunds',
    connection: deps.queueRedis,
    prefix: config.QUEUE_PREFIX,
    concurrency: config.WORKER_CONCURRENCY,
    lockMs: config.WORKER_LOCK_MS,
    name: 'refunds',
    log: deps.log,
    handlers: {
      'refund.submit': async (payload, message) =>
        await submitRefund(deps, message.id, payload.refundId),
      'refund.sync': async (payload, message) => await syncRefunds(deps, message.id, payload),
      'event.refund_all': async (payload, message) =>
        await refundEvent(deps, message.id, payload.eventId),
      'payment.warn': async (payload, message) => await warnOfFraud(deps, message.id, payload),
      'dispute.sync': async (payload, message) => await syncDispute(deps, message.id, payload),
    },
    ...recordsIn(deps.db),
  });
}
