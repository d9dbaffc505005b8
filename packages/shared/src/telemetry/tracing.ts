import {
  type Attributes,
  context,
  propagation,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { z } from 'zod';
import { coerceError } from '#errors/errors';

/** W3C trace context, as it stands in an outbox row and travels with a job. */
export const traceCarrier = z.object({
  traceparent: z.string().max(100),
  tracestate: z.string().max(512).optional(),
});
export type TraceCarrier = z.output<typeof traceCarrier>;

const tracer = trace.getTracer('liventix');

/** Where we are in a trace, to be kept with work that is done later; undefined outside of one. */
export function currentTrace(): TraceCarrier | undefined {
  const carrier = {};
  propagation.inject(context.active(), carrier);
  return traceCarrier.safeParse(carrier).data;
}

/** Runs the work as a part of the trace that the carrier names, or of the present one. */
export function inTrace<T>(carrier: TraceCarrier | undefined, work: () => T): T {
  return carrier === undefined
    ? work()
    : context.with(propagation.extract(context.active(), carrier), work);
}

/** Runs the work in a span of its own, which is marked failed when the work throws. */
export async function inSpan<T>(
  span: { readonly name: string; readonly kind?: SpanKind; readonly attributes?: Attributes },
  work: () => Promise<T>,
): Promise<T> {
  const { name, ...options } = span;
  return await tracer.startActiveSpan(name, options, async (active) => {
    try {
      return await work();
    } catch (thrown) {
      markFailed(active, coerceError(thrown));
      throw thrown;
    } finally {
      active.end();
    }
  });
}

function markFailed(span: Span, error: Error): void {
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.name });
}

/**
 * Gives the span of the present request its route, in place of a path with a token in it and of a query
 * with somebody's name.
 */
export function nameRequest(method: string, route: string): void {
  trace.getActiveSpan()?.updateName(`${method} ${route}`).setAttributes({
    'http.route': route,
    'url.path': route,
    'url.query': '',
    'http.target': route,
  });
}

let stop: () => Promise<void> = async () => undefined;

/** What ends tracing; set by the preload. */
export function onStop(end: () => Promise<void>): void {
  stop = end;
}

/** Sends what is still in memory. Never throws: a lost span is no reason to fail. */
export async function stopTracing(): Promise<void> {
  await stop().catch(() => undefined);
}
