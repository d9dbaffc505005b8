import { jobs } from '@liventix/contracts/jobs';
import { recordsIn } from '@liventix/domain/outbox/attempt-repository';
import { createConsumer } from '@liventix/shared/queues';
import type { Config } from '#config';
import type { Deps } from '#deps';
import { settleOrder } from '#payments/settle-order';
import { ensureTickets } from '#tickets/ensure-tickets';

export function startWorker(config: Config, deps: Deps) {
  return createConsumer({
    catalogue: jobs,
    queue: 'ticketing',
    connection: deps.queueRedis,
    prefix: config.QUEUE_PREFIX,
    concurrency: config.WORKER_CONCURRENCY,
    lockMs: config.WORKER_LOCK_MS,
    name: 'ticketing',
    log: deps.log,
    handlers: {
      'order.settle': async (payload, message) => await settleOrder(deps, message.id, payload),
      'tickets.ensure': async (payload, message) =>
        await ensureTickets(deps, message.id, payload.orderId),
    },
    ...recordsIn(deps.db),
  });
}
