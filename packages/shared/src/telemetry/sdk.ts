import type { IncomingMessage } from 'node:http';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { onStop } from './tracing.ts';

/** Probes, scrapes and polling would drown the rest. */
const ignored = /^\/(health|metrics|docs|queues)/;

/** The span of a stream would last as long as a page is open. */
function isStream(request: IncomingMessage): boolean {
  return request.headers.accept === 'text/event-stream';
}

/** Spans of HTTP in and out, and of SQL inside other spans. Values of statements are left out. */
export function startTracing(serviceName: string): void {
  const sdk = new NodeSDK({
    serviceName,
    // Traces only. Left open, the SDK sends metrics and logs to the same endpoint by default; our
    // metrics are at /metrics, our logs on stdout.
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: (request) =>
          ignored.test(request.url ?? '') || isStream(request),
        requireParentforOutgoingSpans: true,
      }),
      new PgInstrumentation({ requireParentSpan: true, enhancedDatabaseReporting: false }),
      new UndiciInstrumentation({ requireParentforSpans: true }),
    ],
  });
  sdk.start();
  onStop(async () => await sdk.shutdown());
}
