import { Histogram } from 'prom-client';
import { registry } from '#telemetry/metrics';

const batchSize = new Histogram({
  name: 'coalesced_batch_size',
  help: 'Requests committed by one transaction.',
  labelNames: ['name'],
  buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  registers: [registry],
});

const batchWait = new Histogram({
  name: 'coalesced_wait_seconds',
  help: 'How long the first request of a batch waited for its transaction to begin.',
  labelNames: ['name'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers: [registry],
});

/** Counts one batch. Once a batch, not once a request: on a hot path that is a hundredth. */
export function observeBatch(
  name: string,
  batch: { readonly size: number; readonly waitedMs: number },
): void {
  batchSize.observe({ name }, batch.size);
  batchWait.observe({ name }, batch.waitedMs / 1_000);
}
