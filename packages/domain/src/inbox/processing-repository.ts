import { observeAfter, type Transaction } from '@liventix/shared/db';
import { createSeconds } from '@liventix/shared/telemetry/metrics';
import { z } from 'zod';

const processing = createSeconds({
  name: 'webhook_processing_seconds',
  help: 'From an event being stored to it being processed, by the clock of the database.',
  labelNames: ['provider', 'type'],
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600],
});

/** What a closing returns of its event: nothing when another one closed it. */
const closed = z.array(z.object({ type: z.string(), seconds: z.number() }));

/** Counts how long an event waited for its end, once that end is committed. */
export function observeProcessed(
  tx: Transaction,
  provider: 'stripe' | 'resend',
  rows: unknown,
): void {
  for (const { type, seconds } of closed.parse(rows)) {
    observeAfter(tx, () => processing.observe({ provider, type }, Math.max(0, seconds)));
  }
}
