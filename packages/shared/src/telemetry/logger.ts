import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type Logger, pino } from 'pino';

export type Log = Logger;

/** Whatever could name or reach a person, or open a door, is cut out by its key. */
const redacted = [
  'authorization',
  'cookie',
  'email',
  'buyer',
  'buyerName',
  'buyerEmail',
  'holderName',
  'recipient',
  'payload',
  'body',
  'html',
  'token',
  'secret',
  'stripe-signature',
];

/** One JSON object a line on stdout. Log ids, never names, addresses, tokens or bodies. */
export function createLogger(options: { readonly name: string; readonly level: string }): Log {
  return pino({
    name: options.name,
    level: options.level,
    redact: {
      paths: redacted.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]),
      censor: '[redacted]',
    },
    mixin: traceOf,
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}

/** Which trace a line belongs to, where there is one. */
function traceOf(): Readonly<Record<string, string>> {
  const context = trace.getActiveSpan()?.spanContext();
  return context === undefined || !isSpanContextValid(context)
    ? {}
    : { trace_id: context.traceId, span_id: context.spanId };
}
