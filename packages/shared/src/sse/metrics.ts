import { Counter, Gauge, Histogram } from 'prom-client';
import { registry } from '#telemetry/metrics';

export const listening = new Gauge({
  name: 'sse_listeners',
  help: 'Streams that are open now.',
  registers: [registry],
});

export const opened = new Counter({
  name: 'sse_opened_total',
  help: 'Streams that were opened.',
  registers: [registry],
});

export const droppedSlow = new Counter({
  name: 'sse_dropped_slow_total',
  help: 'Streams that were cut because their client did not read.',
  registers: [registry],
});

export const failedReadings = new Counter({
  name: 'sse_failed_readings_total',
  help: 'Readings of a watched state that failed.',
  registers: [registry],
});

/** Its count is the number of broadcasts. */
export const broadcastSeconds = new Histogram({
  name: 'sse_broadcast_duration_seconds',
  help: 'Time from a change that was read to the last listener it was written to.',
  buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
  registers: [registry],
});
