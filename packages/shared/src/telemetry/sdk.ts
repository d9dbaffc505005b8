import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { onStop } from './tracing.ts';
import { isUntraced } from './untraced.ts';

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
        ignoreIncomingRequestHook: isUntraced,
        // Addresses carry tokens and names: what no hook of ours names (nameRequest) has none.
        startIncomingSpanHook: () => ({ 'url.path': 'unknown', 'url.query': '' }),
        requireParentforOutgoingSpans: true,
      }),
      new PgInstrumentation({ requireParentSpan: true, enhancedDatabaseReporting: false }),
      new UndiciInstrumentation({ requireParentforSpans: true }),
    ],
  });
  sdk.start();
  onStop(async () => await sdk.shutdown());
}
