import { SpanKind } from '@opentelemetry/api';
import { DelayedError, type Job } from 'bullmq';
import { observeJob, observeJobEnd } from '#telemetry/metrics';
import { inSpan, inTrace, type TraceCarrier, traceCarrier } from '#telemetry/tracing';

/** The trace of what caused this job; a job without one begins its own. */
export function traceOf(job: Job): TraceCarrier | undefined {
  const { metadata } = job.opts.telemetry ?? {};
  if (metadata === undefined) {
    return undefined;
  }
  try {
    return traceCarrier.parse(JSON.parse(metadata));
  } catch {
    return undefined;
  }
}

/** One run of a job, as a span of the trace that caused it and as one count of its outcome. */
export async function observedRun(job: Job, work: () => Promise<void>): Promise<void> {
  const startedMs = performance.now();
  const span = {
    name: `process ${job.name}`,
    kind: SpanKind.CONSUMER,
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.destination.name': job.queueName,
      'messaging.message.id': job.id ?? '',
    },
  };
  try {
    await inTrace(traceOf(job), async () => await inSpan(span, work));
    observeJob(job.name, 'done', startedMs);
    observeJobEnd(job.name, 'done', job.attemptsMade + 1);
  } catch (thrown) {
    observeJob(job.name, thrown instanceof DelayedError ? 'waiting' : 'failed', startedMs);
    throw thrown;
  }
}
